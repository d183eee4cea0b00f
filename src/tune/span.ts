/**
 * Spans of simulated time, `24h` or `30d`: longer than any timer of the configuration, so with
 * days, and without its bound of 24 days.
 */

import { z } from 'zod';
import { documented, wrongType } from '../config/leaf.ts';

const FORM = /^(\d{1,6})(m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LEAST_MS = 60_000;
const MOST_MS = 366 * 86_400_000;

/** Whole ms; null for another form or outside of 1 minute to 366 days. */
export function readSpan(text: string): number | null {
  const match = FORM.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (!match || unitMs === undefined) return null;
  const ms = Number(match[1]) * unitMs;
  return ms >= LEAST_MS && ms <= MOST_MS ? ms : null;
}

/** The largest unit that divides it. `ms` is whole minutes. */
export function writeSpan(ms: number): string {
  for (const unit of ['d', 'h', 'm']) {
    const unitMs = UNIT_MS[unit] ?? 1;
    if (ms % unitMs === 0) return `${ms / unitMs}${unit}`;
  }
  return `${ms}ms`;
}

export function span(means: string) {
  const range = 'whole minutes, hours or days, 1m to 366d';
  const remedy = 'Write a span such as "90m", "24h" or "30d" (1m to 366d).';
  const schema = z.string().transform((text, context) => {
    const ms = readSpan(text);
    if (ms !== null) return ms;
    context.addIssue({ code: 'custom', message: 'refused' });
    return z.NEVER;
  });
  return documented(schema, {
    type: 'span',
    range,
    means,
    explain: (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? { code: 'CFG_DURATION', says: `must be ${range}`, remedy }
        : wrongType(value, remedy),
  });
}
