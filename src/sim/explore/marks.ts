/**
 * Every state and every transition of the chart, from its own structure, and the chart with a mark
 * on each transition: the same states, guards, actions and order, and one more order, `MARK`, that
 * says which candidate was taken. So coverage is observed, not guessed from what changed.
 */

import type { Chart } from '../../machines/chart.ts';
import { createChart } from '../../machines/compiled.ts';
import { controller } from '../../machines/controller.ts';
import type { Order } from '../../machines/orders.ts';
import { vocabulary } from '../../machines/setup.ts';

/** One candidate of one event of one state. */
export interface Mark {
  readonly id: number;
  /** The state that has it, as a path: `access.Degraded.Doubting`. */
  readonly state: string;
  readonly event: string;
  /** Its place among the candidates of that event, from 0. */
  readonly place: number;
  readonly guard: string | null;
  readonly target: string | null;
  readonly actions: readonly string[];
}

interface Config {
  readonly entry?: string | readonly string[];
  readonly states?: Readonly<Record<string, Config>>;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

interface Given {
  readonly guard?: string;
  readonly target?: string;
  readonly actions?: string | readonly string[];
}

/** A change of the chart's text: null takes the candidate away. */
export type Edit = (mark: Mark, given: Given) => Given | null;

export interface Marked {
  readonly machine: object;
  /** How many more transitions one event may lead to. */
  readonly turns: { left: number };
  readonly marks: readonly Mark[];
  /** All states, compound ones as well, `access.Degraded` before what is in it. */
  readonly states: readonly string[];
  /** Actions on entry, by name. */
  readonly entries: readonly string[];
}

const asList = <T>(x: T | readonly T[] | undefined): readonly T[] =>
  x === undefined ? [] : Array.isArray(x) ? x : [x as T];

const asGiven = (x: unknown): Given => (typeof x === 'string' ? { target: x } : (x as Given));

/** The chart with its marks; `edit` may change candidates on the way, for planted bugs. */
export function markedChart(edit: Edit = (_, given) => given): Marked {
  const marks: Mark[] = [];
  const states: string[] = [];
  const entries: string[] = [];
  const turns = { left: 0 };

  /** XState's own `emit`, as the vocabulary makes it. */
  const emitted = (id: number): unknown =>
    vocabulary.emit(() => {
      turns.left -= 1;
      if (turns.left < 0) throw new Error('one event leads to transitions without an end');
      return asOrder(id);
    });

  function candidates(state: string, event: string, given: unknown): Given[] {
    return asList(given).flatMap((one, place) => {
      const own = asGiven(one);
      const mark: Mark = {
        id: marks.length,
        state,
        event,
        place,
        guard: own.guard ?? null,
        target: own.target ?? null,
        actions: asList(own.actions),
      };
      marks.push(mark);
      const edited = edit(mark, own);
      if (edited === null) return [];
      return [{ ...edited, actions: [...asList(edited.actions), nameOf(mark.id)] }];
    });
  }

  function marked(node: Config, path: readonly string[]): Config {
    const state = path.join('.');
    if (state !== '') states.push(state);
    entries.push(...asList(node.entry));
    const all = (list: Config['on'], label: (key: string) => string): Record<string, Given[]> =>
      Object.fromEntries(
        Object.entries(list ?? {})
          .map(([key, given]) => [key, candidates(state, label(key), given)] as const)
          .filter(([, left]) => left.length > 0),
      );
    return {
      ...node,
      ...(node.on ? { on: all(node.on, (key) => key) } : {}),
      ...(node.after ? { after: all(node.after, (key) => `after ${key}`) } : {}),
      ...(node.states
        ? {
            states: Object.fromEntries(
              Object.entries(node.states).map(([key, child]) => [
                key,
                marked(child, [...path, key]),
              ]),
            ),
          }
        : {}),
    };
  }

  const config = marked(controller.config as Config, []);
  const actions = Object.fromEntries(marks.map((m) => [nameOf(m.id), emitted(m.id)]));
  const machine = vocabulary
    .createMachine(config as Parameters<typeof vocabulary.createMachine>[0])
    .provide({ actions: { ...controller.implementations.actions, ...actions } } as Parameters<
      typeof controller.provide
    >[0]);
  return { machine, marks, states, entries, turns };
}

const nameOf = (id: number): string => `mark ${id}`;

/** A mark goes the way of the orders, and is taken out before anybody sees it as one. */
const asOrder = (id: number): Order => ({ type: 'MARK', id }) as unknown as Order;

/** The number of a mark; null for every real order. */
export function markOf(order: Order): number | null {
  const { type, id } = order as unknown as { type: string; id: number };
  return type === 'MARK' ? id : null;
}

/** More than any event of a chart without a circle leads to. */
const MAX_TURNS = 500;

/** The marked chart, compiled; an event that goes round in circles in it ends in a throw. */
export function runnable({ machine, turns }: Marked): Chart {
  const chart = createChart(machine);
  return {
    start(input) {
      turns.left = MAX_TURNS;
      return chart.start(input);
    },
    send(at, event) {
      turns.left = MAX_TURNS;
      return chart.send(at, event);
    },
  };
}

/** As a line for people: `route.Settled SWITCH #1 [leavesUpPath] -> Switching.Announcing`. */
export function describe(m: Mark): string {
  const guard = m.guard === null ? '' : ` [${m.guard}]`;
  return `${m.state} ${m.event} #${m.place + 1}${guard} -> ${m.target ?? '(stays)'}`;
}
