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
import { otherPolicies, plainTitle } from './sentences.ts';
import { axis, drawSvg, type Option, type Size } from './svg.ts';
import { amount, nameOf, tick } from './words.ts';

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

/** Beyond this many times the settings' own range another policy would push them into a corner. */
const FAR = 1.6;

function isFar(dots: readonly Dot[], dot: Dot): boolean {
  const most = (by: (d: Dot) => number): number => Math.max(...dots.map(by));
  return dot.x > FAR * most((d) => d.x) || dot.y > FAR * most((d) => d.y);
}

const dotOf = (summary: Summary, at: number, x: MeasureName, y: MeasureName): Dot => {
  const of = summary.of(at);
  return { at, x: of.mean(x), y: of.mean(y) };
};

/** The other policies that do not fit, in words. */
export function farFrom(summary: Summary, x: MeasureName, y: MeasureName): string[] {
  const dots = dotsOf(summary, x, y);
  return otherPolicies(summary)
    .map((at) => dotOf(summary, at, x, y))
    .filter((dot) => isFar(dots, dot))
    .map((dot) => {
      const name = nameOf(summary.experiment, summary.space.subject(dot.at));
      const at = [x, y].map((m, i) => {
        const value = amount(m, i === 0 ? dot.x : dot.y);
        return `${value} ${plainTitle(m)}`;
      });
      return `${name}, ${at.join(' and ')}`;
    });
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
    xAxis: axis({ name: title(x), format: tick, close: true }, true),
    yAxis: axis({ name: title(y), format: tick, close: true }, false),
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
        textBorderColor: MARKS.card,
        textBorderWidth: 2,
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
    return dot ? [mark(dot, text, colour, 'circle', sideOf(dots, dot))] : [];
  };
  const isSame = chosen === space.baseline;
  return [
    ...ring(chosen, isSame ? 'baseline, recommended' : 'recommended', MARKS.accent),
    ...(isSame ? [] : ring(space.baseline, 'baseline', MARKS.ink)),
    ...otherPolicies(summary)
      .map((at) => dotOf(summary, at, x, y))
      .filter((dot) => !isFar(dots, dot))
      .map((dot) => mark(dot, 'old tool', MARKS.old, 'diamond', sideOf(dots, dot))),
  ];
}

/** Where a name has room. */
function sideOf(dots: readonly Dot[], { x }: Dot): 'left' | 'right' {
  const xs = dots.map((d) => d.x);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  return x > middle ? 'left' : 'right';
}

function mark(
  dot: Dot,
  text: string,
  colour: string,
  symbol: 'circle' | 'diamond',
  position: 'left' | 'right',
): Option {
  const isRing = symbol === 'circle';
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
      position,
      distance: 6,
      color: colour,
      fontWeight: 'bold',
      fontSize: 12,
      textBorderColor: MARKS.card,
      textBorderWidth: 3,
    },
    z: 5,
  };
}
