/**
 * Seeds over worker threads. Batches are handed out in order; rows come back in the order of their
 * seeds, whatever the number of workers, so that everything made of them is the same at each.
 */

import { Worker } from 'node:worker_threads';
import { type Batch, playBatch, type Row } from './batch.ts';

export interface PoolOptions {
  readonly from: number;
  readonly seeds: number;
  readonly safetyMs: number | null;
  readonly hosts: number | null;
  /** 1..256; 0: in this thread. */
  readonly workers: number;
  /** Rows in the order of seeds, without gaps. */
  readonly onRows: (rows: readonly Row[]) => void;
  /** No further batch begins once aborted; those under way are finished. */
  readonly signal: AbortSignal;
}

const BATCH = 8;

/** Resolves when all rows were given, or those under way when it was aborted. */
export async function runPool(options: PoolOptions): Promise<void> {
  const { from, seeds, safetyMs, hosts, onRows, signal } = options;
  const end = from + seeds;
  let next = from;
  let due = from;
  const waiting = new Map<number, readonly Row[]>();

  function take(): Batch | null {
    if (signal.aborted || next >= end) return null;
    const batch = { from: next, count: Math.min(BATCH, end - next), safetyMs, hosts };
    next += batch.count;
    return batch;
  }

  function give(rows: readonly Row[]): void {
    if (rows[0]) waiting.set(rows[0].seed, rows);
    for (let ready = waiting.get(due); ready; ready = waiting.get(due)) {
      waiting.delete(due);
      due += ready.length;
      onRows(ready);
    }
  }

  if (options.workers === 0) {
    for (let batch = take(); batch; batch = take()) {
      give(playBatch(batch));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return;
  }
  const count = Math.min(options.workers, Math.ceil(seeds / BATCH));
  await Promise.all(Array.from({ length: count }, () => employ(take, give)));
}

/** One worker, until there is no batch left. */
function employ(take: () => Batch | null, give: (rows: readonly Row[]) => void): Promise<void> {
  const first = take();
  if (!first) return Promise.resolve();
  const worker = openWorker();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      worker.terminate().then(() => resolve(), reject);
    };
    worker.on('message', (rows: readonly Row[]) => {
      give(rows);
      const batch = take();
      if (batch) worker.postMessage(batch);
      else end();
    });
    worker.on('error', reject);
    worker.postMessage(first);
  });
}

/** From source (tests) a thread must register the loader itself; none comes with it. */
function openWorker(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(`./worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
  if (!isSource) return new Worker(file, { execArgv: [] });
  const load = `import('tsx/esm/api').then((tsx) => (tsx.register(), import('${file}')))`;
  return new Worker(load, { eval: true, execArgv: [] });
}
