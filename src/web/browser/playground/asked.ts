/**
 * Which guards the chart asked in a step, and what they answered. Nothing is rebuilt here: the
 * same machine runs the same event once more, with its guards overheard, so an explanation cannot
 * differ from the decision. What each guard belongs to (state, turn, target) is read from the chart.
 */

import { getMicrosteps, type StateValue } from 'xstate';
import { type Graph, regionOf, type Transition } from '../../../diagram/graph.ts';
import type { Moment, TimerEvent } from '../../../machines/chart.ts';
import type { ChartEvent } from '../../../machines/chart-events.ts';
import type { Context } from '../../../machines/context.ts';
import { controller } from '../../../machines/controller.ts';
import type * as guards from '../../../machines/guards.ts';
import { regions, stateName } from '../../../machines/notes.ts';

export type GuardName = keyof typeof guards;

/** A guard as it was asked. */
export interface Answer {
  readonly guard: GuardName;
  readonly holds: boolean;
  readonly context: Context;
  readonly event: ChartEvent;
}

/** What one state was asked on one event: its alternatives in turn, up to the one that was taken. */
export interface Asked {
  /** `access.Degraded.Doubting`. */
  readonly state: string;
  readonly event: string;
  readonly rows: readonly AskedRow[];
}

export interface AskedRow {
  readonly transition: Transition;
  /** Null: an alternative without a guard, taken because no other was. */
  readonly answer: Answer | null;
}

interface Args {
  readonly context: Context;
  readonly event: ChartEvent;
}

/** What was overheard since `askedIn` began. Guards are pure, so nobody else is in between. */
let heard: Answer[] = [];

/** XState's own types would want each guard's parameters; ours have none. */
type Guards = NonNullable<Parameters<typeof controller.provide>[0]['guards']>;

const overheard = controller.provide({
  guards: Object.fromEntries(
    Object.entries(controller.implementations.guards).map(([name, ask]) => [
      name,
      (args: Args): boolean => {
        const holds = (ask as unknown as (a: Args) => boolean)(args);
        heard.push({ guard: name as GuardName, holds, context: args.context, event: args.event });
        return holds;
      },
    ]),
  ) as unknown as Guards,
});

export interface Overheard {
  readonly asked: readonly Asked[];
  /** Where it led, for the test that it is what the chart did. */
  readonly values: readonly Moment['value'][];
}

/** The event once more, from the same moment. */
export function overhear(at: Moment, event: ChartEvent | TimerEvent, graph: Graph): Overheard {
  heard = [];
  const from = overheard.resolveState({ value: at.value as StateValue, context: at.context });
  const steps = getMicrosteps(overheard, from, event as ChartEvent);
  const values = steps.map(([next]) => next.value as Moment['value']);
  return { asked: placed(heard, [at.value, ...values], graph), values };
}

/**
 * Each answer with the state and the turn it belongs to. `values`: where the chart stood, one after
 * another. An event is asked region by region in the order of the chart, and in each region until
 * one guard holds: an answer that does not continue this belongs to the next event.
 */
function placed(
  answers: readonly Answer[],
  values: readonly Moment['value'][],
  graph: Graph,
): Asked[] {
  const order = graph.states.filter((s) => s.parent === null).map((s) => s.id);
  const rounds: AskedRow[][] = [];
  let step = 0;
  let last: { readonly region: number; readonly answer: Answer } | null = null;
  for (const answer of answers) {
    let round = rounds.at(-1);
    const guess = values.slice(step).find((value) => transitionOf(graph, value, answer));
    const region = order.indexOf(regionOf(transitionOf(graph, guess, answer)?.source ?? ''));
    const isNext =
      !last ||
      last.answer.event.type !== answer.event.type ||
      region < last.region ||
      (region === last.region &&
        (last.answer.holds || round?.some((r) => r.answer?.guard === answer.guard)));
    if (!round || isNext) {
      if (round?.some((r) => r.answer?.holds)) step += 1;
      round = [];
      rounds.push(round);
    }
    last = { region, answer };
    step = values.findIndex((value, at) => at >= step && transitionOf(graph, value, answer));
    const transition = transitionOf(graph, values[step], answer);
    if (!transition) throw new Error(`no state of the chart asks ${answer.guard}`);
    round.push({ transition, answer });
  }
  return rounds.flatMap((round) => byState(graph, round));
}

const hears = (t: Transition, event: string): boolean =>
  t.delay
    ? event.startsWith(`xstate.after.${t.delay.name}.`)
    : t.triggers.some((trigger) => trigger.event === event);

/** Active states, innermost first. */
export function lineage(value: Moment['value']): string[] {
  return [...regions, 'evidence'].flatMap((region) => {
    const parts = [region, ...stateName(value, region).split('.')];
    return parts.map((_, at) => parts.slice(0, parts.length - at).join('.'));
  });
}

function transitionOf(
  graph: Graph,
  value: Moment['value'] | undefined,
  { guard, event }: Answer,
): Transition | undefined {
  if (!value) return undefined;
  const active = lineage(value);
  return graph.transitions.find(
    (t) => t.guard === guard && active.includes(t.source) && hears(t, event.type),
  );
}

function byState(graph: Graph, round: readonly AskedRow[]): Asked[] {
  const found = new Map<string, AskedRow[]>();
  for (const row of round) {
    const { source } = row.transition;
    found.set(source, [...(found.get(source) ?? []), row]);
  }
  return [...found].map(([state, rows]) => {
    const event = rows[0]?.answer?.event.type ?? '';
    const rest = rows.some((r) => r.answer?.holds) ? undefined : otherwise(graph, state, event);
    const all = rest ? [...rows, { transition: rest, answer: null }] : rows;
    return { state, event: event.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1'), rows: all };
  });
}

/** The alternative without a guard. */
const otherwise = (graph: Graph, state: string, event: string): Transition | undefined =>
  graph.transitions.find((t) => t.source === state && t.guard === null && hears(t, event));
