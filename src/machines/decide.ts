/**
 * The pure face of the controller: `decide(state, fact) -> [state, orders]`. The daemon, the
 * simulator and a replay all drive it, and nothing else. It folds the fact into the beliefs, runs
 * the chart (XState's own pure transitions), keeps the chart's timers as deadlines in data, and
 * derives the orders that follow from the state (paces, alarms, memory).
 *
 * Time is an input: each fact carries it, and `state.wakeAtMs` says when a TICK is due at the
 * latest. Same state and fact, same answer.
 */

import { type Beliefs, carryOver, noBeliefs, perceive, rejudge } from './beliefs.ts';
import {
  type Chart,
  type Effect,
  interpreted,
  type Microstep,
  type Moment,
  type TimerEvent,
} from './chart.ts';
import type { ChartEvent } from './chart-events.ts';
import { derivedOrders, noStanding, type Standing, verdictNotes } from './derive.ts';
import type { Fact } from './events.ts';
import { noMemory, recalled } from './hold.ts';
import { transitionNotes } from './notes.ts';
import type { Order } from './orders.ts';
import type { Settings } from './settings.ts';
import { verdictChangeMs, wakeAtMs } from './wake.ts';

/** A running `after` of the chart: when it is due and the event that it sends. */
export interface Timer {
  readonly id: string;
  readonly atMs: number;
}

export interface State {
  /** Where the chart stands. */
  readonly snapshot: Moment;
  readonly beliefs: Beliefs;
  readonly timers: readonly Timer[];
  /** Alarms, paces and memory as last ordered. */
  readonly standing: Standing;
  /** A TICK is due at this monotonic time at the latest. */
  readonly wakeAtMs: number;
}

export type Step = readonly [State, Order[]];

/** The decision over one way to run the chart. */
export interface Engine {
  /** The state at the start of a daemon, with the orders that follow from it. */
  start(settings: Settings, fact: Extract<Fact, { type: 'STARTED' }>): Step;
  /** One fact in, the new state and the orders that follow. */
  decide(state: State, fact: Fact): Step;
}

type TimerId = TimerEvent['type'];

/** Give the chart at most this many due timers per fact: more would be a loop in the chart. */
const MAX_TIMERS_PER_FACT = 50;

/** Alarms end by time as well: while any stands or may come, look again this often. */
const LOOK_AGAIN_MS = 1000;

export function createEngine(chart: Chart): Engine {
  function start(settings: Settings, fact: Extract<Fact, { type: 'STARTED' }>): Step {
    const memory = recalled(fact.memory ?? noMemory, settings);
    const input = { settings, nowMs: fact.atMs, shadow: fact.shadow, memory };
    const first = chart.start(input);
    const beliefs = noBeliefs(settings, fact.atMs);
    const blank = { beliefs, timers: [], standing: noStanding(memory), wakeAtMs: fact.atMs };
    const begun = taken({ ...blank, snapshot: first.at }, [first], null, 'STARTED');
    const judged = send(begun[0], evidence('TICK', fact.atMs, beliefs));
    const steered = send(judged[0], { type: 'START' });
    return finish(steered[0], [...begun[1], ...judged[1], ...steered[1]]);
  }

  function decide(state: State, fact: Fact): Step {
    const before = state.snapshot.context;
    const nowMs = Math.max(fact.atMs, before.nowMs);
    const settings = fact.type === 'RELOADED' ? fact.settings : before.settings;
    const known = fact.atMs === nowMs ? fact : { ...fact, atMs: nowMs };
    const beliefs = believed(state, known, settings);
    const due = nowMs >= state.wakeAtMs;
    const now = due ? rejudge(beliefs, nowMs, settings) : beliefs;
    if (!due && !matters(now, state.beliefs, fact)) return quiet(state, now, nowMs);

    const { snapshot, timers, standing, wakeAtMs: wake } = state;
    const seen: State = { snapshot, beliefs: now, timers, standing, wakeAtMs: wake };
    const slept = fact.type === 'STALLED' ? postponed(seen, fact.stalledMs) : seen;
    const told = send(slept, evidence(kindOf(fact), nowMs, slept.beliefs));
    const fired = fireTimers(told[0], nowMs);
    const passed = isPassed(known) ? send(fired[0], known) : nothing(fired[0]);
    return finish(passed[0], [...told[1], ...fired[1], ...passed[1]]);
  }

  /** Run one event through the chart, microstep by microstep: no transition goes unnoted. */
  function send(state: State, event: ChartEvent | TimerEvent): Step {
    const steps = chart.send(state.snapshot, event);
    return steps.length === 0 ? [state, []] : taken(state, steps, state.snapshot, event.type);
  }

  /** Fire what is due, earliest first; a fired timer may arm others. */
  function fireTimers(state: State, nowMs: number): Step {
    let at = state;
    const orders: Order[] = [];
    for (let fired = 0; fired < MAX_TIMERS_PER_FACT; fired += 1) {
      const due = at.timers.filter((t) => t.atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) return [at, orders];
      const timers = at.timers.filter((t) => t !== due);
      const step = send({ ...at, timers }, { type: due.id as TimerId });
      at = step[0];
      orders.push(...step[1]);
    }
    throw new Error(`more than ${MAX_TIMERS_PER_FACT} timers were due at once: the chart loops`);
  }

  return { start, decide };
}

/** The decision as the daemon runs it: over XState itself. */
export const { start, decide } = createEngine(interpreted);

function believed(state: State, fact: Fact, settings: Settings): Beliefs {
  if (fact.type !== 'RELOADED') return perceive(state.beliefs, fact, settings);
  return carryOver(state.beliefs, settings, fact.atMs);
}

/** True if the chart has to hear of it: something a decision needs changed. */
function matters(now: Beliefs, before: Beliefs, fact: Fact): boolean {
  if (fact.type === 'TICK' || fact.type === 'STALLED' || isPassed(fact)) return true;
  const { views, localUuid, clientIps, duplicates, lists } = now;
  return (
    views !== before.views ||
    localUuid !== before.localUuid ||
    clientIps !== before.clientIps ||
    duplicates !== before.duplicates ||
    lists.error !== before.lists.error
  );
}

/**
 * Nothing to decide; a verdict may change sooner now. A promised wake-up is never put off, and it
 * was promised for all paths: only those of which something was heard can ask for a sooner one.
 */
function quiet(state: State, now: Beliefs, nowMs: number): Step {
  const heard = now.paths.filter((w, i) => w !== state.beliefs.paths[i]);
  const next = verdictChangeMs(heard, nowMs, state.snapshot.context.settings);
  const { snapshot, timers, standing } = state;
  const wake = Math.min(state.wakeAtMs, next);
  return [{ snapshot, beliefs: now, timers, standing, wakeAtMs: wake }, []];
}

function kindOf(fact: Fact): 'PROBE' | 'SESSION' | 'TICK' {
  if (fact.type.startsWith('SESSIONS_')) return 'SESSION';
  return /^(PING|SERVICE|LINKS)_/.test(fact.type) ? 'PROBE' : 'TICK';
}

function evidence(type: 'PROBE' | 'SESSION' | 'TICK', atMs: number, b: Beliefs): ChartEvent {
  return { type, atMs, paths: b.views, localUuid: b.localUuid, clientIps: b.clientIps };
}

const PASSED = new Set<string>([
  'ROUTE_READ',
  'ROUTE_UNREADABLE',
  'ROUTE_REFUSED',
  'CONNECTIONS_BROKEN',
  'CONNECTIONS_KEPT',
  'RECORD_ACKNOWLEDGED',
  'RECORD_REFUSED',
  'PIN_ASKED',
  'RELEASE_ASKED',
  'PAUSE_ASKED',
  'RESUME_ASKED',
  'RELOADED',
]);

function isPassed(fact: Fact): fact is Extract<Fact, ChartEvent> {
  return PASSED.has(fact.type);
}

/** Nothing was observed while the process stood still, so no timer of the chart went on either. */
function postponed(state: State, ms: number): State {
  return { ...state, timers: state.timers.map((t) => ({ ...t, atMs: t.atMs + ms })) };
}

function nothing(state: State): Step {
  return [state, []];
}

function taken(
  state: State,
  steps: readonly Microstep[],
  from: Moment | null,
  event: string,
): Step {
  const orders: Order[] = [];
  let { timers, snapshot } = state;
  let before = from;
  for (const { at, effects } of steps) {
    // Timers are armed on entry, so an armed timer shows a state that was entered again.
    const entered = (region: string) =>
      effects.length > 0 &&
      effects.some((e) => e.type === 'arm' && e.id.includes(`.controller.${region}.`));
    if (before) orders.push(...transitionNotes(before, at, event, state.beliefs, entered));
    before = at;
    snapshot = at;
    for (const effect of effects) {
      if (effect.type === 'order') orders.push(effect.order);
      else timers = timed(timers, effect, at.context.nowMs);
    }
  }
  const { beliefs, standing, wakeAtMs: wake } = state;
  return [{ snapshot, beliefs, timers, standing, wakeAtMs: wake }, orders];
}

function timed(
  timers: readonly Timer[],
  effect: Exclude<Effect, { type: 'order' }>,
  nowMs: number,
): readonly Timer[] {
  const others = timers.filter((t) => t.id !== effect.id);
  if (effect.type === 'cancel') return others;
  return [...others, { id: effect.id, atMs: nowMs + effect.delayMs }];
}

function finish(state: State, given: Order[]): Step {
  const { context } = state.snapshot;
  const derived = derivedOrders(state.standing, state.snapshot, state.beliefs);
  const wake = wakeAtMs(state.snapshot, state.beliefs, state.timers, context.nowMs);
  const open = Object.keys(derived.standing.alarms).length > 0 || state.beliefs.lists.error !== '';
  const next = open ? Math.min(wake, context.nowMs + LOOK_AGAIN_MS) : wake;
  const verdicts = verdictNotes(state.standing.views, context.paths);
  const orders = [...verdicts, ...given, ...derived.orders];
  const { snapshot, beliefs, timers } = state;
  return [{ snapshot, beliefs, timers, standing: derived.standing, wakeAtMs: next }, orders];
}
