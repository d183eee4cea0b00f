/**
 * A check of the chart at start. XState fires a delay whose name is missing at once, skips a
 * missing action in silence and dies at a missing guard only when it is first asked; here all
 * three end the process before it owns anything, with the route left in place.
 */

import type { controller } from './controller.ts';

interface Node {
  readonly id: string;
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Transition[]>;
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
}

interface Transition {
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly delay?: unknown;
}

interface Known {
  readonly guards: object;
  readonly actions: object;
  readonly delays: object;
}

const nameOf = (x: unknown): string =>
  typeof x === 'string' ? x : ((x as { type?: string } | null)?.type ?? '(inline function)');

/** Every name that the chart uses and its vocabulary does not have; empty when all is well. */
export function unknownNames(machine: typeof controller): string[] {
  return below(machine.root as unknown as Node, machine.implementations);
}

function below(node: Node, known: Known): string[] {
  const transitions = [...node.transitions.values()].flat();
  const actions = [...node.entry, ...node.exit, ...transitions.flatMap((t) => t.actions)];
  const guards = transitions.map((t) => t.guard).filter((g) => g !== undefined);
  const delays = transitions.map((t) => t.delay).filter((d) => d !== undefined);
  return [
    ...missing(
      node,
      'action',
      actions.filter((a) => !isBuiltIn(a)),
      known.actions,
    ),
    ...missing(node, 'guard', guards, known.guards),
    ...missing(node, 'delay', delays, known.delays),
    ...Object.values(node.states).flatMap((child) => below(child, known)),
  ];
}

/** `after` puts its own raise and cancel into entry and exit. */
function isBuiltIn(action: unknown): boolean {
  return nameOf(action).startsWith('xstate.');
}

function missing(node: Node, kind: string, used: readonly unknown[], known: object): string[] {
  return used
    .map(nameOf)
    .filter((name) => !(name in known))
    .map((name) => `${node.id}: ${kind} ${name} is not in the vocabulary`);
}
