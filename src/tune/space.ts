/**
 * The settings of an experiment, by number: none is kept, each is made when asked for, so that a
 * million cost nothing. Subjects are what is compared: the settings first, then the baseline
 * unless it is among them, then the other policies with the baseline's numbers.
 */

import { createRandom } from '../sim/random.ts';
import type { Experiment, Range, Values } from './experiment.ts';
import { defaultOf, writtenOf } from './keys.ts';
import { between } from './range.ts';
import type { PolicyName } from './world.ts';

export interface Subject {
  readonly at: number;
  readonly policy: PolicyName;
  /** Of the ranged keys; the fixed ones are the experiment's. */
  readonly values: Values;
}

export interface Space {
  /** How many settings the search has. */
  readonly settings: number;
  /** How many subjects. */
  readonly count: number;
  /** Number of the subject that others are compared with. */
  readonly baseline: number;
  /** Subjects that no rung drops. */
  readonly kept: readonly number[];
  subject(at: number): Subject;
}

export function spaceOf(e: Experiment): Space {
  const settings = settingCount(e);
  const isDrawn = drawnCount(e) !== null;
  const valuesAt = (at: number): Values => (isDrawn ? drawn(e, at) : gridPoint(e.ranges, at));
  const among = isDrawn ? null : gridPosition(e.ranges, e.baseline);
  const baseline = among ?? settings;
  const others = e.policies.filter((p) => p !== 'chart');
  const firstOther = among === null ? settings + 1 : settings;
  const kept = [baseline, ...others.map((_, i) => firstOther + i)];
  return {
    settings,
    count: firstOther + others.length,
    baseline,
    kept,
    subject(at) {
      if (at < settings) return { at, policy: 'chart', values: valuesAt(at) };
      const policy = at === baseline ? 'chart' : others[at - firstOther];
      if (policy === undefined) throw new RangeError(`there is no subject ${at}`);
      return { at, policy, values: e.baseline };
    },
  };
}

/** How many settings are drawn; null: every combination is taken. */
function drawnCount({ search }: Experiment): number | null {
  return search.method === 'grid' ? null : search.settings;
}

export function settingCount(e: Experiment): number {
  return drawnCount(e) ?? e.ranges.reduce((n, range) => n * Math.max(1, sizeOf(range)), 1);
}

const sizeOf = (range: Range): number => (range.kind === 'list' ? range.values.length : 0);

/** The last range turns fastest. */
function gridPoint(ranges: readonly Range[], at: number): Values {
  let rest = at;
  const values: [string, Values[string]][] = [];
  for (const range of ranges.toReversed()) {
    if (range.kind !== 'list') throw new Error(`${range.key} has no list`);
    const value = range.values[rest % range.values.length];
    rest = Math.floor(rest / range.values.length);
    if (value !== undefined) values.push([range.key, value]);
  }
  return Object.fromEntries(values.toReversed());
}

function gridPosition(ranges: readonly Range[], values: Values): number | null {
  let at = 0;
  for (const range of ranges) {
    if (range.kind !== 'list') return null;
    const value = values[range.key];
    const digit = value === undefined ? -1 : range.values.indexOf(value);
    if (digit < 0) return null;
    at = at * range.values.length + digit;
  }
  return at;
}

function drawn(e: Experiment, at: number): Values {
  const random = createRandom(e.seed, 'setting', at);
  const values = e.ranges.map((range): [string, Values[string]] => {
    const share = random.unit();
    if (range.kind === 'span')
      return [range.key, writtenOf(range.key, between(range.key, range, share))];
    const value = range.values[Math.floor(share * range.values.length)];
    if (value === undefined) throw new Error(`${range.key} has no values`);
    return [range.key, value];
  });
  return Object.fromEntries(values);
}

/** The profile's values of every ranged key, with the experiment's own over them. */
export function baselineOf(
  ranges: readonly Range[],
  profile: Experiment['profile'],
  own: Values,
): Values {
  return Object.fromEntries(ranges.map(({ key }) => [key, own[key] ?? defaultOf(key, profile)]));
}
