/**
 * Two measures against each other, one point per subject. The Pareto front is drawn through the
 * settings that no other beats in both; the recommended one, the baseline and the other policies
 * carry their names.
 */

import { MEASURES, type MeasureName } from '../stats/measures.ts';
import { frontOf } from '../stats/pareto.ts';
import type { Summary } from '../stats/summary.ts';
import type { CurveSet } from './curves.ts';
import { MARKS } from './palette.ts';
import { SYMBOLS } from './response.ts';
import { axis, drawSvg, type Option, type Size } from './svg.ts';
import { figure } from './words.ts';

export const WIDE: Size = { width: 860, height: 460 };
export const NARROW: Size = { width: 400, height: 400 };

const LABELLED_MAX = 24;

export interface Dot {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** Every subject of the chart that has both means. */
export function dotsOf(summary: Summary, x: MeasureName, y: MeasureName): Dot[] {
  return summary.subjects
    .map((at) => ({ at, of: summary.of(at) }))
    .filter(({ of }) => of.subject.policy === 'chart')
    .map(({ at, of }) => ({ at, x: of.mean(x), y: of.mean(y) }))
    .filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
}

export interface Shown {
  readonly x: MeasureName;
  readonly y: MeasureName;
  readonly chosen: number;
  readonly set: CurveSet;
}

export function tradeOffSvg(summary: Summary, { x, y, chosen, set }: Shown, size: Size): string {
  const dots = dotsOf(summary, x, y);
  const front = frontOf(dots);
  const isFew = dots.length <= LABELLED_MAX;
  const series: Option[] = [
    {
      type: 'line',
      data: front.map((d) => [d.x, d.y]),
      symbol: 'none',
      lineStyle: { color: MARKS.accent, width: 10, opacity: 0.18, cap: 'round', join: 'round' },
      z: 1,
    },
    ...set.curves.flatMap((curve, i) => pathSeries(curve, dots, MARKS.series(i), i, isFew)),
    ...named(summary, { x, y, chosen, set }, dots),
  ];
  const title = (m: MeasureName): string => {
    const { title: text, unit } = MEASURES[m];
    return unit === '' ? `${text} per host and 30 days` : `${text}, ${unit}`;
  };
  const option = {
    grid: { left: 56, right: 28, top: 36, bottom: 48 },
    xAxis: axis({ name: title(x), format: figure, min: 0 }, true),
    yAxis: axis({ name: title(y), format: figure, min: 0 }, false),
    series,
  };
  return drawSvg(option, size, `${MEASURES[y].title} against ${MEASURES[x].title}`);
}

/** One curve's settings, joined in the order of the key where they are single settings. */
function pathSeries(
  curve: CurveSet['curves'][number],
  dots: readonly Dot[],
  colour: string,
  i: number,
  isLabelled: boolean,
): Option[] {
  const points = curve.points.flatMap((p) =>
    p.subjects.flatMap((at) => {
      const dot = dots.find((d) => d.at === at);
      return dot ? [{ value: [dot.x, dot.y], name: p.written }] : [];
    }),
  );
  const isPath = curve.points.every((p) => p.subjects.length === 1);
  return [
    {
      type: isPath ? 'line' : 'scatter',
      data: points,
      symbol: SYMBOLS[i] ?? 'circle',
      symbolSize: isLabelled ? 8 : 5,
      showSymbol: true,
      lineStyle: { color: colour, width: 1.5, opacity: 0.7 },
      itemStyle: { color: colour, opacity: isLabelled ? 1 : 0.55 },
      label: {
        show: isLabelled,
        formatter: '{b}',
        position: i % 2 === 0 ? 'top' : 'bottom',
        color: colour,
        fontSize: 11,
      },
      labelLayout: { hideOverlap: true },
      z: 3,
    },
  ];
}

function named(summary: Summary, { x, y, chosen }: Shown, dots: readonly Dot[]): Option[] {
  const { space } = summary;
  const ring = (at: number, text: string, colour: string): Option[] => {
    const dot = dots.find((d) => d.at === at);
    return dot ? [mark(dot, text, colour, 'circle', true)] : [];
  };
  const isSame = chosen === space.baseline;
  const others = summary.subjects.filter((at) => space.subject(at).policy !== 'chart');
  return [
    ...ring(chosen, isSame ? 'baseline, recommended' : 'recommended', MARKS.accent),
    ...(isSame ? [] : ring(space.baseline, 'baseline', MARKS.ink)),
    ...others.map((at) => {
      const of = summary.of(at);
      return mark({ at, x: of.mean(x), y: of.mean(y) }, 'old tool', MARKS.old, 'diamond', false);
    }),
  ];
}

function mark(dot: Dot, text: string, colour: string, symbol: string, isRing: boolean): Option {
  return {
    type: 'scatter',
    data: [[dot.x, dot.y]],
    symbol,
    symbolSize: isRing ? 18 : 14,
    itemStyle: isRing
      ? { color: 'none', borderColor: colour, borderWidth: 2.5 }
      : { color: colour },
    label: {
      show: true,
      formatter: text,
      position: 'right',
      distance: 6,
      color: colour,
      fontWeight: 'bold',
      fontSize: 12,
    },
    z: 5,
  };
}
