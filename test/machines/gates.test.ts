/** Gates: what can hold a move back although everything else is ready for it, with its numbers. */

import assert from 'node:assert/strict';
import type { Context } from '../../src/machines/context.ts';
import { allOpen, type Gate } from '../../src/machines/gate.ts';
import * as gates from '../../src/machines/gates.ts';
import {
  ALL,
  B,
  B_M,
  C,
  createHost,
  entry,
  HOME,
  HOME_M,
  memory,
  min,
  ofType,
  sec,
  T0,
} from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const made = (h: Host): string[] =>
  ofType(h.orders(), 'NOTE_SWITCH').map((o) => `${o.kind} ${o.to}`);
const gateOf = (list: readonly Gate[], name: string): Gate => {
  const found = list.find((g) => g.name === name);
  assert.ok(found, `no gate ${name}`);
  return found;
};
/** All storage paths fail: the host falls back to a management path. */
const onManagement = (): Host => {
  const h = createHost();
  h.pass(sec(5));
  for (const id of [HOME, B, C]) h.world.dead.add(id);
  h.pass(sec(2));
  assert.equal(h.context().target, HOME_M);
  h.orders();
  return h;
};

describe('gates: management is the last resort', () => {
  it('is taken when no storage path is up, the local one first', () => {
    onManagement();
  });

  it('is left for a storage path after dwell, not before', () => {
    const h = onManagement();
    h.world.dead.delete(B);
    h.pass(sec(19));
    assert.deepEqual(made(h), []);
    h.pass(sec(15));
    assert.deepEqual(made(h), [`prefer ${B}`]);
    assert.equal(h.access(), 'Rerouted');
  });

  it('is never left straight for home before the hold', () => {
    const h = onManagement();
    h.world.dead.delete(HOME);
    h.pass(sec(170));
    assert.deepEqual([made(h), h.access()], [[], 'BackToNormal']);
    h.pass(sec(15));
    assert.deepEqual(made(h), [`return ${HOME}`]);
  });

  it('when home and another come back the other serves until home has held', () => {
    const h = onManagement();
    h.world.dead.clear();
    h.pass(sec(40));
    assert.deepEqual(made(h), [`prefer ${B}`]);
    h.pass(sec(160));
    assert.deepEqual(made(h), [`return ${HOME}`]);
  });

  it('is not left for a path that was left less than return_guard ago', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M).add(C);
    h.pass(sec(2));
    h.world.dead.add(B);
    h.pass(sec(2));
    assert.equal(h.context().target, B_M);
    h.orders();
    h.world.dead.delete(B);
    h.pass(sec(110));
    assert.deepEqual(made(h), []);
    h.pass(sec(15));
    assert.deepEqual(made(h), [`prefer ${B}`]);
  });
});

describe('gates: going home', () => {
  const quick = { timers: { backToNormalMs: 1000 } };
  const away = (over: object = {}, m: Parameters<typeof memory>[0] = {}): Host => {
    const h = createHost({
      over: { ...quick, ...over },
      table: [entry('10.10.85.16')],
      memory: m,
    });
    h.pass(sec(5));
    return h;
  };

  it('waits for return_guard after home was left', () => {
    const h = away({}, { leftAtMs: { [HOME]: T0 - sec(60) } });
    assert.deepEqual([made(h), h.access()], [[], 'BackToNormal']);
    const guard = gateOf(gates.homecoming.all(h.context()), 'return_guard');
    assert.deepEqual([guard.open, guard.opensAtMs], [false, T0 + sec(60)]);
    h.pass(sec(56));
    assert.deepEqual(made(h), [`return ${HOME}`]);
  });

  it('waits for dwell after the last arrival', () => {
    const h = away({}, { arrivedAtMs: T0 });
    assert.equal(gateOf(gates.homecoming.all(h.context()), 'dwell').opensAtMs, T0 + sec(30));
    h.pass(sec(26));
    assert.deepEqual(made(h), [`return ${HOME}`]);
  });

  it('waits for the budget, and says so; a failover is never blocked by it', () => {
    const spent = [0, 1, 2, 3, 4, 5].map((i) => T0 - min(59) + i);
    const h = away({}, { preferredAtMs: spent });
    const budget = gateOf(gates.homecoming.all(h.context()), 'budget');
    assert.deepEqual([budget.open, budget.opensAtMs], [false, T0 + min(1)]);
    assert.match(budget.says, /6 of budget_per_hour=6/);
    h.world.dead.add(B);
    h.pass(sec(1));
    assert.deepEqual(made(h), [`failover ${HOME}`]);
  });

  it('budget 0 allows no preference move ever, and time does not help', () => {
    const h = away({ switch: { budgetPerHour: 0 } });
    h.pass(min(5));
    assert.deepEqual(made(h), []);
    assert.equal(gateOf(gates.homecoming.all(h.context()), 'budget').opensAtMs, null);
  });

  it('no fault pattern makes more preference moves an hour than the budget', () => {
    const h = away({ timers: { backToNormalMs: 1000, backToNormalMaxMs: 1000, returnGuardMs: 0 } });
    h.pass(sec(30));
    for (let i = 0; i < 12; i += 1) {
      h.world.dead.add(HOME);
      h.pass(sec(5));
      h.world.dead.delete(HOME);
      h.pass(sec(40));
    }
    assert.equal(made(h).filter((m) => m.startsWith('return')).length, 6);
    assert.deepEqual([h.access(), h.context().target], ['BackToNormal', B]);
  });
});

describe('gates: each says what it compared', () => {
  const h = createHost();
  h.pass(sec(5));
  const well = h.context();
  const says = (list: readonly Gate[], name: string): string => gateOf(list, name).says;

  it('steering and acting', () => {
    const pin = { path: C, untilMs: null, failsafe: false };
    const steered = (over: Partial<Context>) => {
      const c = { ...well, ...over };
      return [says(gates.homecoming.all(c), 'steering'), says(gates.repair.all(c), 'acting')];
    };
    assert.deepEqual(steered({}), ['LOOP', 'acting']);
    assert.deepEqual(steered({ run: { ...well.run, shadow: true } }), [
      'shadow: decides but never acts',
      'shadow: never acts',
    ]);
    assert.deepEqual(steered({ memory: memory({ paused: true }) }), [
      'paused by the operator',
      'paused',
    ]);
    assert.deepEqual(steered({ memory: memory({ pin }) }), [
      `pinned to ${C} by the operator`,
      'acting',
    ]);
  });

  it('the target, the candidate and the table', () => {
    const list = gates.failover.all(well);
    assert.match(says(list, 'target_lost'), /scvm1\/data is up/);
    assert.match(says(list, 'candidate'), /scvm2\/data, criterion 1/);
    assert.equal(says(list, 'table'), 'the routing table is read');
    const alone = gates.failover.all({
      ...well,
      paths: [],
      target: null,
      table: { kind: 'unread' },
    });
    assert.equal(says(alone, 'target_lost'), 'there is no target');
    assert.equal(says(alone, 'candidate'), 'no other path is up');
    assert.equal(says(alone, 'blackout'), 'no path is up');
    assert.equal(gateOf(alone, 'table').open, false);
    const unjudged = gates.failover.all({ ...well, paths: [] });
    assert.equal(says(unjudged, 'target_lost'), 'scvm1/data is unknown: never judged');
  });

  it('home and its hold', () => {
    const paths = well.paths.map((v) => ({ ...v, sessionStartMs: null }));
    assert.match(
      says(gates.homecoming.all({ ...well, paths }), 'home_up'),
      /scvm1\/data is up: for /,
    );
    assert.match(
      says(gates.homecoming.all({ ...well, paths }), 'hold'),
      /180 s x 2\^0 = 180 s, opens in/,
    );
    const none = gates.homecoming.all({ ...well, paths: [] });
    assert.equal(says(none, 'home_up'), 'scvm1/data is unknown: never judged');
    assert.match(says(none, 'hold'), /not well; its hold would be 180 s/);
  });

  it('a switch under way closes every list', () => {
    const goal = {
      path: B,
      from: HOME,
      kind: 'failover' as const,
      says: '',
      decidedAtMs: T0,
      orderId: 1,
      attempts: 1,
      error: '',
    };
    const busy = { ...well, goal };
    for (const list of [
      gates.failover.all,
      gates.homecoming.all,
      gates.preference.all,
      gates.repair.all,
      gates.pinning.all,
    ]) {
      assert.equal(gateOf(list(busy), 'settled').says, `a switch to ${B} is under way`);
      assert.equal(allOpen(list(busy)), false);
    }
  });

  it('repair and pin: without a target or a pin there is nothing to do', () => {
    const none = { ...well, target: null };
    assert.equal(says(gates.repair.all(none), 'target_up'), 'no target is unknown');
    assert.equal(says(gates.repair.all(none), 'differs'), 'the table agrees');
    const off = { ...well, table: { kind: 'read' as const, entries: [], atMs: T0 } };
    assert.equal(says(gates.repair.all(off), 'differs'), 'the table differs from the target');
    assert.equal(says(gates.pinning.all(well), 'pinned'), 'no pin');
    assert.equal(says(gates.pinning.all(well), 'pin_up'), 'no pin is unknown');
    const pin = { path: C, untilMs: null, failsafe: false };
    assert.equal(
      says(gates.pinning.all({ ...well, memory: memory({ pin }) }), 'pin_up'),
      `${C} is up`,
    );
  });

  it('ALL of the fixture are the paths that are judged', () => {
    assert.deepEqual(
      well.paths.map((v) => v.id),
      ALL,
    );
  });
});
