/**
 * The kinds of value a key can have: each is a zod schema, registered together with what a person
 * needs to know about it (kind, range, meaning, and how to explain a value it refuses). The
 * registry is the one source for the messages, the commented examples and the tables of
 * docs/configuration.md. Which keys exist is in schema.ts.
 */

import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { ProblemCode } from './problems.ts';
import {
  guessDuration,
  guessSize,
  MAX_MS,
  type Reading,
  readDuration,
  readSize,
  unitOf,
  writeDuration,
  writeSize,
} from './units.ts';

/** Why a value was refused, and what to write instead. */
export interface Fault {
  readonly code: ProblemCode;
  readonly says: string;
  readonly remedy: string;
}

export interface KeyDoc {
  /** `duration`, `size`, `number`, `address`, ... */
  readonly type: string;
  /** In words, for example `10ms or more`. */
  readonly range: string;
  readonly means: string;
  /** `example`: a good value, as written. Called only for a value the schema refused. */
  readonly explain: (value: unknown, example: string) => Fault;
}

/** Every key's documentation, by its schema. */
export const keyDocs = z.registry<KeyDoc>();

/** Registers `schema` under `doc` and gives it back. */
export function documented<S extends z.ZodType>(schema: S, doc: KeyDoc): S {
  keyDocs.add(schema, doc);
  return schema;
}

/** A duration of at least `least`, for example `10ms`. The output is ms. */
export function duration(least: string, means: string) {
  const leastMs = amount(readDuration(least));
  const range = least === '0s' ? `${writeDuration(0)} to ${MAX_MS}ms` : `${least} to ${MAX_MS}ms`;
  return documented(read(readDuration, leastMs, MAX_MS), {
    type: 'duration',
    range,
    means,
    explain: (value, example) => {
      const generic = `Write a whole number of ms as "250ms", "1.5s", "2m" or "1h" (${range}).`;
      const guess = typeof value === 'string' ? guessDuration(value) : null;
      const unit = unitOf(example) || 's';
      const guessed = typeof value === 'number' && value >= 0 ? `${value}${unit}` : guess;
      const reading = typeof value === 'string' ? readDuration(value) : null;
      if (reading?.ok || (reading?.ok === false && reading.fault === 'range')) {
        return { code: 'CFG_RANGE', says: `must be ${range}`, remedy: generic };
      }
      if (typeof value !== 'string' && typeof value !== 'number') return wrongType(value, generic);
      const says =
        typeof value === 'number' ? 'a duration needs its unit' : 'is not a duration in whole ms';
      const fits = guessed !== null && amount(readDuration(guessed)) >= leastMs;
      return { code: 'CFG_DURATION', says, remedy: fits ? `Write "${guessed}".` : generic };
    },
  });
}

/** A size between two written sizes. The output is bytes. */
export function size(least: string, most: string, means: string) {
  const range = `${least} to ${most}`;
  const [min, max] = [amount(readSize(least)), amount(readSize(most))];
  return documented(read(readSize, min, max), {
    type: 'size',
    range,
    means,
    explain: (value, example) => {
      const generic = `Write a whole number and k, m or g, for example "${example}" (${range}).`;
      if (typeof value === 'string' && readSize(value).ok) {
        return { code: 'CFG_RANGE', says: `must be ${range}`, remedy: generic };
      }
      const isNumber = typeof value === 'number';
      if (typeof value !== 'string' && !isNumber) return wrongType(value, generic);
      const bytes = isNumber && value > 0 && value % 1024 === 0 ? writeSize(value) : null;
      const guess = isNumber ? bytes : guessSize(value);
      const remedy = guess === null ? generic : `Write "${guess}".`;
      return { code: 'CFG_SIZE', says: 'a size needs its unit k, m or g', remedy };
    },
  });
}

/** A whole number, for counts, bytes and ports. */
export function whole(least: number, most: number, unit: string, means: string) {
  return numeric(z.int().min(least).max(most), 'whole number', least, most, unit, means);
}

/** A factor; decimals allowed. */
export function factor(least: number, most: number, means: string) {
  return numeric(z.number().min(least).max(most), 'number', least, most, '', means);
}

/** A frame size in bytes: 0, or 576 (the least every IPv4 host takes, RFC 791) to 65535. */
export function frame(means: string) {
  const schema = z.int().refine((value) => value === 0 || (value >= 576 && value <= 65535));
  const range = '0 (off), or 576 to 65535 bytes';
  const remedy = `Write ${range}, for example 9000.`;
  return documented(schema, {
    type: 'whole number',
    range,
    means,
    explain: (value) =>
      typeof value === 'number'
        ? { code: 'CFG_RANGE', says: `must be ${range}`, remedy }
        : wrongType(value, remedy),
  });
}

export function flag(means: string) {
  const remedy = 'Write true or false.';
  return documented(z.boolean(), {
    type: 'switch',
    range: 'true or false',
    means,
    explain: (value) => wrongType(value, remedy),
  });
}

/** A dotted IPv4 address that a machine can have: no 0/8, 127/8, multicast or above. */
export function address(means: string) {
  return documented(
    z.string().refine((text) => addressFault(text) === null),
    {
      type: 'address',
      range: 'dotted IPv4, unicast',
      means,
      explain: (value) => {
        const remedy = 'Write a dotted IPv4 unicast address, for example 10.10.85.15.';
        if (typeof value !== 'string') return wrongType(value, remedy);
        return { code: 'CFG_IP', says: addressFault(value) ?? 'is not an address', remedy };
      },
    },
  );
}

/** What is wrong with an address; null if nothing. */
export function addressFault(text: string): string | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) {
    if (/^\d+(\.\d+){3}\/\d+$/.test(text)) return 'is a network, not an address';
    if (/^0\d|\.0\d/.test(text)) return 'has a leading zero, which some tools read as octal';
    return 'is not a dotted IPv4 address';
  }
  const first = ipaddr.IPv4.parse(text).octets[0] ?? 0;
  if (first === 127) return 'is a loopback address';
  return first === 0 || first >= 224 ? 'is not a unicast address' : null;
}

/** The same with `null` allowed for "none". */
export function orNull<S extends z.ZodType>(leaf: S) {
  const doc = keyDocs.get(leaf);
  const schema = leaf.nullable();
  if (doc !== undefined) documented(schema, { ...doc, range: `${doc.range}, or null` });
  return schema;
}

/** The same, and absent means `value`. */
export function orDefault<S extends z.ZodType>(
  leaf: S,
  value: z.core.util.NoUndefined<z.output<S>>,
) {
  const doc = keyDocs.get(leaf);
  const schema = leaf.default(value);
  if (doc !== undefined) documented(schema, doc);
  return schema;
}

export function wrongType(value: unknown, remedy: string): Fault {
  return { code: 'CFG_TYPE', says: `${kindOf(value)} cannot stand here`, remedy };
}

/** A value's kind in the operator's words. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return 'true/false';
  return typeof value === 'number' ? 'a number' : 'a text';
}

function numeric<S extends z.ZodType>(
  schema: S,
  type: string,
  least: number,
  most: number,
  unit: string,
  means: string,
): S {
  const range = `${least} to ${most}${unit === '' ? '' : ` ${unit}`}`;
  return documented(schema, {
    type,
    range,
    means,
    explain: (value, example) => {
      const remedy = `Write a ${type}, ${range}, for example ${example}.`;
      if (typeof value !== 'number') return wrongType(value, remedy);
      return { code: 'CFG_RANGE', says: `must be a ${type}, ${range}`, remedy };
    },
  });
}

function read(reader: (text: string) => Reading, min: number, max: number) {
  return z.string().transform((text, context) => {
    const value = amount(reader(text));
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: 'refused' });
    return z.NEVER;
  });
}

/** The value read, or -1: below every range. */
function amount(reading: Reading): number {
  return reading.ok ? reading.value : -1;
}
