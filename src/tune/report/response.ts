/**
 * A response curve: a measure over one key, with its confidence band, and the other policies as
 * level lines.
 */

import type { Estimate } from '../stats/estimate.ts';
import { MEASURES, type MeasureName } from '../stats/measures.ts';
import type { Summary, Under } from '../stats/summary.ts';
import { type CurveSet, pointEstimate } from './curves.ts';
import { MARKS } from './palette.ts';
import { otherPolicies } from './sentences.ts';
import { axis, drawSvg, type Option } from './svg.ts';
import { figure } from './words.ts';

export const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'] as const;
const SIZE = { width: 420, height: 250 };

interface Band {
  readonly x: number;
  readonly e: Estimate;
}

export function responseSvg(
  set: CurveSet,
  summary: Summary,
  measure: MeasureName,
  under: Under,
): string {
  const series = set.curves.flatMap((curve, i) => {
    const bands = curve.points.map(
      (p): Band => ({ x: p.x, e: pointEstimate(summary, p, measure, under) }),
    );
    return curveSeries(bands, MARKS.series(i), SYMBOLS[i] ?? 'circle', false);
  });
  const xs = set.curves.flatMap(({ points }) => points.map((p) => p.x));
  const [least, most] = [Math.min(...xs), Math.max(...xs)];
  const others = otherPolicies(summary).flatMap((at) => {
    const e = summary.of(at).line(measure, under).value;
    return curveSeries(
      [
        { x: least, e },
        { x: most, e },
      ],
      MARKS.old,
      'none',
      true,
    );
  });
  const { title, unit } = MEASURES[measure];
  const x = { name: set.unit === '' ? set.title : `${set.title}, ${set.unit}`, format: figure };
  const option = {
    grid: { left: 52, right: 16, top: 32, bottom: 44 },
    xAxis: axis({ ...x, log: set.log, min: least, max: most }, true),
    yAxis: axis({ name: unit === '' ? title : `${title}, ${unit}`, format: figure, min: 0 }, false),
    series: [...others, ...series],
  };
  return drawSvg(option, SIZE, `${title} over ${set.title}`);
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
  const lower = bands.map(({ x, e }) => [x, Math.max(0, e.low ?? 0)]).reverse();
  return {
    type: 'custom',
    // One item draws all of it; the rest is there for the axis to see how far the band goes.
    data: bands.map(({ x, e }) => [x, e.high ?? 0]),
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
