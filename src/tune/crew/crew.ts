/** Who carries batches out: this thread, threads of this machine, or workers behind a queue. */

import type { Batch, BatchResult } from '../job.ts';

export interface Crew {
  /**
   * Carries out batches as they are taken from `batches`; `onResult` gets each batch's result at
   * least once, in any order. Resolves when every batch that was taken has its result, or, once
   * `signal` is aborted, when those under way are finished. Rejects when it cannot go on.
   */
  run(
    batches: Iterator<Batch>,
    onResult: (result: BatchResult) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}
