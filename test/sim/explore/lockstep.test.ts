/**
 * The compiled chart is the chart, from every state of an exploration: each is left once by XState
 * as well, here those that come first in three scopes. `reroute simulate --explore --lockstep` does so for all.
 */

import assert from 'node:assert/strict';
import { type Chart, interpreted } from '../../../src/machines/chart.ts';
import { compiled } from '../../../src/machines/compiled.ts';
import { explore } from '../../../src/sim/explore/explore.ts';
import { inLockstep } from '../../../src/sim/explore/lockstep.ts';
import { scopesOf } from '../../../src/sim/explore/scope.ts';

describe('explore: in lockstep', function () {
  // A bound for a busy machine.
  this.timeout(300_000);

  for (const name of ['clock', 'table', 'contested']) {
    it(`compiled and written are the same chart from every state of ${name}`, () => {
      let compared = 0;
      const model: Chart = {
        start: (input) => interpreted.start(input),
        send(at, event) {
          compared += 1;
          return interpreted.send(at, event);
        },
      };
      const scope = scopesOf(2).find((s) => s.name === name);
      assert.ok(scope);
      const { breaches, explored } = explore(scope, {
        lockstep: inLockstep(compiled, model),
        maxStates: 20_000,
      });
      assert.deepEqual(breaches, []);
      assert.ok(explored > 700 && compared > explored, `${compared} events, ${explored} states`);
    });
  }

  it('a chart that forgets one order in one state is found, with the way to it', () => {
    const forgetful: Chart = {
      start: (input) => compiled.start(input),
      send(at, event) {
        return compiled.send(at, event).map((step) => ({
          ...step,
          effects: step.effects.filter(
            (e) => e.type !== 'order' || e.order.type !== 'BREAK_CONNECTIONS',
          ),
        }));
      },
    };
    const scope = scopesOf(2).find((s) => s.name === 'contested');
    assert.ok(scope);
    const { breaches } = explore(scope, { lockstep: inLockstep(forgetful, interpreted) });
    assert.equal(breaches[0]?.law, 'compiled as written');
    assert.match(breaches[0]?.says ?? '', /ROUTE_READ: microstep \d+ differs/);
  });
});
