/** One replication in the simulator: what it depends on, and what it does not. */

import assert from 'node:assert/strict';
import { COLUMN_NAMES, type Column, type Row, rowOf, rowSchema } from '../../src/tune/row.ts';
import { spaceOf } from '../../src/tune/space.ts';
import { MIX_NAMES, play, seedOf } from '../../src/tune/world.ts';
import { good, SMALL } from './texts.ts';

const e = good(SMALL);
const [loop, lab] = e.mixes;
const cell = (row: Row, name: Column): number => row[COLUMN_NAMES.indexOf(name)] ?? Number.NaN;
const subject = (at: number) => spaceOf(e).subject(at);

describe('one replication', () => {
  it('is the same every time, and its row is one that may be kept', () => {
    assert.ok(lab);
    const row = play(e, subject(3), lab, 0);
    assert.deepEqual(play(e, subject(3), lab, 0), row);
    assert.ok(rowSchema.safeParse(row).success);
    assert.ok(cell(row, 'switches') > 0, 'something happened in it');
  });

  it('has its seed from the experiment, the mix and its number, never from the setting', () => {
    const seeds = MIX_NAMES.flatMap((name) =>
      [0, 1, 2].map((n) => seedOf(e, name as 'restart-loop', n)),
    );
    assert.equal(new Set(seeds).size, seeds.length);
    assert.notEqual(seedOf({ ...e, seed: 4 }, 'restart-loop', 0), seedOf(e, 'restart-loop', 0));
    // Two settings that are the same in all but their number must meet the same faults.
    assert.ok(lab);
    const { values } = subject(2);
    const twin = { at: 77, policy: 'chart', values } as const;
    assert.deepEqual(play(e, twin, lab, 0), play(e, subject(2), lab, 0));
  });

  it('feels its setting, its number and what steers', () => {
    assert.ok(loop);
    const month = { ...loop, spanMs: 10 * 86_400_000 };
    const quick = play(e, subject(0), month, 0);
    const slow = play(e, subject(2), month, 0);
    const tool = play(e, subject(3), month, 0);
    const other = play(e, subject(0), month, 1);
    assert.equal(new Set([quick, slow, tool, other].map(String)).size, 4);
    assert.ok(
      cell(quick, 'switches') > cell(slow, 'switches'),
      'a hold of 180 s moves less than none',
    );
  });

  it('counts the time of every host', () => {
    assert.ok(lab);
    const two = good(`${SMALL}cluster: { hosts: 2 }\n`);
    const row = play(two, spaceOf(two).subject(0), lab, 0);
    assert.equal(cell(row, 'simulated_ms'), 2 * lab.spanMs);
  });

  it('adds hosts up, but keeps the worst of them', () => {
    const host = {
      simulatedMs: 1000,
      outageMs: 10,
      worstOutageMs: 6,
      outages: 2,
      switches: 3,
      needlessSwitches: 1,
      falseTrips: 1,
      awayMs: 400,
      managementMs: 100,
      returnMs: [50, 20],
      portExposures: 2,
      portStalls: 1,
      meanLatencyMs: null,
    };
    const row = rowOf([host, { ...host, worstOutageMs: 9, returnMs: [] }]);
    const named = Object.fromEntries(COLUMN_NAMES.map((name, i) => [name, row[i]]));
    assert.deepEqual(named, {
      simulated_ms: 2000,
      outage_ms: 20,
      worst_outage_ms: 9,
      outages: 4,
      switches: 6,
      needless_switches: 2,
      false_trips: 2,
      away_ms: 800,
      management_ms: 200,
      returns: 2,
      return_ms: 70,
      worst_return_ms: 50,
      port_exposures: 4,
      port_stalls: 2,
    });
  });
});
