/**
 * Two ways to run the chart, each event through both from the same moment: they must give the same
 * microsteps, or the event ends in a throw, which an exploration reports as a breach.
 */

import { type Chart, interpreted, type Microstep, type Moment } from '../../machines/chart.ts';
import { compiled } from '../../machines/compiled.ts';

const textOf = ({ value, context }: Moment): string => JSON.stringify({ value, context });

/** Microsteps as text, without those that did nothing: a way may leave them out. */
function effective(from: Moment, steps: readonly Microstep[]): string[] {
  let before = textOf(from);
  return steps.flatMap(({ at, effects }) => {
    const is = textOf(at);
    const isIdle = is === before && effects.length === 0;
    before = is;
    return isIdle ? [] : [`${is} ${JSON.stringify(effects)}`];
  });
}

function same(what: string, a: readonly string[], b: readonly string[]): void {
  const i = Array.from({ length: Math.max(a.length, b.length) }).findIndex((_, n) => a[n] !== b[n]);
  if (i < 0) return;
  throw new Error(`${what}: microstep ${i + 1} differs: ${a[i] ?? 'none'}, not ${b[i] ?? 'none'}`);
}

/** Answers as `chart` does, after `model` has answered the same. Throws where they differ. */
export function inLockstep(chart: Chart, model: Chart): Chart {
  return {
    start(input) {
      const first = chart.start(input);
      const asked = model.start(input);
      const begun = ({ at, effects }: Microstep): string[] => [textOf(at), JSON.stringify(effects)];
      same('start', begun(first), begun(asked));
      return first;
    },
    send(at, event) {
      const plain = { value: at.value, context: at.context };
      const steps = chart.send(plain, event);
      same(event.type, effective(plain, steps), effective(plain, model.send(plain, event)));
      return steps;
    },
  };
}

/** The chart as it is compiled, held against XState. */
export const compiledAsWritten: Chart = inLockstep(compiled, interpreted);
