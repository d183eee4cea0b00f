/** What a worker thread does: a batch in, its rows out. */

import type { Experiment } from '../experiment.ts';
import { type Batch, type BatchResult, runBatch } from '../job.ts';

export interface Task {
  readonly experiment: Experiment;
  readonly batch: Batch;
}

export default function work({ experiment, batch }: Task): BatchResult {
  return runBatch(experiment, batch);
}
