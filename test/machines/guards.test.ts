/** Guards are total: an answer for every context, also one that the chart never reaches. */

import assert from 'node:assert/strict';
import type { Context, Goal } from '../../src/machines/context.ts';
import * as guards from '../../src/machines/guards.ts';
import type { PathView, SwitchKind, Verdict } from '../../src/machines/model.ts';
import { B, C, createHost, entry, HOME, memory, sec, T0 } from './fixture.ts';

const host = createHost();
host.pass(sec(3));
const well = host.context();

const goal = (kind: SwitchKind, over: Partial<Goal> = {}): Goal => ({
  path: B,
  from: HOME,
  kind,
  says: '',
  decidedAtMs: T0,
  orderId: 7,
  attempts: 1,
  error: '',
  ...over,
});
const judged = (c: Context, id: string, verdict: Verdict): Context => ({
  ...c,
  paths: c.paths.map((v): PathView => (v.id === id ? { ...v, verdict } : v)),
});
const pin = { path: C, untilMs: null, failsafe: false };
const tick = { type: 'START' } as const;

describe('guards: what may still be done with a goal', () => {
  it('without a goal nothing is up, spoiled, confirmed or to be announced', () => {
    const read = { type: 'ROUTE_READ', atMs: T0, entries: [], orderId: 0 } as const;
    assert.equal(guards.goalIsUp(well), false);
    assert.equal(guards.goalSpoiled(well), false);
    assert.equal(guards.tableConfirms(well, read), false);
    assert.equal(guards.answerDiffers(well, read), false);
    assert.equal(guards.leavesUpPath(well), false);
  });

  it('a path that is suspect or down spoils it, unknown does not and is not up either', () => {
    const alone = ['scvm1/manage', C, 'scvm2/manage', 'scvm3/manage'].reduce(
      (c, id) => judged(c, id, 'unknown'),
      judged({ ...well, goal: goal('failover') }, HOME, 'down'),
    );
    const answers = (['up', 'unknown', 'suspect', 'down'] as const).map((v) => [
      guards.goalIsUp(judged(alone, B, v)),
      guards.goalSpoiled(judged(alone, B, v)),
    ]);
    assert.deepEqual(answers, [
      [true, false],
      [false, false],
      [false, true],
      [false, true],
    ]);
  });

  it('an unknown path spoils what something else waits for: all but a last resort', () => {
    const unknown = judged({ ...well, goal: goal('failover') }, HOME, 'down');
    const c = judged(unknown, B, 'unknown');
    assert.equal(guards.goalSpoiled(c), true, 'C is up');
    for (const kind of ['return', 'prefer', 'repair', 'pin'] as const)
      assert.equal(guards.goalSpoiled({ ...c, goal: goal(kind) }), true, kind);
  });

  it('a target that recovers ends a failover; a home that relapses ends a return', () => {
    const lost = judged(well, HOME, 'down');
    assert.equal(guards.goalIsUp({ ...lost, goal: goal('failover') }), true);
    assert.equal(guards.goalSpoiled({ ...well, goal: goal('failover') }), true);
    const away = { ...well, target: B, goal: goal('return', { path: HOME, from: B }) };
    const served = { ...away, nowMs: away.nowMs + 200_000 };
    assert.equal(guards.goalIsUp(served), true);
    const relapsed = memory({ relapses: 2, leftAtMs: { [HOME]: well.nowMs } });
    assert.equal(guards.goalSpoiled({ ...served, memory: relapsed }), true);
    const forced = judged({ ...served, memory: relapsed }, B, 'down');
    assert.equal(guards.goalIsUp(forced), true);
  });

  it('pause, a pin elsewhere, a released pin and a removed path withdraw it', () => {
    const stands = (over: Partial<Context>): boolean => {
      const c = { ...judged(well, HOME, 'down'), ...over };
      assert.notEqual(guards.goalIsUp(c), guards.goalSpoiled(c));
      return guards.goalIsUp(c);
    };
    const failover = goal('failover');
    assert.equal(stands({ goal: failover }), true);
    assert.equal(stands({ goal: failover, memory: memory({ paused: true }) }), false);
    assert.equal(stands({ goal: failover, memory: memory({ pin }) }), false);
    assert.equal(stands({ goal: goal('repair'), memory: memory({ pin }) }), true);
    assert.equal(stands({ goal: goal('pin', { path: C }), memory: memory({ pin }) }), true);
    assert.equal(stands({ goal: goal('pin', { path: C }) }), false);
    const paths = well.settings.paths.filter((p) => p.id !== B);
    assert.equal(stands({ goal: failover, settings: { ...well.settings, paths } }), false);
  });

  it('an answer counts only for the order under way', () => {
    const c = { ...well, goal: goal('failover') };
    const refused = (orderId: number) =>
      guards.answerDiffers(c, { type: 'ROUTE_REFUSED', atMs: T0, orderId, error: '' });
    assert.deepEqual([refused(7), refused(6)], [true, false]);
    assert.equal(guards.answerDiffers(c, tick), false);
    assert.equal(guards.mayInstall(c, tick), false);
  });

  it('the record is announced first only when an up path is left and a record can be written', () => {
    const c = { ...well, goal: goal('return') };
    const known = { ...c.record, uuid: 'u', clientIps: ['10.10.85.11'] };
    assert.equal(guards.leavesUpPath({ ...c, record: known }), true);
    assert.equal(guards.leavesUpPath(judged({ ...c, record: known }, HOME, 'down')), false);
    assert.equal(guards.leavesUpPath({ ...c, record: { ...known, uuid: null } }), false);
    assert.equal(guards.leavesUpPath({ ...c, record: { ...known, clientIps: [] } }), false);
    assert.equal(
      guards.leavesUpPath({ ...c, record: known, goal: goal('first', { from: null }) }),
      false,
    );
    assert.equal(
      guards.leavesUpPath({ ...c, record: known, goal: goal('repair', { path: HOME }) }),
      false,
    );
  });
});

describe('guards: questions about events of another kind are answered with no', () => {
  it('pins, tables and records', () => {
    assert.equal(guards.askedPathIsUp(well, tick), false);
    assert.equal(guards.mustAdopt(well, tick), false);
    assert.equal(guards.mustWatch(well, tick), false);
    assert.equal(guards.tableConfirms({ ...well, goal: goal('return') }, tick), false);
    assert.equal(guards.recordAnswered(well, tick), false);
  });

  it('a home that was never judged did not restart', () => {
    assert.equal(guards.homeRestarted({ ...well, paths: [] }), false);
    const later = { ...well, run: { ...well.run, heldFromMs: 0 } };
    assert.equal(guards.homeRestarted(later), true);
  });

  it('a foreign route is adopted without a target, paused or in shadow, and only if it differs', () => {
    const read = {
      type: 'ROUTE_READ',
      atMs: T0,
      entries: [entry('10.10.85.16')],
      orderId: null,
    } as const;
    const asks = (over: Partial<Context>) => guards.mustAdopt({ ...well, ...over }, read);
    assert.equal(asks({}), false);
    assert.equal(asks({ target: null }), true);
    assert.equal(asks({ memory: memory({ paused: true }) }), true);
    assert.equal(asks({ run: { ...well.run, shadow: true } }), true);
    assert.equal(asks({ target: B, memory: memory({ paused: true }) }), false);
  });
});

describe('guards: the end of a pin', () => {
  it('at its time, when its path fails with failsafe and another is up, when it is gone', () => {
    const pinned = (over: object): Context => ({
      ...well,
      memory: memory({ pin: { ...pin, ...over } }),
    });
    assert.equal(guards.pinExpired(pinned({})), false);
    assert.equal(guards.pinExpired(pinned({ untilMs: well.nowMs + 1 })), false);
    assert.equal(guards.pinExpired(pinned({ untilMs: well.nowMs })), true);
    assert.equal(guards.failsafeTrips(judged(pinned({}), C, 'down')), false);
    assert.equal(guards.failsafeTrips(judged(pinned({ failsafe: true }), C, 'suspect')), false);
    const lone = judged(pinned({ failsafe: true }), C, 'down');
    assert.equal(guards.failsafeTrips(lone), true);
    const dark = { ...lone, paths: lone.paths.map((v) => ({ ...v, verdict: 'down' as const })) };
    assert.equal(guards.failsafeTrips(dark), false);
    assert.equal(guards.failsafeTrips(well), false);
    assert.deepEqual([guards.pinGone(well), guards.pinGone(pinned({}))], [true, false]);
  });
});
