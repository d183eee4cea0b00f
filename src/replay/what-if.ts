/**
 * A recorded journal under other settings: the same observations, other decisions. The world's
 * answers to orders are not replayed, since the orders differ: every order is taken to succeed at
 * once. So is the effect of a switch on the observations: probes are sent to every path whatever
 * the route, and do not feel it. That makes the comparison fair for timers, not for load.
 */

import { decide, type State, start } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { PathId, RouteEntry, SwitchKind } from '../machines/model.ts';
import type { Order, OrderOf } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import type { Recorded } from './replay.ts';
import { createTrouble, type Spell, type Trouble } from './trouble.ts';

export interface Switch {
  readonly atMs: number;
  readonly from: PathId | null;
  readonly to: PathId;
  readonly kind: SwitchKind;
  readonly reason: string;
}

export interface Course {
  /** Where the route led when the table was first read; null: nowhere known. */
  readonly first: PathId | null;
  readonly switches: readonly Switch[];
  /** Time in which the route led to a path whose last observation was bad, ms. */
  readonly outageMs: number;
  /** Share of the time in which the route was not at home, 0..1. */
  readonly awayShare: number;
}

export interface WhatIf {
  /** Paths that the journal tells of and the other settings do not have. */
  readonly strangers: readonly PathId[];
  readonly recorded: Course;
  readonly other: Course;
  /** When each path was observed to be bad. */
  readonly trouble: readonly Spell[];
  /** Monotonic time of the first fact, ms. */
  readonly startMs: number;
  readonly spanMs: number;
}

const SWITCH_MS = 1;

export function whatIf(entries: Iterable<Recorded>, other: Settings): WhatIf {
  const trouble = createTrouble();
  const recorded = createCourse(other, trouble);
  const alternative = createCourse(other, trouble);
  let state: State | null = null;
  /** The kernel's table of the other course; null: not read yet. */
  let table: readonly RouteEntry[] | null = null;
  /** A daemon has just started and has not read it. */
  let isUnread = true;
  const strangers = new Set<PathId>();
  const known = new Set(other.paths.map((p) => p.id));
  let firstMs: number | null = null;
  let lastMs = 0;

  /** Give a fact, and let every order that wants an answer succeed. */
  const give = (fact: Fact): void => {
    if (!state) return;
    const waiting: Fact[] = [fact];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const step: readonly [State, Order[]] = decide(state, next);
      state = step[0];
      for (const order of step[1]) waiting.push(...carriedOut(order, next.atMs));
    }
  };
  const carriedOut = (order: Order, atMs: number): Fact[] => {
    if (order.type === 'NOTE_SWITCH') alternative.switched(order, atMs);
    if (order.type === 'REFRESH_RECORD') {
      return [{ type: 'RECORD_ACKNOWLEDGED', atMs, orderId: order.orderId }];
    }
    if (order.type === 'READ_ROUTE') return [readBack(order.orderId, atMs)];
    if (order.type !== 'SET_ROUTE') return [];
    const entry = { gateway: order.gateway, device: null, metric: 0, protocol: '133', plain: true };
    table = [entry];
    return [readBack(order.orderId, atMs + SWITCH_MS)];
  };
  const readBack = (orderId: number | null, atMs: number): Fact => ({
    type: 'ROUTE_READ',
    atMs,
    entries: table ?? [],
    orderId,
  });
  /** Timers that are due before the next fact fire at their own time. */
  const passTime = (untilMs: number): void => {
    for (let turns = 0; state && state.wakeAtMs <= untilMs && turns < 100_000; turns += 1) {
      give({ type: 'TICK', atMs: state.wakeAtMs });
    }
  };

  for (const entry of entries) {
    if (entry.kind === 'order' && entry.order.type === 'NOTE_SWITCH') {
      recorded.switched(entry.order as OrderOf<'NOTE_SWITCH'>, entry.atMs);
    }
    if (entry.kind !== 'fact') continue;
    const { fact } = entry;
    firstMs ??= fact.atMs;
    lastMs = fact.atMs;
    if ('path' in fact && !known.has(fact.path)) strangers.add(fact.path);
    // Until now both courses lived under what was known until now.
    recorded.book(fact.atMs);
    alternative.book(fact.atMs);
    trouble.see(fact);
    if (fact.type === 'STARTED') {
      [state] = start(other, { ...fact, memory: null });
      isUnread = true;
      continue;
    }
    passTime(fact.atMs);
    if (fact.type === 'ROUTE_READ' && isUnread) {
      isUnread = false;
      table ??= fact.entries;
      recorded.found(fact.entries);
      alternative.found(table);
      give(readBack(null, fact.atMs));
    } else if (!ANSWERS.has(fact.type)) give(fact);
  }
  const spanMs = firstMs === null ? 0 : lastMs - firstMs;
  return {
    strangers: [...strangers].sort(),
    recorded: recorded.course(spanMs),
    other: alternative.course(spanMs),
    trouble: trouble.spells(lastMs),
    startMs: firstMs ?? 0,
    spanMs,
  };
}

/** Facts that answer orders of the recorded run, and a reload to its settings. */
const ANSWERS = new Set<Fact['type']>([
  'ROUTE_READ',
  'ROUTE_UNREADABLE',
  'ROUTE_REFUSED',
  'RECORD_ACKNOWLEDGED',
  'RECORD_REFUSED',
  'CONNECTIONS_BROKEN',
  'CONNECTIONS_KEPT',
  'RELOADED',
]);

/** Follows one course of the route and adds up what its client would have felt. */
function createCourse(settings: Settings, trouble: Trouble) {
  const homeId = settings.paths[0]?.id;
  const switches: Switch[] = [];
  let first: PathId | null = null;
  let target: PathId | null = null;
  let sinceMs: number | null = null;
  let outageMs = 0;
  let awayMs = 0;

  /** Books the time up to now under what was true until now. */
  const book = (atMs: number): void => {
    if (sinceMs !== null && target !== null) {
      const ms = Math.max(0, atMs - sinceMs);
      if (trouble.isBad(target)) outageMs += ms;
      if (target !== homeId) awayMs += ms;
    }
    sinceMs = atMs;
  };

  return {
    found(entries: readonly RouteEntry[]): void {
      const gateway = entries[0]?.gateway;
      target ??= settings.paths.find((p) => p.ip === gateway)?.id ?? null;
      first ??= target;
    },
    switched(order: OrderOf<'NOTE_SWITCH'>, atMs: number): void {
      book(atMs);
      target = order.to;
      const { from, to, kind, reason } = order;
      switches.push({ atMs, from, to, kind, reason });
    },
    book,
    course: (spanMs: number): Course => ({
      first,
      switches,
      outageMs: Math.round(outageMs),
      awayShare: spanMs > 0 ? awayMs / spanMs : 0,
    }),
  };
}
