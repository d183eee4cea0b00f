/**
 * The canonical form of what the chart remembers. Two contexts with the same form behave the same
 * for ever: times are ages that stop growing where nothing compares them any more, ids of orders
 * keep only which answer they wait for, texts are dropped, and what no guard can ask again before
 * it is written again is reset. Each rule names its reason; a test walks at random through canonical
 * and plain contexts side by side and compares every order (test/sim/explore/exact.test.ts).
 */

import type { Context, Goal, SessionRecord, Table } from '../../machines/context.ts';
import { entriesLeadTo } from '../../machines/context.ts';
import { holdMs, maxRelapses } from '../../machines/hold.ts';
import type { Memory, PathId, RouteEntry } from '../../machines/model.ts';
import type { Settings } from '../../machines/settings.ts';
import type { PartOf } from './parts.ts';
import { NOW_MS, type Scale, TICK_MS } from './scale.ts';

/** Ids of orders: the record's, the goal's, an answer that nobody waits for. The next is new. */
export const RECORD_ID = 1;
export const ROUTE_ID = 2;
export const STALE_ID = -1;
export const LAST_ID = 9;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Fewer repairs within a minute than this never matter, and more are no worse. */
const REPAIRS = 5;

/** The latest of a time and `capMs` ago. */
const within = (atMs: number, capMs: number): number => Math.max(atMs, NOW_MS - capMs);

/** Longest hold, ms: home's age and what is compared with it matter no longer than this. */
export const longestHoldMs = (s: Settings): number => holdMs(maxRelapses(s), s);

export const memoryPart = ({ settings: s, rates }: Scale): PartOf<Memory> => {
  const { forgiveMs, returnGuardMs, dwellMs } = s.timers;
  // One relapse is forgiven per `forgive`; with none left, service is only soon or not soon.
  const servedMs = Math.max(1, maxRelapses(s)) * forgiveMs;
  const asked = s.paths.filter((p) => p.network === 'storage').map((p) => p.id);
  const home = asked[0];

  function leftOf(m: Memory): Record<PathId, number> {
    const left: Record<PathId, number> = {};
    for (const id of asked) {
      const atMs = m.leftAtMs[id];
      // Asked by return_guard alone, and of home by the age of a session that vouches for it.
      const capMs = id === home ? Math.max(returnGuardMs, longestHoldMs(s)) : returnGuardMs;
      if (atMs !== undefined && NOW_MS - atMs < capMs) left[id] = atMs;
    }
    return left;
  }

  function make(m: Memory): Memory {
    const { servingSinceMs: since, arrivedAtMs } = m;
    // Without a relapse to forgive and without a return that a failure could undo, it counts nothing.
    const counts = m.relapses > 0 || m.returned;
    const served = since === null || counts ? since : NOW_MS - servedMs;
    return {
      relapses: m.relapses,
      returned: m.returned,
      servingSinceMs: served === null ? null : within(served, servedMs),
      arrivedAtMs: arrivedAtMs !== null && NOW_MS - arrivedAtMs < dwellMs ? arrivedAtMs : null,
      leftAtMs: leftOf(m),
      preferredAtMs: Number.isFinite(rates.budgetMs)
        ? m.preferredAtMs.filter((at) => NOW_MS - at < HOUR_MS)
        : [],
      pin: m.pin && {
        ...m.pin,
        untilMs: m.pin.untilMs === null ? null : Math.max(NOW_MS, m.pin.untilMs),
      },
      paused: m.paused,
    };
  }
  return { name: 'memory', make, keyOf: (m) => JSON.stringify(make(m)) };
};

export const goalPart: PartOf<Goal> = {
  name: 'goal',
  // How often it was tried sets a pause that is one tick in any case.
  keyOf: (g) => `${g.path} ${g.from} ${g.kind} ${g.orderId > 0}`,
  make: (g) => ({
    path: g.path,
    from: g.from,
    kind: g.kind,
    says: 'as decided',
    decidedAtMs: NOW_MS,
    orderId: g.orderId > 0 ? ROUTE_ID : 0,
    attempts: Math.min(g.attempts, 1),
    error: '',
  }),
};

/** The local session as it is called while it is listed, and one that is new in an event. */
export const UUID = 'session';
export const NEW_UUID = 'new session';
export const OWN_IPS: readonly string[] = ['10.10.85.11', '192.168.85.11'];
export const NO_IPS: readonly string[] = [];

/** What was told to the leader matters only as far as it is what is wanted now, or may be again. */
export const recordPart: PartOf<SessionRecord> = {
  name: 'record',
  keyOf: (r) => JSON.stringify(canonicalRecord(r)),
  make: canonicalRecord,
};

function canonicalRecord(r: SessionRecord): SessionRecord {
  const isNew = r.uuid === NEW_UUID;
  const line = (text: string): string => {
    if (isNew) return text.startsWith(NEW_UUID) ? text.replace(NEW_UUID, UUID) : 'another';
    return text.startsWith(UUID) ? text : 'another';
  };
  const isWanted = r.uuid !== null;
  return {
    uuid: isWanted ? UUID : null,
    clientIps: r.clientIps.length > 0 ? OWN_IPS : NO_IPS,
    wanted: isWanted ? line(r.wanted) : 'nothing',
    acked: line(r.acked),
    asked: line(r.asked),
    orderId: r.orderId > 0 ? RECORD_ID : 0,
    // Sets a pause that is one tick in any case.
    refusals: 0,
    error: '',
    owedSinceMs: r.owedSinceMs === null ? null : NOW_MS,
  };
}

type Run = Context['run'];

/** Mode 1: home serves its hold; only then its beginning is compared with anything. */
export const runPart = ({ settings: s, rates }: Scale): PartOf<Run> => {
  const make = (r: Run, mode: number): Run => ({
    startedAtMs: within(r.startedAtMs, s.timers.warmUpMs),
    shadow: r.shadow,
    heldFromMs: mode === 1 ? within(r.heldFromMs, TICK_MS) : NOW_MS,
    repairedAtMs: Number.isFinite(rates.contestedMs)
      ? r.repairedAtMs.filter((at) => NOW_MS - at < MINUTE_MS).slice(-REPAIRS)
      : [],
    keptError: '',
  });
  return { name: 'run', make, keyOf: (r, mode) => JSON.stringify(make(r, mode)) };
};

const surplus = (entries: readonly RouteEntry[]): RouteEntry[] =>
  entries.filter((e) => e.metric !== 0);

/** Entries that differ from every target and want nothing removed, and such that do. */
const STRANGE: RouteEntry = {
  gateway: '10.9.9.9',
  device: 'eth1',
  metric: 0,
  protocol: '133',
  plain: true,
};
const BESIDE: RouteEntry = { ...STRANGE, metric: 100 };

/**
 * The table as last read matters as far as it can be read, leads to the target, is empty, or holds
 * entries that the next order will remove. It is read again whenever the target changes.
 */
export function canonicalTable(c: Context): Table {
  const { table, target } = c;
  if (table.kind === 'unread') return UNREAD;
  if (table.kind === 'unreadable') return UNREADABLE;
  if (target !== null && entriesLeadTo(c, table.entries, target)) {
    return { kind: 'read', entries: table.entries, atMs: NOW_MS };
  }
  if (surplus(table.entries).length > 0) return SURPLUS;
  return target !== null && table.entries.length === 0 ? EMPTY : OTHER;
}

const UNREAD: Table = { kind: 'unread' };
const UNREADABLE: Table = { kind: 'unreadable', error: 'EIO', atMs: NOW_MS };
const SURPLUS: Table = { kind: 'read', entries: [BESIDE], atMs: NOW_MS };
const EMPTY: Table = { kind: 'read', entries: [], atMs: NOW_MS };
const OTHER: Table = { kind: 'read', entries: [STRANGE], atMs: NOW_MS };

export const tablePart: PartOf<Table> = {
  name: 'table',
  keyOf: (t) =>
    t.kind === 'read' ? t.entries.map((e) => `${e.gateway} ${e.metric}`).join() : t.kind,
  make: (t) => t,
};
