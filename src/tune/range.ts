/**
 * Keys of the configuration with their values, as an experiment writes them: one value
 * (`fixed`, `baseline`), or a range: a list, `{ from, to, step }`, `{ from, to, count }`, or, where
 * values are drawn, `{ from, to }`. All problems of all of them at once.
 */

import type { KeyPath } from '../config/document.ts';
import { kindOf } from '../config/leaf.ts';
import { nearest } from '../config/nearest.ts';
import { keysOf, type ProfileName, SECTIONS } from '../config/schema.ts';
import type { Range, Scale, Values, Written } from './experiment.ts';
import { type Finding, faultAt, finding } from './finding.ts';
import { defaultOf, kindOfKey, readValue, TUNABLE, writtenOf } from './keys.ts';

export const RANGE_VALUES_MAX = 10_000;
const RANGE_KEYS = ['from', 'to', 'step', 'count', 'scale'];

export interface Context {
  readonly profile: ProfileName;
  /** Values are drawn, so `{ from, to }` alone will do. */
  readonly isDrawn: boolean;
  readonly findings: Finding[];
}

/** `fixed` or `baseline`. */
export function readValues(
  at: string,
  values: Readonly<Record<string, unknown>>,
  c: Context,
): Values {
  const read = Object.entries(values).flatMap(([key, value]) => {
    const path = [at, key];
    if (!isTunable(key, path, c)) return [];
    const written = valueRead(key, value, path, c);
    return written === null ? [] : [[key, written.written] as const];
  });
  return Object.fromEntries(read);
}

export function readRanges(values: Readonly<Record<string, unknown>>, c: Context): Range[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = ['ranges', key];
    if (!isTunable(key, path, c)) return [];
    const range = Array.isArray(value)
      ? listRange(key, value, path, c)
      : isMap(value)
        ? spanRange(key, value, path, c)
        : misformed(key, value, path, c);
    return range === null ? [] : [range];
  });
}

function isTunable(key: string, path: KeyPath, c: Context): boolean {
  if (TUNABLE.includes(key)) return true;
  const [section = '', name = ''] = key.split('.');
  const exists = SECTIONS.includes(section) && Object.hasOwn(keysOf(section), name);
  if (exists) {
    const remedy = 'Remove it, or write a key that the decision compares with.';
    c.findings.push(
      finding('TUNE_NO_EFFECT', path, 'changes nothing in a simulated cluster', remedy, 'key'),
    );
    return false;
  }
  const near = nearest(key, TUNABLE) ?? TUNABLE.find((k) => k.endsWith(`.${key}`)) ?? null;
  const remedy = near === null ? `Write one of: ${TUNABLE.join(', ')}.` : `Did you mean ${near}?`;
  c.findings.push(finding('TUNE_KEY', path, 'is no key of the configuration', remedy, 'key'));
  return false;
}

function valueRead(key: string, value: unknown, path: KeyPath, c: Context) {
  const read = readValue(key, value, c.profile);
  if (read.ok) return read;
  c.findings.push(faultAt(path, read.fault));
  return null;
}

function misformed(key: string, value: unknown, path: KeyPath, c: Context): null {
  const remedy = `Write a list, for example [${defaultOf(key, c.profile)}], or { from, to, step }.`;
  const says = `a range must be a list or a map, not ${kindOf(value)}`;
  c.findings.push(finding('CFG_TYPE', path, says, remedy));
  return null;
}

function listRange(key: string, list: readonly unknown[], path: KeyPath, c: Context): Range | null {
  if (list.length === 0) {
    const remedy = 'Write at least one value, or remove the key to keep its default.';
    c.findings.push(finding('TUNE_EMPTY', path, 'is an empty range', remedy));
    return null;
  }
  if (list.length > RANGE_VALUES_MAX) return tooLong(list.length, path, c);
  const seen = new Map<Written, number>();
  for (const [i, value] of list.entries()) {
    const read = valueRead(key, value, [...path, i], c);
    if (read === null) continue;
    const before = seen.get(read.written);
    if (before === undefined) seen.set(read.written, i);
    else {
      const says = `stands at position ${before + 1} of the list already`;
      const remedy = 'Write each value once: a second one would count twice.';
      c.findings.push(finding('TUNE_TWICE', [...path, i], says, remedy));
    }
  }
  return seen.size < list.length ? null : { key, kind: 'list', values: [...seen.keys()] };
}

function tooLong(count: number, path: KeyPath, c: Context): null {
  const says = `makes ${count} values, at most ${RANGE_VALUES_MAX} are taken`;
  c.findings.push(finding('CFG_RANGE', path, says, 'Write a longer step or a smaller count.'));
  return null;
}

type Bounds = Readonly<Record<string, unknown>>;

function spanRange(key: string, map: Bounds, path: KeyPath, c: Context): Range | null {
  const before = c.findings.length;
  for (const name of Object.keys(map)) {
    if (RANGE_KEYS.includes(name)) continue;
    const near = nearest(name, RANGE_KEYS);
    const remedy = near ? `Did you mean ${near}?` : `Write one of: ${RANGE_KEYS.join(', ')}.`;
    c.findings.push(
      finding('CFG_UNKNOWN_KEY', [...path, name], 'is not a key that exists here', remedy, 'key'),
    );
  }
  if (kindOfKey(key) === 'flag') {
    c.findings.push(
      finding('CFG_TYPE', path, 'a switch has no range', 'Write [true, false].', 'head'),
    );
    return null;
  }
  const [from, to] = [bound('from', key, map, path, c), bound('to', key, map, path, c)];
  const scale = scaleOf(map.scale, path, c);
  if (from === null || to === null || scale === null) return null;
  if (from >= to) {
    const says = `is an empty range: from ${writtenOf(key, from)} is not below to ${writtenOf(key, to)}`;
    const remedy = 'Write from below to, or a list of the values that are meant.';
    c.findings.push(finding('TUNE_RANGE_ORDER', path, says, remedy, 'head'));
    return null;
  }
  if (scale === 'log' && from === 0) {
    const remedy = 'Write a from above 0, or scale: linear.';
    c.findings.push(finding('TUNE_LOG_ZERO', [...path, 'from'], 'has no logarithm', remedy));
    return null;
  }
  const amounts = stepped(key, map, { from, to, scale }, path, c);
  if (c.findings.length > before || amounts === null) return null;
  if (amounts === 'drawn') return { key, kind: 'span', from, to, scale };
  return { key, kind: 'list', values: amounts.map((amount) => writtenOf(key, amount)) };
}

function bound(name: string, key: string, map: Bounds, path: KeyPath, c: Context): number | null {
  if (map[name] === undefined) {
    const remedy = `Write { from: ..., to: ... }, or a list of values.`;
    c.findings.push(finding('CFG_MISSING', path, `has no "${name}"`, remedy, 'head'));
    return null;
  }
  return valueRead(key, map[name], [...path, name], c)?.amount ?? null;
}

function scaleOf(value: unknown, path: KeyPath, c: Context): Scale | null {
  if (value === undefined) return 'linear';
  if (value === 'linear' || value === 'log') return value;
  const remedy = 'Write linear or log.';
  c.findings.push(finding('CFG_CHOICE', [...path, 'scale'], 'must be linear or log', remedy));
  return null;
}

interface Between {
  readonly from: number;
  readonly to: number;
  readonly scale: Scale;
}

/** The amounts of a grid; `drawn` where none are asked for. */
function stepped(
  key: string,
  map: Bounds,
  { from, to, scale }: Between,
  path: KeyPath,
  c: Context,
): number[] | 'drawn' | null {
  if (map.step !== undefined && map.count !== undefined) {
    const remedy = 'Write step or count, not both.';
    c.findings.push(finding('TUNE_RANGE_FORM', path, 'has both step and count', remedy, 'head'));
    return null;
  }
  if (map.step !== undefined) {
    const step = valueRead(key, map.step, [...path, 'step'], c)?.amount ?? null;
    if (step === null) return null;
    if (step <= 0) {
      const remedy = 'Write a step above 0.';
      c.findings.push(
        finding('TUNE_RANGE_ORDER', [...path, 'step'], 'a step of 0 leads nowhere', remedy),
      );
      return null;
    }
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    if (count > RANGE_VALUES_MAX) return tooLong(count, path, c);
    return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
  }
  if (map.count !== undefined) {
    const { count } = map;
    const isCount = typeof count === 'number' && Number.isInteger(count);
    if (!isCount || count < 2 || count > RANGE_VALUES_MAX) {
      const says = `must be a whole number, 2 to ${RANGE_VALUES_MAX}`;
      c.findings.push(finding('CFG_RANGE', [...path, 'count'], says, 'Write count: 7.'));
      return null;
    }
    const all = Array.from({ length: count }, (_, i) =>
      between(key, { from, to, scale }, i / (count - 1)),
    );
    return [...new Set(all)];
  }
  if (c.isDrawn) return 'drawn';
  const remedy = 'Add step: or count: (a grid has no other way to know the values).';
  c.findings.push(finding('TUNE_RANGE_FORM', path, 'has neither step nor count', remedy, 'head'));
  return null;
}

/** The amount a share of the way, 0..1, in a form that can be written. */
export function between(key: string, { from, to, scale }: Between, share: number): number {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const amount = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  return Math.min(to, Math.max(from, nice(key, amount)));
}

/** Four digits, and durations as people write them: from 10 s on whole seconds, from 1 s on tenths. */
function nice(key: string, amount: number): number {
  const short = Number(amount.toPrecision(4));
  const kind = kindOfKey(key);
  if (kind === 'number') return short;
  if (kind !== 'duration' || amount < 1000) return Math.round(short);
  const grid = amount < 10_000 ? 100 : 1000;
  return Math.round(amount / grid) * grid;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
