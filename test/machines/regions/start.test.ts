/** Region access after a start: what is adopted, what is waited for, what is never assumed. */

import assert from 'node:assert/strict';
import { ALL, B, createHost, entry, HOME, min, ofType, sec } from '../fixture.ts';

type Host = ReturnType<typeof createHost>;
const switches = (h: Host): string[] =>
  ofType(h.orders(), 'NOTE_SWITCH').map((o) => `${o.kind} ${o.from} -> ${o.to}`);

describe('access: start', () => {
  it('adopts the route that is there and moves nothing before warm_up', () => {
    const h = createHost();
    h.world.dead.add(HOME);
    h.pass(1750);
    assert.deepEqual([h.access(), h.context().target], ['Degraded', HOME]);
    assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), []);
    h.pass(500);
    assert.deepEqual(switches(h), [`failover ${HOME} -> ${B}`]);
  });

  it('a healthy remote route stays after a restart: no return before the hold', () => {
    const h = createHost({ table: [entry('10.10.85.16')] });
    h.world.sessions =
      h.world.sessions === 'failed' ? [] : h.world.sessions.map((x) => ({ ...x, ageMs: 0 }));
    h.pass(sec(60));
    assert.deepEqual([h.access(), h.context().target, switches(h)], ['BackToNormal', B, []]);
    h.pass(min(3));
    assert.deepEqual([h.access(), switches(h)], ['Normal', [`return ${B} -> ${HOME}`]]);
  });

  it('without a route the first one is set, home before others', () => {
    const h = createHost({ table: [] });
    h.pass(sec(4));
    assert.deepEqual([h.access(), switches(h)], ['Normal', [`first null -> ${HOME}`]]);
  });

  it('a table that was never read, or cannot be read, is not "no route"', () => {
    for (const how of ['unread', 'unreadable'] as const) {
      const h = createHost({ table: null });
      if (how === 'unreadable') h.tell({ type: 'ROUTE_UNREADABLE', error: 'EIO', orderId: null });
      h.pass(min(1));
      assert.deepEqual(ofType(h.orders(), 'SET_ROUTE'), [], how);
      h.read();
      assert.equal(h.context().target, HOME);
    }
  });

  it('when nothing can be asked nobody is moved', () => {
    const h = createHost();
    for (const id of ALL) h.world.mute.add(id);
    h.pass(min(2));
    assert.deepEqual([h.access(), h.context().target, switches(h)], ['Degraded', HOME, []]);
  });
});
