/**
 * `reroute simulate --seeds N`: many seeds over all cores, with a progress line on a terminal.
 * Ctrl-C ends it after the seeds under way and says where to go on; a progress file keeps that.
 */

import { availableParallelism } from 'node:os';
import { duration } from '../format.ts';
import { DONE, FAILED, fail, print, printJson, WRONG_USAGE } from '../output.ts';
import { runPool } from './pool.ts';
import { advanced, noProgress, type Progress, readProgress, writeProgress } from './progress.ts';

export interface ManyOptions {
  readonly seeds: number;
  readonly from?: number;
  readonly workers?: number;
  readonly safetyMs: number | null;
  readonly hosts: number | null;
  readonly resume?: string;
  readonly json?: boolean;
}

const DRAW_EVERY_MS = 250;
const SAVE_EVERY_MS = 5000;
const SHOWN_BROKEN = 10;

export async function simulateMany(options: ManyOptions): Promise<number> {
  const begun = beginning(options);
  if (typeof begun === 'string') return fail(begun, WRONG_USAGE);
  let progress = begun;
  const left = progress.from + options.seeds - progress.next;
  const { safetyMs, hosts } = progress;
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const startMs = Date.now();
  const first = progress.next;
  let [drawnMs, savedMs] = [0, startMs];
  let trouble: string | null = null;

  const save = (): void => {
    savedMs = Date.now();
    if (options.resume !== undefined) trouble = writeProgress(options.resume, progress);
  };
  await runPool({
    from: first,
    seeds: Math.max(0, left),
    safetyMs,
    hosts,
    workers: options.workers ?? availableParallelism(),
    signal: abort.signal,
    onRows(rows) {
      progress = advanced(progress, rows);
      const now = Date.now();
      if (now - savedMs > SAVE_EVERY_MS) save();
      if (!process.stderr.isTTY || now - drawnMs < DRAW_EVERY_MS) return;
      drawnMs = now;
      process.stderr.write(`\r${line(progress, first, left, now - startMs)}\u001b[K`);
    },
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  save();
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  report(progress, options, Date.now() - startMs, first);
  if (trouble !== null) return fail(trouble);
  return progress.brokenCount > 0 || abort.signal.aborted ? FAILED : DONE;
}

/** Where to begin, or what is wrong. */
function beginning(options: ManyOptions): Progress | string {
  const { resume, safetyMs, hosts } = options;
  const fresh = noProgress(options.from ?? 0, { safetyMs, hosts });
  if (resume === undefined) return fresh;
  const read = readProgress(resume);
  if (!read.ok) return read.problem;
  const { progress } = read;
  if (progress === null) return fresh;
  if (options.from !== undefined && options.from !== progress.from) {
    return `${resume} began at seed ${progress.from}, not ${options.from}`;
  }
  if (progress.hosts !== hosts) return `${resume} was made with other --hosts`;
  return progress.safetyMs === safetyMs ? progress : `${resume} was made with other --hours`;
}

function line(p: Progress, first: number, left: number, tookMs: number): string {
  const done = p.next - first;
  const restMs = done === 0 ? 0 : (tookMs * (left - done)) / done;
  const share = Math.floor((20 * done) / Math.max(1, left));
  const bar = `${'#'.repeat(share)}${'.'.repeat(20 - share)}`;
  const broken = p.brokenCount > 0 ? `, ${p.brokenCount} BROKEN` : '';
  return `[${bar}] ${done} of ${left} seeds, ${duration(restMs)} left${broken}`;
}

function report(p: Progress, options: ManyOptions, tookMs: number, first: number): void {
  const isWhole = p.next >= p.from + options.seeds;
  if (options.json) {
    printJson({ ...p, tookMs, complete: isWhole });
    return;
  }
  for (const b of p.broken.slice(0, SHOWN_BROKEN)) {
    print(`seed ${b.seed} breaks ${b.law}: ${b.says.split('\n')[0]}`);
  }
  const rest = p.brokenCount - Math.min(p.brokenCount, SHOWN_BROKEN);
  if (rest > 0) print(`... and ${rest} more`);
  const rate = Math.round(((p.next - first) * 1000) / Math.max(1, tookMs));
  const what = `${p.next - p.from} seeds from ${p.from}: ${p.brokenCount} broken`;
  const sums = `${duration(p.simulatedMs)} simulated, ${p.facts} facts, ${p.switches} switches`;
  print(`${what}; ${sums}; digest ${p.digest}; ${rate} seeds/s`);
  const again = options.resume ? `the same with --resume ${options.resume}` : `--from ${p.next}`;
  if (!isWhole) print(`stopped; the next seed is ${p.next}: go on by ${again}`);
}
