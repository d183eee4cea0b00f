/** The crew of one: batches in this thread, one after the other. */

import { setImmediate } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { runBatch } from '../job.ts';
import type { Crew } from './crew.ts';

export function crewHere(e: Experiment): Crew {
  return {
    async run(batches, onResult, signal) {
      while (!signal.aborted) {
        const { value: batch, done } = batches.next();
        if (done) return;
        onResult(runBatch(e, batch));
        // Signals and timers want their turn.
        await setImmediate();
      }
    },
    close: async () => undefined,
  };
}
