/** State changes that a chart in order never asks for change nothing: each is a total function. */

import assert from 'node:assert/strict';
import * as actions from '../../src/machines/actions.ts';
import type { ChartEvent } from '../../src/machines/chart-events.ts';
import type { Context } from '../../src/machines/context.ts';
import * as delays from '../../src/machines/delays.ts';
import * as give from '../../src/machines/give.ts';
import { B, B_M, createHost, entry, HOME, memory, sec, settings, T0 } from './fixture.ts';

const host = createHost();
host.pass(sec(3));
const well = host.context();
const other: ChartEvent = { type: 'START' };
const goal = {
  path: B,
  from: HOME,
  kind: 'failover' as const,
  says: 'because',
  decidedAtMs: T0,
  orderId: 4,
  attempts: 1,
  error: '',
};

describe('actions: nothing to do', () => {
  it('an event of another kind changes nothing', () => {
    const asked = [
      actions.believe,
      actions.adoptSettings,
      actions.noteTable,
      actions.arrive,
      actions.adopt,
      actions.setPin,
      actions.noteConnections,
    ];
    for (const change of asked) assert.deepEqual(change(well, other), {}, change.name);
  });

  it('without a candidate, a pin, a target or a goal none is set', () => {
    const alone: Context = { ...well, paths: [] };
    const none: [string, object][] = [
      ['chooseFailover', actions.chooseFailover(alone)],
      ['choosePreference', actions.choosePreference(alone)],
      ['choosePin', actions.choosePin(well)],
      ['chooseRepair', actions.chooseRepair({ ...well, target: null })],
      ['numberRoute', actions.numberRoute(well)],
      ['noteFailure', actions.noteFailure(well, other)],
    ];
    for (const [name, change] of none) assert.deepEqual(change, {}, name);
  });

  it('a pin to a path that is not up is not set', () => {
    const asked = {
      type: 'PIN_ASKED',
      atMs: T0,
      path: 'scvm9/data',
      untilMs: null,
      failsafe: false,
    };
    assert.deepEqual(actions.setPin(well, asked as ChartEvent), {});
  });
});

describe('actions: goals', () => {
  it('a repair says what the table held, also when it is not known any more', () => {
    const foreign = [entry(null), entry('10.9.9.9', { metric: 5 })];
    const read = { ...well, table: { kind: 'read' as const, entries: foreign, atMs: T0 } };
    assert.match(
      actions.chooseRepair(read).goal?.says ?? '',
      /\[no gateway, 10\.9\.9\.9\] instead of scvm1/,
    );
    const lost = { ...well, table: { kind: 'unreadable' as const, error: 'x', atMs: T0 } };
    assert.match(actions.chooseRepair(lost).goal?.says ?? '', /held \[\] instead/);
  });

  it('remembers at most ten repairs', () => {
    let c = well;
    for (let i = 0; i < 14; i += 1) c = { ...c, nowMs: T0 + i, ...actions.chooseRepair(c) };
    assert.equal(c.run.repairedAtMs.length, 10);
  });

  it('each way to fail has its words', () => {
    const error = (e: ChartEvent) => actions.noteFailure({ ...well, goal }, e).goal?.error ?? '';
    const at = { atMs: T0, orderId: 4 };
    assert.match(error({ type: 'ROUTE_REFUSED', ...at, error: 'EPERM' }), /refused: EPERM/);
    assert.match(error({ type: 'ROUTE_UNREADABLE', ...at, error: 'EIO' }), /not be read back: EIO/);
    assert.match(
      error({ type: 'ROUTE_READ', ...at, entries: [entry(null)] }),
      /\[no gateway\] instead of scvm2/,
    );
    assert.match(error(other), /no answer before the deadline/);
  });

  it('attempts and refusals saturate, so that a context stays small', () => {
    let c: Context = { ...well, goal };
    for (let i = 0; i < 20; i += 1) c = { ...c, ...actions.numberRoute(c) };
    assert.deepEqual([c.goal?.attempts, c.goal?.orderId], [10, well.lastOrderId + 20]);
    for (let i = 0; i < 20; i += 1) c = { ...c, ...actions.noteRecordRefused(c, other) };
    assert.deepEqual([c.record.refusals, c.record.error], [10, 'no answer before the deadline']);
  });

  it('an unreadable table keeps the time since when it is unreadable', () => {
    const first = actions.noteTable(well, {
      type: 'ROUTE_UNREADABLE',
      atMs: 5,
      error: 'a',
      orderId: null,
    });
    const again = actions.noteTable(
      { ...well, ...first },
      { type: 'ROUTE_UNREADABLE', atMs: 9, error: 'b', orderId: null },
    );
    assert.deepEqual(again.table, { kind: 'unreadable', error: 'b', atMs: 5 });
  });

  it('in shadow no record is owed', () => {
    assert.deepEqual(actions.oweRecord({ ...well, run: { ...well.run, shadow: true } }), {});
    assert.equal(actions.oweRecord(well).record?.owedSinceMs, well.nowMs);
  });
});

describe('delays', () => {
  it('the hold that is left ends when home was well for it, never below 0', () => {
    const paths = well.paths.map((v) => ({ ...v, sessionStartMs: null }));
    const since = paths[0]?.upSinceMs ?? 0;
    const left = (ms: number) => delays.holdLeft({ ...well, paths, nowMs: since + ms });
    const recorded = { ...well, paths, memory: memory({ relapses: 1 }), nowMs: since };
    assert.deepEqual([left(0), left(sec(80)), left(sec(181))], [sec(180), sec(100), 0]);
    assert.equal(delays.holdLeft(recorded), sec(360));
    assert.equal(delays.holdLeft({ ...well, paths: [] }), sec(180), 'not well: all of it');
  });

  it('retries back off: 200 ms doubling to 5 s, the record 1 s doubling to 10 s', () => {
    const pauses = [1, 2, 3, 5, 6, 10].map((attempts) =>
      delays.retryPause({ ...well, goal: { ...goal, attempts } }),
    );
    assert.deepEqual(pauses, [200, 400, 800, 3200, 5000, 5000]);
    assert.equal(delays.retryPause(well), 200);
    const record = [0, 1, 2, 4, 5, 10].map((refusals) =>
      delays.recordPause({ ...well, record: { ...well.record, refusals } }),
    );
    assert.deepEqual(record, [1000, 1000, 2000, 8000, 10_000, 10_000]);
  });

  it('bounds: announce 500 ms; confirm twice the deadline and a second', () => {
    const bounds = [delays.announceBound(), delays.confirmBound(well), delays.recordBound()];
    assert.deepEqual(bounds, [500, 5000, 15_000]);
    assert.equal(delays.warmUp(well), 2000);
  });
});

describe('give: orders', () => {
  it('a switch without a goal, or a record without a session, is the fault of a programmer', () => {
    assert.throws(() => give.route(well), /without a goal/);
    assert.throws(
      () => give.noteSwitch({ ...well, goal: { ...goal, path: 'scvm9/data' } }),
      /goal/,
    );
    const unlisted = { ...well, record: { ...well.record, uuid: null } };
    assert.throws(() => give.record(unlisted), /without a session/);
  });

  it('SET_ROUTE removes what metric 0 would leave beside it', () => {
    const entries = [entry('10.10.85.15'), entry('10.10.85.16', { metric: 100 })];
    const table = { kind: 'read' as const, entries, atMs: T0 };
    const order = give.route({ ...well, goal, table });
    assert.deepEqual(order.type === 'SET_ROUTE' && order.remove, [entries[1]]);
    const unread = give.route({ ...well, goal, table: { kind: 'unread' } });
    assert.deepEqual(unread.type === 'SET_ROUTE' && unread.remove, []);
  });

  it('a retry says which attempt it is and why the last one failed', () => {
    const again = give.route({ ...well, goal: { ...goal, attempts: 3, error: 'refused: EPERM' } });
    assert.match(again.reason, /^attempt 3 \(refused: EPERM\); because/);
  });

  it('the heartbeat goes to the target, and stops without one', () => {
    const to = give.report({ ...well, target: B_M, table: { kind: 'unread' } });
    assert.deepEqual(to.type === 'REPORT_TO' && [to.ip, to.path], ['192.168.85.16', B_M]);
    assert.match(to.reason, /away from home, via an unread gateway/);
    const none = give.report({ ...well, target: null });
    assert.deepEqual(none.type === 'REPORT_TO' && [none.ip, none.path], [null, null]);
    const empty = give.report({
      ...well,
      table: { kind: 'read', entries: [entry(null)], atMs: T0 },
    });
    assert.match(empty.reason, /is home, via an unread gateway/);
  });

  it('breaking connections names the path that was left, if any', () => {
    assert.match(
      give.breakConnections({ ...well, goal }).reason,
      /left scvm1\/data for scvm2\/data/,
    );
    const first = { ...goal, from: null };
    assert.match(give.breakConnections({ ...well, goal: first }).reason, /left no target for/);
  });

  it('settings that change alone do not move the target', () => {
    const change = actions.adoptSettings(well, {
      type: 'RELOADED',
      atMs: T0,
      settings: settings(),
    });
    assert.equal(change.target, HOME);
    assert.equal(change.memory, well.memory);
  });
});
