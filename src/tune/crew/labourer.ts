/**
 * The worker's side of the queue: takes batches as they come and carries them out in threads, so
 * that this thread is free to renew its locks. A worker that is killed loses its locks within
 * seconds, and another takes its batches; one that comes back as another program gives back what
 * it was given, and ends.
 */

import { UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Build } from '../build.ts';
import { digestOf } from '../digest.ts';
import type { Experiment } from '../experiment.ts';
import type { BatchResult } from '../job.ts';
import { parseExperiment } from '../parse.ts';
import { spaceOf } from '../space.ts';
import { type Letter, openLetter, PREFIX, QUEUE } from './letters.ts';
import { closeRedis, openRedis, type Say } from './redis.ts';
import { openPool } from './threads.ts';

export interface LabourOptions {
  readonly url: string;
  readonly build: Build;
  /** Threads, 1 or more. */
  readonly concurrency: number;
  readonly say: Say;
  /** Finishes what is under way, then ends. */
  readonly signal: AbortSignal;
}

/** A lock that is not renewed for this long is lost: its holder is dead or stands still. */
const LOCK_MS = 10_000;
const STALL_CHECK_MS = 5000;
/** Deaths that one batch may survive before it is held to be their cause. */
const DEATHS_MAX = 20;

export interface Labour {
  readonly batches: number;
  /** Why this worker must not go on; null: it was asked to end. */
  readonly refusal: string | null;
}

/** Resolves at the end. Rejects when Redis cannot be reached at the start. */
export async function labour(options: LabourOptions): Promise<Labour> {
  const { url, build, concurrency, say, signal } = options;
  const redis = await openRedis(url, say);
  const pool = openPool(concurrency);
  const known = new Map<string, Experiment>();
  let batches = 0;
  let refusal: string | null = null;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const worker = new Worker<Letter, BatchResult>(
    QUEUE,
    async (job, token) => {
      const opened = openLetter(job.data, build);
      if (opened.ok) {
        const { letter } = opened;
        const experiment = experimentOf(letter, known);
        const result = await pool.run({ experiment, batch: letter.batch });
        batches += 1;
        return result;
      }
      if (!opened.foreign) throw new UnrecoverableError(opened.says);
      refusal = opened.says;
      end();
      await job.moveToWait(token);
      throw new WaitingError();
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALL_CHECK_MS,
      maxStalledCount: DEATHS_MAX,
    },
  );
  worker.on('error', (error) => {
    // Loss of the connection is told by the connection; what else there is must be seen.
    if (redis.status === 'ready') say(error.message);
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await ended;
  // Away: nobody would hear of what is under way; the locks run out by themselves.
  await worker.close(redis.status !== 'ready');
  closeRedis(redis);
  await pool.destroy();
  return { batches, refusal };
}

/** Parsed once per experiment; refused where it is not what its name says. */
function experimentOf(letter: Letter, known: Map<string, Experiment>): Experiment {
  const found = known.get(letter.digest) ?? parsedExperiment(letter);
  known.clear();
  known.set(letter.digest, found);
  const { count } = spaceOf(found);
  for (const { subject, mix, replication } of letter.batch.jobs) {
    const isThere = subject < count && mix < found.mixes.length && replication < found.replications;
    if (!isThere) throw new UnrecoverableError('asks for a run that the experiment does not have');
  }
  return found;
}

function parsedExperiment({ experiment, digest }: Letter): Experiment {
  const parsed = parseExperiment(experiment);
  if (!parsed.ok) throw new UnrecoverableError('carries an experiment that is refused here');
  if (digestOf(parsed.experiment) !== digest) {
    throw new UnrecoverableError('carries another experiment than its name says');
  }
  return parsed.experiment;
}
