/** `reroute simulate`: one seed in full, or many seeds over all cores. */

import { fail, WRONG_USAGE } from './output.ts';

export interface SimulateOptions {
  readonly seed?: number;
  readonly seeds?: number;
  readonly from?: number;
  readonly workers?: number;
  /** Length of the safety phase, hours. */
  readonly hours?: number;
  readonly write?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export async function simulate(options: SimulateOptions): Promise<number> {
  const { seed, seeds, hours } = options;
  const safetyMs = hours === undefined ? null : Math.round(hours * 3_600_000);
  if ((seed === undefined) === (seeds === undefined)) {
    return fail('give --seed N for one run, or --seeds N for many', WRONG_USAGE);
  }
  if (seeds !== undefined) {
    if (options.write !== undefined) return fail('--write goes with --seed', WRONG_USAGE);
    return (await import('./simulate/many.ts')).simulateMany({ ...options, seeds, safetyMs });
  }
  for (const key of ['from', 'workers', 'resume'] as const) {
    if (options[key] !== undefined) return fail(`--${key} goes with --seeds`, WRONG_USAGE);
  }
  return (await import('./simulate/one.ts')).simulateOne({
    ...options,
    seed: seed ?? 0,
    safetyMs,
  });
}
