/**
 * The compiled chart is the chart: both run in lockstep over random streams from many states, and
 * every microstep's state, context and effects are compared. What cannot be compiled is refused.
 */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assign, cancel, createMachine, emit, fromPromise, raise, setup } from 'xstate';
import {
  type Chart,
  effectsOf,
  interpreted,
  type Microstep,
  type Moment,
} from '../../src/machines/chart.ts';
import { compiled, createChart } from '../../src/machines/compiled.ts';
import { createEngine, type State } from '../../src/machines/decide.ts';
import { fastEngine } from '../../src/machines/fast.ts';
import { createHost, HOME, HOME_M, memory, sec, settings, T0 } from './fixture.ts';
import { lockstep } from './lockstep.ts';
import { factStreams } from './streams.ts';

const s = settings();
const reloads = [
  s,
  settings({ timers: { backToNormalMs: 0, warmUpMs: 0, dwellMs: 0, returnGuardMs: 0 } }),
  settings({ paths: s.paths.slice(0, 4) }),
];

describe('compiled', function () {
  // A bound for a busy machine; each takes a few seconds on a quiet one.
  this.timeout(60_000);

  it('takes the microsteps that XState takes, over random streams from the start', () => {
    const { chart, counts } = lockstep();
    const engine = createEngine(chart);
    fc.assert(
      fc.property(factStreams(80, reloads), fc.boolean(), (facts, shadow) => {
        const fact = { type: 'STARTED', atMs: T0, memory: null, shadow } as const;
        let [state] = engine.start(s, fact);
        for (const f of facts) [state] = engine.decide(state, f);
      }),
      { numRuns: 150 },
    );
    assert.ok(counts.microsteps > 2000 && counts.values.size > 15, JSON.stringify(counts));
  });

  it('takes them from Rerouted, BackToNormal, a pin and an unconfirmed switch as well', () => {
    const { chart, counts } = lockstep();
    const engine = createEngine(chart);
    const begun: State[] = ['pin', 'hold', 'unconfirmed', 'away'].map((what) => {
      const h = createHost();
      h.pass(sec(5));
      if (what === 'unconfirmed') h.world.route = 'refused';
      h.world.dead.add(HOME).add(HOME_M);
      h.pass(sec(2));
      if (what === 'hold') h.world.dead.clear();
      h.pass(sec(20));
      if (what === 'pin') {
        h.tell({ type: 'PIN_ASKED', path: 'scvm2/data', untilMs: null, failsafe: true });
      }
      return h.state();
    });
    fc.assert(
      fc.property(fc.constantFrom(...begun), factStreams(40, reloads), (from, facts) => {
        const shift = from.snapshot.context.nowMs - T0;
        let state = from;
        for (const f of facts) [state] = engine.decide(state, { ...f, atMs: f.atMs + shift });
      }),
      { numRuns: 120 },
    );
    assert.ok(counts.microsteps > 1000 && counts.values.size > 25, JSON.stringify(counts));
  });

  it('gives the same orders and wake-ups as the interpreted chart when each runs by itself', () => {
    const plain = createEngine(interpreted);
    fc.assert(
      fc.property(factStreams(60, reloads), (facts) => {
        const fact = { type: 'STARTED', atMs: T0, memory: memory(), shadow: false } as const;
        let [a, b] = [plain.start(s, fact), fastEngine.start(s, fact)];
        for (const f of facts) {
          a = plain.decide(a[0], f);
          b = fastEngine.decide(b[0], f);
          assert.deepEqual(b[1], a[1]);
          assert.equal(b[0].wakeAtMs, a[0].wakeAtMs);
        }
        assert.deepEqual(b[0].timers, a[0].timers);
      }),
      { numRuns: 60 },
    );
  });

  it('a difference is found: the lockstep sees a chart with one action less', () => {
    const forgetful: Chart = {
      start: compiled.start,
      send: (at, event) =>
        compiled.send(at, event).map((step): Microstep => ({ ...step, effects: [] })),
    };
    const { chart } = lockstep(forgetful);
    const engine = createEngine(chart);
    const [state] = engine.start(s, { type: 'STARTED', atMs: T0, memory: null, shadow: false });
    assert.throws(
      () => engine.decide(state, { type: 'TICK', atMs: T0 + sec(10) }),
      /effects|equal/,
    );
  });

  it('a state that the chart does not have is refused', () => {
    const at: Moment = { value: { access: 'Confused' }, context: {} as Moment['context'] };
    assert.throws(() => compiled.send(at, { type: 'START' }), /no state .*Confused/);
  });
});

describe('compiled: small charts', () => {
  const chartOf = (states: object): Chart => {
    const first = setup({ actions: { leave: emit(() => ({ type: 'left' })) } });
    const config = { type: 'parallel', context: () => ({}), states: { r: states } };
    return createChart(first.createMachine(config as never));
  };
  const input = {} as Parameters<Chart['start']>[0];
  const send = (chart: Chart, type: string): readonly Microstep[] =>
    chart.send(chart.start(input).at, { type } as never);

  it('a chart that does nothing when it is entered begins without effects', () => {
    const chart = chartOf({ initial: 'A', states: { A: {}, B: {} } });
    assert.deepEqual(chart.start(input).effects, []);
    assert.deepEqual(chart.start(input).at.value, { r: 'A' });
  });

  it('an event that is heard and for which nothing is done leads nowhere', () => {
    const chart = chartOf({
      initial: 'A',
      on: { E: '.B' },
      states: { A: { on: { E: {} } }, B: {} },
    });
    assert.deepEqual(send(chart, 'E'), []);
    assert.deepEqual(send(chart, 'F'), []);
  });

  it('a state that is its own target is neither left nor entered, unless it says so', () => {
    const own = (more: object): object => ({
      initial: 'A',
      states: { A: { exit: 'leave', on: { E: { target: 'A', ...more } } } },
    });
    assert.deepEqual(send(chartOf(own({})), 'E'), []);
    const [again] = send(chartOf(own({ reenter: true })), 'E');
    assert.deepEqual(again?.effects, [{ type: 'order', order: { type: 'left' } }]);
  });

  it('a region that is its own target begins anew', () => {
    const chart = chartOf({
      id: 'r',
      initial: 'A',
      on: { BACK: '#r' },
      states: { A: { on: { E: 'B' } }, B: { exit: 'leave' } },
    });
    const [there] = send(chart, 'E');
    const [back] = chart.send(there?.at as Moment, { type: 'BACK' } as never);
    assert.deepEqual([there?.at.value, back?.at.value], [{ r: 'B' }, { r: 'A' }]);
    assert.equal(back?.effects.length, 1);
  });
});

describe('interpreted', () => {
  it('goes on from a moment of plain data as from one of its own', () => {
    const h = createHost();
    h.pass(sec(5));
    const { snapshot } = h.state();
    const { value, context } = snapshot;
    const ends = [snapshot, { value, context }].map((from) => {
      const at = interpreted.send(from, { type: 'PAUSE_ASKED', atMs: h.nowMs() }).at(-1)?.at;
      return [at?.value, at?.context];
    });
    assert.deepEqual(ends[1], ends[0]);
    assert.match(JSON.stringify(ends[0]), /Paused/);
  });

  it('an action of a kind that the chart does not have is an error', () => {
    const odd = [{ type: 'fetch', params: {} }] as unknown as Parameters<typeof effectsOf>[0];
    assert.throws(() => effectsOf(odd), /unknown kind: fetch/);
  });
});

describe('compiled: only what it can run faithfully', () => {
  const region = { initial: 'A', states: { A: {}, B: {} } };
  const base = { type: 'parallel', context: () => ({}) } as const;
  const bad: Record<string, [object, RegExp]> = {
    'a chart that is not parallel': [region, /not parallel/],
    'a context that is no function': [
      { type: 'parallel', context: {}, states: { r: region } },
      /context/,
    ],
    'actions of the root': [{ ...base, entry: 'x', states: { r: region } }, /actions of its own/],
    'events of the root': [{ ...base, on: { E: '.r.B' }, states: { r: region } }, /not parallel/],
    'an eventless transition': [
      { ...base, states: { r: { initial: 'A', states: { A: { always: 'B' }, B: {} } } } },
      /r\.A has eventless/,
    ],
    'an invoked actor': [
      {
        ...base,
        states: {
          r: { initial: 'A', states: { A: { invoke: { src: fromPromise(async () => 1) } } } },
        },
      },
      /r\.A invokes/,
    ],
    'a history state': [
      { ...base, states: { r: { initial: 'A', states: { A: {}, H: { type: 'history' } } } } },
      /r\.H is of type history/,
    ],
    'a parallel state inside': [
      { ...base, states: { r: { type: 'parallel', states: { x: region, y: region } } } },
      /r is of type parallel/,
    ],
    'a wildcard': [
      { ...base, states: { r: { initial: 'A', states: { A: { on: { '*': 'B' } }, B: {} } } } },
      /listens to \*/,
    ],
    'an inline guard': [on({ E: { guard: () => true, target: 'B' } }), /E: guard/],
    'a guard without a name in the vocabulary': [
      on({ E: { guard: 'unheard', target: 'B' } }),
      /names unheard/,
    ],
    'an action without a name in the vocabulary': [
      on({ E: { actions: 'unheard', target: 'B' } }),
      /has action unheard/,
    ],
    'an inline action': [on({ E: { actions: () => undefined } }), /has action/],
    'two targets': [on({ E: { target: ['B', 'A'] } }), /several targets/],
    'a missing delay': [
      { ...base, states: { r: { initial: 'A', states: { A: { after: { never: 'B' } }, B: {} } } } },
      /names never/,
    ],
    'a transition to another region': [
      {
        ...base,
        id: 'm',
        states: { r: { initial: 'A', states: { A: { on: { E: '#m.q.B' } } } }, q: region },
      },
      /leaves region/,
    ],
    'a transition from within to its region': [
      {
        ...base,
        id: 'm',
        states: { r: { initial: 'A', states: { A: { on: { E: '#m.r' } } } } },
      },
      /leaves region/,
    ],
    'a region that enters itself again': [
      { ...base, states: { r: { ...region, on: { E: { target: '.B', reenter: true } } } } },
      /enters its region again/,
    ],
    'an initial action': [
      { ...base, states: { r: { initial: { target: 'A', actions: 'x' }, states: { A: {} } } } },
      /initial actions/,
    ],
  };

  function on(events: object): object {
    return { ...base, states: { r: { initial: 'A', states: { A: { on: events }, B: {} } } } };
  }

  for (const [what, [config, why]] of Object.entries(bad)) {
    it(`${what} is refused, with its place`, () => {
      assert.throws(() => createChart(createMachine(config as never)), why);
    });
  }

  it('assignments by key, events made by functions and plain emits are refused', () => {
    const machineWith = (action: never): object =>
      setup({ actions: { x: action } }).createMachine(on({ E: { actions: 'x' } }) as never);
    for (const action of [
      assign({ a: 1 }),
      raise(() => ({ type: 'E' }) as never),
      emit({ type: 'x' }),
    ]) {
      assert.throws(() => createChart(machineWith(action as never)), /something else|makes/);
    }
    assert.doesNotThrow(() => createChart(machineWith(cancel('t') as never)));
  });
});
