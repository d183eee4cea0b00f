/**
 * Reads journals back, oldest line to newest over all segments: for replay (`readJournal`, line by
 * line in bounded memory) and for `reroute history` (`tailJournal`, from the end, in slices so
 * that a running daemon can serve it). Never writes; safe beside a daemon that writes.
 *
 * A crash cuts the last line it wrote. Such a half line is reported as `cut`, not as `broken`,
 * wherever it stands: at the very end, or before the header of the next start.
 */

import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorText } from './errno.ts';
import { segmentsOf } from './journal.ts';
import { type JournalEntry, parseJournalLine } from './journal-line.ts';

/** An entry with its place. `line` counts from 1 within its segment. */
export type JournalLine = JournalEntry & { readonly segment: string; readonly line: number };

export interface ReadOptions {
  /** What to do after a broken line or another format: end (default) or go on. */
  readonly onBroken?: 'stop' | 'continue';
}

const CHUNK_BYTES = 256 * 1024;
/** A longer line is not ours; a header of 400 paths has about 200 kB. */
const LINE_MAX_BYTES = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Problems are entries, never throws. After `cut` reading always goes on. */
export function* readJournal(
  fileOrDir: string,
  options: ReadOptions = {},
): Generator<JournalLine, void, undefined> {
  let files: string[];
  try {
    files = filesOf(fileOrDir);
  } catch (error) {
    yield atPlace(fileOrDir, 0, 'unreadable', errorText(error));
    return;
  }
  if (files.length === 0) {
    const text = 'no journal here; name a folder with journal-000001.ndjson or one such file';
    yield atPlace(fileOrDir, 0, 'unreadable', text);
    return;
  }
  for (const file of files) {
    for (const entry of readSegment(file)) {
      yield entry;
      const isBroken = entry.kind === 'problem' && entry.problem !== 'cut';
      if (isBroken && options.onBroken !== 'continue') return;
    }
  }
}

function filesOf(fileOrDir: string): string[] {
  if (!statSync(fileOrDir).isDirectory()) return [fileOrDir];
  return segmentsOf(readdirSync(fileOrDir)).map((name) => join(fileOrDir, name));
}

function* readSegment(file: string): Generator<JournalLine, void, undefined> {
  const segment = basename(file);
  let held: JournalLine | null = null;
  for (const { bytes, line, isWhole } of rawLines(file)) {
    let entry: JournalLine;
    if (isWhole) entry = { ...parseJournalLine(bytes.toString('utf8')), segment, line };
    else if (line === 0) entry = atPlace(segment, line, 'unreadable', bytes.toString('utf8'));
    else entry = atPlace(segment, line, 'cut', 'last line has no end yet');
    // A broken line waits for its successor: before a header it is what a crash left.
    if (held !== null) yield entry.kind === 'header' ? asCut(held) : held;
    held = null;
    if (entry.kind === 'problem' && entry.problem === 'broken') held = entry;
    else yield entry;
  }
  if (held !== null) yield held;
}

const asCut = ({ segment, line }: JournalLine): JournalLine =>
  atPlace(segment, line, 'cut', 'line cut by a crash; a new start follows');

/** A line as it stands in the file. */
export interface RawLine {
  /** Without its newline; only until the next one is asked for. */
  readonly bytes: Buffer;
  /** From 1; 0: the file could not be read, and `bytes` says why. */
  readonly line: number;
  /** Where it begins, bytes from the start of the file. */
  readonly offset: number;
  /** False: no newline at its end, or line 0. */
  readonly isWhole: boolean;
}

/** Every line from `fromByte` on, which must be the start of one. Never throws. */
export function* rawLines(file: string, fromByte = 0): Generator<RawLine, void, undefined> {
  let fd: number | null = null;
  let line = 1;
  let offset = fromByte;
  try {
    fd = openSync(file, 'r');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let position = fromByte;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const length = readSync(fd, chunk, 0, CHUNK_BYTES, position);
      if (length === 0) break;
      position += length;
      const bytes: Buffer = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield { bytes: bytes.subarray(start, end), line: line++, offset, isWhole: true };
        offset += end + 1 - start;
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > LINE_MAX_BYTES) throw new Error(`line ${line} is longer than 8 MiB`);
    }
    if (rest.length > 0) yield { bytes: rest, line, offset, isWhole: false };
  } catch (error) {
    yield { bytes: Buffer.from(errorText(error)), line: 0, offset, isWhole: false };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function atPlace(
  segment: string,
  line: number,
  problem: 'cut' | 'unreadable',
  text: string,
): JournalLine {
  return { kind: 'problem', problem, text, segment, line };
}

export interface TailOptions {
  /** Which entries count; default: all but facts. */
  readonly keep?: (entry: JournalEntry) => boolean;
  /** Read at most this much from the end, bytes. */
  readonly maxBytes?: number;
}

const isNotFact = (entry: JournalEntry): boolean => entry.kind !== 'fact';
const FACT_START = '{"k":"f"';

/**
 * The last `count` entries that `keep` wants, oldest first. Facts, most of a journal, are parsed
 * only for a `keep` of the caller's own. Half and broken lines are passed over.
 * Never throws; an unreadable folder has no entries.
 */
export async function tailJournal(
  dir: string,
  count: number,
  options: TailOptions = {},
): Promise<JournalEntry[]> {
  const { keep = isNotFact, maxBytes = 64 * 1024 * 1024 } = options;
  const found: JournalEntry[] = [];
  let budgetBytes = maxBytes;
  try {
    for (const name of segmentsOf(await readdir(dir)).reverse()) {
      for await (const text of linesFromEnd(join(dir, name))) {
        budgetBytes -= text.length + 1;
        if (found.length >= count || budgetBytes < 0) return found.reverse();
        if (keep === isNotFact && text.startsWith(FACT_START)) continue;
        const entry = parseJournalLine(text);
        if (entry.kind !== 'problem' && keep(entry)) found.push(entry);
      }
    }
  } catch {
    // A folder that is missing, or a segment that was pruned meanwhile: what was found is all.
    return found.reverse();
  }
  return found.reverse();
}

/** Whole lines, last first. One await per chunk: a running daemon keeps probing meanwhile. */
async function* linesFromEnd(file: string): AsyncGenerator<string, void, undefined> {
  const handle = await open(file, 'r');
  try {
    let position = (await handle.stat()).size;
    let rest: Buffer = Buffer.alloc(0);
    while (position > 0 && rest.length <= LINE_MAX_BYTES) {
      const length = Math.min(CHUNK_BYTES, position);
      position -= length;
      const chunk = Buffer.alloc(length);
      await handle.read(chunk, 0, length, position);
      let bytes: Buffer = Buffer.concat([chunk, rest]);
      // The part after the last newline is the line before which we stopped, or a half line.
      for (let end = bytes.lastIndexOf(NEWLINE); end >= 0; end = bytes.lastIndexOf(NEWLINE)) {
        const line = bytes.subarray(end + 1);
        if (line.length > 0) yield line.toString('utf8');
        bytes = bytes.subarray(0, end);
      }
      rest = bytes;
    }
    if (position === 0 && rest.length > 0) yield rest.toString('utf8');
  } finally {
    await handle.close();
  }
}
