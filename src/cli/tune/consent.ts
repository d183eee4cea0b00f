/**
 * Says before the start how long an experiment will take, and asks where that is long or where
 * there are very many settings. Without a terminal to ask, it refuses and says what to add.
 */

import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline/promises';
import { forecast } from '../../tune/estimate.ts';
import type { Experiment } from '../../tune/experiment.ts';
import { fail } from '../output.ts';

export interface ConsentOptions {
  readonly threads: number;
  readonly queue?: string;
  readonly yes?: boolean;
}

const ASKED_FROM_MS = 3_600_000;
const ASKED_FROM_SETTINGS = 100_000;

/** False: it was refused, and said so. */
export async function isWanted(e: Experiment, options: ConsentOptions): Promise<boolean> {
  const f = forecast(e, () => performance.now());
  const threads = Math.max(1, options.threads);
  const tookMs = f.coreMs / threads;
  const where =
    options.queue === undefined
      ? `about ${longTime(tookMs)} on ${threads} ${threads === 1 ? 'core' : 'cores'}`
      : `about ${longTime(f.coreMs)} of one core`;
  const hostDays = `${Math.round(f.simulatedMs / 86_400_000)} host-days simulated`;
  process.stderr.write(`${f.settings} settings, ${f.runs} runs, ${hostDays}: ${where}\n`);
  const isMuch = tookMs >= ASKED_FROM_MS || f.settings >= ASKED_FROM_SETTINGS;
  if (!isMuch || options.yes) return true;
  if (!process.stdin.isTTY) {
    fail('that is much: say --yes to start it, or write fewer settings, spans or replications');
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question('Start it? Type yes: ');
  lines.close();
  if (answer.trim() === 'yes') return true;
  fail('nothing was started');
  return false;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['years', 365 * 86_400_000],
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Two digits: more is not known. */
function longTime(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? ['s', 1000];
  return `${Number((ms / unitMs).toPrecision(2))} ${name}`;
}
