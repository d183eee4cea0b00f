/** Region route: an order is not a fact. What is believed is the table that was read back. */

import assert from 'node:assert/strict';
import {
  B,
  B_M,
  C,
  createHost,
  entry,
  HOME,
  HOME_M,
  min,
  ofType,
  scvm,
  sec,
  settings,
} from '../fixture.ts';

type Host = ReturnType<typeof createHost>;
const fresh = (options: Parameters<typeof createHost>[0] = {}): Host => {
  const h = createHost(options);
  h.pass(sec(5));
  h.orders();
  return h;
};
const homeDies = (h: Host, ms = sec(1)): void => {
  h.world.dead.add(HOME).add(HOME_M);
  h.pass(ms);
};
const types = (h: Host): string[] =>
  h
    .orders()
    .map((o) => o.type)
    .filter((t) => /^(SET|READ|BREAK|REFRESH|REPORT|NOTE_SWITCH)/.test(t));

describe('route: a switch that works', () => {
  it('leaving a path that is down: set, confirmed, broken, reported, recorded', () => {
    const h = fresh();
    homeDies(h);
    const expected = 'SET_ROUTE NOTE_SWITCH BREAK_CONNECTIONS REPORT_TO REFRESH_RECORD';
    assert.equal(types(h).join(' '), expected);
    assert.deepEqual([h.region('route'), h.context().target], ['Settled', B]);
  });

  it('connections are not broken where that is turned off', () => {
    const h = fresh({ over: { switch: { breakConnections: false } } });
    homeDies(h);
    assert.ok(!types(h).includes('BREAK_CONNECTIONS'));
    assert.equal(h.context().target, B);
  });

  it('leaving a path that is up: the record is refreshed first', () => {
    const h = fresh();
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    assert.deepEqual(types(h).slice(0, 4), [
      'REFRESH_RECORD',
      'SET_ROUTE',
      'NOTE_SWITCH',
      'BREAK_CONNECTIONS',
    ]);
  });

  it('that refresh may fail, or take 500 ms, no longer', () => {
    for (const record of ['refused', 'silent'] as const) {
      const h = fresh();
      h.world.record = record;
      h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
      if (record === 'silent') {
        h.pass(250);
        assert.equal(h.region('route'), 'Switching.Announcing');
        h.pass(250);
      }
      assert.equal(h.context().target, B, record);
    }
  });

  it('without a session of the local SCVM there is nothing to announce', () => {
    const h = createHost();
    h.world.sessions = [];
    h.pass(sec(5));
    h.orders();
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    assert.ok(!types(h).includes('REFRESH_RECORD'));
    assert.equal(h.context().target, B);
  });

  it('a table read on the way is noted, not taken for the answer', () => {
    const h = fresh();
    h.world.record = 'silent';
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    h.tell({ type: 'ROUTE_UNREADABLE', error: 'EIO', orderId: null });
    assert.equal(h.context().table.kind, 'unreadable');
    h.read();
    assert.equal(h.region('route'), 'Switching.Announcing');
  });
});

describe('route: between announcing and setting (law S2, law S7)', () => {
  const announcing = (): Host => {
    const h = fresh();
    h.world.record = 'silent';
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    h.orders();
    return h;
  };

  it('a goal that dies meanwhile is dropped, not switched to', () => {
    const h = announcing();
    h.world.dead.add(B);
    h.pass(250);
    assert.deepEqual([h.region('route'), h.context().goal], ['Settled', null]);
    h.pass(sec(1));
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
  });

  it('a goal that becomes unknown is not switched to, acknowledged or not', () => {
    for (const acked of [true, false]) {
      const h = announcing();
      h.tell({ type: 'PING_UNSENT', path: B, size: 'small', error: 'EPERM' });
      if (acked) h.tell({ type: 'RECORD_ACKNOWLEDGED', orderId: h.context().record.orderId });
      for (const { id } of h.context().settings.paths) h.world.mute.add(id);
      h.pass(500, 'ticks');
      assert.equal(h.region('route'), 'Settled');
      assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
    }
  });

  it('an operator who pauses in between is obeyed', () => {
    const h = announcing();
    h.tell({ type: 'PAUSE_ASKED' });
    h.pass(sec(1));
    assert.equal(h.region('route'), 'Settled');
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
  });

  it('an acknowledgement that comes after the pause does not set the route', () => {
    const h = announcing();
    h.tell({ type: 'PAUSE_ASKED' });
    h.tell({ type: 'RECORD_ACKNOWLEDGED', orderId: h.context().record.orderId });
    h.pass(sec(1));
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
  });
});

describe('route: a switch that fails', () => {
  it('refused, unreadable, unanswered or ignored: unconfirmed, and the target is unchanged', () => {
    const says = {
      refused: /refused: EPERM/,
      unreadable: /could not be read back: killed/,
      ignored: /table holds \[10\.10\.85\.15\] instead of scvm2\/data/,
      silent: /no answer before the deadline/,
    };
    for (const [how, error] of Object.entries(says)) {
      const h = fresh();
      h.world.route = how as keyof typeof says;
      homeDies(h, how === 'silent' ? sec(6) : sec(1));
      assert.equal(h.context().target, HOME, how);
      assert.match(h.context().goal?.error ?? '', error);
      assert.deepEqual(ofType(h.orders(), 'NOTE_SWITCH'), []);
    }
  });

  it('is retried with growing pauses while its goal is up, and then counts once', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h, sec(1));
    h.pass(min(1));
    const tries = ofType(h.orders(), 'SET_ROUTE');
    assert.ok(tries.length >= 12 && tries.length <= 18, `${tries.length} tries in a minute`);
    assert.match(tries.at(-1)?.reason ?? '', /^attempt 10 \(refused: EPERM\)/);
    assert.equal(new Set(tries.map((t) => t.orderId)).size, tries.length);
    h.world.route = 'ok';
    h.pass(sec(6));
    assert.equal(ofType(h.orders(), 'NOTE_SWITCH').length, 1);
    assert.deepEqual([h.region('route'), h.context().target], ['Settled', B]);
  });

  it('a goal that dies is dropped, the table is read again, and another is chosen', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h);
    h.world.dead.add(B).add(B_M);
    h.pass(250);
    assert.ok(types(h).includes('READ_ROUTE'));
    h.world.route = 'ok';
    h.pass(sec(2));
    assert.equal(h.context().target, C);
  });

  it('a goal that is unknown gives way to another that is up', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h);
    h.world.mute.add(B);
    h.tell({ type: 'PING_UNSENT', path: B, size: 'small', error: 'EPERM' });
    h.world.route = 'ok';
    h.pass(sec(1));
    assert.deepEqual([h.region('route'), h.context().target], ['Settled', C]);
  });

  it('a target that recovers meanwhile ends the retries: nothing moves', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h);
    h.world.dead.clear();
    h.pass(sec(3));
    h.orders();
    h.world.route = 'ok';
    h.pass(sec(30));
    assert.deepEqual([h.access(), h.context().target], ['Normal', HOME]);
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
  });

  it('an operator who pauses ends the retries', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h);
    h.tell({ type: 'PAUSE_ASKED' });
    h.orders();
    h.pass(sec(10));
    assert.deepEqual([h.region('route'), ofType(h.orders(), 'SET_ROUTE')], ['Settled', []]);
  });

  it('a reload that removes the goal does not wedge the controller', () => {
    const h = fresh();
    h.world.route = 'refused';
    homeDies(h);
    assert.equal(h.context().goal?.path, B);
    const paths = [...scvm(15), ...scvm(17, { sameZone: false })];
    h.tell({ type: 'RELOADED', settings: settings({ paths }) });
    h.world.route = 'ok';
    h.pass(sec(3));
    assert.deepEqual([h.region('route'), h.context().target], ['Settled', C]);
  });

  it('a late answer shows that it worked after all', () => {
    const h = fresh();
    h.world.route = 'unreadable';
    homeDies(h);
    h.world.table = [entry('10.10.85.16')];
    h.tell({ type: 'ROUTE_UNREADABLE', error: 'EIO', orderId: null });
    assert.equal(h.region('route'), 'Unconfirmed');
    h.read();
    assert.deepEqual([h.region('route'), h.context().target], ['Settled', B]);
  });

  it('the late answer of an older order is no answer to this one', () => {
    const h = fresh();
    h.world.route = 'silent';
    homeDies(h);
    const old = (h.context().goal?.orderId ?? 0) - 1;
    h.tell({ type: 'ROUTE_REFUSED', orderId: old, error: 'late' });
    h.tell({ type: 'ROUTE_UNREADABLE', orderId: old, error: 'late' });
    h.tell({ type: 'ROUTE_READ', orderId: old, entries: [entry('10.10.85.15')] });
    assert.deepEqual([h.region('route'), h.context().goal?.error], ['Switching.Installing', '']);
  });
});

describe('route: foreign changes', () => {
  it('a route that was removed or moved by hand is put back at once', () => {
    for (const table of [[], [entry('10.10.85.17')], [entry('10.9.9.9', { protocol: 'boot' })]]) {
      const h = fresh();
      h.world.table = table;
      h.read();
      const [order] = ofType(h.orders(), 'SET_ROUTE');
      assert.deepEqual([order?.kind, order?.gateway], ['repair', '10.10.85.15']);
      assert.equal(h.context().memory.arrivedAtMs, null, 'a repair is no arrival');
    }
  });

  it('a second entry is put away: the order names it', () => {
    const h = fresh();
    const foreign = entry('10.10.85.17', { metric: 100, protocol: 'static' });
    h.world.table = [entry('10.10.85.15'), foreign];
    h.read();
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE')[0]?.remove, [foreign]);
  });

  it('is not repaired onto a path that is not up', () => {
    const h = fresh();
    h.world.dead.add(HOME);
    h.pass(250);
    h.world.table = [];
    h.read();
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
    h.world.dead.clear();
    h.pass(sec(1));
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE')[0]?.kind, 'repair');
  });

  it('an unreadable table is repaired by nobody', () => {
    const h = fresh();
    h.tell({ type: 'ROUTE_UNREADABLE', error: 'EIO', orderId: null });
    h.pass(sec(5));
    assert.deepEqual(types(h), []);
  });
});
