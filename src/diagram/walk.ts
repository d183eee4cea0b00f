/**
 * The one walker: the machine that the daemon runs -> a Graph. What an action does is asked of the
 * machine itself: an emit is run on a sample context and the order it gives is read, a raise names
 * its event, a delay is computed from the settings. So no table here can fall behind the chart.
 */

import { initialTransition } from 'xstate';
import type { Context } from '../machines/context.ts';
import { controller } from '../machines/controller.ts';
import { noMemory } from '../machines/hold.ts';
import type { Settings } from '../machines/settings.ts';
import { formulaOf } from './delay-text.ts';
import {
  type Action,
  type Delay,
  type Graph,
  merged,
  type State,
  type Transition,
} from './graph.ts';

/** The parts of an XState node that a picture needs; XState's own types hide them in generics. */
interface Node {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly description?: string | undefined;
  readonly parent?: Node | undefined;
  readonly states: Readonly<Record<string, Node>>;
  readonly config: { readonly initial?: unknown };
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly transitions: ReadonlyMap<string, readonly Move[]>;
  readonly always?: readonly Move[] | undefined;
  readonly invoke: readonly unknown[];
}

interface Move {
  readonly eventType: string;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly target?: readonly Node[] | undefined;
  readonly reenter: boolean;
  readonly delay?: unknown;
}

/** The chart under these settings: they give the delays their values. */
export function graphOf(settings: Settings): Graph {
  const root = controller.root as unknown as Node;
  const ask = asker(settings);
  const nodes = Object.values(root.states).flatMap(withChildren);
  const refused = [root, ...nodes].flatMap(unknownKinds);
  if (root.transitions.size > 0) refused.push('a transition of the machine itself');
  if (refused.length > 0) throw new Error(`the diagram cannot show ${refused.join(', ')} yet`);
  return {
    format: 'reroute-chart',
    version: 1,
    machine: root.key,
    description: root.description ?? '',
    states: nodes.map((node) => stateOf(node, ask)),
    transitions: merged(nodes.flatMap((node) => transitionsOf(node, ask))),
  };
}

const withChildren = (node: Node): Node[] => [
  node,
  ...Object.values(node.states).flatMap(withChildren),
];

/** Kinds of chart elements that this walker would otherwise leave out in silence. */
function unknownKinds(node: Node): string[] {
  const plain = ['atomic', 'compound', 'parallel'].includes(node.type);
  const nested = node.type === 'parallel' && node.parent !== undefined;
  return [
    ...(!plain || nested ? [`${node.type} state ${node.id}`] : []),
    ...((node.always?.length ?? 0) > 0 ? [`always of ${node.id}`] : []),
    ...(node.invoke.length > 0 ? [`invoke of ${node.id}`] : []),
  ];
}

const idOf = (node: Node): string =>
  node.parent?.parent ? `${idOf(node.parent)}.${node.key}` : node.key;

function stateOf(node: Node, ask: Asker): State {
  const { initial } = node.config;
  return {
    id: idOf(node),
    name: node.key,
    description: node.description ?? '',
    parent: node.parent?.parent ? idOf(node.parent) : null,
    initial: typeof initial === 'string' ? `${idOf(node)}.${initial}` : null,
    entry: ask.actions(node.entry),
    exit: ask.actions(node.exit),
  };
}

function transitionsOf(node: Node, ask: Asker): Transition[] {
  return [...node.transitions.values()].flatMap((moves) =>
    moves.map((move, at) => {
      const delayed = move.delay !== undefined;
      const trigger = { event: move.eventType, turn: at + 1, of: moves.length };
      return {
        source: idOf(node),
        triggers: delayed ? [] : [trigger],
        delay: delayed ? ask.delay(nameOf(move.delay)) : null,
        delayTurn: delayed ? { ...trigger, event: nameOf(move.delay) } : null,
        guard: move.guard === undefined ? null : nameOf(move.guard),
        actions: ask.actions(move.actions),
        target: move.target?.[0] ? idOf(move.target[0]) : null,
        reenter: move.reenter && move.target !== undefined,
      };
    }),
  );
}

const nameOf = (x: unknown): string =>
  typeof x === 'string' ? x : ((x as { type?: string } | null)?.type ?? String(x));

interface Asker {
  actions(list: readonly unknown[]): Action[];
  delay(name: string): Delay;
}

/** Asks the machine's own vocabulary what its names do. */
function asker(settings: Settings): Asker {
  const input = { settings, nowMs: 0, shadow: false, memory: noMemory };
  const { context } = initialTransition(controller, input)[0];
  const sample = withGoal(context);
  const bound: Readonly<Record<string, unknown>> = controller.implementations.actions;
  const delays: Readonly<Record<string, unknown>> = controller.implementations.delays;
  return {
    // `after` puts its own raise and cancel into entry and exit.
    actions: (list) =>
      list
        .map(nameOf)
        .filter((name) => !name.startsWith('xstate.'))
        .map((name) => actionOf(name, bound[name], sample)),
    delay: (name) => {
      const of = delays[name];
      if (typeof of !== 'function') throw new Error(`delay ${name} is not in the vocabulary`);
      return { name, ms: of({ context }), formula: formulaOf(name, settings) };
    },
  };
}

function actionOf(name: string, bound: unknown, context: Context): Action {
  const { type, event } = (bound ?? {}) as { type?: string; event?: unknown };
  if (type !== 'xstate.raise' && type !== 'xstate.emit') return { name, kind: 'change', gives: '' };
  const given: unknown = typeof event === 'function' ? event({ context }) : event;
  return { name, kind: type === 'xstate.emit' ? 'order' : 'raise', gives: nameOf(given) };
}

/** A context in which every order can be given. */
function withGoal(context: Context): Context {
  const path = context.settings.paths[0]?.id ?? '';
  return {
    ...context,
    target: path,
    goal: {
      path,
      from: null,
      kind: 'repair',
      says: '',
      decidedAtMs: 0,
      orderId: 1,
      attempts: 1,
      error: '',
    },
    record: { ...context.record, uuid: 'sample', clientIps: [] },
  };
}
