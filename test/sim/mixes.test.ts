/** Fault mixes: the same for the same seed, dialogues that can be said, and each does its own harm. */

import assert from 'node:assert/strict';
import { follow } from '../../src/sim/follow.ts';
import { hostSettings, plainHeader, readHeaderLine } from '../../src/sim/header.ts';
import type { HostMetrics } from '../../src/sim/metrics.ts';
import { type MixName, mixes, planOfMix } from '../../src/sim/mixes.ts';
import { OLD_TOOL } from '../../src/sim/policy.ts';
import { createRun } from '../../src/sim/run.ts';
import { cuesOf } from '../../src/sim/swarm/plan.ts';
import { threeHosts } from './settings.ts';

const DAY = 86_400_000;
const three = { scvms: 3, zones: 1, access: false };
const names = Object.keys(mixes) as MixName[];

/** A month under the old tool, which is quick to play and feels everything. */
function monthOf(name: MixName, seed: number): HostMetrics {
  const plan = planOfMix(name, seed, 30 * DAY, three);
  const header = plan.header.reduce(readHeaderLine, plainHeader(threeHosts));
  const run = createRun(hostSettings(header), null, { seed, leaps: true, policy: OLD_TOOL });
  follow(run, cuesOf(plan), plan.safetyMs);
  return run.metrics()[0] as HostMetrics;
}

describe('mixes', () => {
  it('the same seed gives the same plan; another seed, name or duration another one', () => {
    for (const name of names) {
      const plan = planOfMix(name, 7, 30 * DAY, three);
      assert.deepEqual(planOfMix(name, 7, 30 * DAY, three), plan);
      assert.notDeepEqual(planOfMix(name, 8, 30 * DAY, three).faults, plan.faults);
      assert.ok(plan.faults.length > 0, name);
      for (const { atMs, forMs } of plan.faults) {
        assert.ok(Number.isInteger(atMs) && atMs >= 0 && atMs < 30 * DAY);
        assert.ok(forMs === null || (Number.isInteger(forMs) && forMs > 0));
      }
    }
  });

  it('each can be said and does harm, but for the quiet month, which does nearly none', function () {
    this.timeout(60_000);
    for (const name of names) {
      const m = monthOf(name, 3);
      assert.equal(m.simulatedMs, 30 * DAY);
      if (name === 'quiet-month') assert.ok(m.outages < 20, `${m.outages}`);
      else assert.ok(m.outages >= 4 && m.switches > 0, `${name} ${m.outages}`);
    }
  });

  it('a quiet month has one or a few faults of each kind, over many seeds', () => {
    const lines = Array.from({ length: 40 }, (_, seed) =>
      planOfMix('quiet-month', seed, 30 * DAY, three).faults.map((f) => f.begin.split(' ')[0]),
    );
    const mean = (verb: string): number =>
      lines.flat().filter((x) => x === verb).length / lines.length;
    assert.ok(mean('power') > 0.5 && mean('power') < 1.6, `${mean('power')}`);
    assert.ok(mean('service') > 0.5 && mean('service') < 1.6);
    // A failover has two lines.
    assert.ok(mean('leader') > 3 && mean('leader') < 5);
    assert.ok(mean('cut') > 0.5 && mean('cut') < 1.6);
  });

  it('several hosts: each has its weather, its route and its daemon, and its own bad luck', () => {
    const plan = planOfMix('lossy-switch', 3, 30 * DAY, { ...three, access: true }, 3);
    assert.ok(plan.opening.includes('@3 route via scvm3/access'));
    assert.ok(plan.opening.includes('@2 boot'));
    assert.ok(plan.header.includes('hosts 3'));
    assert.ok(plan.faults.some((f) => f.begin.startsWith('@2 weather')));
  });
});
