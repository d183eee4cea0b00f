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

export interface Switch {
  readonly atMs: number;
  readonly from: PathId | null;
  readonly to: PathId;
  readonly kind: SwitchKind;
  readonly reason: string;
}

export interface Course {
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
  readonly spanMs: number;
}

const SWITCH_MS = 1;

export function whatIf(entries: Iterable<Recorded>, other: Settings): WhatIf {
  const recorded = createCourse(other);
  const alternative = createCourse(other);
  let state: State | null = null;
  let table: readonly RouteEntry[] = [];
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
    entries: table,
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
    recorded.observed(fact);
    alternative.observed(fact);
    if (fact.type === 'STARTED') {
      [state] = start(other, { ...fact, memory: null });
      continue;
    }
    passTime(fact.atMs);
    if (fact.type === 'ROUTE_READ' && table.length === 0 && fact.entries.length > 0) {
      table = fact.entries;
      recorded.found(table);
      alternative.found(table);
      give(fact);
    } else if (!ANSWERS.has(fact.type)) give(fact);
  }
  recorded.end(lastMs);
  alternative.end(lastMs);
  const spanMs = firstMs === null ? 0 : lastMs - firstMs;
  return {
    strangers: [...strangers].sort(),
    recorded: recorded.course(spanMs),
    other: alternative.course(spanMs),
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
function createCourse(settings: Settings) {
  const homeId = settings.paths[0]?.id;
  const switches: Switch[] = [];
  const lost = new Set<PathId>();
  const unserved = new Set<PathId>();
  let target: PathId | null = null;
  let sinceMs: number | null = null;
  let outageMs = 0;
  let awayMs = 0;

  /** Books the time up to now under what was true until now. */
  const book = (atMs: number): void => {
    if (sinceMs !== null && target !== null) {
      const ms = Math.max(0, atMs - sinceMs);
      if (lost.has(target) || unserved.has(target)) outageMs += ms;
      if (target !== homeId) awayMs += ms;
    }
    sinceMs = atMs;
  };

  return {
    found(entries: readonly RouteEntry[]): void {
      const gateway = entries[0]?.gateway;
      target ??= settings.paths.find((p) => p.ip === gateway)?.id ?? null;
    },
    observed(fact: Fact): void {
      book(fact.atMs);
      if (fact.type === 'PING_LOST') lost.add(fact.path);
      if (fact.type === 'PING_REPLIED') lost.delete(fact.path);
      if (fact.type === 'SERVICE_REFUSED' || fact.type === 'SERVICE_SILENT')
        unserved.add(fact.path);
      if (fact.type === 'SERVICE_ANSWERED') unserved.delete(fact.path);
    },
    switched(order: OrderOf<'NOTE_SWITCH'>, atMs: number): void {
      book(atMs);
      target = order.to;
      const { from, to, kind, reason } = order;
      switches.push({ atMs, from, to, kind, reason });
    },
    end: book,
    course: (spanMs: number): Course => ({
      switches,
      outageMs: Math.round(outageMs),
      awayShare: spanMs > 0 ? awayMs / spanMs : 0,
    }),
  };
}
