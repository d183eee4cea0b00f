/**
 * What is to be done, cut up: a job is one replication of one subject under one mix; a batch is a
 * few of them, done one after the other by one worker. Which batches there are depends on the
 * experiment alone, so that they have the same names on every machine and after every restart.
 */

import type { Experiment } from './experiment.ts';
import type { Row } from './row.ts';
import { spaceOf } from './space.ts';
import { play } from './world.ts';

export interface Job {
  /** Numbers of the subject and of the mix, and which replication; all from 0. */
  readonly subject: number;
  readonly mix: number;
  readonly replication: number;
}

export interface Batch {
  /** Unique in the experiment: rung and position, `0-17`. */
  readonly id: string;
  readonly jobs: readonly Job[];
}

export interface BatchResult {
  readonly id: string;
  /** One row per job, in the same order. */
  readonly rows: readonly Row[];
}

export const BATCH_JOBS_MAX = 256;
/** Simulated time of one batch, all hosts: a tenth of a second of work to a few seconds. */
const BATCH_MS = 250_000_000;

/** A whole batch, in this thread. Depends on its arguments only. */
export function runBatch(e: Experiment, batch: Batch): BatchResult {
  return { id: batch.id, rows: batch.jobs.map((job) => runJob(e, job)) };
}

export function runJob(e: Experiment, { subject, mix, replication }: Job): Row {
  const use = e.mixes[mix];
  if (!use) throw new RangeError(`the experiment has no mix ${mix}`);
  return play(e, spaceOf(e).subject(subject), use, replication);
}

export interface Rung {
  readonly at: number;
  readonly subjects: readonly number[];
  /** Replications that are new in this rung: from, up to but without to. */
  readonly from: number;
  readonly to: number;
}

/** The batch at a position of the rung, from 0. */
export function batchAt(e: Experiment, rung: Rung, position: number): Batch {
  const size = batchJobs(e);
  const from = position * size;
  const count = Math.min(size, jobCount(e, rung) - from);
  if (!(count > 0)) throw new RangeError(`rung ${rung.at} has no batch ${position}`);
  const jobs = Array.from({ length: count }, (_, i) => jobAt(e, rung, from + i));
  return { id: `${rung.at}-${position}`, jobs };
}

export function batchCount(e: Experiment, rung: Rung): number {
  return Math.ceil(jobCount(e, rung) / batchJobs(e));
}

export const jobCount = (e: Experiment, rung: Rung): number =>
  rung.subjects.length * e.mixes.length * (rung.to - rung.from);

/** Replications turn fastest, then mixes, then subjects. */
function jobAt(e: Experiment, rung: Rung, n: number): Job {
  const replications = rung.to - rung.from;
  const pair = Math.floor(n / replications);
  const subject = rung.subjects[Math.floor(pair / e.mixes.length)];
  if (subject === undefined) throw new RangeError(`rung ${rung.at} has no job ${n}`);
  const replication = rung.from + (n % replications);
  return { subject, mix: pair % e.mixes.length, replication };
}

function batchJobs(e: Experiment): number {
  const meanMs = e.mixes.reduce((sum, m) => sum + m.spanMs, 0) / e.mixes.length;
  const jobs = Math.round(BATCH_MS / (meanMs * e.cluster.hosts));
  return Math.min(BATCH_JOBS_MAX, Math.max(1, jobs));
}
