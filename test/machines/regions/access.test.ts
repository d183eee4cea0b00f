/** Region access: the four names, and when each of them is left for another. */

import assert from 'node:assert/strict';
import {
  ALL,
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
  session,
} from '../fixture.ts';

type Host = ReturnType<typeof createHost>;
const switches = (h: Host): string[] =>
  ofType(h.orders(), 'NOTE_SWITCH').map((o) => `${o.kind} ${o.from} -> ${o.to}`);
/** A host in Rerouted on scvm2 after home's power went. */
const rerouted = (options: Parameters<typeof createHost>[0] = {}): Host => {
  const h = createHost(options);
  h.pass(sec(5));
  h.world.dead.add(HOME).add(HOME_M);
  h.pass(sec(3));
  assert.equal(h.access(), 'Rerouted');
  h.orders();
  return h;
};
const allDown = (h: Host): void => {
  for (const id of ALL) h.world.dead.add(id);
};

describe('access: Normal and Degraded', () => {
  it('one lost probe is Degraded, and its recovery is Normal again, without an order', () => {
    const h = createHost();
    h.pass(sec(5));
    h.orders();
    h.world.dead.add(HOME);
    h.pass(250);
    assert.equal(h.access(), 'Degraded');
    h.world.dead.delete(HOME);
    h.pass(500);
    assert.equal(h.access(), 'Normal');
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
  });

  it('a confirmed failure switches to the best path that is up, in zone order', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M).add(B);
    h.pass(sec(1));
    assert.deepEqual([h.access(), switches(h)], ['Rerouted', [`failover ${HOME} -> ${C}`]]);
  });

  it('a target that is unknown is not left', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.mute.add(HOME);
    h.pass(min(1));
    assert.deepEqual([h.access(), switches(h)], ['Normal', []]);
  });

  it('the leader away, its list empty or failed, moves nobody', () => {
    for (const sessions of [[], 'failed'] as const) {
      const h = createHost();
      h.pass(sec(5));
      h.world.sessions = sessions;
      h.pass(min(2));
      assert.deepEqual([h.access(), switches(h)], ['Normal', []]);
    }
  });

  it('a home that consecutive lists do not have is left', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.sessions = ['10.10.85.16', '10.10.85.17'].map((ip) => session(ip));
    h.pass(sec(10));
    assert.deepEqual([h.access(), h.context().target], ['Rerouted', B]);
  });

  it('when every path is down the route stays, and the first to come back is waited for', () => {
    const h = createHost();
    h.pass(sec(5));
    allDown(h);
    h.pass(min(1));
    assert.deepEqual([h.access(), h.context().target, switches(h)], ['Degraded', HOME, []]);
    h.world.dead.delete(B);
    h.pass(sec(1));
    assert.deepEqual(switches(h), [], 'our own network comes back: home may be next');
    h.world.dead.delete(HOME);
    h.pass(sec(5));
    assert.deepEqual([h.access(), switches(h)], ['Normal', []]);
  });

  it('after a blackout a path that stays the only one is taken', () => {
    const h = createHost();
    h.pass(sec(5));
    allDown(h);
    h.pass(min(1));
    h.world.dead.delete(B);
    h.pass(sec(3));
    assert.deepEqual(switches(h), [`failover ${HOME} -> ${B}`]);
  });

  it('several together: a suspect target that recovers elsewhere is no switch', () => {
    const h = rerouted();
    h.world.dead.add(B);
    h.pass(250);
    assert.equal(h.access(), 'Degraded');
    h.world.dead.delete(B);
    h.pass(500);
    assert.deepEqual([h.access(), switches(h)], ['Rerouted', []]);
  });

  it('a suspect target is BackToNormal again if home came up meanwhile', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(500);
    assert.equal(h.access(), 'Rerouted', 'home has not answered as often as rise yet');
    h.world.dead.add(B);
    h.pass(250);
    assert.equal(h.access(), 'Degraded');
    h.world.dead.clear();
    h.pass(500);
    assert.deepEqual([h.access(), switches(h)], ['BackToNormal', []]);
  });
});

describe('access: Rerouted and BackToNormal', () => {
  it('goes home when home was well for the hold, not a step before', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(sec(2));
    assert.equal(h.access(), 'BackToNormal');
    h.pass((h.context().paths[0]?.upSinceMs ?? 0) + sec(180) - 250 - h.nowMs());
    assert.deepEqual([h.access(), switches(h)], ['BackToNormal', []]);
    h.pass(250);
    assert.deepEqual([h.access(), switches(h)], ['Normal', [`return ${B} -> ${HOME}`]]);
  });

  // A target whose session was doubted for up to session_lost kept a host away although home had
  // long served its hold (simulate --seed 17055, law L2).
  it('goes home when its hold is served even while the target is in doubt', () => {
    const timers = { backToNormalMs: 2000, returnGuardMs: 0, dwellMs: 0 };
    const h = rerouted({ over: { timers } });
    assert.ok(h.world.sessions !== 'failed');
    h.world.sessions = h.world.sessions.filter((x) => x.ip !== '10.10.85.16');
    h.pass(sec(2));
    h.world.dead.clear();
    h.pass(sec(1));
    assert.deepEqual([h.access(), switches(h)], ['Degraded', []]);
    h.pass(sec(2));
    assert.deepEqual([h.access(), switches(h)], ['Normal', [`return ${B} -> ${HOME}`]]);
  });

  it('a bad signal of home ends the hold, counts as a relapse, and the next hold is doubled', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(min(2));
    h.world.dead.add(HOME);
    h.pass(250);
    assert.deepEqual([h.access(), h.context().memory.relapses], ['Rerouted', 1]);
    h.world.dead.clear();
    h.pass(500);
    h.pass(min(6) - 250);
    assert.equal(h.access(), 'BackToNormal');
    h.pass(250);
    assert.equal(h.access(), 'Normal');
  });

  it('home that becomes unknown ends the hold without a relapse', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(min(2));
    h.world.mute.add(HOME);
    h.pass(sec(4));
    assert.deepEqual([h.access(), h.context().memory.relapses], ['Rerouted', 0]);
  });

  it('a new session of home, unseen by any probe, restarts the hold and is a relapse', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(min(2));
    const lists = h.world.sessions === 'failed' ? [] : h.world.sessions;
    h.world.sessions = lists.map((x) =>
      x.ip === '10.10.85.15' ? { ...x, uuid: 'new', ageMs: 0 } : x,
    );
    h.pass(sec(2));
    assert.deepEqual([h.access(), h.context().memory.relapses], ['BackToNormal', 1]);
    h.pass(min(5) + sec(50));
    assert.equal(h.access(), 'BackToNormal');
    h.pass(sec(12));
    assert.equal(h.access(), 'Normal');
  });

  it('the failure of the target brings the route home at once if home is up', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(sec(10));
    h.world.dead.add(B);
    h.pass(sec(1));
    assert.deepEqual([h.access(), switches(h)], ['Normal', [`failover ${B} -> ${HOME}`]]);
    assert.deepEqual(h.context().memory.preferredAtMs, [], 'not a preference move');
  });

  it('home and target failing together lead to the next one', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(sec(10));
    h.world.dead.add(B).add(B_M).add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.deepEqual([h.access(), switches(h)], ['Rerouted', [`failover ${B} -> ${C}`]]);
  });

  it('a better zone that comes back is no reason to move: stay on a healthy target', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(B);
    h.pass(sec(2));
    h.orders();
    h.world.dead.delete(B);
    h.pass(min(4));
    assert.deepEqual([h.context().target, switches(h)], [C, []]);
  });

  it('a failure soon after the return is a relapse, the first was not', () => {
    const h = rerouted();
    h.world.dead.clear();
    h.pass(min(3) + sec(5));
    assert.deepEqual([h.access(), h.context().memory.relapses], ['Normal', 0]);
    h.world.dead.add(HOME);
    h.pass(sec(1));
    assert.deepEqual([h.access(), h.context().memory.relapses], ['Rerouted', 1]);
  });

  it('a fault with a period longer than the hold is damped: 200 s up, 20 s down', () => {
    const h = createHost({ table: [entry('10.10.85.15')] });
    h.pass(sec(5));
    for (let i = 0; i < 9; i += 1) {
      h.world.dead.add(HOME);
      h.pass(sec(20));
      h.world.dead.delete(HOME);
      h.pass(sec(200));
    }
    const made = switches(h);
    assert.ok(made.length <= 4, made.join('; '));
    assert.equal(h.context().memory.relapses, 5);
  });

  it('RDMA: the goal is the access IP, and the data IP gets its own route', () => {
    const paths = [...scvm(15), ...scvm(16, { kind: 'access' })];
    const h = createHost({ over: { paths } });
    h.pass(sec(5));
    h.world.dead.add(HOME);
    h.pass(sec(1));
    const [order] = ofType(h.orders(), 'SET_ROUTE');
    assert.deepEqual(
      [order?.gateway, order?.also],
      ['10.10.86.16', [{ dst: '10.10.85.16', gateway: '10.10.86.16' }]],
    );
  });
});
