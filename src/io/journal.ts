/**
 * The journal: what the decision was given and what it ordered, one JSON object per line (NDJSON),
 * complete enough to run the same decisions again. People read the log; replay reads this.
 *
 * Lines, told apart by their first key:
 *   {"v":1,"kind":"header","wallMs":...,"monoMs":...,...}   where a replay can begin
 *   {"k":"f",...fact}   {"k":"o","atMs":...,...order}   {"k":"n","atMs":...,"what":...,...}
 *   {"k":"gap","dropped":n}   n lines were lost here; a header follows
 *
 * ORDER MATTERS. Call `fact(f)` BEFORE the machine moves on f, then `order(o)` for each order that
 * f caused. `header()` is called only inside `fact`, before f is written (and by a note that comes
 * before any fact): the state it returns is the state that f will meet. So a segment never begins between a fact and its orders.
 *
 * Lines are buffered and written in the background; a crash loses at most about the last 100 ms
 * and may cut the last line. A start goes on in the newest segment, with a header of its own, so
 * that a daemon which restarts again and again does not push the history out with tiny segments.
 */

import { readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../machines/events.ts';
import type { Order } from '../machines/orders.ts';
import { createAppendFile } from './append-file.ts';
import { errorCode, errorText } from './errno.ts';
import type { Log } from './log.ts';
import type { Clock } from './report.ts';

/** Goes up whenever older lines, or the state in a header, would be read wrongly. */
export const JOURNAL_VERSION = 2;

export interface JournalCounters {
  /** Lines accepted, headers and gaps included. */
  readonly lines: number;
  /** Lines lost: no room while the disk refused, or not expressible as JSON. */
  readonly dropped: number;
  /** Failed file operations. */
  readonly errors: number;
}

export interface Journal {
  /** Before the machine moves on it. Starts a new segment first when the old one is full. */
  fact(fact: Fact): void;
  /** After the fact that caused it; `atMs` is that fact's time. */
  order(order: Order, atMs: number): void;
  /** Something a person should find beside the facts; replay skips it. */
  note(what: string, atMs: number, details?: Readonly<Record<string, unknown>>): void;
  counters(): JournalCounters;
  /** Writes what waits; bounded as in `AppendFile.flush`. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly dir: string;
  /** Size of a segment, bytes; passed by at most one fact with its orders. */
  readonly maxSize: number;
  /** Segments kept, >= 1. */
  readonly maxFiles: number;
  /** Self-contained: program version, settings, whole state. Must not hold `v`, `kind`, `k`. */
  readonly header: () => object;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Bound of the memory buffer, bytes. */
  readonly maxPendingBytes?: number;
}

const MAX_PENDING_BYTES = 4 * 1024 * 1024;
const FLUSH_DELAY_MS = 100;
const SEGMENT = /^journal-(\d{6,9})\.ndjson$/;

export const segmentName = (number: number): string =>
  `journal-${String(number).padStart(6, '0')}.ndjson`;

/** Segment names among these, oldest first. */
export function segmentsOf(names: readonly string[]): string[] {
  const numberOf = (name: string) => Number(SEGMENT.exec(name)?.[1]);
  return names.filter((name) => SEGMENT.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

export function createJournal(options: JournalOptions): Journal {
  const { dir, maxSize, maxFiles, header, clock, log } = options;
  const maxPendingBytes = options.maxPendingBytes ?? MAX_PENDING_BYTES;
  const newest = newestSegment(dir);
  let segment = newest.number;
  let segmentBytes = newest.sizeBytes;
  let lines = 0;
  let dropped = 0;
  let gap = 0;
  let needsHeader = true;
  let headerTold = false;

  const pathOf = (number: number): string => join(dir, segmentName(number));
  const appendFile = createAppendFile({
    path: pathOf(segment),
    maxPendingBytes,
    flushDelayMs: FLUSH_DELAY_MS,
    onTrouble: (text) => log.warn(`journal: ${text}`),
  });
  appendFile.turn(pathOf(segment), async () => {
    await mkdir(dir, { recursive: true, mode: 0o750 });
  });

  const push = (line: string): boolean => {
    if (!appendFile.push(line)) return false;
    lines++;
    segmentBytes += Buffer.byteLength(line) + 1;
    return true;
  };

  const headerLine = (): string => {
    const stamp = {
      v: JOURNAL_VERSION,
      kind: 'header',
      wallMs: Date.now(),
      monoMs: clock.nowMs(),
    };
    try {
      return JSON.stringify({ ...stamp, ...header() });
    } catch (error) {
      if (!headerTold) log.warn(`journal: header without state: ${errorText(error)}`);
      headerTold = true;
      return JSON.stringify({ ...stamp, headerError: errorText(error) });
    }
  };

  /** Whatever must stand before the next fact: a gap mark, a new segment, a header. */
  const prepareForFact = (): void => {
    if (gap > 0) {
      // With little room the header would be refused at once and the gap marks would pile up.
      if (appendFile.pendingBytes() > maxPendingBytes / 2) return;
      if (!push(JSON.stringify({ k: 'gap', dropped: gap }))) return;
      gap = 0;
      needsHeader = true;
    }
    if (segmentBytes >= maxSize) {
      segment++;
      segmentBytes = 0;
      needsHeader = true;
      appendFile.turn(pathOf(segment), () => prune(dir, segment, maxFiles));
    }
    if (needsHeader && push(headerLine())) needsHeader = false;
  };

  const write = (entry: object): void => {
    // Lines after a gap are worthless for replay until a header has stood there.
    const isWritten = gap === 0 && !needsHeader && push(textOf(entry));
    if (isWritten) return;
    dropped++;
    gap++;
  };

  return {
    fact(fact) {
      prepareForFact();
      write({ k: 'f', ...fact });
    },
    order: (order, atMs) => write({ k: 'o', atMs, ...order }),
    note(what, atMs, details = {}) {
      // Before the first fact there is no fact whose orders could still come.
      if (lines === 0) prepareForFact();
      write({ k: 'n', atMs, what, ...details });
    },
    counters: () => ({ lines, dropped, errors: appendFile.errorCount() }),
    flush: () => appendFile.flush(),
    close: () => appendFile.close(),
  };
}

/** JSON of one entry; a cycle or a bigint is a programmer's error that must not stop rerouting. */
function textOf(entry: object): string {
  try {
    return JSON.stringify(entry);
  } catch (error) {
    return JSON.stringify({ k: 'n', atMs: 0, what: 'unwritable', error: errorText(error) });
  }
}

/** Once, at the start. An unreadable folder counts as empty: opening the segment will tell. */
function newestSegment(dir: string): { number: number; sizeBytes: number } {
  try {
    const name = segmentsOf(readdirSync(dir)).at(-1);
    if (name === undefined) return { number: 1, sizeBytes: 0 };
    return { number: Number(SEGMENT.exec(name)?.[1]), sizeBytes: statSync(join(dir, name)).size };
  } catch {
    return { number: 1, sizeBytes: 0 };
  }
}

/** Removes the oldest segments so that, with `coming`, at most `maxFiles` stand there. */
async function prune(dir: string, coming: number, maxFiles: number): Promise<void> {
  const older = segmentsOf(await readdir(dir)).filter((name) => name !== segmentName(coming));
  for (const name of older.slice(0, Math.max(0, older.length - (maxFiles - 1)))) {
    await unlink(join(dir, name)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
}
