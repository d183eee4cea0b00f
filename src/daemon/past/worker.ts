/**
 * The thread that reads the journal for the console: one question after the other, answers as JSON
 * text. It keeps what it read of segments that are full, since these do not change any more.
 */

import { existsSync, readlinkSync, statSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { listSegments, scanSegment } from '../../io/journal-scan.ts';
import { type Digest, digestOf } from './digest.ts';
import { createMoments } from './moment.ts';
import { type Past, timelineOf } from './timeline.ts';

export interface PastQuestion {
  readonly id: number;
  /** Null: the timeline; else the moment at this wall-clock time, ms. */
  readonly wallMs: number | null;
}

/** Nobody waits for the answer to question `cancel` any more. */
export type PastMessage = PastQuestion | { readonly cancel: number };

export type PastAnswer =
  | { readonly id: number; readonly ok: true; readonly text: string }
  | { readonly id: number; readonly ok: false; readonly problem: string };

const DAY_MS = 24 * 3_600_000;
const NICE = 10;
const { dir } = workerData as { readonly dir: string };
const moments = createMoments(dir);
/** Questions that wait or are being answered; false: nobody waits for it any more. */
const wanted = new Map<number, boolean>();
/** What a segment of this size says. */
const read = new Map<string, { readonly size: number; readonly lines: readonly Digest[] }>();

class Cancelled extends Error {}

/** Consecutive segments, from the one that holds the time a day ago. */
function readPast(nowMs: number): Past {
  const names: string[] = [];
  for (const name of listSegments(dir).toReversed()) {
    names.unshift(name);
    const [first] = linesOf(name);
    if (first?.kind === 'header' && first.start.wallMs < nowMs - DAY_MS) break;
  }
  for (const name of read.keys()) if (!names.includes(name)) read.delete(name);
  return timelineOf(names.flatMap((name) => linesOf(name)));
}

function linesOf(name: string): readonly Digest[] {
  // One that was pruned meanwhile is just not there any more.
  const size = statSync(join(dir, name), { throwIfNoEntry: false })?.size;
  if (size === undefined) return [];
  const known = read.get(name);
  if (known?.size === size) return known.lines;
  const lines: Digest[] = [];
  for (const line of scanSegment(dir, name)) {
    const digest = digestOf(line);
    if (digest) lines.push(digest);
  }
  read.set(name, { size, lines });
  return lines;
}

let past: Past | null = null;

async function answer({ id, wallMs }: PastQuestion): Promise<string> {
  if (wallMs === null || past === null || wallMs > lastMs(past)) past = readPast(Date.now());
  if (wallMs === null) return JSON.stringify(past.timeline);
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (wanted.get(id) === false) throw new Cancelled('nobody waits for this any more');
  };
  await pause();
  return JSON.stringify(await moments.at(past, wallMs, pause));
}

/**
 * The first scrub is seldom the last: while nobody asks, the day is replayed from its end backwards,
 * so that its states are there when they are asked for.
 */
async function prepare(): Promise<void> {
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (wanted.size > 0 || moments.isFull()) throw new Cancelled('a question comes first');
  };
  for (const { toMs } of past?.timeline.stretches.toReversed() ?? []) {
    await pause();
    if (past) await moments.at(past, toMs, pause);
  }
}

const lastMs = ({ timeline }: Past): number => timeline.stretches.at(-1)?.toMs ?? 0;

let queue: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: PastMessage) => {
  if ('cancel' in message) {
    if (wanted.has(message.cancel)) wanted.set(message.cancel, false);
    return;
  }
  wanted.set(message.id, true);
  queue = queue.then(async () => {
    const { id } = message;
    let told: PastAnswer;
    try {
      told = { id, ok: true, text: await answer(message) };
    } catch (error) {
      told = { id, ok: false, problem: error instanceof Error ? error.message : String(error) };
    }
    wanted.delete(id);
    parentPort?.postMessage(told);
    if (message.wallMs !== null && wanted.size === 0) await prepare().catch(putOff);
  });
});

/** What was not prepared is replayed when it is asked for. */
function putOff(error: unknown): void {
  if (!(error instanceof Cancelled)) throw error;
}

/** The loop comes first: on Linux each thread has a nice value of its own (sched(7)). */
function stepBack(): void {
  const thread = /\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0];
  if (thread !== undefined) setPriority(Number(thread), NICE);
}

if (existsSync('/proc/thread-self')) stepBack();
