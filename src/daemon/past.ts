/**
 * The past, asked from the daemon's loop: a thread of its own reads and replays the journal, so the
 * loop only passes text along. The thread begins with the first question and ends minutes after
 * the last one; its memory is bounded, and when it fails the questions fail, nothing else.
 */

import { Worker } from 'node:worker_threads';
import type { PastAnswer, PastMessage } from './past/worker.ts';

export interface PastReader {
  /** A `Timeline` as JSON. */
  timeline(): Promise<string>;
  /** A `Moment` as JSON. */
  moment(wallMs: number, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface PastOptions {
  /** Folder of the journal. */
  readonly dir: string;
  /** Writes what the journal still holds back. */
  readonly flush: () => Promise<void>;
}

const IDLE_MS = 5 * 60_000;
/** More questions than this at a time are refused. */
const MAX_WAITING = 16;
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
}

export function createPast(options: PastOptions): PastReader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let lastId = 0;
  let shared: Promise<string> | null = null;

  function open(): Worker {
    const made = startThread(options.dir);
    made.on('message', (answer: PastAnswer) => {
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.ok) one?.resolve(answer.text);
      else one?.reject(new Error(answer.problem));
    });
    made.on('error', (error) => fail(made, error));
    made.on('exit', () => fail(made, new Error('the thread that reads the journal ended')));
    made.unref();
    return made;
  }

  function fail(of: Worker, error: Error): void {
    if (worker !== of) return;
    worker = null;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  async function close(): Promise<void> {
    const ending = worker;
    if (idle) clearTimeout(idle);
    if (!ending) return;
    fail(ending, new Error('the console closes'));
    await ending.terminate();
  }

  async function ask(wallMs: number | null, signal?: AbortSignal): Promise<string> {
    if (waiting.size >= MAX_WAITING) throw new Error('too many questions about the past at once');
    await options.flush();
    const thread = worker ?? open();
    worker = thread;
    if (idle) clearTimeout(idle);
    idle = setTimeout(() => void close(), IDLE_MS);
    idle.unref();
    lastId += 1;
    const id = lastId;
    const post = (message: PastMessage): void => thread.postMessage(message);
    signal?.addEventListener('abort', () => post({ cancel: id }), { once: true });
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      post({ id, wallMs });
    });
  }

  return {
    timeline() {
      // Pages that come together, after a restart for example, read it once.
      shared ??= ask(null).finally(() => {
        shared = null;
      });
      return shared;
    },
    moment: (wallMs, signal) => ask(wallMs, signal),
    close,
  };
}

/** From source (tests) a thread must register the loader itself; none comes with it. */
function startThread(dir: string): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(`./past/worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const settings = { workerData: { dir }, resourceLimits: LIMITS, execArgv: [] };
  if (!isSource) return new Worker(file, settings);
  const load = `import('tsx/esm/api').then((tsx) => (tsx.register(), import('${file}')))`;
  return new Worker(load, { ...settings, eval: true });
}
