/**
 * Runs over journals for what happened, and passes the facts, most of a journal, unparsed: a day of
 * it in about a second. What it finds has its place in bytes, so that a replay can begin there. For
 * everything that must see each fact there is `readJournal`.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { segmentsOf } from './journal.ts';
import { type JournalEntry, parseJournalLine } from './journal-line.ts';
import { rawLines } from './journal-read.ts';

type Found = Extract<JournalEntry, { kind: 'header' | 'order' | 'gap' | 'problem' }>;

/** `resumed`: the first fact after a line that could not be read. */
export type Scanned = (Found | { readonly kind: 'end' | 'resumed' }) & {
  readonly segment: string;
  /** From 1; of `end` and `resumed` 0. */
  readonly line: number;
  /** Where the line begins in its segment, bytes. */
  readonly offset: number;
  /** Monotonic time of the last fact or order up to here; null: none since the last header. */
  readonly lastAtMs: number | null;
};

const FACT_START = Buffer.from('{"k":"f"');
const AT = Buffer.from('"atMs":');
const CLOSING_BRACE = 0x7d;

/** Names of the segments of a folder, oldest first; throws when it cannot be read. */
export const listSegments = (dir: string): string[] => segmentsOf(readdirSync(dir));

/** A segment's lines but whole facts and notes; its end is an entry of its own. Never throws. */
export function* scanSegment(dir: string, segment: string): Generator<Scanned, void, undefined> {
  let lastAtMs: number | null = null;
  let lastFact: Buffer | null = null;
  let held: Scanned | null = null;
  let torn = false;

  /** The last fact's time is read only when somebody wants it. */
  const known = (): number | null => {
    if (lastFact) lastAtMs = timeOf(lastFact) ?? lastAtMs;
    lastFact = null;
    return lastAtMs;
  };

  for (const { bytes, line, offset, isWhole } of rawLines(join(dir, segment))) {
    const at = { segment, line, offset };
    if (isWhole && isFact(bytes)) {
      if (held) yield held;
      held = null;
      lastFact = bytes;
      if (torn) yield { kind: 'resumed', segment, line: 0, offset, lastAtMs: known() };
      torn = false;
      continue;
    }
    const lastAtMsNow = known();
    const entry = isWhole ? parseJournalLine(bytes.toString('utf8')) : halfLine(bytes, line);
    if (held) yield entry.kind === 'header' ? asCut(held) : held;
    held = null;
    if (entry.kind === 'note' || entry.kind === 'fact') continue;
    const found: Scanned = { ...entry, ...at, lastAtMs: lastAtMsNow };
    if (entry.kind === 'order') lastAtMs = entry.atMs;
    // A broken line waits for its successor: before a header it is what a crash left.
    if (entry.kind === 'problem' && entry.problem === 'broken') held = found;
    else yield found;
    torn = entry.kind === 'problem';
    if (entry.kind === 'header') lastAtMs = null;
  }
  if (held) yield held;
  yield { kind: 'end', segment, line: 0, offset: 0, lastAtMs: known() };
}

const isFact = (bytes: Buffer): boolean =>
  bytes.length > FACT_START.length &&
  bytes[bytes.length - 1] === CLOSING_BRACE &&
  bytes.subarray(0, FACT_START.length).equals(FACT_START);

function timeOf(fact: Buffer): number | null {
  const at = fact.indexOf(AT);
  const value = at < 0 ? Number.NaN : Number.parseFloat(fact.toString('latin1', at + AT.length));
  return Number.isFinite(value) ? value : null;
}

const halfLine = (bytes: Buffer, line: number): Found => ({
  kind: 'problem',
  problem: line === 0 ? 'unreadable' : 'cut',
  text: line === 0 ? bytes.toString('utf8') : 'last line has no end yet',
});

const asCut = (held: Scanned): Scanned => ({
  ...held,
  kind: 'problem',
  problem: 'cut',
  text: 'line cut by a crash; a new start follows',
});
