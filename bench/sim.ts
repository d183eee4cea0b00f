/**
 * The simulator's speed, the world and its clients included, laws off but for the seeds: simulated
 * host-hours per second of one core for every fault mix, and how cost grows with hosts and with
 * simulated time. CPU time of this process, not wall time, so that neighbours disturb less.
 */

import assert from 'node:assert/strict';
import { baseSettings } from '../src/cli/simulate/base.ts';
import { follow } from '../src/sim/follow.ts';
import { hostSettings, plainHeader, readHeaderLine, type Shape } from '../src/sim/header.ts';
import { type MixName, mixes, planOfMix } from '../src/sim/mixes.ts';
import { createRun } from '../src/sim/run.ts';
import { drawPlan } from '../src/sim/swarm/draw.ts';
import { cuesOf } from '../src/sim/swarm/plan.ts';
import { playPlan } from '../src/sim/swarm/play.ts';

type Row = Readonly<Record<string, string | number>>;

interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

interface Played {
  readonly cpuMs: number;
  readonly hostHours: number;
  readonly switches: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const THREE: Shape = { scvms: 3, zones: 1, access: false };

function cpuMs(act: () => void): number {
  const begun = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function play(name: MixName, seed: number, spanMs: number, shape: Shape, hosts: number): Played {
  const plan = planOfMix(name, seed, spanMs, shape, hosts);
  const header = plan.header.reduce(readHeaderLine, plainHeader(baseSettings()));
  let switches = 0;
  const took = cpuMs(() => {
    const run = createRun(hostSettings(header), null, { seed: header.seed, leaps: true });
    follow(run, cuesOf(plan), plan.safetyMs);
    for (const m of run.metrics()) switches += m.switches;
  });
  return { cpuMs: took, hostHours: (hosts * spanMs) / HOUR, switches };
}

/** Days of each mix per seed, so that none takes much longer than another. */
const DAYS: Readonly<Record<MixName, number>> = {
  'quiet-month': 30,
  'scvm-upgrades': 30,
  'restart-loop': 30,
  'lossy-switch': 3,
  'leader-failovers': 30,
  'nested-lab': 3,
  'dying-nic': 30,
};

function byMix(): Table {
  const rows = (Object.keys(mixes) as MixName[]).map((mix): Row => {
    play(mix, 1000, DAYS[mix] * DAY, THREE, 1);
    const runs = [0, 1, 2, 3, 4].map((seed) => play(mix, seed, DAYS[mix] * DAY, THREE, 1));
    const ms = runs.reduce((sum, r) => sum + r.cpuMs, 0);
    const hours = runs.reduce((sum, r) => sum + r.hostHours, 0);
    const switches = runs.reduce((sum, r) => sum + r.switches, 0);
    return {
      mix,
      hostHours: Math.round(hours),
      switches,
      cpuSeconds: ms / 1000,
      hostHoursPerSecond: Math.round((hours * 1000) / ms),
      millionHostSecondsPerSecond: (hours * 3600) / ms / 1000,
    };
  });
  return { title: 'simulator: one host, three SCVMs, one core, by fault mix', rows };
}

/** The same cluster of 64 SCVMs, of which ever more hosts run a daemon. */
function byHosts(): Table {
  const shape: Shape = { scvms: 64, zones: 1, access: false };
  const rows = [1, 4, 16, 64].map((hosts): Row => {
    const { cpuMs: ms } = play('quiet-month', 1, 2 * HOUR, shape, hosts);
    return { hosts, paths: 128, hours: 2, cpuSeconds: ms / 1000, msPerHost: ms / hosts };
  });
  return { title: 'simulator: cost against hosts, a cluster of 64 SCVMs', rows };
}

function byTime(): Table {
  const rows = [10, 100, 1000, 10_000].map((hours): Row => {
    const { cpuMs: ms } = play('restart-loop', 1, hours * HOUR, THREE, 1);
    return { hours, cpuSeconds: ms / 1000, msPerHour: ms / hours };
  });
  return { title: 'simulator: cost against simulated time, restart loop', rows };
}

function bySeeds(): Table {
  const base = baseSettings();
  const rows = [1, 2, 4, 8].map((hosts): Row => {
    const warm = hosts === 1 ? 1000 : 50;
    const seeds = 400 / hosts;
    const some = (from: number, count: number): void => {
      for (let seed = from; seed < from + count; seed += 1) {
        assert.equal(playPlan(drawPlan(seed, { hosts }), base).broken, null, `seed ${seed}`);
      }
    };
    some(0, warm);
    const ms = cpuMs(() => some(warm, seeds));
    const perSecond = (seeds * 1000) / ms;
    return { hosts, seeds, perSecond, hostSeedsPerSecond: perSecond * hosts };
  });
  return { title: 'simulator: drawn seeds with every law, one core', rows };
}

export async function run(): Promise<Table[]> {
  return [byMix(), byHosts(), byTime(), bySeeds()];
}
