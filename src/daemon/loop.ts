/**
 * The daemon's loop: facts in, `decide`, orders out, one at a time and in order. Facts that arrive
 * while orders are carried out wait their turn. It keeps the one state, the journal in step with
 * it, and the timer for the next TICK; it knows no sense and no hand.
 */

import type { Journal } from '../io/journal.ts';
import type { Clock, Report } from '../io/report.ts';
import { type Chain, follow, noChain } from '../machines/chain.ts';
import { decide, type Engine, type State, start } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';

export interface Loop {
  readonly report: Report;
  state(): State;
  chain(): Chain;
  /** Facts decided on so far. */
  facts(): number;
  /** Told after each decision; must be quick and must not throw. Returns what ends it. */
  observe(observer: Observer): () => void;
  /** No further fact is decided on; the route stays. */
  stop(): void;
}

export type Observer = (fact: Fact, orders: readonly Order[]) => void;

export interface LoopOptions {
  readonly settings: Settings;
  readonly started: Extract<Fact, { type: 'STARTED' }>;
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'fact' | 'order'>;
  readonly carryOut: (order: Order) => void;
  /** Called before each fact is judged: whoever notices a standstill reports it first. */
  readonly checkStall: () => void;
  /** Default: XState's own. */
  readonly engine?: Engine;
}

/** Look at least this often, so that a lost timer cannot silence the controller. */
const MAX_SLEEP_MS = 30_000;

export function createLoop(options: LoopOptions): Loop {
  const { clock, journal, carryOut } = options;
  const waiting: Fact[] = [];
  let timer: NodeJS.Timeout | null = null;
  let busy = true;
  let stopped = false;
  let facts = 0;
  let chain = noChain;
  const observers = new Set<Observer>();

  journal.fact(options.started);
  const engine = options.engine ?? { start, decide };
  let [state, first] = engine.start(options.settings, options.started);
  follow_(first, options.started.atMs);
  first = [];
  busy = false;
  drain();

  function report(fact: Fact): void {
    if (stopped) return;
    if (!busy && fact.type !== 'STALLED') options.checkStall();
    waiting.push(fact);
    if (!busy) drain();
  }

  function drain(): void {
    busy = true;
    for (let fact = waiting.shift(); fact && !stopped; fact = waiting.shift()) {
      facts += 1;
      journal.fact(fact);
      const step = engine.decide(state, fact);
      state = step[0];
      follow_(step[1], fact.atMs);
      for (const observer of observers) observer(fact, step[1]);
    }
    busy = false;
    sleep();
  }

  function follow_(orders: readonly Order[], atMs: number): void {
    if (orders.length === 0) return;
    chain = follow(chain, orders, atMs);
    for (const order of orders) journal.order(order, atMs);
    for (const order of orders) carryOut(order);
  }

  function sleep(): void {
    if (timer) clearTimeout(timer);
    if (stopped) return;
    const ms = Math.min(Math.max(0, state.wakeAtMs - clock.nowMs()), MAX_SLEEP_MS);
    timer = setTimeout(() => report({ type: 'TICK', atMs: clock.nowMs() }), Math.ceil(ms));
  }

  return {
    report,
    state: () => state,
    chain: () => chain,
    facts: () => facts,
    observe(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    stop() {
      stopped = true;
      waiting.length = 0;
      if (timer) clearTimeout(timer);
    },
  };
}
