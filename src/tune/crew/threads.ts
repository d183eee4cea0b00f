/**
 * Batches over threads of this machine (piscina). A few more than there are threads are handed out,
 * so that no thread waits for this one. Only for the built program: a thread does not know how to
 * load TypeScript.
 */

import { Piscina } from 'piscina';
import type { Experiment } from '../experiment.ts';
import type { BatchResult } from '../job.ts';
import type { Crew } from './crew.ts';
import type { Task } from './thread.ts';

/** A pool of `count` threads, 1..256. */
export function openPool(count: number): Piscina<Task, BatchResult> {
  return new Piscina<Task, BatchResult>({
    filename: new URL('./thread.js', import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: 1,
    // Options of this process's node (loaders, inspectors) are not the threads'.
    execArgv: [],
  });
}

export function crewOfThreads(e: Experiment, count: number): Crew {
  const pool = openPool(count);
  return {
    async run(batches, onResult, signal) {
      const lane = async (): Promise<void> => {
        while (!signal.aborted) {
          const { value: batch, done } = batches.next();
          if (done) return;
          onResult(await pool.run({ experiment: e, batch }));
        }
      };
      await Promise.all(Array.from({ length: count + Math.ceil(count / 2) }, lane));
    },
    close: () => pool.destroy(),
  };
}
