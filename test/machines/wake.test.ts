/** When the decision wants to be asked again: never late, and never when nothing can happen. */

import assert from 'node:assert/strict';
import { verdictChangeMs, wakeAtMs } from '../../src/machines/wake.ts';
import { ALL, B, createHost, HOME, HOME_M, memory, min, sec, T0 } from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const wake = (h: Host): number => {
  const { snapshot, beliefs, timers } = h.state();
  return wakeAtMs(snapshot, beliefs, timers, h.nowMs()) - h.nowMs();
};

describe('wake', () => {
  it('at the start: the end of warm_up, but at least once a second', () => {
    const h = createHost();
    assert.equal(wake(h), sec(1));
    h.pass(1500);
    assert.equal(wake(h), 500);
  });

  it('at rest: only when a signal grows old', () => {
    const h = createHost();
    h.pass(sec(5));
    assert.equal(wake(h), 3500);
  });

  it('at rest, with nothing to grow old: never', () => {
    const h = createHost();
    h.pass(sec(5));
    const { snapshot, beliefs } = h.state();
    const blank = { ...beliefs, paths: [] };
    assert.equal(wakeAtMs(snapshot, blank, [], h.nowMs()), Number.POSITIVE_INFINITY);
    assert.equal(verdictChangeMs([], T0, h.context().settings), Number.POSITIVE_INFINITY);
  });

  it('the end of a pin, a gate that time opens, a retry', () => {
    const h = createHost();
    h.pass(sec(5));
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: h.nowMs() + 400, failsafe: false });
    assert.equal(wake(h), 400);
    h.tell({ type: 'RELEASE_ASKED' });
    h.world.route = 'refused';
    h.world.dead.add(B);
    h.pass(750);
    assert.equal(h.region('route'), 'Unconfirmed');
    assert.equal(wake(h), 200);
  });

  it('a gate beyond a second is not waited for in one go, one within it is', () => {
    const h = createHost({ memory: { arrivedAtMs: T0 - sec(24) } });
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    h.world.dead.clear();
    h.pass(min(1));
    assert.equal(wake(h), sec(1));
  });

  it('what age changes in a verdict is not slept through', () => {
    const h = createHost();
    h.pass(sec(5));
    for (const id of ALL) h.world.mute.add(id);
    h.tell({ type: 'PING_LOST', path: HOME, size: 'small', waitedMs: 1 });
    assert.equal(wake(h), 500);
    assert.equal(memory().paused, false);
  });
});
