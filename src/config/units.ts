/**
 * Durations and sizes as they are written in the configuration: `180s`, `250ms`, `1.5s`, `20m`.
 * A unit is always asked for, also with 0: a bare number was read as seconds by one tool and as
 * milliseconds by the next. In a duration `m` is minutes, in a size mebibytes. Arithmetic is in
 * whole numbers, so `1.1s` is 1100 ms exactly.
 */

/** The longest delay a Node timer keeps; a longer one fires at once. */
export const MAX_MS = 2147483647;

const DURATION = /^(\d{1,12})(?:\.(\d{1,6}))?(ms|s|m|h)$/;
const SIZE = /^(\d{1,12})([kmg])$/;
const MS_OF: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60000, h: 3600000 };
const BYTES_OF: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const UNIT_ALIASES: readonly (readonly [string, string])[] = [
  ['ms', 'ms msec msecs millisecond milliseconds'],
  ['s', 's sec secs second seconds'],
  ['m', 'm min mins minute minutes'],
  ['h', 'h hr hrs hour hours'],
];

export type Reading =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly fault: 'form' | 'fraction' | 'range' };

/** Whole ms in 0..2147483647. Refuses other forms, fractions of a ms, and longer durations. */
export function readDuration(text: string): Reading {
  const match = DURATION.exec(text);
  const unitMs = MS_OF[match?.[3] ?? ''];
  if (match === null || unitMs === undefined) return { ok: false, fault: 'form' };
  const fraction = match[2] ?? '';
  const scale = 10 ** fraction.length;
  const scaled = Number(fraction) * unitMs;
  if (scaled % scale !== 0) return { ok: false, fault: 'fraction' };
  const value = Number(match[1]) * unitMs + scaled / scale;
  return value <= MAX_MS ? { ok: true, value } : { ok: false, fault: 'range' };
}

/** Bytes; k, m and g are powers of 1024. */
export function readSize(text: string): Reading {
  const match = SIZE.exec(text);
  const unit = BYTES_OF[match?.[2] ?? ''];
  if (match === null || unit === undefined) return { ok: false, fault: 'form' };
  const value = Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? { ok: true, value } : { ok: false, fault: 'range' };
}

/** The shortest exact way to write it in ms or s: minutes and hours only confuse comparison. */
export function writeDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The largest unit that divides it. `bytes` is a multiple of 1024. */
export function writeSize(bytes: number): string {
  for (const unit of ['g', 'm', 'k']) {
    const size = BYTES_OF[unit] ?? 1;
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}`;
}

/** What was probably meant by `3 min`, `180sec`, `2S`; null if nothing can be guessed. */
export function guessDuration(text: string): string | null {
  const match = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]{1,12})\s*$/i.exec(text);
  const word = match?.[2]?.toLowerCase() ?? '';
  const unit = UNIT_ALIASES.find(([, aliases]) => aliases.split(' ').includes(word))?.[0];
  const guess = unit === undefined ? '' : `${match?.[1]}${unit}`;
  return readDuration(guess).ok ? guess : null;
}

/** What was probably meant by `20MB`, `20 MiB`, `1G`; null if nothing can be guessed. */
export function guessSize(text: string): string | null {
  const match = /^\s*(\d{1,12})\s*([kmg])(?:i?b)?\s*$/i.exec(text);
  return match === null ? null : `${match[1]}${match[2]?.toLowerCase()}`;
}

/** The unit of a duration or size as written, `ms` of `250ms`. Empty if it has none. */
export function unitOf(written: string): string {
  return /[a-z]+$/.exec(written)?.[0] ?? '';
}
