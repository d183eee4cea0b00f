/**
 * Notices a stuck daemon: a thread of its own watches the main loop's heartbeat and ends the whole
 * process when it stays away, so that the kernel frees the lock and a supervisor starts a fresh
 * one. In production a hung loop once held the lock for almost 4 hours (DOMAIN.md section 6).
 * The route stays. A process that was stopped as a whole is not stuck: the thread then finds its
 * own clock late as well and begins anew. The thread runs from the built code only.
 */

import { Worker } from 'node:worker_threads';

export interface Watchdog {
  /** Resolves when the thread watches; never if it could not run. */
  readonly watching: Promise<void>;
  close(): Promise<void>;
}

export interface WatchdogOptions {
  /** The loop may stand still this long, ms; default 10000. */
  readonly limitMs?: number;
  /** The thread could not run; one line. */
  readonly onTrouble?: (text: string) => void;
}

/** What the thread is given. */
export interface WatchdogData {
  /** One counter that the main loop raises. */
  readonly beats: SharedArrayBuffer;
  readonly limitMs: number;
  readonly lookMs: number;
}

const LIMIT_MS = 10_000;
const LOOKS_PER_LIMIT = 10;
/** The thread needs almost nothing; without limits it would reserve as much as the main one. */
const LIMITS = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

export function startWatchdog(options: WatchdogOptions = {}): Watchdog {
  const { limitMs = LIMIT_MS } = options;
  const lookMs = limitMs / LOOKS_PER_LIMIT;
  const beats = new SharedArrayBuffer(4);
  const counter = new Int32Array(beats);
  const workerData: WatchdogData = { beats, limitMs, lookMs };
  const worker = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
    workerData,
    resourceLimits: LIMITS,
    // Options of the main program (a loader, -e) are not meant for this thread.
    execArgv: [],
  });
  // A controller without its watchdog still does its work; losing that would be worse.
  worker.on('error', (error) => options.onTrouble?.(`no watchdog: ${error.message}`));
  worker.unref();
  const beat = setInterval(() => Atomics.add(counter, 0, 1), lookMs / 2);
  beat.unref();
  const watching = new Promise<void>((resolve) => worker.once('message', () => resolve()));
  return {
    watching,
    async close() {
      clearInterval(beat);
      await worker.terminate();
    },
  };
}
