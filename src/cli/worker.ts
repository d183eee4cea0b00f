/** `reroute worker`: carries out the runs of experiments that others started with `--queue`. */

import { availableParallelism } from 'node:os';
import { thisBuild } from '../tune/build.ts';
import { labour } from '../tune/crew/labourer.ts';
import { shownUrl, urlProblem } from '../tune/crew/redis.ts';
import { version } from '../version.ts';
import { DONE, FAILED, fail, print, WRONG_USAGE } from './output.ts';

const THREADS_MAX = 256;

export interface WorkerOptions {
  readonly queue: string;
  readonly concurrency?: number;
}

export async function worker({ queue: url, concurrency }: WorkerOptions): Promise<number> {
  const problem = urlProblem(url);
  if (problem !== null) return fail(problem, WRONG_USAGE);
  const threads = concurrency ?? availableParallelism();
  if (threads > THREADS_MAX) return fail(`--concurrency: at most ${THREADS_MAX}`, WRONG_USAGE);
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(FAILED);
    abort.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const say = (text: string): void => void process.stderr.write(`reroute: ${text}\n`);
  try {
    print(`reroute ${version}, ${threads} threads, listens on ${shownUrl(url)}`);
    const { batches, refusal } = await labour({
      url,
      build: thisBuild(version),
      concurrency: threads,
      say,
      signal: abort.signal,
    });
    print(`${batches} batches done`);
    if (refusal === null) return DONE;
    return fail(`${refusal}: install the same reroute here and there, with the same Node`);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
