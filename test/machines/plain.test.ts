/** The state as plain JSON: nothing of it is lost, and identity is restored where it counts. */

import assert from 'node:assert/strict';
import { decide } from '../../src/machines/decide.ts';
import { fromPlain, type PlainState, toPlain } from '../../src/machines/plain.ts';
import { createHost, HOME, HOME_M, ofType, sec } from './fixture.ts';

const copy = (plain: PlainState): PlainState => JSON.parse(JSON.stringify(plain)) as PlainState;

describe('plain', () => {
  it('is JSON and nothing else', () => {
    const h = createHost();
    h.pass(sec(5));
    const plain = toPlain(h.state());
    assert.deepEqual(copy(plain), plain);
    assert.deepEqual(toPlain(fromPlain(copy(plain))), plain);
  });

  it('never is written as null: JSON has no Infinity', () => {
    const state = { ...createHost().state(), wakeAtMs: Number.POSITIVE_INFINITY };
    assert.equal(toPlain(state).wakeAtMs, null);
    assert.equal(fromPlain(copy(toPlain(state))).wakeAtMs, Number.POSITIVE_INFINITY);
  });

  it('a hold that runs goes on after the round trip and brings the host home', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(2));
    h.world.dead.clear();
    h.pass(sec(100));
    assert.equal(h.access(), 'BackToNormal');
    const restored = fromPlain(copy(toPlain(h.state())));
    const due = Math.max(...restored.timers.map((t) => t.atMs));
    const [, orders] = decide(restored, { type: 'TICK', atMs: due - 1 });
    assert.deepEqual(ofType(orders, 'SAVE_MEMORY'), [], 'nothing changed by being written down');
    assert.equal(restored.timers.length, h.state().timers.length);
  });

  it('a state that the chart does not have is refused', () => {
    const plain = toPlain(createHost().state());
    const value = { ...Object(plain.value), access: 'Confused' };
    assert.throws(() => fromPlain({ ...plain, value }), /Confused/);
  });
});
