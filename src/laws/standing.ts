/**
 * Where the run stands, for the laws: the confirmed target, the switch that is ordered and not yet
 * confirmed, the table as last read, the memory as last saved. Target and confirmation are taken
 * from REPORT_TO and NOTE_SWITCH, which law S8 holds against the table that was read back.
 */

import type { Fact } from '../machines/events.ts';
import type { Memory, PathId, RouteEntry, SwitchKind } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { NEVER } from './law.ts';

/** A SET_ROUTE that is neither confirmed nor given up. */
export interface Switching {
  readonly orderId: number;
  readonly path: PathId;
  readonly kind: SwitchKind;
  readonly firstAtMs: number;
  lastAtMs: number;
}

export interface Standing {
  see(fact: Fact): void;
  obey(order: Order): void;
  readonly is: {
    settings: Settings;
    nowMs: number;
    startedAtMs: number;
    /** Warm-up counts from the start, and does not go on while the process stands still. */
    warmSinceMs: number;
    reloadedAtMs: number;
    stalledAtMs: number;
    target: PathId | null;
    targetSinceMs: number;
    switching: Switching | null;
    /** When a switch was last confirmed or given up. */
    settledAtMs: number;
    /** Last ROUTE_READ of this daemon; null: none yet. */
    table: readonly RouteEntry[] | null;
    /** First ROUTE_READ since the start or the last ROUTE_UNREADABLE. */
    readableSinceMs: number | null;
    memory: Memory | null;
  };
  /** Does this order repeat the one under way? Ask before it is obeyed. */
  isRetry(order: Extract<Order, { type: 'SET_ROUTE' }>): boolean;
}

/** Do these entries hold exactly one plain one, by way of `path`? */
export function leadsTo(
  entries: readonly RouteEntry[],
  path: PathId | null,
  settings: Settings,
): boolean {
  const [only, ...more] = entries;
  const gateway = settings.paths.find((p) => p.id === path)?.ip;
  return more.length === 0 && only?.plain === true && only.gateway === gateway;
}

/** How long a SET_ROUTE may stay without an answer: set, then read back, and a margin. */
export const answerBoundMs = (s: Settings): number => 2 * s.switch.commandDeadlineMs + 1000;

export function createStanding(settings: Settings): Standing {
  const is: Standing['is'] = {
    settings,
    nowMs: NEVER,
    startedAtMs: NEVER,
    warmSinceMs: NEVER,
    reloadedAtMs: NEVER,
    stalledAtMs: NEVER,
    target: null,
    targetSinceMs: NEVER,
    switching: null,
    settledAtMs: NEVER,
    table: null,
    readableSinceMs: null,
    memory: null,
  };

  function stand(target: PathId | null): void {
    if (target === is.target) return;
    is.target = target;
    is.targetSinceMs = is.nowMs;
  }

  function settle(): void {
    is.switching = null;
    is.settledAtMs = is.nowMs;
  }

  function started(memory: Memory | null): void {
    is.startedAtMs = is.nowMs;
    is.warmSinceMs = is.nowMs;
    is.switching = null;
    is.table = null;
    is.readableSinceMs = null;
    is.memory = memory;
    stand(null);
  }

  function stalled(ms: number): void {
    const wasWarm = is.nowMs - ms - is.warmSinceMs >= is.settings.timers.warmUpMs;
    if (!wasWarm) is.warmSinceMs += ms;
    is.stalledAtMs = is.nowMs;
  }

  function see(fact: Fact): void {
    is.nowMs = Math.max(is.nowMs, fact.atMs);
    if (fact.type === 'STARTED') started(fact.memory);
    else if (fact.type === 'ROUTE_READ') {
      is.table = fact.entries;
      is.readableSinceMs ??= is.nowMs;
    } else if (fact.type === 'ROUTE_UNREADABLE') is.readableSinceMs = null;
    else if (fact.type === 'STALLED') stalled(fact.stalledMs);
    else if (fact.type === 'RELOADED') {
      is.reloadedAtMs = is.nowMs;
      is.settings = fact.settings;
      if (!fact.settings.paths.some((p) => p.id === is.target)) stand(null);
    }
  }

  const isRetry: Standing['isRetry'] = (order) =>
    is.switching?.path === order.path && is.switching.kind === order.kind;

  function obey(order: Order): void {
    if (order.type === 'SET_ROUTE') {
      const firstAtMs = isRetry(order) ? (is.switching?.firstAtMs ?? is.nowMs) : is.nowMs;
      const { orderId, path, kind } = order;
      is.switching = { orderId, path, kind, firstAtMs, lastAtMs: is.nowMs };
    } else if (order.type === 'NOTE_SWITCH') {
      settle();
      stand(order.to);
    } else if (order.type === 'READ_ROUTE') settle();
    else if (order.type === 'REPORT_TO') stand(order.path);
    else if (order.type === 'SAVE_MEMORY') is.memory = order.memory;
  }

  return { see, obey, is, isRetry };
}
