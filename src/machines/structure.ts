/**
 * The shape of an XState machine as far as it is read here, and the rules for a chart that can be
 * compiled (`compile.ts`): regions side by side, none of which is ever left; names instead of inline
 * functions; no eventless transitions, no actors, no history, no wildcards. A chart that breaks a
 * rule is refused with the place, because it would be run wrongly otherwise.
 */

/** A state. `order` is its place in the document; entry and exit hold what `after` adds as well. */
export interface Node {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly order: number;
  readonly parent?: Node;
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Transition[]>;
  readonly entry: readonly Action[];
  readonly exit: readonly Action[];
  readonly always?: readonly unknown[];
  readonly invoke: readonly unknown[];
  readonly initial?: { readonly target: readonly Node[]; readonly actions: readonly unknown[] };
}

export interface Transition {
  readonly source: Node;
  readonly target?: readonly Node[];
  readonly reenter: boolean;
  readonly guard?: unknown;
  readonly actions: readonly Action[];
}

/** By name, or one of XState's own as `after` makes them. */
export type Action = string | { readonly type: string } | BuiltIn;

/** XState's own actions: what their makers (`assign`, `emit`, `raise`, `cancel`) keep. */
export interface BuiltIn {
  readonly type: string;
  readonly assignment?: unknown;
  readonly event?: unknown;
  readonly id?: string;
  readonly sendId?: string;
  readonly delay?: unknown;
}

export interface Implementations {
  readonly guards: Readonly<Record<string, unknown>>;
  readonly actions: Readonly<Record<string, unknown>>;
  readonly delays: Readonly<Record<string, unknown>>;
}

export function refuse(node: Node, why: string): never {
  throw new Error(`the chart cannot be compiled: ${node.id} ${why}`);
}

export const childrenOf = (node: Node): Node[] => Object.values(node.states);

export const isBelow = (node: Node, above: Node): boolean =>
  node.parent === above || (node.parent !== undefined && isBelow(node.parent, above));

/** The node and its ancestors, innermost first, up to and with `top`. */
export function lineage(node: Node, top: Node): Node[] {
  return node === top || !node.parent ? [node] : [node, ...lineage(node.parent, top)];
}

/** States without states of their own, in document order. */
export function leavesOf(node: Node): Node[] {
  const children = childrenOf(node);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
}

/** Throws on what could not be compiled faithfully. */
export function checkRegion(region: Node): void {
  for (const node of [region, ...childrenOf(region).flatMap((n) => lineageDown(n))]) {
    if (node.type !== 'compound' && node.type !== 'atomic') refuse(node, `is of type ${node.type}`);
    if (node.always && node.always.length > 0) refuse(node, 'has eventless transitions');
    if (node.invoke.length > 0) refuse(node, 'invokes an actor');
    if (node.initial && node.initial.actions.length > 0) refuse(node, 'has initial actions');
    for (const [event, transitions] of node.transitions) {
      if (event.includes('*')) refuse(node, `listens to ${event}`);
      for (const t of transitions) checkTransition(t, region, event);
    }
  }
}

function checkTransition(t: Transition, region: Node, event: string): void {
  if (t.guard !== undefined && typeof t.guard !== 'string') refuse(t.source, `${event}: guard`);
  const targets = t.target ?? [];
  if (targets.length > 1) refuse(t.source, `${event}: several targets`);
  // From within, the region itself is a target that it is left for.
  const isOutside = (n: Node): boolean =>
    n === region ? t.source !== region : !isBelow(n, region);
  if (targets.some(isOutside)) refuse(t.source, `${event}: leaves region`);
  if (t.reenter && t.source === region && targets.length > 0) {
    refuse(t.source, `${event}: enters its region again`);
  }
}

function lineageDown(node: Node): Node[] {
  return [node, ...childrenOf(node).flatMap(lineageDown)];
}
