/**
 * A daemon in the simulated world: the same `decide`, virtual senses and hands. It plays the part
 * of src/daemon: facts in, one at a time and in order, orders out, a timer for the next TICK.
 * Everything that happens is handed to `onEntry` as a trace.
 */

import type { Engine, State } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import { fastEngine } from '../machines/fast.ts';
import type { Memory } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { createHands, type Hands } from './hands.ts';
import { createLeaper } from './leap.ts';
import type { Body, Pilot } from './pilot.ts';
import type { Timer } from './queue.ts';
import { createSenses, type Senses } from './senses.ts';

/** What of a running daemon leap.ts moves forward. */
export interface Life {
  state: State;
  readonly senses: Senses;
  readonly hands: Hands;
}

export interface Begin {
  readonly settings: Settings;
  readonly memory: Memory | null;
  readonly shadow: boolean;
}

/** Behind all other events of its time. */
const TICK_RANK = 1e6;

export function createDaemon(
  body: Body,
  { settings, memory, shadow }: Begin,
  engine: Engine = fastEngine,
): Pilot {
  const { clock, onEntry } = body;
  let stopped = false;
  const wake: Timer = clock.timer(onWake, TICK_RANK);
  let wakeAtMs = Number.NaN;
  /** What arrived while the process stood still; null: it runs. */
  let mail: Fact[] | null = null;

  function tell(fact: Fact): void {
    if (stopped) return;
    if (mail) {
      mail.push(fact);
      return;
    }
    leaper?.wake();
    if (fact.type === 'RELOADED') body.reloaded(fact.settings);
    onEntry?.({ kind: 'fact', fact });
    const [state, orders] = engine.decide(life.state, fact);
    life.state = state;
    if (orders.length > 0) follow(orders);
    if (stopped) return;
    sleepUntil(state.wakeAtMs);
    leaper?.rest(orders.length > 0);
  }

  function follow(orders: readonly Order[]): void {
    for (const order of orders) {
      onEntry?.({ kind: 'order', atMs: clock.nowMs(), order });
      if (order.type === 'PROBE_AT') senses.pace(order.paces);
      if (order.type === 'SAVE_MEMORY') body.save(order.memory);
      body.ordered(order);
      hands.carryOut(order);
    }
  }

  function sleepUntil(atMs: number): void {
    if (atMs === wakeAtMs) return;
    wakeAtMs = atMs;
    if (Number.isFinite(atMs)) wake.set(atMs);
    else wake.clear();
  }

  function doze(): void {
    wakeAtMs = Number.NaN;
    wake.clear();
  }

  function resume(): void {
    sleepUntil(life.state.wakeAtMs);
  }

  function wouldAct(fact: Fact): boolean {
    return engine.decide(life.state, fact)[1].length > 0;
  }

  function repeat(heard: Fact): void {
    const [state, orders] = engine.decide(life.state, heard);
    const given = orders.map((o) => o.type).join(', ');
    if (given !== '') throw new Error(`it slept through ${given}`);
    life.state = state;
  }

  function onWake(): void {
    wakeAtMs = Number.NaN;
    if (!mail) tell({ type: 'TICK', atMs: clock.nowMs() });
  }

  function thaw(stalledMs: number): void {
    if (stopped || !mail) return;
    const waiting = mail;
    mail = null;
    senses.restart();
    hands.restart();
    tell({ type: 'STALLED', atMs: clock.nowMs(), stalledMs });
    for (const fact of waiting) tell({ ...fact, atMs: clock.nowMs() });
  }

  const fact: Fact = { type: 'STARTED', atMs: clock.nowMs(), memory, shadow };
  onEntry?.({ kind: 'fact', fact });
  const senses = createSenses(body, settings, tell);
  const hands = createHands(body, settings, tell);
  senses.retarget(settings);
  const [first, orders] = engine.start(settings, fact);
  const life: Life = { state: first, senses, hands };
  const leaper = body.leaps ? createLeaper(body, life, { doze, resume, wouldAct, repeat }) : null;
  follow(orders);
  sleepUntil(first.wakeAtMs);
  senses.readLinks();

  return {
    isShadow: shadow,
    isRunning: () => mail === null,
    tell,
    readLinks: () => senses.readLinks(),
    serviceDied(scvm) {
      if (!mail) senses.serviceDied(scvm);
    },
    reload(next) {
      leaper?.wake();
      senses.retarget(next);
      hands.retarget(next);
      tell({ type: 'RELOADED', atMs: clock.nowMs(), settings: next });
    },
    freeze(ms) {
      if (mail) return;
      leaper?.stay();
      mail = [];
      senses.freeze();
      hands.freeze();
      clock.at(clock.nowMs() + ms, () => thaw(ms));
    },
    stop() {
      stopped = true;
      wake.clear();
      senses.stop();
      hands.stop();
      leaper?.stop();
    },
    wake: () => leaper?.wake(),
    look() {
      if (!mail) leaper?.rest(false);
    },
    state() {
      leaper?.wake();
      return life.state;
    },
  };
}
