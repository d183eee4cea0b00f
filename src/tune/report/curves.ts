/**
 * What a response curve goes through. On a grid: one curve per combination of the other keys, if
 * they are few, else their mean. Where settings were drawn: their mean in a few classes of the key.
 */

import { amountOf, kindOfKey, writtenOf } from '../keys.ts';
import { type Estimate, estimate, pairedEstimate } from '../stats/estimate.ts';
import type { MeasureName } from '../stats/measures.ts';
import type { Summary, Under } from '../stats/summary.ts';
import { SERIES_MAX } from './palette.ts';
import { shortKey } from './words.ts';

export interface CurvePoint {
  /** The key's amount; seconds for a duration. */
  readonly x: number;
  /** As it is written in a configuration. */
  readonly written: string;
  readonly subjects: readonly number[];
}

export interface Curve {
  /** Empty where there is only one. */
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

export interface CurveSet {
  readonly key: string;
  /** For people: `back_to_normal`. */
  readonly title: string;
  readonly unit: string;
  readonly log: boolean;
  readonly curves: readonly Curve[];
  /** Where the key's axis begins and ends. */
  readonly ends: readonly [number, number];
}

const CLASSES = 8;

export function curvesOf(summary: Summary, key: string): CurveSet {
  const { experiment: e } = summary;
  const range = e.ranges.find((r) => r.key === key);
  const settings = summary.subjects.filter((at) => summary.space.subject(at).policy === 'chart');
  const isGrid = e.search.method === 'grid';
  const unit = kindOfKey(key) === 'duration' ? 's' : '';
  const log = range?.kind === 'span' && range.scale === 'log';
  const curves = isGrid ? gridCurves(summary, key, settings) : [drawnCurve(summary, key, settings)];
  const xs = curves.flatMap(({ points }) => points.map((p) => p.x));
  const span = range?.kind === 'span' ? [range.from, range.to].map((a) => xOf(key, a)) : xs;
  return {
    key,
    title: shortKey(e, key),
    unit,
    log,
    curves,
    ends: [Math.min(...span), Math.max(...span)],
  };
}

const xOf = (key: string, amount: number): number =>
  kindOfKey(key) === 'duration' ? amount / 1000 : amount;

function gridCurves(summary: Summary, key: string, settings: readonly number[]): Curve[] {
  const { experiment: e, space } = summary;
  const others = e.ranges.filter((r) => r.key !== key && r.kind === 'list' && r.values.length > 1);
  const onGrid = settings.filter((at) => at < space.settings);
  const groupOf = (at: number): string => {
    const { values } = space.subject(at);
    return others.map((r) => `${shortKey(e, r.key)} ${values[r.key]}`).join(', ');
  };
  const names = [...new Set(onGrid.map(groupOf))];
  const isFew = names.length <= SERIES_MAX;
  const groups = isFew ? names : [`mean over ${names.length} combinations of the other keys`];
  return groups.map((name) => {
    const mine = isFew ? onGrid.filter((at) => groupOf(at) === name) : onGrid;
    return { name, points: byValue(summary, key, mine) };
  });
}

function byValue(summary: Summary, key: string, subjects: readonly number[]): CurvePoint[] {
  const bins = new Map<number, number[]>();
  for (const at of subjects) {
    const amount = amountOf(key, summary.space.subject(at).values[key] ?? 0);
    bins.set(amount, [...(bins.get(amount) ?? []), at]);
  }
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([amount, members]) => ({
      x: xOf(key, amount),
      written: String(writtenOf(key, amount)),
      subjects: members,
    }));
}

/** Classes of about as many settings each. */
function drawnCurve(summary: Summary, key: string, settings: readonly number[]): Curve {
  const points = byValue(summary, key, settings);
  if (points.length <= CLASSES) return { name: '', points };
  const size = Math.ceil(points.length / CLASSES);
  const classes = Array.from({ length: Math.ceil(points.length / size) }, (_, i) =>
    points.slice(i * size, (i + 1) * size),
  );
  const merged = classes.map((members): CurvePoint => {
    const [first, last] = [members[0], members.at(-1)];
    const x = members.reduce((sum, p) => sum + p.x, 0) / members.length;
    const written = `${first?.written} to ${last?.written}`;
    return { x, written, subjects: members.flatMap((p) => p.subjects) };
  });
  return { name: `mean of ${size} settings each`, points: merged };
}

/** What is shown: the measure itself, or its difference from the baseline. */
export interface View {
  readonly measure: MeasureName;
  readonly under: Under;
  readonly kind: 'value' | 'difference';
}

/** Of a point: the mean over its subjects, replication by replication. */
export function pointEstimate(
  summary: Summary,
  { subjects }: CurvePoint,
  { measure, under, kind }: View,
): Estimate {
  const all = subjects.map((at) => summary.values(at, measure, under));
  const means = (all[0] ?? []).map((_, replication) => {
    const known = all.map((v) => v[replication] ?? null).filter((v): v is number => v !== null);
    return known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length;
  });
  if (kind === 'value') return estimate(means);
  return pairedEstimate(means, summary.values(summary.space.baseline, measure, under));
}
