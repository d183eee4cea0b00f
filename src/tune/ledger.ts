/**
 * The ledger: an append-only file with one line per finished batch, in the order in which they came
 * in, under a head that says whose they are. It outlives the process: an end at any time loses at
 * most the line that was being written, and that is cut off at the next start. The head is checked
 * against the experiment and the program, since rows of two of them must not be mixed.
 */

import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { flockSync } from 'fs-ext';
import { z } from 'zod';
import { type Build, buildSchema, differenceOf } from './build.ts';
import { BATCH_JOBS_MAX, type BatchResult } from './job.ts';
import { rowSchema } from './row.ts';

const headSchema = z.strictObject({
  ledger: z.literal('reroute tune'),
  form: z.literal(1),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  build: buildSchema,
});

export type Head = z.infer<typeof headSchema>;

export const resultSchema = z.strictObject({
  id: z.string().max(40),
  rows: z.array(rowSchema).min(1).max(BATCH_JOBS_MAX),
});

const LINE_MAX = 1 << 20;
const CHUNK = 1 << 20;

export interface Ledger {
  /** Throws what the file system throws, e.g. ENOSPC; the file ends in a whole line even so. */
  append(result: BatchResult): void;
  close(): void;
}

export type Opened =
  /** `broken`: numbers of lines that cannot be read; their batches are done again. */
  | { readonly ok: true; readonly ledger: Ledger; readonly broken: readonly number[] }
  | { readonly ok: false; readonly problem: string };

export const headOf = (digest: string, build: Build): Head => ({
  ledger: 'reroute tune',
  form: 1,
  digest,
  build,
});

/** Opens or begins it; what it holds goes to `onResult`, in the order of the file. */
export function openLedger(
  file: string,
  head: Head,
  onResult: (result: BatchResult) => void,
): Opened {
  const fd = openSync(file, 'a+', 0o644);
  try {
    flockSync(fd, 'exnb');
  } catch (error) {
    closeSync(fd);
    const isHeld = /EAGAIN|EWOULDBLOCK/.test(String(error));
    const why = isHeld
      ? 'is in use: another reroute tune works on it'
      : `cannot be locked: ${error}`;
    return { ok: false, problem: `${file} ${why}` };
  }
  const broken: number[] = [];
  let number = 0;
  let problem: string | null = null;
  const end = eachLine(fd, (line) => {
    number += 1;
    if (number === 1) problem = headProblem(line, head);
    else {
      const result = resultSchema.safeParse(parsedJson(line));
      if (result.success) onResult(result.data);
      else broken.push(number);
    }
    return problem === null;
  });
  if (problem !== null) {
    closeSync(fd);
    return { ok: false, problem: `${file} ${problem}` };
  }
  ftruncateSync(fd, end);
  if (number === 0) writeLine(fd, JSON.stringify(head));
  return { ok: true, ledger: ledgerOn(fd), broken };
}

function ledgerOn(fd: number): Ledger {
  return {
    append: ({ id, rows }) => writeLine(fd, JSON.stringify({ id, rows })),
    close() {
      fsyncSync(fd);
      closeSync(fd);
    },
  };
}

function headProblem(line: string, mine: Head): string | null {
  const parsed = headSchema.safeParse(parsedJson(line));
  if (!parsed.success)
    return 'is no ledger of finished work: its first line is not the head of one';
  const { digest, build } = parsed.data;
  if (digest !== mine.digest) {
    return `belongs to another experiment (${digest}, this one is ${mine.digest}): the file was changed since. Give another --output, or the old experiment`;
  }
  const difference = differenceOf(mine.build, build);
  if (difference === null) return null;
  return `was begun by another program: ${difference}. Go on with that one, or give another --output`;
}

/** Whole lines from the start, until `onLine` says no; gives the offset behind the last one. */
function eachLine(fd: number, onLine: (line: string) => boolean): number {
  const chunk = Buffer.alloc(CHUNK);
  let rest = Buffer.alloc(0);
  let [read, end, passed] = [0, 0, 0];
  for (;;) {
    const got = readSync(fd, chunk, 0, CHUNK, read);
    if (got === 0) return end;
    read += got;
    rest = Buffer.concat([rest, chunk.subarray(0, got)]);
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      const line = rest.toString('utf8', 0, at);
      rest = rest.subarray(at + 1);
      end += passed + at + 1;
      passed = 0;
      if (!onLine(line)) return end;
    }
    // No line of ours is that long: it is a broken one, of which only the end is looked at.
    if (rest.length > LINE_MAX) {
      passed += rest.length;
      rest = Buffer.alloc(0);
    }
  }
}

/** A line that the disk had no room for is taken back, so that the file stays whole. */
function writeLine(fd: number, text: string): void {
  const was = fstatSync(fd).size;
  const bytes = Buffer.from(`${text}\n`);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (error) {
    ftruncateSync(fd, was);
    throw error;
  }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
