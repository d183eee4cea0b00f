/**
 * Seeds: drawn clusters under drawn faults, every law checked at every step. The same seed is the
 * same run, whatever the number of workers, and whether quiet times are leapt over or not.
 */

import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { baseSettings } from '../../src/cli/simulate/base.ts';
import type { Row } from '../../src/cli/simulate/batch.ts';
import { runPool } from '../../src/cli/simulate/pool.ts';
import { createDigest } from '../../src/sim/digest.ts';
import { drawPlan } from '../../src/sim/swarm/draw.ts';
import { kinds } from '../../src/sim/swarm/kinds.ts';
import { cuesOf } from '../../src/sim/swarm/plan.ts';
import { playPlan } from '../../src/sim/swarm/play.ts';
import { threeHosts } from './settings.ts';

const never = new AbortController().signal;

async function rowsOf(from: number, seeds: number, workers: number): Promise<Row[]> {
  const rows: Row[] = [];
  await runPool({
    from,
    seeds,
    workers,
    safetyMs: null,
    hosts: null,
    signal: never,
    onRows: (some) => rows.push(...some),
  });
  return rows;
}

describe('swarm', () => {
  it('begins with the numbers that the dialogues begin with', () => {
    const { paths: _own, ...base } = baseSettings();
    const { paths: _others, ...dialogues } = threeHosts;
    assert.deepEqual(base, dialogues);
  });

  it('2000 seeds break no law', async function () {
    this.timeout(600_000);
    const rows = await rowsOf(0, 2000, availableParallelism());
    const broken = rows.flatMap((r) =>
      r.broken ? [`${r.seed} ${r.broken.law}: ${r.broken.says}`] : [],
    );
    assert.deepEqual(broken, []);
    assert.deepEqual(
      rows.map((r) => r.seed),
      Array.from({ length: 2000 }, (_, i) => i),
    );
    const switches = rows.reduce((n, r) => n + r.switches, 0);
    assert.ok(switches > 2000, `only ${switches} switches: the faults do nothing`);
  });

  it('the same seeds give the same rows at one worker, at three, and at none', async function () {
    this.timeout(120_000);
    const [none, one, three] = [
      await rowsOf(40, 40, 0),
      await rowsOf(40, 40, 1),
      await rowsOf(40, 40, 3),
    ];
    assert.deepEqual(one, none);
    assert.deepEqual(three, none);
  });

  it('the same seed gives the same bytes: every fact, order and change of the table', () => {
    const traceOf = (seed: number): string => {
      const digest = createDigest();
      playPlan(drawPlan(seed), threeHosts, { onEntry: (e) => digest.add(e) });
      return digest.hex();
    };
    for (const seed of [3, 11, 17]) assert.equal(traceOf(seed), traceOf(seed));
    assert.notEqual(traceOf(3), traceOf(11));
  });

  it('leaping over quiet times changes no order, no table, no time', function () {
    this.timeout(120_000);
    let [leapt, stepped] = [0, 0];
    // 11491: a paused daemon found its table emptied, which its next look had to take for the target.
    for (const seed of [...Array(40).keys(), 11_491]) {
      const plan = drawPlan(seed);
      const with_ = playPlan(plan, threeHosts, { calmMs: 60_000 });
      const without = playPlan(plan, threeHosts, { calmMs: 60_000, leaps: false });
      assert.equal(with_.digest, without.digest, `seed ${seed}`);
      assert.equal(with_.orders, without.orders);
      leapt += with_.facts;
      stepped += without.facts;
    }
    assert.ok(leapt < stepped, 'nothing was leapt over');
  });

  it('every kind of fault comes up, and kinds are left out as well', () => {
    const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(seed));
    const verbs = new Set(plans.flatMap((p) => cuesOf(p).map((c) => c.line.split(' ')[0])));
    for (const verb of [
      'power',
      'service',
      'session',
      'leader',
      'cut',
      'link',
      'mtu',
      'weather',
      'command',
      'record',
      'route',
      'freeze',
      'crash',
      'boot',
      'duplicate',
      'pin',
      'release',
      'pause',
      'resume',
      'reload',
      'firewall',
      'heartbeats',
      'private',
      'suspend',
      '@2',
    ]) {
      assert.ok(verbs.has(verb), verb);
    }
    assert.ok(Object.keys(kinds).length > 25);
    const used = plans.map((p) => new Set(p.faults.map((f) => f.begin.split(' ')[0])).size);
    assert.ok(Math.min(...used) <= 2 && Math.max(...used) >= 12);
  });
});
