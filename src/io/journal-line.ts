/**
 * One line of the journal, parsed and checked: the reading half of journal.ts. Facts are checked
 * to the last field, because replay feeds them to the decision; of orders, which replay only
 * compares, the envelope.
 */

import { z } from 'zod';
import type { Fact } from '../machines/events.ts';
import { factSchema } from './fact-schema.ts';
import { JOURNAL_VERSION } from './journal.ts';

/** `cut`: a crash ended the line. `broken`: not ours. `version`: ours, of another format. */
export type JournalProblem = 'cut' | 'broken' | 'version' | 'unreadable';

export type JournalEntry =
  | { kind: 'header'; wallMs: number; monoMs: number; body: Readonly<Record<string, unknown>> }
  | { kind: 'fact'; fact: Fact }
  | { kind: 'order'; atMs: number; order: Readonly<Record<string, unknown>> & { type: string } }
  | { kind: 'note'; atMs: number; what: string; details: Readonly<Record<string, unknown>> }
  | { kind: 'gap'; dropped: number }
  | { kind: 'problem'; problem: JournalProblem; text: string };

const header = z.looseObject({
  v: z.literal(JOURNAL_VERSION),
  kind: z.literal('header'),
  wallMs: z.number(),
  monoMs: z.number(),
});
const order = z.looseObject({ k: z.literal('o'), atMs: z.number(), type: z.string().min(1) });
const note = z.looseObject({ k: z.literal('n'), atMs: z.number(), what: z.string() });
const gap = z.strictObject({ k: z.literal('gap'), dropped: z.int().min(1) });
const anyHeader = z.looseObject({ v: z.number(), kind: z.literal('header') });

/** Never throws; what is wrong is an entry of kind `problem`. */
export function parseJournalLine(text: string): JournalEntry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('broken', 'not JSON');
  }
  if (typeof value !== 'object' || value === null || !('k' in value)) {
    const asHeader = anyHeader.safeParse(value);
    if (asHeader.success) return headerEntry(asHeader.data);
    return problem('broken', 'neither header nor entry');
  }
  // Facts, most of a journal, are checked once, by their own schema.
  const { k, ...rest } = value;
  switch (k) {
    case 'f':
      return checked(factSchema, rest, 'fact', (fact) => ({ kind: 'fact', fact }));
    case 'o':
      return checked(order, value, 'order', ({ k: _, atMs, ...body }) => ({
        kind: 'order',
        atMs,
        order: body,
      }));
    case 'n':
      return checked(note, value, 'note', ({ k: _, atMs, what, ...details }) => ({
        kind: 'note',
        atMs,
        what,
        details,
      }));
    case 'gap':
      return checked(gap, value, 'gap', ({ dropped }) => ({ kind: 'gap', dropped }));
    default:
      return problem('broken', `unknown kind of line ${JSON.stringify(k)?.slice(0, 40)}`);
  }
}

function headerEntry(value: { v: number }): JournalEntry {
  if (value.v !== JOURNAL_VERSION) {
    return problem(
      'version',
      `journal format ${value.v}, this program reads format ${JOURNAL_VERSION}; ` +
        'read it with the program version that wrote it',
    );
  }
  return checked(header, value, 'header', ({ v: _, kind: _kind, wallMs, monoMs, ...body }) => ({
    kind: 'header',
    wallMs,
    monoMs,
    body,
  }));
}

function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  make: (value: T) => JournalEntry,
): JournalEntry {
  const result = schema.safeParse(value);
  if (result.success) return make(result.data);
  const issue = result.error.issues[0];
  const place = issue?.path.join('.') || 'line';
  return problem('broken', `not a valid ${what}: ${place}: ${issue?.message ?? 'unknown'}`);
}

const problem = (kind: JournalProblem, text: string): JournalEntry => ({
  kind: 'problem',
  problem: kind,
  text,
});
