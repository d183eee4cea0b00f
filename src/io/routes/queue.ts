/**
 * Runs jobs strictly one after the other, in the order they came, with a bound on how many wait.
 * It exists so that two route changes can never interleave. It does not retry or time out: a job
 * bounds itself.
 */

export interface SerialQueue {
  /** False: the queue is full or closed and the job will not run. Jobs must not reject. */
  add(job: () => Promise<void>): boolean;
  /** Forgets the waiting jobs; the one under way ends by itself. */
  close(): void;
}

/** `limit`: most jobs that may wait beside the one under way. */
export function createSerialQueue(limit: number): SerialQueue {
  const waiting: (() => Promise<void>)[] = [];
  let busy = false;
  let closed = false;

  async function drain(): Promise<void> {
    busy = true;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
    busy = false;
  }

  return {
    add(job) {
      if (closed || waiting.length >= limit) return false;
      waiting.push(job);
      if (!busy) void drain();
      return true;
    },
    close() {
      closed = true;
      waiting.length = 0;
    },
  };
}
