/** What is measured of a run, against runs in which it can be said beforehand. */

import assert from 'node:assert/strict';
import type { Settings } from '../../src/machines/settings.ts';
import { perform } from '../../src/sim/commands.ts';
import type { HostMetrics } from '../../src/sim/metrics.ts';
import { OLD_TOOL } from '../../src/sim/policy.ts';
import { createRun, type RunOptions } from '../../src/sim/run.ts';
import { threeHosts } from './settings.ts';

function measured(script: string, options: RunOptions = {}, base: Settings = threeHosts) {
  const run = createRun([base], null, { leaps: true, ...options });
  for (const line of script.split(';')) perform(run, line.trim());
  return run.metrics()[0] as HostMetrics;
}

const GOOD = 'route via scvm1/data; boot';

describe('metrics', () => {
  it('a good day: nothing stood still, nothing moved, latency is that of the local SCVM', () => {
    const m = measured(`${GOOD}; run 24h`);
    assert.deepEqual(m, {
      simulatedMs: 86_400_000,
      outageMs: 0,
      worstOutageMs: 0,
      outages: 0,
      switches: 0,
      needlessSwitches: 0,
      falseTrips: 0,
      awayMs: 0,
      managementMs: 0,
      returnMs: [],
      portExposures: 0,
      portStalls: 0,
      meanLatencyMs: 0.6,
    });
  });

  it('an SCVM that is off for 10 minutes: two switches, both needed, and the times are its own', () => {
    const m = measured(`${GOOD}; run 60s; power scvm1 off; run 600s; power scvm1 on; run 900s`);
    assert.equal(m.switches, 2);
    assert.deepEqual([m.needlessSwitches, m.falseTrips, m.portExposures], [0, 0, 0]);
    assert.equal(m.outages, 2);
    assert.ok(m.worstOutageMs > 500 && m.worstOutageMs < 2000, `${m.worstOutageMs}`);
    const [backMs = 0] = m.returnMs;
    assert.ok(backMs > 180_000 && backMs < 182_000, `${backMs}`);
    assert.ok(Math.abs(m.awayMs - (600_000 + backMs - m.worstOutageMs)) < 100, `${m.awayMs}`);
    assert.equal(m.managementMs, 0);
  });

  it('a closed firewall: the only other reason to move would be false, and nothing moves', () => {
    const m = measured(`${GOOD}; run 60s; firewall on; run 60s; firewall off; run 60s`);
    assert.deepEqual([m.switches, m.falseTrips, m.outageMs], [0, 0, 0]);
  });

  it('a false trip after a good day: the way back counts from when home was left', () => {
    const m = measured(`${GOOD}; run 24h; cut scvm1/data on; run 2s; cut scvm1/data off; run 900s`);
    const deaf = measured(
      `${GOOD}; run 24h; weather storage rtt 600ms; run 2s; weather storage calm; run 900s`,
    );
    assert.equal(deaf.falseTrips > 0, true);
    for (const { returnMs } of [m, deaf]) {
      assert.equal(returnMs.length, 1);
      assert.ok((returnMs[0] ?? 0) > 180_000 && (returnMs[0] ?? 0) < 400_000, `${returnMs}`);
    }
  });

  it('replies that come too late while I/O flows: both failovers are false, the way back is not', () => {
    const deaf = 'weather storage rtt 600ms';
    const m = measured(`${GOOD}; run 60s; ${deaf}; run 20s; weather storage calm; run 20s`);
    // To another storage path, whose last reply was just good enough, to management, and off it.
    assert.deepEqual([m.switches, m.falseTrips, m.needlessSwitches], [3, 2, 2]);
    assert.ok(m.managementMs > 10_000);
  });

  it('an SCVM that dies again 60 s after the return: that return did no good', () => {
    const settings = { ...threeHosts, timers: { ...threeHosts.timers, backToNormalMs: 10_000 } };
    const off = 'power scvm1 off; run 200s; power scvm1 on; run 60s;';
    const m = measured(`${GOOD}; run 60s; ${off} ${off} run 60s`, {}, settings);
    assert.equal(m.needlessSwitches, 1);
    assert.equal(m.falseTrips, 0);
  });

  it('the same numbers whether quiet times are leapt over or not', () => {
    const script = `${GOOD}; weather storage rtt 1ms jitter 1ms loss 0.001; run 600s; service scvm1 refused;
      run 30s; service scvm1 up; run 900s; cut scvm2 on; run 40s; cut scvm2 off; run 300s`;
    for (const policy of ['chart', OLD_TOOL] as const) {
      const leapt = measured(script, { policy, seed: 5 });
      assert.deepEqual(measured(script, { policy, seed: 5, leaps: false }), leapt);
      assert.ok(leapt.outageMs > 0 && leapt.switches > 0);
    }
  });
});
