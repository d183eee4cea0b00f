/** The model of the old tool does what the old tool is known for: DOMAIN.md sections 3, 5 and 6. */

import assert from 'node:assert/strict';
import type { Entry } from '../../src/laws/trace.ts';
import { perform } from '../../src/sim/commands.ts';
import type { HostMetrics } from '../../src/sim/metrics.ts';
import { OLD_TOOL, type OldToolNumbers } from '../../src/sim/policy.ts';
import { createRun, type Run } from '../../src/sim/run.ts';
import { threeHosts } from './settings.ts';

function played(script: string, numbers: Partial<OldToolNumbers> = {}, leaps = true) {
  const tables: string[] = [];
  const onEntry = (e: Entry): void => {
    if (e.kind !== 'table') return;
    const to = e.entries.map((x) => x.gateway).join();
    tables.push(`${(e.atMs / 1000).toFixed(1)} ${to || 'none'}`);
  };
  const policy = { ...OLD_TOOL, ...numbers };
  const run: Run = createRun([threeHosts], onEntry, { policy, leaps, seed: 3 });
  for (const line of script.split(';')) perform(run, line.trim());
  return { tables, metrics: run.metrics()[0] as HostMetrics };
}

const GOOD = 'route via scvm1/data; boot';

describe('old tool', () => {
  it('moves by delete and add, and home when the session is 180 s old, to the round', () => {
    const { tables } = played(
      `${GOOD}; run 60s; power scvm1 off; run 60s; power scvm1 on; run 400s`,
    );
    assert.deepEqual(tables, [
      '0.0 10.10.85.15',
      '64.0 none',
      '64.1 10.10.85.16',
      '300.1 none',
      '300.2 10.10.85.15',
    ]);
  });

  it('breaks no connection: a power-off costs the client its own time-outs', () => {
    const { metrics } = played(`${GOOD}; run 60s; power scvm1 off; run 300s`);
    assert.ok(metrics.worstOutageMs > 4000, `${metrics.worstOutageMs}`);
  });

  it('flaps with every access process that restarts slower than the hold', () => {
    const flap = Array.from(
      { length: 5 },
      () => 'service scvm1 refused; run 20s; service scvm1 up; run 200s',
    ).join(';');
    const { metrics } = played(`${GOOD}; run 60s; ${flap}`);
    assert.equal(metrics.switches, 10);
    assert.ok(metrics.needlessSwitches >= 4, `${metrics.needlessSwitches}`);
  });

  it('with one ping only, a single lost one moves it', () => {
    const lossy = `${GOOD}; weather storage rtt 1ms loss 0.01; run 2h`;
    assert.ok(played(lossy, { pingTries: 1 }).metrics.falseTrips > 5);
    assert.ok(played(lossy).metrics.falseTrips < 3);
  });

  it('leaping over rounds changes nothing', () => {
    const script = `${GOOD}; weather storage rtt 1ms loss 0.01; run 1h; power scvm2 off; run 1h;
      power scvm1 off; run 300s; heal; run 1h; session scvm1 restart; run 1h; leader partial; run 20s;
      leader here; run 10m`;
    const leapt = played(script);
    assert.deepEqual(played(script, {}, false), leapt);
    assert.ok(leapt.tables.length > 5);
  });
});
