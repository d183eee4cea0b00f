/**
 * Planted bugs: the chart with one guard answered the other way round, one gate of a move turned or
 * forgotten, one action or one transition left out. Laws that do not notice a planted bug would not
 * notice it in the chart either; a bug that nobody can notice is no bug, and is listed as such.
 */

import type { Context } from '../../machines/context.ts';
import { controller } from '../../machines/controller.ts';
import { type Gates, isOpen } from '../../machines/gate.ts';
import { failover, homecoming, pinning, preference, repair } from '../../machines/gates.ts';
import { vocabulary } from '../../machines/setup.ts';
import { explore } from './explore.ts';
import { describe, type Marked, markedChart } from './marks.ts';
import type { Scope } from './scope.ts';

export type MutantKind = 'guard' | 'gate' | 'action' | 'transition';

export interface Mutant {
  readonly kind: MutantKind;
  /** Of which guard, action, or of the guard of which move. */
  readonly subject: string;
  /** `negated`, `left out`, `gate dwell forgotten`. */
  readonly how: string;
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

/** Guards and actions that the chart uses; one that nobody uses cannot be wrong. */
function used(): { guards: Set<string>; actions: Set<string> } {
  const { marks, entries } = markedChart();
  return {
    guards: new Set(marks.flatMap((m) => (m.guard === null ? [] : [m.guard]))),
    actions: new Set([...marks.flatMap((m) => m.actions), ...entries]),
  };
}

function guardMutants(): Mutant[] {
  return [...used().guards].map((subject) => ({
    kind: 'guard',
    subject,
    how: 'negated',
    make: () => {
      const ask = guards[subject] as Guard;
      return provided({ guards: { [subject]: (args: Args) => !ask(args) } });
    },
  }));
}

const moves: Readonly<Record<string, Gates>> = {
  mayFailOver: failover,
  mayReturn: homecoming,
  mayPrefer: preference,
  mayRepair: repair,
  mayPin: pinning,
};

function gateMutants(): Mutant[] {
  return Object.entries(moves).flatMap(([subject, { rules }]) =>
    rules.flatMap(({ name }, at): Mutant[] => {
      const turned = (turn: (isOpen: boolean) => boolean) => (): Marked => {
        const ask = ({ context }: Args): boolean =>
          rules.every((rule, i) =>
            i === at ? turn(isOpen(rule, context)) : isOpen(rule, context),
          );
        return provided({ guards: { [subject]: ask } });
      };
      return [
        { kind: 'gate', subject, how: `gate ${name} negated`, make: turned((open) => !open) },
        { kind: 'gate', subject, how: `gate ${name} forgotten`, make: turned(() => true) },
      ];
    }),
  );
}

/** Leaves the context as it is and gives no order. */
const nothing: unknown = vocabulary.assign(() => ({}));

function actionMutants(): Mutant[] {
  const names = used().actions;
  return Object.keys(actions)
    .filter((name) => names.has(name))
    .map((subject) => ({
      kind: 'action',
      subject,
      how: 'left out',
      make: () => provided({ actions: { [subject]: nothing } }),
    }));
}

function transitionMutants(): Mutant[] {
  return markedChart().marks.map((gone) => ({
    kind: 'transition',
    subject: describe(gone),
    how: 'left out',
    make: () => markedChart((mark, given) => (mark.id === gone.id ? null : given)),
  }));
}

export const MUTANT_KINDS: readonly MutantKind[] = ['guard', 'gate', 'action', 'transition'];

/** Every planted bug of a kind. */
export function mutantsOf(kind: MutantKind): Mutant[] {
  if (kind === 'guard') return guardMutants();
  if (kind === 'gate') return gateMutants();
  return kind === 'action' ? actionMutants() : transitionMutants();
}

export interface Caught {
  readonly scope: string;
  readonly law: string;
  readonly says: string;
  /** States that were known by then. */
  readonly states: number;
}

/** Look a little into every scope before looking into any to its end. */
const FIRST_LOOK = 1500;

/** What notices the planted bug first; null: no law does. */
export function catchMutant(mutant: Mutant, scopes: readonly Scope[]): Caught | null {
  const marked = mutant.make();
  for (const maxStates of [FIRST_LOOK, Number.POSITIVE_INFINITY]) {
    for (const scope of scopes) {
      const { breaches, states } = explore(scope, { marked, firstOnly: true, maxStates });
      const [first] = breaches;
      if (first) return { scope: scope.name, law: first.law, says: first.says, states };
    }
  }
  return null;
}
