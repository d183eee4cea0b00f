/**
 * The one place where an experiment touches the simulator: which mixes and policies there are, and
 * one replication played. The same replication of the same mix has the same seed whatever is
 * compared: common random numbers.
 */

import { fastEngine } from '../machines/fast.ts';
import { follow } from '../sim/follow.ts';
import { hostSettings } from '../sim/header.ts';
import { type MixName, mixes, planOfMix } from '../sim/mixes.ts';
import { OLD_TOOL } from '../sim/policy.ts';
import { mix } from '../sim/random.ts';
import { createRun } from '../sim/run.ts';
import { cuesOf } from '../sim/swarm/plan.ts';
import type { Experiment, MixUse } from './experiment.ts';
import { type Row, rowOf } from './row.ts';
import { settingsOf } from './settings.ts';
import type { Subject } from './space.ts';

export type { MixName };

export const MIX_NAMES: readonly string[] = Object.keys(mixes);

export const isMixName = (name: string): name is MixName => Object.hasOwn(mixes, name);

/** One line about a mix, for people. */
export const mixSays = (name: MixName): string => mixes[name].says;

export const POLICIES = ['chart', 'old-tool'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** 0..2^32-1; of the experiment's seed, the mix and the replication only. */
export const seedOf = (e: Experiment, name: MixName, replication: number): number =>
  mix(e.seed, 'replication', name, replication);

/** One replication: what it measured, over all hosts. Depends on its arguments only. */
export function play(e: Experiment, subject: Subject, use: MixUse, replication: number): Row {
  const { hosts, ...shape } = e.cluster;
  const seed = seedOf(e, use.name, replication);
  const plan = planOfMix(use.name, seed, use.spanMs, shape, hosts);
  const settings = settingsOf(e, subject.values);
  const run = createRun(hostSettings({ settings, shape, seed, hosts }), null, {
    seed,
    leaps: true,
    engine: fastEngine,
    policy: subject.policy === 'chart' ? 'chart' : OLD_TOOL,
  });
  follow(run, cuesOf(plan), use.spanMs);
  return rowOf(run.metrics());
}
