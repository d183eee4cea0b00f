/**
 * `reroute tune FILE`: a timer experiment, over the cores of this machine or over workers behind a
 * queue. Finished work is kept at once, so that Ctrl-C, a full disk or a dead queue cost nothing.
 */

import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { readConfigFile } from '../io/config-file.ts';
import { thisBuild } from '../tune/build.ts';
import { carryOut } from '../tune/carry-out.ts';
import { type Course, createCourse } from '../tune/course.ts';
import type { Crew } from '../tune/crew/crew.ts';
import { digestOf } from '../tune/digest.ts';
import type { Experiment } from '../tune/experiment.ts';
import { headOf, type Ledger, openLedger } from '../tune/ledger.ts';
import { FILES, lookAtFolder, writePieces, writeWhole } from '../tune/output/folder.ts';
import { parseExperiment } from '../tune/parse.ts';
import { formatTuneProblem } from '../tune/problems.ts';
import { costSoFar } from '../tune/stats/summary.ts';
import { version } from '../version.ts';
import { DONE, FAILED, fail, print, printJson, WRONG_USAGE } from './output.ts';
import { isWanted } from './tune/consent.ts';
import { progressBar } from './tune/progress.ts';

export interface TuneOptions {
  readonly output?: string;
  readonly resume?: boolean;
  readonly workers?: number;
  readonly queue?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const THREADS_MAX = 256;

interface Opened {
  readonly course: Course;
  readonly ledger: Ledger;
}

export async function tune(file: string, options: TuneOptions): Promise<number> {
  const read = await readExperiment(file);
  if (typeof read === 'string') return fail(read, WRONG_USAGE);
  const { experiment, text } = read;
  const wrongUrl = options.queue === undefined ? null : await queueProblem(options.queue);
  if (wrongUrl !== null) return fail(wrongUrl, WRONG_USAGE);
  const folder = options.output ?? `${basename(file).replace(/\.ya?ml$/, '')}-results`;
  const looked = lookAtFolder(folder, options.resume ?? false);
  if (!looked.ok) return fail(looked.problem, WRONG_USAGE);
  const threads = options.workers ?? availableParallelism();
  if (threads > THREADS_MAX) return fail(`--workers: at most ${THREADS_MAX}`, WRONG_USAGE);
  try {
    if (looked.isNew && !(await isWanted(experiment, { ...options, threads }))) return WRONG_USAGE;
    if (looked.isNew) {
      mkdirSync(folder, { recursive: true });
      writeWhole(folder, FILES.experiment, (to) => writePieces(to, [text]));
    }
    const opened = open(folder, experiment);
    if (typeof opened === 'string') return fail(opened, WRONG_USAGE);
    return await measured(opened, { experiment, text }, folder, { ...options, threads });
  } catch (error) {
    return fail(failureText(error, folder));
  }
}

async function readExperiment(file: string): Promise<string | Read> {
  if (!existsSync(file))
    return `${file} does not exist; examples/tune has experiments to begin with`;
  const read = await readConfigFile(file);
  if (!read.ok) return read.problem.replace(/^configuration /, '');
  const parsed = parseExperiment(read.text);
  if (parsed.ok) return { experiment: parsed.experiment, text: read.text };
  return parsed.problems.map((problem) => formatTuneProblem(problem, file)).join('\n');
}

async function queueProblem(url: string): Promise<string | null> {
  return (await import('../tune/crew/redis.ts')).urlProblem(url);
}

/** The ledger with what it holds, or why it cannot be used. */
function open(folder: string, experiment: Experiment): Opened | string {
  const course = createCourse(experiment, costSoFar(experiment));
  const file = join(folder, FILES.ledger);
  const strange: string[] = [];
  const head = headOf(digestOf(experiment), thisBuild(version));
  const opened = openLedger(file, head, (result) => {
    const taken = course.accept(result);
    if (typeof taken === 'object') strange.push(taken.problem);
  });
  if (!opened.ok) return opened.problem;
  for (const line of opened.broken) {
    process.stderr.write(`reroute: ${file}:${line}: a broken line; its runs are done again\n`);
  }
  for (const problem of strange.slice(0, 5)) {
    process.stderr.write(`reroute: ${file}: ${problem}; it is left out\n`);
  }
  return { course, ledger: opened.ledger };
}

type Measuring = TuneOptions & { readonly threads: number };

interface Read {
  readonly experiment: Experiment;
  /** The file as it is. */
  readonly text: string;
}

async function measured(
  { course, ledger }: Opened,
  read: Read,
  folder: string,
  options: Measuring,
): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(FAILED);
    process.stderr.write('\nreroute: stopping after the runs under way; once more: at once\n');
    abort.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const bar = progressBar(course);
  const crew = await crewFor(read, options);
  try {
    await carryOut({ course, crew, ledger, signal: abort.signal, onProgress: bar.update });
  } finally {
    bar.end();
    ledger.close();
    await crew.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  if (course.rung() !== null) return stopped(course, folder);
  return await finished(course, read.experiment, folder, options);
}

async function crewFor({ experiment, text }: Read, options: Measuring): Promise<Crew> {
  const { threads, queue: url } = options;
  if (url !== undefined) {
    const { crewOfQueue } = await import('../tune/crew/queue.ts');
    const say = (line: string): void => void process.stderr.write(`reroute: ${line}\n`);
    const build = thisBuild(version);
    return crewOfQueue({ url, build, digest: digestOf(experiment), text, say });
  }
  if (threads === 0) return (await import('../tune/crew/here.ts')).crewHere(experiment);
  return (await import('../tune/crew/threads.ts')).crewOfThreads(experiment, threads);
}

function stopped(course: Course, folder: string): number {
  return fail(
    `stopped with ${course.table.count} runs finished, all of them kept; go on with --resume --output ${folder}`,
  );
}

async function finished(
  course: Course,
  experiment: Experiment,
  folder: string,
  options: TuneOptions,
): Promise<number> {
  const { writeResults } = await import('../tune/output/results.ts');
  const origin = { version, digest: digestOf(experiment) };
  const words = writeResults(folder, experiment, course.table, origin);
  const report = join(folder, FILES.report);
  if (options.json) printJson({ folder, runs: course.table.count, ...origin, ...words, report });
  else {
    print(words.answer);
    for (const reason of words.reasons) print(`  ${reason}`);
    print(`${course.table.count} runs; ${report}`);
  }
  return DONE;
}

function failureText(error: unknown, folder: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const again = `everything finished is kept; go on with --resume --output ${folder}`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `the disk is full: ${message}. Make room; ${again}`;
  return `${message}; ${again}`;
}
