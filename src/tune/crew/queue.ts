/**
 * Batches over workers anywhere, through BullMQ on Redis. The queue holds a bounded number of
 * batches ahead of the workers; the ledger of this side, not Redis, is where results are kept. A
 * batch's name follows from its content, so that putting it there twice is putting it there once,
 * and a result that comes twice counts once. Events only make it quick: what is outstanding is
 * asked for again and again, so that a lost event, a killed worker or an emptied Redis costs time
 * and nothing else.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Build } from '../build.ts';
import type { Batch, BatchResult } from '../job.ts';
import { resultSchema } from '../ledger.ts';
import type { Crew } from './crew.ts';
import { FORM, type Letter, nameOf, PREFIX, QUEUE, RESULT_MAX_BYTES } from './letters.ts';
import { closeRedis, openRedis, type Say, shownUrl } from './redis.ts';

export interface QueueCrewOptions {
  readonly url: string;
  readonly build: Build;
  readonly digest: string;
  /** The experiment file as it is. */
  readonly text: string;
  readonly say: Say;
}

/** Batches in Redis at a time: enough for hundreds of threads, little for its memory. */
const AHEAD = 512;
const SWEEP_MS = 2000;
const LONELY_MS = 10_000;
/** Results that no coordinator collects go after a week. */
const KEEP = { age: 7 * 86_400 };

/** Rejects when Redis cannot be reached at the start. */
export async function crewOfQueue(options: QueueCrewOptions): Promise<Crew> {
  const { url, say } = options;
  const redis = await openRedis(url, say);
  const queue = new Queue<Letter, unknown>(QUEUE, { connection: redis, prefix: PREFIX });
  const watcher = redis.duplicate();
  const events = new QueueEvents(QUEUE, { connection: watcher, prefix: PREFIX });
  // The connections themselves say it when Redis is away.
  const untold = (): void => undefined;
  queue.on('error', untold);
  events.on('error', untold);
  watcher.on('error', untold);
  return {
    run: (batches, onResult, signal) =>
      runOver({ ...options, redis, queue, events }, batches, onResult, signal),
    async close() {
      // A Redis that is away must not keep this process.
      for (const connection of [watcher, redis]) closeRedis(connection);
      await Promise.allSettled([events.close(), queue.close()]);
    },
  };
}

interface Desk extends QueueCrewOptions {
  readonly redis: Redis;
  readonly queue: Queue<Letter, unknown>;
  readonly events: QueueEvents;
}

async function runOver(
  desk: Desk,
  batches: Iterator<Batch>,
  onResult: (result: BatchResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const { queue, events, digest, build } = desk;
  const outstanding = new Map<string, Batch>();
  let wake = (): void => undefined;
  const due = new Set<string>();
  const onEvent = ({ jobId }: { readonly jobId: string }): void => {
    if (!outstanding.has(jobId)) return;
    due.add(jobId);
    wake();
  };
  events.on('completed', onEvent);
  events.on('failed', onEvent);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

  /** Puts batches there until enough are; one that is there already stays as it is. */
  async function fill(): Promise<void> {
    const fresh: Batch[] = [];
    while (outstanding.size < AHEAD) {
      const { value: batch, done } = batches.next();
      if (done) break;
      outstanding.set(nameOf(digest, build, batch), batch);
      fresh.push(batch);
    }
    if (fresh.length > 0) await put(desk, fresh);
  }

  /** Looks at what may be finished; what Redis has lost is put there again. */
  async function collect(names: readonly string[]): Promise<void> {
    const lost: Batch[] = [];
    for (const name of names) {
      const batch = outstanding.get(name);
      if (batch === undefined) continue;
      const answer = await answerOf(desk, name);
      if (answer === 'lost') lost.push(batch);
      if (answer === 'lost' || answer === 'open') continue;
      if (answer.result.id !== batch.id)
        throw new Error(`${name} holds the result of another batch`);
      onResult(answer.result);
      outstanding.delete(name);
      await answer.job.remove();
    }
    if (lost.length > 0) await put(desk, lost);
  }

  async function work(): Promise<void> {
    let sweptMs = 0;
    for (;;) {
      await fill();
      if (outstanding.size === 0) return;
      const isSweep = performance.now() - sweptMs >= SWEEP_MS;
      const names = isSweep ? [...outstanding.keys()] : [...due];
      if (isSweep) sweptMs = performance.now();
      due.clear();
      await collect(names);
      if (signal.aborted) return;
      if (due.size > 0 || outstanding.size === 0) continue;
      await Promise.race([sleep(SWEEP_MS / 4), new Promise<void>((resolve) => (wake = resolve))]);
    }
  }

  const lonely = tellIfLonely(desk, signal);
  try {
    await Promise.race([work(), aborted]);
    if (signal.aborted) await Promise.race([withdraw(queue, outstanding), sleep(SWEEP_MS)]);
  } finally {
    lonely.stop();
    events.off('completed', onEvent);
    events.off('failed', onEvent);
  }
}

async function put({ queue, digest, build, text }: Desk, batches: readonly Batch[]): Promise<void> {
  await queue.addBulk(
    batches.map((batch) => ({
      name: 'batch',
      data: {
        form: FORM,
        build,
        digest,
        experiment: text,
        batch: { id: batch.id, jobs: batch.jobs.map((job) => ({ ...job })) },
      },
      opts: { jobId: nameOf(digest, build, batch), removeOnComplete: KEEP, removeOnFail: KEEP },
    })),
  );
}

type Answer = 'open' | 'lost' | { readonly result: BatchResult; readonly job: Job };

async function answerOf({ queue, redis }: Desk, name: string): Promise<Answer> {
  const size = await redis.hstrlen(queue.toKey(name), 'returnvalue');
  if (size > RESULT_MAX_BYTES) throw new Error(`${name} holds a result of ${size} bytes`);
  const job = await queue.getJob(name);
  if (!job) return 'lost';
  if (job.finishedOn === undefined) return 'open';
  if (job.failedReason) throw new Error(`a worker could not do ${name}: ${job.failedReason}`);
  const parsed = resultSchema.safeParse(job.returnvalue);
  if (!parsed.success) throw new Error(`${name} holds something that is no result`);
  return { result: parsed.data, job };
}

/** What nobody has begun goes out of the queue; what is under way is collected by the next start. */
async function withdraw(
  queue: Queue<Letter, unknown>,
  outstanding: ReadonlyMap<string, Batch>,
): Promise<void> {
  for (const name of outstanding.keys()) {
    const job = await queue.getJob(name);
    if (job && (await job.isWaiting())) await job.remove();
  }
}

/** Says it once when nobody listens. */
function tellIfLonely({ queue, url, say }: Desk, signal: AbortSignal): { stop(): void } {
  const timer = setTimeout(() => {
    queue.getWorkersCount().then(
      (count) => {
        if (count > 0 || signal.aborted) return;
        say(`no worker listens: start some with reroute worker --queue ${shownUrl(url)}`);
      },
      (error: unknown) => say(String(error)),
    );
  }, LONELY_MS);
  timer.unref();
  return { stop: () => clearTimeout(timer) };
}
