/**
 * A run that is kept: the script played on the simulator (same decision core as the daemon's), with
 * a frame for every moment that shows something. Decisions are immutable, so a frame keeps the very
 * state; the world is copied. Going back is looking a frame up; going on from there is playing the
 * shorter script again.
 */

import type { Graph } from '../../../diagram/graph.ts';
import { lawMakers } from '../../../laws/all.ts';
import { createJury } from '../../../laws/jury.ts';
import type { Violation } from '../../../laws/trace.ts';
import { type Chart, interpreted, type Moment, type TimerEvent } from '../../../machines/chart.ts';
import type { ChartEvent } from '../../../machines/chart-events.ts';
import { createEngine, type Engine, type State } from '../../../machines/decide.ts';
import type { Fact } from '../../../machines/events.ts';
import { lineOf } from '../../../machines/lines.ts';
import type { Order, OrderType } from '../../../machines/orders.ts';
import type { Settings } from '../../../machines/settings.ts';
import { perform } from '../../../sim/commands.ts';
import { createRun, type Run } from '../../../sim/run.ts';
import { type Asked, overhear } from './asked.ts';
import { LAST_MS, OPENING, type Script, settingsOf } from './script.ts';
import { viewOf, type WorldView } from './world-view.ts';

/** A thing that happened: a click, or a fact that the controller answered. */
export interface Step {
  readonly atMs: number;
  /** The click's line; null: a fact. */
  readonly cue: string | null;
  readonly fact: Fact | null;
  readonly lines: readonly StepLine[];
  /** Where the chart stood, before and after; null: no daemon ran. */
  readonly before: Moment | null;
  readonly after: Moment | null;
  /** What the chart was told in this step, in order. */
  readonly told: readonly Told[];
}

export interface StepLine {
  readonly type: OrderType;
  readonly order: Order;
  readonly text: string;
}

export interface Told {
  readonly at: Moment;
  readonly event: ChartEvent | TimerEvent;
}

/** A moment that shows something. */
export interface Frame {
  readonly atMs: number;
  /** Null: no daemon runs. */
  readonly state: State | null;
  readonly world: WorldView;
  /** So many steps had happened. */
  readonly steps: number;
}

export interface Recording {
  readonly settings: Settings;
  readonly steps: readonly Step[];
  readonly broken: readonly Violation[];
  /** It is recorded until here, ms. */
  endMs(): number;
  /** The last frame at or before this time. */
  at(ms: number): Frame;
  /** The frame of the step at this position: several can fall into one ms. */
  ofStep(position: number): Frame;
  /** Every frame, in order. */
  frames(): readonly Frame[];
  /** Records until then, with the script's clicks at their times. */
  advance(toMs: number): void;
  /** One more click, at its end. */
  click(line: string): void;
}

/** Without anything new, a frame is kept this often. */
const KEEP_MS = 1000;
/** What the world does by itself is looked for this often. */
const LOOK_MS = 50;

/** Throws on a script that the simulator does not understand. */
export function createRecording(script: Script, base: Settings): Recording {
  const settings = settingsOf(script, base);
  const jury = createJury(settings, lawMakers);
  const steps: Step[] = [];
  const frames: Frame[] = [];
  const broken: Violation[] = [];
  let told: Told[] = [];
  let next = 0;
  let seen = '';

  const chart: Chart = {
    start: interpreted.start,
    send(at, event) {
      told.push({ at, event });
      return interpreted.send(at, event);
    },
  };
  const decided = createEngine(chart);
  const engine: Engine = {
    start(s, fact) {
      told = [];
      const [state, orders] = decided.start(s, fact);
      note(fact, null, state, orders);
      return [state, orders];
    },
    decide(was, fact) {
      told = [];
      const [state, orders] = decided.decide(was, fact);
      note(fact, was, state, orders);
      return [state, orders];
    },
  };
  const run = createRun([settings], (entry) => broken.push(...jury.see(entry)), { engine });

  function note(fact: Fact, was: State | null, is: State, orders: readonly Order[]): void {
    const lines = orders.flatMap((order): StepLine[] => {
      const text = lineOf(order);
      return text === null ? [] : [{ type: order.type, order, text }];
    });
    if (lines.length === 0) return;
    const { nowMs } = run.queue;
    const [before, after] = [was?.snapshot ?? null, is.snapshot];
    steps.push({ atMs: nowMs(), cue: null, fact, lines, before, after, told });
    frames.push({ atMs: nowMs(), state: is, world: viewOf(run), steps: steps.length });
  }

  function cue(line: string): void {
    const at = run.host.isAlive() ? run.host.state().snapshot : null;
    const atMs = run.queue.nowMs();
    steps.push({ atMs, cue: line, fact: null, lines: [], before: at, after: at, told: [] });
    perform(run, line);
  }

  /** A frame, if there is something new in it. */
  function look(): void {
    const { host, queue } = run;
    const atMs = queue.nowMs();
    const last = frames.at(-1);
    const isNew =
      last?.steps !== steps.length ||
      last.world.isFlowing !== host.isFlowing() ||
      atMs - last.atMs >= KEEP_MS ||
      (atMs % LOOK_MS === 0 && moved(run) !== seen);
    if (!isNew) return;
    seen = moved(run);
    const state = host.isAlive() ? host.state() : null;
    frames.push({ atMs, state, world: viewOf(run), steps: steps.length });
  }

  function begin(): void {
    for (const line of OPENING) perform(run, line);
    performDue();
    look();
  }

  function performDue(): void {
    for (let due = script.cues[next]; due; due = script.cues[next]) {
      if (due.atMs > run.queue.nowMs()) return;
      next += 1;
      cue(due.line);
    }
  }

  /** One ms further: fine enough to stop at what happened, and no dearer than a longer one. */
  function tick(): void {
    run.advance(1);
    performDue();
    look();
  }

  const endMs = (): number => run.queue.nowMs();
  begin();
  return {
    settings,
    steps,
    broken,
    endMs,
    at: (ms) => frames[lastBefore(frames, ms)] ?? (frames[0] as Frame),
    ofStep: (position) => frames[firstWith(frames, position + 1)] ?? (frames.at(-1) as Frame),
    frames: () => frames,
    advance(toMs) {
      const until = Math.min(Math.ceil(toMs), LAST_MS);
      while (endMs() < until) tick();
    },
    click(line) {
      cue(line);
      look();
    },
  };
}

/** What moves in the world without a click: the leader, the sessions, the table. */
function moved({ cluster, host }: Run): string {
  const sessions = [...cluster.scvms.values()].map(({ session: s }) => `${s.uuid} ${s.state}`);
  const table = host.world.table.entries.map((e) => e.gateway);
  return [cluster.leader, cluster.leaderOn, ...sessions, ...table].join(' ');
}

/** Position of the last one at or before `ms`; -1: none. */
export function lastBefore(list: readonly { readonly atMs: number }[], ms: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.atMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Position of the first frame with so many steps, or more. */
function firstWith(frames: readonly Frame[], steps: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.steps ?? 0) < steps) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the chart asked itself in a step. */
export const askedOf = (step: Step, graph: Graph): Asked[] =>
  step.told.flatMap(({ at, event }) => [...overhear(at, event, graph).asked]);
