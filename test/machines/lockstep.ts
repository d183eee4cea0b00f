/**
 * Two ways to run the chart as one: each event goes through both from the same moment, and every
 * microstep that did anything is compared. Answers are the interpreted ones.
 */

import assert from 'node:assert/strict';
import { type Chart, interpreted, type Microstep, type Moment } from '../../src/machines/chart.ts';
import { compiled } from '../../src/machines/compiled.ts';

export interface Lockstep {
  readonly chart: Chart;
  readonly counts: { events: number; microsteps: number; values: Set<string> };
}

export function lockstep(other: Chart = compiled): Lockstep {
  const counts = { events: 0, microsteps: 0, values: new Set<string>() };

  /** Microsteps that changed nothing may be missing. */
  function effective(from: Moment, steps: readonly Microstep[]): object[] {
    let before = from;
    return steps.flatMap(({ at, effects }) => {
      const same = at.value === before.value && at.context === before.context;
      const idle = same || (shown(at) === shown(before) && at.context === before.context);
      before = at;
      return idle && effects.length === 0
        ? []
        : [{ value: at.value, context: at.context, effects }];
    });
  }

  const chart: Chart = {
    start(input) {
      const mine = interpreted.start(input);
      const { at, effects } = other.start(input);
      assert.deepEqual(
        { value: at.value, context: at.context, effects },
        { value: mine.at.value, context: mine.at.context, effects: mine.effects },
      );
      return mine;
    },
    send(at, event) {
      const mine = interpreted.send(at, event);
      const theirs = other.send({ value: at.value, context: at.context }, event);
      const [a, b] = [effective(at, mine), effective(at, theirs)];
      assert.deepEqual(b, a, `after ${event.type} in ${shown(at)}`);
      counts.events += 1;
      counts.microsteps += a.length;
      counts.values.add(shown(mine.at(-1)?.at ?? at));
      return mine;
    },
  };
  return { chart, counts };
}

const shown = (at: Moment): string => JSON.stringify(at.value);
