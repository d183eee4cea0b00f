/** `reroute simulate`: one seed in full, or many seeds over all cores. */

import { fail, WRONG_USAGE } from './output.ts';

export interface SimulateOptions {
  readonly seed?: number;
  readonly seeds?: number;
  readonly from?: number;
  readonly workers?: number;
  /** Length of the safety phase, hours. */
  readonly hours?: number;
  /** Hosts with a daemon; default: drawn. */
  readonly hosts?: number;
  readonly write?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const MOST_HOSTS = 64;

export async function simulate(options: SimulateOptions): Promise<number> {
  const { seed, seeds, hours } = options;
  const safetyMs = hours === undefined ? null : Math.round(hours * 3_600_000);
  const hosts = options.hosts ?? null;
  if (hosts !== null && (hosts < 1 || hosts > MOST_HOSTS)) {
    return fail(`--hosts ${hosts}: write a number from 1 to ${MOST_HOSTS}`, WRONG_USAGE);
  }
  if ((seed === undefined) === (seeds === undefined)) {
    return fail('give --seed N for one run, or --seeds N for many', WRONG_USAGE);
  }
  if (seeds !== undefined) {
    if (options.write !== undefined) return fail('--write goes with --seed', WRONG_USAGE);
    return (await import('./simulate/many.ts')).simulateMany({
      ...options,
      seeds,
      safetyMs,
      hosts,
    });
  }
  for (const key of ['from', 'workers', 'resume'] as const) {
    if (options[key] !== undefined) return fail(`--${key} goes with --seeds`, WRONG_USAGE);
  }
  return (await import('./simulate/one.ts')).simulateOne({
    ...options,
    seed: seed ?? 0,
    safetyMs,
    hosts,
  });
}
