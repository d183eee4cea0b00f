/** The pure face: time as an input, timers as data, and the faults of a programmer. */

import assert from 'node:assert/strict';
import { decide, type State, start } from '../../src/machines/decide.ts';
import type { Fact } from '../../src/machines/events.ts';
import {
  B,
  createHost,
  drive,
  HOME,
  HOME_M,
  min,
  ofType,
  scvm,
  sec,
  session,
  settings,
  T0,
} from './fixture.ts';

const s = settings();
const begin = (shadow = false): State =>
  start(s, { type: 'STARTED', atMs: T0, memory: null, shadow })[0];

describe('decide: time', () => {
  it('a fact with an older time than the last is taken as now', () => {
    const { state } = drive(begin(), [{ type: 'TICK', atMs: T0 + sec(1) }]);
    const [next] = decide(state, { type: 'TICK', atMs: T0 });
    assert.equal(next.snapshot.context.nowMs, T0 + sec(1));
  });

  it('a due timer fires with whatever fact comes first, not only with TICK', () => {
    const ping: Fact = {
      type: 'PING_REPLIED',
      atMs: T0 + sec(3),
      path: HOME,
      size: 'small',
      rttMs: 1,
    };
    const { orders } = drive(begin(), [ping]);
    assert.equal(ofType(orders, 'NOTE_TRANSITION')[0]?.event, 'after warmUp');
  });

  it('a timer that was due long ago fires with one late TICK', () => {
    const h = createHost();
    h.world.record = 'silent';
    h.pass(sec(2));
    const { state, orders } = drive(h.state(), [{ type: 'TICK', atMs: h.nowMs() + min(2) }]);
    const record = ofType(orders, 'NOTE_TRANSITION').filter((o) => o.region === 'record');
    assert.deepEqual(
      record.map((o) => [o.event, o.to]),
      [['after recordBound', 'Retrying']],
    );
    assert.ok(state.wakeAtMs > h.nowMs() + min(2), 'what it arms is counted from then');
  });

  it('timers fire with ticks alone, and so do those that they arm', () => {
    const h = createHost();
    h.world.record = 'silent';
    h.pass(sec(2));
    h.orders();
    h.pass(min(2), 'ticks');
    const record = ofType(h.orders(), 'NOTE_TRANSITION').filter((o) => o.region === 'record');
    assert.deepEqual(
      record.slice(0, 3).map((o) => [o.event, o.to]),
      [
        ['after recordBound', 'Retrying'],
        ['after recordPause', 'Asking'],
        ['after recordBound', 'Retrying'],
      ],
    );
  });

  it('STALLED puts the timers of the chart off: a hold is not served by nobody looking', () => {
    const h = createHost();
    h.pass(sec(1));
    const before = h.state().timers;
    h.tell({ type: 'STALLED', stalledMs: 700 });
    assert.deepEqual(
      h.state().timers.map((t) => t.atMs),
      before.map((t) => t.atMs + 700),
    );
  });

  it('STALLED adds no loss: losses around a stall do not confirm a failure', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME);
    h.pass(500);
    h.tell({ type: 'STALLED', stalledMs: 400 });
    h.tell({ type: 'PING_LOST', path: HOME, size: 'small', waitedMs: 1 });
    assert.deepEqual([h.access(), h.context().paths[0]?.verdict], ['Degraded', 'suspect']);
  });
});

describe('decide: what the chart hears', () => {
  it('facts that change nothing give no order and no transition', () => {
    const h = createHost();
    h.pass(sec(20));
    h.orders();
    const { snapshot } = h.state();
    h.evidence();
    assert.equal(h.state().snapshot, snapshot, 'the chart was not even asked');
    h.pass(min(3));
    assert.deepEqual(h.orders(), []);
  });

  it('quiet facts never put a promised wake-up off', () => {
    const h = createHost();
    h.pass(sec(5));
    h.tell({ type: 'STALLED', stalledMs: 5 });
    const { wakeAtMs } = h.state();
    h.evidence();
    assert.equal(h.state().wakeAtMs, wakeAtMs);
  });

  it('session news without a changed verdict still reaches the record', () => {
    const h = createHost();
    h.pass(sec(5));
    h.orders();
    h.world.sessions = [session('10.10.85.15', { uuid: 'x', ageMs: min(60) - 1 })];
    h.pass(sec(2));
    assert.equal(ofType(h.orders(), 'REFRESH_RECORD')[0]?.uuid, 'x');
  });

  it('a late answer about a path that a reload removed is nobody’s', () => {
    const h = createHost();
    h.tell({ type: 'RELOADED', settings: settings({ paths: scvm(15) }) });
    h.orders();
    h.tell({ type: 'PING_LOST', path: B, size: 'small', waitedMs: 9 });
    assert.deepEqual(h.orders(), []);
  });
});

describe('decide: reload', () => {
  it('a shorter hold counts at once, for home that has been well long enough', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(2));
    h.world.dead.clear();
    h.pass(min(2) + sec(5));
    assert.equal(h.access(), 'BackToNormal');
    h.tell({ type: 'RELOADED', settings: settings({ timers: { backToNormalMs: 60_000 } }) });
    h.pass(250);
    assert.equal(h.access(), 'Normal');
  });

  it('a target that is not configured any more is no target: the best path is first', () => {
    const h = createHost();
    h.pass(sec(5));
    h.orders();
    const paths = [...scvm(16, { local: true }), ...scvm(17)];
    h.tell({ type: 'RELOADED', settings: settings({ paths }) });
    const [order] = ofType(h.orders(), 'SET_ROUTE');
    assert.deepEqual([order?.kind, order?.path, h.context().target], ['first', B, B]);
  });

  it('the same file again changes nothing but asks the record again', () => {
    const h = createHost();
    h.pass(sec(5));
    h.orders();
    h.tell({ type: 'RELOADED', settings: settings() });
    const touched = h.orders().filter((o) => /^(SET|BREAK|REPORT|SAVE)/.test(o.type));
    assert.deepEqual([h.access(), touched], ['Normal', []]);
  });
});

describe('decide: faults of a programmer end the process', () => {
  it('a throw in the chart comes through', () => {
    const broken = settings({ paths: [] });
    assert.throws(() => start(broken, { type: 'STARTED', atMs: T0, memory: null, shadow: false }));
    const state = begin();
    const reloaded: Fact = { type: 'RELOADED', atMs: T0 + 1, settings: broken };
    assert.throws(() => decide(state, reloaded), /without paths/);
  });

  it('a chart whose timers arm each other without end is stopped', () => {
    const timers = Array.from({ length: 51 }, (_, i) => ({ id: `xstate.after.x.${i}`, atMs: T0 }));
    assert.throws(
      () => decide({ ...begin(), timers }, { type: 'TICK', atMs: T0 }),
      /the chart loops/,
    );
  });
});
