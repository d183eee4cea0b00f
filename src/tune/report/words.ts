/** How settings and numbers are written in the report. */

import type { Experiment, Values } from '../experiment.ts';
import type { Subject } from '../space.ts';
import type { Estimate } from '../stats/estimate.ts';
import { MEASURES, type MeasureName } from '../stats/measures.ts';

const DASH = '\u2013';
const MINUS = '\u2212';

/** `timers.back_to_normal` as `back_to_normal`, unless another range ends the same. */
export function shortKey(e: Experiment, key: string): string {
  const name = key.split('.')[1] ?? key;
  const same = e.ranges.filter((range) => range.key.split('.')[1] === name);
  return same.length > 1 ? key : name;
}

/** `back_to_normal 180s, relapse_factor 2`; the old tool by its name. */
export function nameOf(e: Experiment, subject: Subject): string {
  return subject.policy === 'chart' ? valuesText(e, subject.values) : 'the old tool';
}

export const valuesText = (e: Experiment, values: Values): string =>
  e.ranges.map(({ key }) => `${shortKey(e, key)} ${String(values[key])}`).join(', ');

/** Three significant digits, without an exponent: `0.0123`, `4.56`, `789`, `12 300`. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return DASH;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const text = size.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, '\u202f');
  return Number(size.toFixed(digits)) === 0 ? '0' : `${value < 0 ? MINUS : ''}${text}`;
}

/** A number at an axis: as short as it is exact. */
export function tick(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(6)));
  const [whole = '', part] = text.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return `${value < 0 ? MINUS : ''}${spaced}${part === undefined ? '' : `.${part}`}`;
}

/** `4.56 s`, `3.2 %`, `1.4`. */
export function amount(measure: MeasureName, value: number | null): string {
  const { unit } = MEASURES[measure];
  return value === null || unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

/** `4.56 (3.9 to 5.2)`. */
export function withInterval({ mean, low, high }: Estimate): string {
  return low === null || high === null
    ? figure(mean)
    : `${figure(mean)} (${figure(low)} to ${figure(high)})`;
}

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
