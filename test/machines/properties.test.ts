/** What holds for any stream of facts, from any of the states that a host can be in. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide, type State } from '../../src/machines/decide.ts';
import type { Fact } from '../../src/machines/events.ts';
import { fromPlain, type PlainState, toPlain } from '../../src/machines/plain.ts';
import {
  access,
  B,
  createHost,
  drive,
  HOME,
  HOME_M,
  ofType,
  scvm,
  sec,
  settings,
  T0,
} from './fixture.ts';
import { factStreams } from './streams.ts';

const s = settings();
const reloads = [
  s,
  settings({ timers: { backToNormalMs: 0, warmUpMs: 0, dwellMs: 0, returnGuardMs: 0 } }),
  settings({ paths: [...scvm(15), ...scvm(17)] }),
  settings({ paths: [...scvm(16, { local: true }), ...scvm(15, { local: false })] }),
];
const forbidden = ['SET_ROUTE', 'BREAK_CONNECTIONS', 'REFRESH_RECORD', 'REPORT_TO'];

function reached(how: 'Degraded' | 'Normal' | 'Rerouted' | 'BackToNormal' | 'Unconfirmed'): State {
  const h = createHost();
  if (how === 'Degraded') return h.state();
  h.pass(sec(5));
  if (how === 'Normal') return h.state();
  if (how === 'Unconfirmed') h.world.route = 'refused';
  h.world.dead.add(HOME).add(HOME_M);
  h.pass(sec(2));
  h.world.dead.clear();
  if (how === 'BackToNormal') h.pass(sec(2));
  assert.equal(how === 'Unconfirmed' ? h.region('route') : h.access(), how);
  return h.state();
}
const states = {
  Degraded: reached('Degraded'),
  Normal: reached('Normal'),
  Rerouted: reached('Rerouted'),
  BackToNormal: reached('BackToNormal'),
  Unconfirmed: reached('Unconfirmed'),
};
const anyState = fc.constantFrom(...(Object.keys(states) as (keyof typeof states)[]));
const shadow = createHost({ shadow: true });
shadow.pass(sec(5));

/** The stream, begun where the state stands. */
const from = (state: State, facts: readonly Fact[]): Fact[] =>
  facts.map((f) => ({ ...f, atMs: f.atMs - T0 + state.snapshot.context.nowMs }) as Fact);

describe('decide: any facts in any order', function () {
  // A bound for a busy machine; each takes a second or two on a quiet one.
  this.timeout(60_000);

  it('never throws, never leaves the four names, and every order has a reason with numbers', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyState, factStreams(50, reloads), (name, facts) => {
        const begun = states[name];
        let at = begun;
        for (const fact of from(begun, facts)) {
          const [next, orders] = decide(at, fact);
          at = next;
          seen.add(access(at));
          for (const { reason } of orders) {
            assert.ok(reason.length > 0 && !/undefined|NaN|null/.test(reason), reason);
          }
        }
      }),
      { numRuns: 150 },
    );
    assert.deepEqual([...seen].sort(), ['BackToNormal', 'Degraded', 'Normal', 'Rerouted']);
  });

  it('law S2 and S7: ordered only onto a path that is up, never while paused or beside a pin', () => {
    let ordered = 0;
    fc.assert(
      fc.property(anyState, factStreams(50, [s]), (name, facts) => {
        const begun = states[name];
        let at = begun;
        for (const fact of from(begun, facts)) {
          const { pin, paused } = at.snapshot.context.memory;
          const [next, orders] = decide(at, fact);
          at = next;
          const { paths, memory } = at.snapshot.context;
          // A timer that was due with this fact fired before the operator's wish was heard.
          for (const order of ofType(orders, 'SET_ROUTE')) {
            ordered += 1;
            assert.equal(paths.find((v) => v.id === order.path)?.verdict, 'up');
            assert.ok(!paused || !memory.paused);
            const pinned = pin !== null && pin === memory.pin && order.kind !== 'repair';
            if (pinned) assert.equal(order.path, pin.path);
          }
        }
      }),
      { numRuns: 120 },
    );
    assert.ok(ordered > 30, `only ${ordered} orders were seen`);
  });

  it('in shadow no order touches the world', () => {
    fc.assert(
      fc.property(factStreams(50, reloads), (facts) => {
        const { orders } = drive(shadow.state(), from(shadow.state(), facts));
        assert.deepEqual(
          orders.filter((o) => forbidden.includes(o.type)),
          [],
        );
      }),
      { numRuns: 80 },
    );
  });

  it('is deterministic: the same stream twice gives the same orders', () => {
    fc.assert(
      fc.property(anyState, factStreams(50, reloads), (name, facts) => {
        const begun = states[name];
        const again = drive(begun, from(begun, facts));
        assert.deepEqual(drive(begun, from(begun, facts)).orders, again.orders);
      }),
      { numRuns: 60 },
    );
  });

  it('a wake-up that was promised is in the future, so that no clock can spin', () => {
    fc.assert(
      fc.property(anyState, factStreams(40, reloads), (name, facts) => {
        const begun = states[name];
        const { state } = drive(begun, from(begun, facts));
        const { nowMs } = state.snapshot.context;
        let [at] = decide(state, { type: 'TICK', atMs: nowMs });
        for (let i = 0; i < 3; i += 1) [at] = decide(at, { type: 'TICK', atMs: nowMs });
        assert.ok(at.wakeAtMs > nowMs, `${at.wakeAtMs} is not after ${nowMs}`);
      }),
      { numRuns: 80 },
    );
  });

  it('a state that went through JSON decides like the one that did not', () => {
    fc.assert(
      fc.property(anyState, factStreams(40, reloads), factStreams(40, reloads), (name, a, b) => {
        const begun = states[name];
        const { state } = drive(begun, from(begun, a));
        const restored = fromPlain(JSON.parse(JSON.stringify(toPlain(state))) as PlainState);
        const one = drive(state, from(state, b));
        const two = drive(restored, from(restored, b));
        assert.deepEqual(two.orders, one.orders);
        assert.deepEqual(toPlain(two.state), toPlain(one.state));
      }),
      { numRuns: 60 },
    );
  });

  it('the target is always one that the table was seen to lead to', () => {
    fc.assert(
      fc.property(anyState, factStreams(50, [s]), (name, facts) => {
        const begun = states[name];
        const led = new Set([null, begun.snapshot.context.target]);
        let at = begun;
        for (const fact of from(begun, facts)) {
          if (fact.type === 'ROUTE_READ') {
            for (const e of fact.entries)
              led.add(s.paths.find((p) => p.ip === e.gateway)?.id ?? null);
          }
          at = decide(at, fact)[0];
          assert.ok(led.has(at.snapshot.context.target), 'law S8: an order is not a fact');
        }
        assert.notEqual(B, HOME);
      }),
      { numRuns: 80 },
    );
  });
});
