/**
 * Compiles the chart to tables, from XState's own reading of it, at start. Per event, region and
 * innermost state there is a list of candidates; each knows where it leads and what it does on the
 * way out, on the way and on the way in. The same guards, actions and delays are called as by XState,
 * in the order of SCXML's microstep (W3C SCXML, appendix D), because regions that never leave
 * themselves need no more of that algorithm than this. `compiled.ts` runs the tables.
 */

import type { Effect, TimerEvent } from './chart.ts';
import type { ChartEvent } from './chart-events.ts';
import { type Context, changed } from './context.ts';
import type { Order } from './orders.ts';
import {
  type Action,
  type BuiltIn,
  checkRegion,
  childrenOf,
  type Implementations,
  isBelow,
  leavesOf,
  lineage,
  type Node,
  refuse,
  type Transition,
} from './structure.ts';

/** A step under way, and at the same time the argument of guards, actions and delays. */
export interface Running {
  context: Context;
  event: ChartEvent | TimerEvent;
  /** Of the microstep; null: none yet. */
  effects: Effect[] | null;
  /** What was raised, in order; null: nothing yet. */
  raised: ChartEvent[] | null;
}

export type Act = (run: Running) => void;

/** A transition of one innermost state. */
export interface Candidate {
  readonly isOpen: ((run: Running) => boolean) | null;
  /** No state is left or entered. */
  readonly stays: boolean;
  /** Number of the innermost state it leads to. */
  readonly to: number;
  readonly exit: readonly Act[];
  readonly act: readonly Act[];
  readonly enter: readonly Act[];
}

/** What one event can do: by region, then by number of the innermost state. */
export type Row = readonly { readonly region: number; readonly of: readonly Candidate[][] }[];

export interface Region {
  readonly key: string;
  /** The value of each innermost state within the region, as XState writes it. */
  readonly values: readonly unknown[];
  readonly first: number;
}

export interface Tables {
  readonly regions: readonly Region[];
  readonly rows: ReadonlyMap<string, Row>;
  /** What is done to enter the chart. */
  readonly enter: readonly Act[];
  readonly firstContext: (input: unknown) => Context;
}

interface Machine {
  readonly root: Node;
  readonly implementations: Implementations;
  readonly config: { readonly context?: unknown };
}

/** Throws if the chart is not of the kind that can be compiled. */
export function compile(machine: object): Tables {
  const { root, implementations: known, config } = machine as Machine;
  if (root.type !== 'parallel' || root.transitions.size > 0) refuse(root, 'is not parallel');
  if (root.entry.length + root.exit.length > 0) refuse(root, 'has actions of its own');
  const { context } = config;
  if (typeof context !== 'function') refuse(root, 'has no function for its first context');
  const tops = childrenOf(root);
  tops.forEach(checkRegion);
  const events = new Set(tops.flatMap(eventsBelow));
  return {
    regions: tops.map(regionOf),
    rows: new Map([...events].map((event) => [event, rowOf(tops, event, known)])),
    enter: tops.flatMap((top) => enteredFrom(top).flatMap((n) => actsOf(n, n.entry, known))),
    firstContext: (input) => context({ input }) as Context,
  };
}

function eventsBelow(node: Node): string[] {
  return [...node.transitions.keys(), ...childrenOf(node).flatMap(eventsBelow)];
}

function regionOf(top: Node): Region {
  const leaves = leavesOf(top);
  const first = leaves.indexOf(enteredFrom(top).at(-1) as Node);
  return { key: top.key, values: leaves.map((leaf) => valueWithin(leaf, top)), first };
}

/** `Normal`, `{ Degraded: 'Doubting' }`. */
function valueWithin(leaf: Node, top: Node): unknown {
  const [innermost, ...outer] = lineage(leaf, top).slice(0, -1);
  const start: unknown = innermost?.key;
  return outer.reduce((value, n) => ({ [n.key]: value }), start);
}

/** The node and what is entered with it by default, outermost first. */
function enteredFrom(node: Node): Node[] {
  const first = node.initial?.target[0];
  return first ? [node, ...enteredFrom(first)] : [node];
}

function rowOf(tops: readonly Node[], event: string, known: Implementations): Row {
  return tops.flatMap((top, region) => {
    const leaves = leavesOf(top);
    const of = leaves.map((leaf) =>
      lineage(leaf, top)
        .flatMap((node) => node.transitions.get(event) ?? [])
        .map((t) => candidateOf(t, leaf, leaves, top, known)),
    );
    return of.some((list) => list.length > 0) ? [{ region, of }] : [];
  });
}

function candidateOf(
  t: Transition,
  leaf: Node,
  leaves: readonly Node[],
  top: Node,
  known: Implementations,
): Candidate {
  const isOpen = t.guard === undefined ? null : functionOf(t.source, known.guards, t.guard);
  const act = actsOf(t.source, t.actions, known);
  const target = t.target?.[0];
  if (!target) {
    return { isOpen, stays: true, to: leaves.indexOf(leaf), exit: [], act, enter: [] };
  }
  const domain = domainOf(t, target, top);
  const left = lineage(leaf, top).filter((n) => isBelow(n, domain));
  const onTheWay = lineage(target, top).filter((n) => isBelow(n, domain) && n !== target);
  const entered = enteredFrom(target).filter((n) => isBelow(n, domain));
  const ins = [...onTheWay.reverse(), ...entered];
  return {
    isOpen,
    stays: left.length === 0 && ins.length === 0,
    to: ins.length === 0 ? leaves.indexOf(leaf) : leaves.indexOf(ins.at(-1) as Node),
    exit: left.flatMap((n) => actsOf(n, n.exit, known)),
    act,
    enter: ins.flatMap((n) => actsOf(n, n.entry, known)),
  };
}

/** The innermost state that is not left: SCXML's transition domain. */
function domainOf(t: Transition, target: Node, top: Node): Node {
  const { source } = t;
  if (!t.reenter && (target === source || isBelow(target, source))) return source;
  // Both are below the region: structure.ts refuses what leaves it.
  const isCommon = (n: Node): boolean => isBelow(target, n) && isBelow(source, n);
  return lineage(target, top).find(isCommon) as Node;
}

function actsOf(node: Node, actions: readonly Action[], known: Implementations): Act[] {
  return actions.map((action) => {
    const name = typeof action === 'string' ? action : String(action.type);
    const own = name.startsWith('xstate.') ? action : known.actions[name];
    const { type } = (own ?? {}) as BuiltIn;
    const make = makers[type ?? ''];
    return make ? make(own as BuiltIn, known, node) : refuse(node, `has action ${name}`);
  });
}

type Make = (action: BuiltIn, known: Implementations, node: Node) => Act;

const makers: Readonly<Record<string, Make>> = {
  'xstate.assign': ({ assignment }, _, node) => {
    if (typeof assignment !== 'function') refuse(node, 'assigns something else than a function');
    return (run) => {
      run.context = changed(run.context, assignment(run) as Partial<Context>);
    };
  },
  'xstate.emit': ({ event }, _, node) => {
    if (typeof event !== 'function') refuse(node, 'emits something else than a function');
    return (run) => {
      add(run, { type: 'order', order: event(run) as Order });
    };
  },
  'xstate.raise': (action, known, node) => {
    const { event, id, delay } = action;
    if (typeof event === 'function') refuse(node, 'raises what a function makes');
    if (delay === undefined) {
      return (run) => {
        if (run.raised === null) run.raised = [event as ChartEvent];
        else run.raised.push(event as ChartEvent);
      };
    }
    const ms = functionOf<number>(node, known.delays, delay);
    return (run) => {
      add(run, { type: 'arm', id: id as string, delayMs: ms(run) });
    };
  },
  'xstate.cancel': ({ sendId }) => {
    return (run) => {
      add(run, { type: 'cancel', id: sendId as string });
    };
  },
};

function add(run: Running, effect: Effect): void {
  if (run.effects === null) run.effects = [effect];
  else run.effects.push(effect);
}

function functionOf<T = boolean>(
  node: Node,
  known: Readonly<Record<string, unknown>>,
  name: unknown,
): (run: Running) => T {
  const found = known[name as string];
  if (typeof found !== 'function') refuse(node, `names ${String(name)}, which is not there`);
  return found as (run: Running) => T;
}
