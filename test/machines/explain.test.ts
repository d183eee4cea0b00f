/** `status` and `why`: every move with its gates, and the first closed one is what stopped it. */

import assert from 'node:assert/strict';
import { noStanding } from '../../src/machines/derive.ts';
import { movesOf, statusOf } from '../../src/machines/explain.ts';
import { ALL, B, C, createHost, HOME, HOME_M, memory, sec, T0 } from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const moves = (h: Host): string[] =>
  movesOf(h.context()).map((m) => `${m.move}: ${m.stoppedBy?.name ?? 'open'}`);
const fresh = (): Host => {
  const h = createHost();
  h.pass(sec(5));
  return h;
};

describe('explain: why', () => {
  it('at home and well: nothing to leave, nothing to repair', () => {
    assert.deepEqual(moves(fresh()), ['leave the target: target_lost', 'repair: differs']);
  });

  it('away: what keeps it from home', () => {
    const h = fresh();
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(2));
    assert.deepEqual(moves(h)[1], 'return home: home_up');
    h.world.dead.clear();
    h.pass(sec(5));
    assert.deepEqual(moves(h)[1], 'return home: hold');
  });

  it('on management, pinned: those moves are explained too', () => {
    const h = fresh();
    h.tell({ type: 'PIN_ASKED', path: HOME_M, untilMs: null, failsafe: false });
    h.pass(250);
    assert.deepEqual(moves(h), [
      'leave the target: target_lost',
      'return home: hold',
      'leave management: dwell',
      'repair: differs',
      'obey the pin: pinned',
    ]);
    const c = h.context();
    const later = { ...c, nowMs: c.nowMs + sec(40), memory: { ...c.memory, pin: null } };
    assert.equal(movesOf(later).find((m) => m.move === 'leave management')?.stoppedBy, null);
  });
});

describe('explain: status', () => {
  it('is plain data of where everything stands', () => {
    const h = fresh();
    const status = statusOf(h.state());
    assert.deepEqual(JSON.parse(JSON.stringify(status)), status);
    assert.deepEqual(
      [status.state, status.substate, status.steering, status.route, status.record],
      ['Normal', 'Normal', 'Loop', 'Settled', 'Current'],
    );
    assert.deepEqual([status.target, status.gateway, status.home], [HOME, '10.10.85.15', HOME]);
    assert.equal(status.preferenceMoves, 0);
  });

  it('shows each path with its signals and their age', () => {
    const h = fresh();
    h.world.mute.add(C);
    h.pass(sec(1));
    h.tell({ type: 'TICK' });
    const paths = new Map(statusOf(h.state()).paths.map((p) => [p.id, p]));
    assert.deepEqual([...paths.keys()], ALL);
    const home = paths.get(HOME);
    assert.deepEqual(
      [home?.isHome, home?.isTarget, home?.verdict, home?.pace, home?.signals.ping.ageMs],
      [true, true, 'up', 'steady', 0],
    );
    assert.deepEqual(paths.get(C)?.signals, {
      ping: { value: 'reply', ageMs: 1000 },
      service: { value: 'up', ageMs: 1000 },
      session: { value: 'stable', ageMs: 0 },
    });
  });

  it('a signal that was never learnt has no age; a path never asked for is idle', () => {
    const state = createHost().state();
    const [first] = statusOf({ ...state, standing: noStanding(memory()) }).paths;
    assert.deepEqual(
      [first?.pace, first?.signals.ping],
      ['idle', { value: 'unknown', ageMs: null }],
    );
  });

  it('names the timer that runs, the hold, and that there is no target', () => {
    const h = createHost({ table: [] });
    const early = statusOf(h.state());
    assert.deepEqual(early.timers, [{ id: 'warmUp', inMs: sec(2) }]);
    assert.deepEqual([early.state, early.substate], ['Degraded', 'Degraded.WarmingUp']);
    assert.deepEqual([early.gateway, early.hold.wellForMs, early.atMs], [null, null, T0]);
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(2));
    h.world.dead.clear();
    h.pass(sec(5));
    const later = statusOf(h.state());
    assert.deepEqual([later.state, later.target, later.hold.holdMs], ['BackToNormal', B, sec(180)]);
    assert.equal(later.timers[0]?.id, 'holdLeft');
    assert.equal((later.timers[0]?.inMs ?? 0) + (later.hold.wellForMs ?? 0), sec(180));
  });
});
