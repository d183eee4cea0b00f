/**
 * A response curve: a measure over one key, with its confidence band, and the other policies as
 * level lines.
 */

import type { Estimate } from '../stats/estimate.ts';
import { MEASURES } from '../stats/measures.ts';
import type { Summary } from '../stats/summary.ts';
import { type CurveSet, pointEstimate, type View } from './curves.ts';
import { MARKS } from './palette.ts';
import { otherPolicies } from './sentences.ts';
import { axis, drawSvg, type Option } from './svg.ts';
import { nameOf, tick } from './words.ts';

export const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'] as const;
const SIZE = { width: 420, height: 250 };

interface Band {
  readonly x: number;
  readonly e: Estimate;
}

/** Beyond this many times the settings' own range, another policy would flatten their curves. */
const FAR = 1.5;

export interface Level {
  readonly name: string;
  readonly e: Estimate;
  /** It does not fit beside the curves, and is told in words. */
  readonly isFar: boolean;
}

/** The other policies beside a measure's curves. */
export function levelsOf(set: CurveSet, summary: Summary, view: View): Level[] {
  if (view.kind === 'difference') return [];
  const tops = set.curves.flatMap(({ points }) =>
    points.map((p) => {
      const { mean, high } = pointEstimate(summary, p, view);
      return high ?? mean ?? 0;
    }),
  );
  const top = Math.max(0, ...tops);
  return otherPolicies(summary).map((at) => {
    const e = summary.of(at).line(view.measure, view.under).value;
    const name = nameOf(summary.experiment, summary.space.subject(at));
    return { name, e, isFar: (e.mean ?? 0) > FAR * top };
  });
}

export function responseSvg(set: CurveSet, summary: Summary, view: View): string {
  const series = set.curves.flatMap((curve, i) => {
    const bands = curve.points.map((p): Band => ({ x: p.x, e: pointEstimate(summary, p, view) }));
    return curveSeries(bands, MARKS.series(i), SYMBOLS[i] ?? 'circle', false);
  });
  const [least, most] = set.ends;
  const across = (e: Estimate): Band[] => [least, most].map((x) => ({ x, e }));
  const others = levelsOf(set, summary, view).flatMap(({ e, isFar }) =>
    isFar ? [] : curveSeries(across(e), MARKS.old, 'none', true),
  );
  const { title, unit } = MEASURES[view.measure];
  const isDifference = view.kind === 'difference';
  const y = `${isDifference ? `${title} less the baseline’s` : title}${unit === '' ? '' : `, ${unit}`}`;
  const zero = { n: 0, mean: 0, low: null, high: null };
  const x = { name: set.unit === '' ? set.title : `${set.title}, ${set.unit}`, format: tick };
  const option = {
    grid: { left: 52, right: 16, top: 32, bottom: 44 },
    xAxis: axis({ ...x, log: set.log, min: least, max: most }, true),
    yAxis: axis({ name: y, format: tick, ...(isDifference ? {} : { min: 0 }) }, false),
    series: [
      ...(isDifference ? curveSeries(across(zero), MARKS.ink, 'none', true) : others),
      ...series,
    ],
  };
  return drawSvg(option, SIZE, `${y} over ${set.title}`);
}

/** The band below, then the line through the means. Points without a value leave a gap. */
function curveSeries(
  bands: readonly Band[],
  colour: string,
  symbol: string,
  isLevel: boolean,
): Option[] {
  const known = bands.filter(({ e }) => e.mean !== null);
  if (known.length === 0) return [];
  const isBanded = known.every(({ e }) => e.low !== null && e.high !== null);
  const line = {
    type: 'line',
    data: bands.map(({ x, e }) => [x, e.mean]),
    symbol,
    symbolSize: 6,
    lineStyle: { color: colour, width: 2, ...(isLevel ? { type: [6, 4] } : {}) },
    itemStyle: { color: colour },
    z: 3,
  };
  return isBanded ? [bandSeries(known, colour), line] : [line];
}

function bandSeries(bands: readonly Band[], colour: string): Option {
  const upper = bands.map(({ x, e }) => [x, e.high ?? 0]);
  const lower = bands.map(({ x, e }) => [x, e.low ?? 0]).reverse();
  return {
    type: 'custom',
    // One item draws all of it; the rest is there for the axis to see how far the band goes.
    data: bands.flatMap(({ x, e }) => [
      [x, e.high ?? 0],
      [x, e.low ?? 0],
    ]),
    clip: true,
    renderItem: (
      params: { readonly dataIndex: number },
      api: { coord(point: readonly number[]): number[] },
    ) =>
      params.dataIndex > 0
        ? undefined
        : {
            type: 'polygon',
            shape: { points: [...upper, ...lower].map((point) => api.coord(point)) },
            style: { fill: colour, opacity: 0.16 },
          },
    z: 1,
  };
}
