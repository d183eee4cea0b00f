/**
 * Tasks over threads of this machine (piscina): each thread loads one file, whose default export
 * takes a task and gives its result. Without threads, and from source, which a thread cannot load,
 * one task after the other in this one.
 */

import { Piscina } from 'piscina';

export interface Tasks<T, R> {
  /** Beside this file, without its ending: `scout`. */
  readonly file: string;
  readonly tasks: readonly T[];
  /** 0..256. */
  readonly workers: number;
  /** In the order in which they end; `place`: of the task. */
  readonly onResult: (result: R, place: number) => void;
}

const isSource = import.meta.url.endsWith('.ts');

/** Resolves when all results were given; rejects with the first error of a task. */
export async function runTasks<T, R>({
  file,
  tasks,
  workers,
  onResult,
}: Tasks<T, R>): Promise<void> {
  const filename = new URL(`./${file}.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
  if (workers === 0 || isSource) {
    const { default: work } = (await import(filename)) as { default: (task: T) => R };
    for (const [place, task] of tasks.entries()) onResult(work(task), place);
    return;
  }
  const count = Math.max(1, Math.min(workers, tasks.length));
  const pool = new Piscina<T, R>({
    filename,
    minThreads: count,
    maxThreads: count,
    // Options of this process's node (loaders, inspectors) are not the threads'.
    execArgv: [],
  });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < tasks.length) {
      const place = next;
      next += 1;
      onResult(await pool.run(tasks[place] as T), place);
    }
  };
  try {
    // Handed out one by one: the pool's own queue does not keep the order.
    await Promise.all(Array.from({ length: count }, lane));
  } finally {
    await pool.destroy();
  }
}
