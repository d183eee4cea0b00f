/** Every alarm is raised when its condition holds, with its reason, and cleared when it does not. */

import assert from 'node:assert/strict';
import type { AlarmName } from '../../src/machines/orders.ts';
import {
  ALL,
  B,
  C,
  createHost,
  entry,
  HOME,
  HOME_M,
  memory,
  min,
  ofType,
  sec,
  settings,
  T0,
} from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const standing = (h: Host): AlarmName[] => Object.keys(h.state().standing.alarms) as AlarmName[];
const fresh = (options: Parameters<typeof createHost>[0] = {}): Host => {
  const h = createHost(options);
  h.pass(sec(5));
  assert.deepEqual(standing(h), []);
  h.orders();
  return h;
};
/** Raised once with a reason like this, and cleared once. */
const raisedAndCleared = (h: Host, alarm: AlarmName, reason: RegExp): void => {
  const orders = h.orders();
  const raised = ofType(orders, 'RAISE_ALARM').filter((o) => o.alarm === alarm);
  const cleared = ofType(orders, 'CLEAR_ALARM').filter((o) => o.alarm === alarm);
  assert.deepEqual([raised.length, cleared.length], [1, 1], `${alarm} raised and cleared`);
  assert.match(raised[0]?.reason ?? '', reason);
  assert.ok(!standing(h).includes(alarm));
};

describe('alarms', () => {
  it('all_paths_down and target_down: everything is dead, this host is suspected', () => {
    const h = fresh();
    for (const id of ALL) h.world.dead.add(id);
    h.pass(sec(2));
    assert.deepEqual(standing(h), ['all_paths_down', 'target_down']);
    assert.match(
      h.state().standing.alarms.target_down ?? '',
      /scvm1\/data is down.*candidate: no other/,
    );
    h.world.dead.clear();
    h.pass(sec(3));
    raisedAndCleared(h, 'all_paths_down', /all 6 paths are down/);
  });

  it('target_down: not while a switch is under way, nor when the target is only suspect', () => {
    const h = fresh();
    h.world.route = 'silent';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.deepEqual(standing(h), []);
  });

  it('target_down: says nothing while a stalled warm_up still watches', () => {
    const h = createHost();
    h.world.dead.add(HOME);
    h.pass(1750);
    h.tell({ type: 'STALLED', stalledMs: 3000 });
    h.pass(500);
    assert.equal(h.context().paths[0]?.verdict, 'down');
    assert.deepEqual(standing(h), ['stalled']);
    h.pass(sec(4));
    assert.equal(h.context().target, B);
  });

  it('blind: nothing can be asked, after warm_up', () => {
    const h = createHost();
    for (const id of ALL) h.world.mute.add(id);
    h.pass(sec(1));
    assert.deepEqual(standing(h), []);
    h.pass(sec(2));
    assert.deepEqual(standing(h), ['blind']);
    h.world.mute.clear();
    h.pass(sec(2));
    raisedAndCleared(h, 'blind', /all 6 paths are unknown/);
  });

  it('on_management: until the last resort is left', () => {
    const h = fresh();
    for (const id of [HOME, B, C]) h.world.dead.add(id);
    h.pass(sec(3));
    assert.deepEqual(standing(h), ['on_management']);
    h.world.dead.delete(B);
    h.pass(min(1));
    raisedAndCleared(h, 'on_management', /scvm1\/manage/);
  });

  it('route_unconfirmed: while an order is refused, once for all its retries', () => {
    const h = fresh();
    h.world.route = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(10));
    assert.deepEqual(standing(h), ['route_unconfirmed']);
    h.world.route = 'ok';
    h.pass(sec(10));
    raisedAndCleared(h, 'route_unconfirmed', /scvm2\/data: refused: EPERM/);
  });

  it('route_unreadable: until the table is read again', () => {
    const h = fresh();
    h.tell({ type: 'ROUTE_UNREADABLE', error: 'killed at its deadline', orderId: null });
    h.read();
    raisedAndCleared(h, 'route_unreadable', /killed at its deadline/);
  });

  it('route_contested: five repairs in a minute, cleared a minute after the last', () => {
    const h = fresh();
    for (let i = 0; i < 5; i += 1) {
      h.world.table = [entry('10.10.85.17')];
      h.read();
    }
    assert.deepEqual(standing(h), ['route_contested']);
    h.pass(min(1) + sec(2));
    raisedAndCleared(h, 'route_contested', /5 repairs in a minute/);
  });

  it('record_unacknowledged: refused for 5 s, or nobody to tell after a move', () => {
    const h = fresh();
    h.world.record = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(4));
    assert.deepEqual(standing(h), []);
    h.pass(sec(4));
    assert.deepEqual(standing(h), ['record_unacknowledged']);
    h.world.record = 'ok';
    h.pass(sec(11));
    raisedAndCleared(h, 'record_unacknowledged', /EAGAIN/);

    const lost = createHost();
    lost.world.sessions = [];
    lost.pass(sec(15));
    assert.match(lost.state().standing.alarms.record_unacknowledged ?? '', /no local session/);
  });

  it('connections_kept: until connections were broken, or it is turned off', () => {
    const h = fresh();
    h.world.connections = 'kept';
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    assert.deepEqual(standing(h), ['connections_kept']);
    h.world.connections = 'broken';
    h.tell({ type: 'PIN_ASKED', path: C, untilMs: null, failsafe: false });
    raisedAndCleared(h, 'connections_kept', /no such kernel/);
    h.world.connections = 'kept';
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    h.tell({ type: 'RELOADED', settings: settings({ switch: { breakConnections: false } }) });
    raisedAndCleared(h, 'connections_kept', /no such kernel/);
  });

  it('sessions_unavailable: no list for stale_after, whether empty or failed', () => {
    const h = fresh();
    h.world.sessions = 'failed';
    h.pass(sec(8));
    assert.deepEqual(standing(h), []);
    h.pass(sec(6));
    assert.deepEqual(standing(h), ['sessions_unavailable']);
    h.world.sessions = createHost().world.sessions;
    h.pass(sec(3));
    raisedAndCleared(h, 'sessions_unavailable', /timeout/);
  });

  it('budget_exhausted: home has held and only the budget is in the way', () => {
    const spent = [1, 2, 3, 4, 5, 6].map((i) => T0 - min(59) + i);
    const over = { timers: { backToNormalMs: 1000 } };
    const h = createHost({ over, table: [entry('10.10.85.16')], memory: { preferredAtMs: spent } });
    h.pass(sec(5));
    assert.deepEqual(standing(h), ['budget_exhausted']);
    h.pass(min(1));
    raisedAndCleared(h, 'budget_exhausted', /6 of budget_per_hour=6/);
    assert.equal(h.access(), 'Normal');
  });

  it('budget_exhausted: not while something else is in the way as well', () => {
    const spent = [1, 2, 3, 4, 5, 6].map((i) => T0 - min(59) + i);
    const memo = { preferredAtMs: spent, arrivedAtMs: T0 };
    const over = { timers: { backToNormalMs: 1000 } };
    const h = createHost({ over, table: [entry('10.10.85.16')], memory: memo });
    h.pass(sec(20));
    assert.deepEqual(standing(h), []);
  });

  it('pin_down: the pinned path is down, until it is up or released', () => {
    const h = fresh();
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    h.world.dead.add(B);
    h.pass(sec(2));
    assert.ok(standing(h).includes('pin_down'));
    h.tell({ type: 'RELEASE_ASKED' });
    raisedAndCleared(h, 'pin_down', /pinned to scvm2\/data/);
  });

  it('duplicate_address and stalled: shown for a minute though nothing else happens', () => {
    const h = fresh();
    h.tell({ type: 'DUPLICATE_SEEN', path: B, macs: ['aa:aa', 'bb:bb'] });
    h.tell({ type: 'STALLED', stalledMs: 812.4 });
    assert.deepEqual(standing(h), ['duplicate_address', 'stalled']);
    h.pass(sec(59));
    assert.deepEqual(standing(h), ['duplicate_address', 'stalled']);
    // Probes keep coming four times a second: none of them may put the look at the clock off.
    h.pass(sec(3));
    const orders = h.orders();
    assert.equal(ofType(orders, 'CLEAR_ALARM').length, 2);
    const reasons = ofType(orders, 'RAISE_ALARM').map((o) => o.reason);
    assert.match(reasons.join('; '), /scvm2\/data: aa:aa and bb:bb.*812 ms, 1 times/);
  });

  it('memory of an older life raises none by itself', () => {
    const h = createHost({ memory: memory({ relapses: 3, returned: true, arrivedAtMs: T0 - 5 }) });
    h.pass(sec(5));
    assert.deepEqual(standing(h), []);
  });
});
