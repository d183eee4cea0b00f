/**
 * The pure face of the controller: `decide(state, fact) -> [state, orders]`. The daemon, the
 * simulator and a replay all drive it, and nothing else. It folds the fact into the beliefs, runs
 * the chart (XState's own pure transitions), keeps the chart's timers as deadlines in data, and
 * derives the orders that follow from the state (paces, alarms, memory).
 *
 * Time is an input: each fact carries it, and `state.wakeAtMs` says when a TICK is due at the
 * latest. Same state and fact, same answer.
 */

import { getMicrosteps, initialTransition, type SnapshotFrom } from 'xstate';
import { type Beliefs, carryOver, noBeliefs, perceive, rejudge } from './beliefs.ts';
import type { ChartEvent } from './chart-events.ts';
import type { Context } from './context.ts';
import { controller } from './controller.ts';
import { derivedOrders, noStanding, type Standing, verdictNotes } from './derive.ts';
import type { Fact } from './events.ts';
import { noMemory, recalled } from './hold.ts';
import { type Moment, momentOf, transitionNotes } from './notes.ts';
import type { Order } from './orders.ts';
import type { Settings } from './settings.ts';
import { verdictChangeMs, wakeAtMs } from './wake.ts';

export type Snapshot = SnapshotFrom<typeof controller>;

/** A running `after` of the chart: when it is due and the event that it sends. */
export interface Timer {
  readonly id: string;
  readonly atMs: number;
}

export interface State {
  readonly snapshot: Snapshot;
  readonly beliefs: Beliefs;
  readonly timers: readonly Timer[];
  /** Alarms, paces and memory as last ordered. */
  readonly standing: Standing;
  /** A TICK is due at this monotonic time at the latest. */
  readonly wakeAtMs: number;
}

type Step = readonly [State, Order[]];

/** Give the chart at most this many due timers per fact: more would be a loop in the chart. */
const MAX_TIMERS_PER_FACT = 50;

/** Alarms end by time as well: while any stands or may come, look again this often. */
const LOOK_AGAIN_MS = 1000;

/** The state at the start of a daemon, with the orders that follow from it. */
export function start(settings: Settings, fact: Extract<Fact, { type: 'STARTED' }>): Step {
  const memory = recalled(fact.memory ?? noMemory, settings);
  const input = { settings, nowMs: fact.atMs, shadow: fact.shadow, memory };
  const first = initialTransition(controller, input);
  const beliefs = noBeliefs(settings, fact.atMs);
  const blank = { beliefs, timers: [], standing: noStanding(memory), wakeAtMs: fact.atMs };
  const begun = taken({ ...blank, snapshot: first[0] }, [first], null, 'STARTED');
  const judged = send(begun[0], evidence('TICK', fact.atMs, beliefs));
  const steered = send(judged[0], { type: 'START' });
  return finish(steered[0], [...begun[1], ...judged[1], ...steered[1]]);
}

/** One fact in, the new state and the orders that follow. */
export function decide(state: State, fact: Fact): Step {
  const before = state.snapshot.context;
  const nowMs = Math.max(fact.atMs, before.nowMs);
  const settings = fact.type === 'RELOADED' ? fact.settings : before.settings;
  const beliefs = believed(state, { ...fact, atMs: nowMs }, settings);
  const due = nowMs >= state.wakeAtMs;
  const seen = { ...state, beliefs: due ? rejudge(beliefs, nowMs, settings) : beliefs };
  if (!due && !matters(seen.beliefs, state.beliefs, fact)) return quiet(seen, nowMs);

  const slept = fact.type === 'STALLED' ? postponed(seen, fact.stalledMs) : seen;
  const told = send(slept, evidence(kindOf(fact), nowMs, slept.beliefs));
  const fired = fireTimers(told[0], nowMs);
  const passed = isPassed(fact) ? send(fired[0], { ...fact, atMs: nowMs }) : nothing(fired[0]);
  return finish(passed[0], [...told[1], ...fired[1], ...passed[1]]);
}

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

/** Nothing to decide; a verdict may change sooner now. A promised wake-up is never put off. */
function quiet(state: State, nowMs: number): Step {
  const next = verdictChangeMs(state.beliefs, nowMs, state.snapshot.context.settings);
  return [{ ...state, wakeAtMs: Math.min(state.wakeAtMs, next) }, []];
}

function kindOf(fact: Fact): 'PROBE' | 'SESSION' | 'TICK' {
  if (fact.type.startsWith('SESSIONS_')) return 'SESSION';
  if (/^(PING|SERVICE|LINKS)_/.test(fact.type)) return 'PROBE';
  return 'TICK';
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

/** Fire what is due, earliest first; a fired timer may arm others. */
function fireTimers(state: State, nowMs: number): Step {
  let at = state;
  const orders: Order[] = [];
  for (let fired = 0; fired < MAX_TIMERS_PER_FACT; fired += 1) {
    const due = at.timers.filter((t) => t.atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)[0];
    if (!due) return [at, orders];
    const timers = at.timers.filter((t) => t !== due);
    const step = send({ ...at, timers }, { type: due.id } as unknown as ChartEvent);
    at = step[0];
    orders.push(...step[1]);
  }
  throw new Error(`more than ${MAX_TIMERS_PER_FACT} timers were due at once: the chart loops`);
}

function nothing(state: State): Step {
  return [state, []];
}

/**
 * Run one event through the chart, microstep by microstep, so that no transition goes unnoted. A
 * throw in the chart is the fault of a programmer and comes through to the caller.
 */
function send(state: State, event: ChartEvent): Step {
  const steps = getMicrosteps(controller, state.snapshot, event);
  const snapshot = steps.reduce((_, [next]) => next, state.snapshot);
  return taken({ ...state, snapshot }, steps, momentOf(state.snapshot), event.type);
}

type Microsteps = ReturnType<typeof getMicrosteps<typeof controller>>;

function taken(state: State, steps: Microsteps, from: Moment | null, event: string): Step {
  const orders: Order[] = [];
  let timers = state.timers;
  let before = from;
  for (const [snapshot, actions] of steps) {
    const after = momentOf(snapshot);
    // Timers are armed on entry, so an armed timer shows a state that was entered again.
    const armed = actions.map((a) => (a.params as Params | undefined)?.id ?? '');
    const entered = (region: string) => armed.some((id) => id.includes(`.controller.${region}.`));
    if (before) orders.push(...transitionNotes(before, after, event, state.beliefs, entered));
    before = after;
    for (const action of actions) {
      const type: string = action.type;
      const p = action.params as Params;
      if (type === 'xstate.emit') orders.push(p.event as Order);
      if (type === 'xstate.cancel') timers = timers.filter((t) => t.id !== p.sendId);
      if (type !== 'xstate.raise' || p.delay === undefined || !p.id) continue;
      const id = p.id;
      timers = [
        ...timers.filter((t) => t.id !== id),
        { id, atMs: snapshot.context.nowMs + p.delay },
      ];
    }
  }
  return [{ ...state, timers }, orders];
}

/** What XState puts into the parameters of its own actions (xstate.emit, .raise, .cancel). */
interface Params {
  readonly event?: { readonly type: string };
  readonly id?: string;
  readonly sendId?: string;
  readonly delay?: number;
}

function finish(state: State, given: Order[]): Step {
  const context: Context = state.snapshot.context;
  const derived = derivedOrders(state.standing, state.snapshot, state.beliefs);
  const wake = wakeAtMs(state.snapshot, state.beliefs, state.timers, context.nowMs);
  const open = Object.keys(derived.standing.alarms).length > 0 || state.beliefs.lists.error !== '';
  const next = open ? Math.min(wake, context.nowMs + LOOK_AGAIN_MS) : wake;
  const verdicts = verdictNotes(state.standing.views, context.paths);
  const orders = [...verdicts, ...given, ...derived.orders];
  return [{ ...state, standing: derived.standing, wakeAtMs: next }, orders];
}
