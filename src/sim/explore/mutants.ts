/**
 * Planted bugs: the chart with one guard answered the other way round, one gate of a move turned or
 * forgotten, one action or one transition left out. An exploration whose laws do not notice a bug
 * would not notice it in the chart either.
 */

import type { Context } from '../../machines/context.ts';
import { controller } from '../../machines/controller.ts';
import type { Gates } from '../../machines/gate.ts';
import { failover, homecoming, pinning, preference, repair } from '../../machines/gates.ts';
import { vocabulary } from '../../machines/setup.ts';
import { describe, type Marked, markedChart } from './marks.ts';

export type MutantKind = 'guard' | 'gate' | 'action' | 'transition';

export interface Mutant {
  readonly kind: MutantKind;
  /** `guard homeServes negated`. */
  readonly name: string;
  make(): Marked;
}

interface Args {
  readonly context: Context;
}
type Guard = (args: Args) => boolean;

interface Machine {
  provide(part: object): object;
}

const provided = (part: object): Marked => {
  const marked = markedChart();
  return { ...marked, machine: (marked.machine as Machine).provide(part) };
};

const { guards, actions } = controller.implementations as unknown as {
  guards: Readonly<Record<string, Guard>>;
  actions: Readonly<Record<string, unknown>>;
};

/** Names that the chart uses; one that nobody uses cannot be wrong. */
function used(): { guards: Set<string>; actions: Set<string> } {
  const { marks, entries } = markedChart();
  return {
    guards: new Set(marks.flatMap((m) => (m.guard === null ? [] : [m.guard]))),
    actions: new Set([...marks.flatMap((m) => m.actions), ...entries]),
  };
}

export function guardMutants(): Mutant[] {
  const names = used().guards;
  return Object.entries(guards)
    .filter(([name]) => names.has(name))
    .map(([name, ask]) => ({
      kind: 'guard',
      name: `guard ${name} negated`,
      make: () => provided({ guards: { [name]: (args: Args) => !ask(args) } }),
    }));
}

const moves: Readonly<Record<string, Gates>> = {
  mayFailOver: failover,
  mayReturn: homecoming,
  mayPrefer: preference,
  mayRepair: repair,
  mayPin: pinning,
};

/** Anything with gates: their names do not depend on what it is asked about. */
function gateNames(gates: Gates, c: Context): string[] {
  return gates.all(c).map((g) => g.name);
}

/** `sample`: any context of a running chart. */
export function gateMutants(sample: Context): Mutant[] {
  return Object.entries(moves).flatMap(([guard, gates]) =>
    gateNames(gates, sample).flatMap((name, at): Mutant[] => {
      const with_ = (turn: (isOpen: boolean) => boolean): Marked =>
        provided({
          guards: {
            [guard]: ({ context }: Args) =>
              gates.all(context).every((g, i) => (i === at ? turn(g.open) : g.open)),
          },
        });
      return [
        { kind: 'gate', name: `gate ${name} of ${guard} negated`, make: () => with_((o) => !o) },
        { kind: 'gate', name: `gate ${name} of ${guard} forgotten`, make: () => with_(() => true) },
      ];
    }),
  );
}

/** Leaves the context as it is and gives no order. */
const nothing: unknown = vocabulary.assign((() => ({})) as never);

export function actionMutants(): Mutant[] {
  const names = used().actions;
  return Object.keys(actions)
    .filter((name) => names.has(name))
    .map((name) => ({
      kind: 'action',
      name: `action ${name} left out`,
      make: () => provided({ actions: { [name]: nothing } }),
    }));
}

export function transitionMutants(): Mutant[] {
  return markedChart().marks.map((gone) => ({
    kind: 'transition',
    name: `transition ${describe(gone)} left out`,
    make: () => markedChart((mark, given) => (mark.id === gone.id ? null : given)),
  }));
}
