/**
 * The chart as plain data: what every picture and text form is made from. Not a picture and not a
 * machine: it holds names, purposes and numbers only, so two versions of it can be compared and
 * one can be kept as JSON. Terms are those of W3C SCXML; guards are asked in document order.
 */

/** What an action does. `change` alters the context, `order` goes to io, `raise` to the chart. */
export interface Action {
  readonly name: string;
  readonly kind: 'change' | 'order' | 'raise';
  /** Type of the order given or of the event raised; empty for a change. */
  readonly gives: string;
}

/** How a state or transition differs from another version of the chart. */
export type Mark = 'added' | 'removed' | 'changed';

export interface State {
  /** Dotted path below the machine, e.g. `access.Degraded.Doubting`. Unique. */
  readonly id: string;
  readonly name: string;
  /** Its purpose in one line. */
  readonly description: string;
  /** Id of the state around it; null for a region. */
  readonly parent: string | null;
  /** Id of the child that is entered first; null for a state without children. */
  readonly initial: string | null;
  readonly entry: readonly Action[];
  readonly exit: readonly Action[];
  readonly mark?: Mark | undefined;
}

/** An event of a transition, and when it is asked among those of the same state and event. */
export interface Trigger {
  readonly event: string;
  /** 1 for the first; the first transition whose guard holds is taken. */
  readonly turn: number;
  /** How many there are. */
  readonly of: number;
}

export interface Delay {
  readonly name: string;
  /** Under the settings the graph was made with, at the first entry, ms. */
  readonly ms: number;
  /** How it comes about, in the configuration's words. */
  readonly formula: string;
}

/** Transitions that differ only by their event are one. */
export interface Transition {
  readonly source: string;
  /** Empty for a delayed one. */
  readonly triggers: readonly Trigger[];
  /** Null unless delayed; then its turn is that of `delayTurn`. */
  readonly delay: Delay | null;
  readonly delayTurn: Trigger | null;
  /** Null: always. */
  readonly guard: string | null;
  readonly actions: readonly Action[];
  /** Null: internal, the state stays. */
  readonly target: string | null;
  /** True when the source is left and entered again. */
  readonly reenter: boolean;
  readonly mark?: Mark | undefined;
}

export interface Graph {
  readonly format: 'reroute-chart';
  readonly version: 1;
  readonly machine: string;
  readonly description: string;
  /** Parents before their children, in document order. */
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
}

export const regionOf = (id: string): string => id.split('.')[0] ?? id;

export const childrenOf = (graph: Graph, parent: string | null): State[] =>
  graph.states.filter((s) => s.parent === parent);

/** True when `inner` is `outer` or lies in it. */
export const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`);

/** The graph of one region alone. Undefined if there is none of that name. */
export function onlyRegion(graph: Graph, region: string): Graph | undefined {
  const states = graph.states.filter((s) => regionOf(s.id) === region);
  if (states.length === 0) return undefined;
  const transitions = graph.transitions.filter((t) => regionOf(t.source) === region);
  return { ...graph, states, transitions };
}

/** Everything about a transition but its events and their turns. */
export function sameButEvent(t: Transition): string {
  const { triggers: _, ...rest } = t;
  return JSON.stringify(rest);
}

/** Joins the transitions that differ only by their event, at the place of the first of them. */
export function merged(transitions: readonly Transition[]): Transition[] {
  const joined = new Map<string, Transition>();
  for (const t of transitions) {
    const key = sameButEvent(t);
    const first = joined.get(key);
    const one = first && { ...first, triggers: [...first.triggers, ...t.triggers] };
    joined.set(key, one ?? t);
  }
  return [...joined.values()];
}

/** One transition per event again. */
export function split(transitions: readonly Transition[]): Transition[] {
  return transitions.flatMap((t) =>
    t.delay ? [t] : t.triggers.map((trigger) => ({ ...t, triggers: [trigger] })),
  );
}
