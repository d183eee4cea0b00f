/** `reroute simulate`: one seed in full, or many seeds over all cores. */

import { availableParallelism } from 'node:os';
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
  readonly explore?: boolean;
  /** Kinds of planted bugs, comma-separated, or true: all. */
  readonly mutants?: string | true;
  readonly scvms?: number;
  readonly lockstep?: boolean;
}

const MOST_HOSTS = 64;

/** Options of a run by seeds, and of an exploration. */
const OF_SEEDS = ['seed', 'seeds', 'from', 'hours', 'hosts', 'write', 'resume', 'verbose'] as const;
const OF_EXPLORING = ['scvms', 'lockstep'] as const;

export async function simulate(options: SimulateOptions): Promise<number> {
  if (options.explore || options.mutants !== undefined) return exploring(options);
  const stray = OF_EXPLORING.find((key) => options[key] !== undefined);
  if (stray) return fail(`--${stray} goes with --explore`, WRONG_USAGE);
  const { seed, seeds, hours } = options;
  const safetyMs = hours === undefined ? null : Math.round(hours * 3_600_000);
  const hosts = options.hosts ?? null;
  if (hosts !== null && (hosts < 1 || hosts > MOST_HOSTS)) {
    return fail(`--hosts ${hosts}: write a number from 1 to ${MOST_HOSTS}`, WRONG_USAGE);
  }
  if ((seed === undefined) === (seeds === undefined)) {
    const what = '--seed N for one run, --seeds N for many, --explore or --mutants';
    return fail(`give one of ${what}`, WRONG_USAGE);
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

async function exploring(options: SimulateOptions): Promise<number> {
  const { explore, mutants, scvms = 2 } = options;
  const stray = OF_SEEDS.find((key) => options[key] !== undefined);
  if (stray) return fail(`--${stray} goes with seeds, not with an exploration`, WRONG_USAGE);
  if (scvms !== 2 && scvms !== 3) return fail(`--scvms ${scvms}: write 2 or 3`, WRONG_USAGE);
  const json = options.json === undefined ? {} : { json: options.json };
  const shared = { scvms, workers: options.workers ?? availableParallelism(), ...json } as const;
  if (mutants !== undefined) {
    if (explore || options.lockstep) {
      return fail('--mutants goes without --explore and --lockstep', WRONG_USAGE);
    }
    const { MUTANT_KINDS } = await import('../sim/explore/mutants.ts');
    const asked = mutants === true ? MUTANT_KINDS : mutants.split(',');
    const kinds = MUTANT_KINDS.filter((kind) => asked.includes(kind));
    const unknown = asked.find((kind) => !MUTANT_KINDS.some((known) => known === kind));
    if (unknown !== undefined) {
      return fail(`--mutants ${unknown}: write ${MUTANT_KINDS.join(', ')}`, WRONG_USAGE);
    }
    return (await import('./simulate/mutants.ts')).plantAll({ ...shared, kinds });
  }
  return (await import('./simulate/explore.ts')).exploreAll({
    ...shared,
    lockstep: options.lockstep ?? false,
  });
}
