/** The check at start finds every name that XState itself would let pass in silence. */

import assert from 'node:assert/strict';
import { createMachine } from 'xstate';
import { unknownNames } from '../../src/machines/check-chart.ts';
import { controller } from '../../src/machines/controller.ts';

/** A chart of its own, with the controller's vocabulary or a part of it. */
function planted(config: object, known: object = {}): string[] {
  const blank = { guards: {}, actions: {}, delays: {} };
  const machine = createMachine({ id: 'm', ...config } as never, { ...blank, ...known } as never);
  return unknownNames(machine as unknown as typeof controller);
}

describe('check-chart', () => {
  it('the controller uses no name that its vocabulary does not have', () => {
    assert.deepEqual(unknownNames(controller), []);
  });

  it('finds a misspelt guard, wherever it hides', () => {
    const config = {
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { on: { E: { guard: 'isHmoe' } } } } } },
    };
    assert.deepEqual(planted(config), ['m.a.b: guard isHmoe is not in the vocabulary']);
    assert.deepEqual(planted({ on: { E: { guard: { type: 'isHmoe' } } } }), [
      'm: guard isHmoe is not in the vocabulary',
    ]);
  });

  it('finds a misspelt action on entry, on exit and on a transition', () => {
    const config = { entry: 'inn', exit: ['out'], on: { E: { actions: ['jduge', 'known'] } } };
    assert.deepEqual(planted(config, { actions: { known: () => undefined } }), [
      'm: action inn is not in the vocabulary',
      'm: action out is not in the vocabulary',
      'm: action jduge is not in the vocabulary',
    ]);
  });

  it('finds a misspelt delay, which XState would let fire at once', () => {
    const config = { initial: 'a', states: { a: { after: { holdLfet: 'b' } }, b: {} } };
    assert.deepEqual(planted(config), ['m.a: delay holdLfet is not in the vocabulary']);
    assert.deepEqual(planted(config, { delays: { holdLfet: 5 } }), []);
  });

  it('refuses inline functions and numbers: they have no name to draw or to explain', () => {
    const inline = { on: { E: { guard: () => true, actions: () => undefined } } };
    assert.deepEqual(planted(inline), [
      'm: action (inline function) is not in the vocabulary',
      'm: guard (inline function) is not in the vocabulary',
    ]);
    const timed = { initial: 'a', states: { a: { after: { 500: 'b' } }, b: {} } };
    assert.deepEqual(planted(timed), ['m.a: delay (inline function) is not in the vocabulary']);
  });
});
