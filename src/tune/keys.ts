/**
 * The keys an experiment may set: those of the configuration that the decision compares with.
 * Others (ports, files, addresses) change nothing in a simulated cluster, and naming one is an
 * error, because a curve over it would be flat and look like a result. A test holds this list
 * against the configuration.
 */

import { type Fault, keyDocs } from '../config/leaf.ts';
import { writtenDefault } from '../config/profiles.ts';
import { keysOf, type ProfileName } from '../config/schema.ts';
import { writeDuration } from '../config/units.ts';
import type { Written } from './experiment.ts';

export const TUNABLE: readonly string[] = [
  'probe.interval',
  'probe.idle_interval',
  'probe.fast_interval',
  'probe.timeout',
  'probe.fall',
  'probe.rise',
  'probe.confirm_min',
  'probe.mtu',
  'service.enabled',
  'service.interval',
  'service.service_hold',
  'session.poll_interval',
  'session.session_lost',
  'session.stale_after',
  'timers.back_to_normal',
  'timers.relapse_factor',
  'timers.back_to_normal_max',
  'timers.forgive',
  'timers.return_guard',
  'timers.dwell',
  'timers.warm_up',
  'switch.command_deadline',
  'switch.break_connections',
  'switch.budget_per_hour',
];

export type Kind = 'duration' | 'whole' | 'number' | 'flag';

const KINDS: Readonly<Record<string, Kind>> = {
  duration: 'duration',
  'whole number': 'whole',
  number: 'number',
  switch: 'flag',
};

export type ReadValue =
  | { readonly ok: true; readonly written: Written; readonly amount: number }
  | { readonly ok: false; readonly fault: Fault };

/** A key's kind. `key` is one of TUNABLE. */
export function kindOfKey(key: string): Kind {
  const kind = KINDS[docOf(key).type];
  if (!kind) throw new Error(`${key} has a type that cannot be tuned`);
  return kind;
}

/**
 * A value as the configuration would take it: in its normal form, and as an amount in ms, counts
 * or 0/1 to order and draw by.
 */
export function readValue(key: string, value: unknown, profile: ProfileName): ReadValue {
  const parsed = schemaOf(key).safeParse(value);
  const example = defaultOf(key, profile);
  if (!parsed.success) return { ok: false, fault: docOf(key).explain(value, String(example)) };
  const amount = Number(parsed.data);
  return { ok: true, written: writtenOf(key, amount), amount };
}

/** The inverse of an amount: `180000` of a duration is `180s`. */
export function writtenOf(key: string, amount: number): Written {
  const kind = kindOfKey(key);
  if (kind === 'duration') return writeDuration(amount);
  return kind === 'flag' ? amount === 1 : amount;
}

/** The amount of a value that was read before. */
export function amountOf(key: string, value: Written): number {
  const parsed = schemaOf(key).safeParse(value);
  if (!parsed.success) throw new Error(`${String(value)} is no value of ${key}`);
  return Number(parsed.data);
}

/** The profile's own value, in its normal form. */
export function defaultOf(key: string, profile: ProfileName): Written {
  const { section, name } = partsOf(key);
  const text = writtenDefault(profile, section, name);
  if (text === null) throw new Error(`${key} has no default`);
  const kind = kindOfKey(key);
  if (kind === 'flag') return text === 'true';
  return kind === 'duration' ? text : Number(text);
}

function docOf(key: string) {
  const doc = keyDocs.get(schemaOf(key));
  if (!doc) throw new Error(`${key} is not documented`);
  return doc;
}

function schemaOf(key: string) {
  const { section, name } = partsOf(key);
  const schema = keysOf(section)[name];
  if (!schema) throw new Error(`there is no key ${key}`);
  return schema;
}

function partsOf(key: string): { readonly section: string; readonly name: string } {
  const [section = '', name = ''] = key.split('.');
  return { section, name };
}
