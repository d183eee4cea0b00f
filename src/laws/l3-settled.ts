/**
 * L3, settled: when nothing has changed for longer than any deadline of the chart, nothing is done.
 * At home no order of any kind; away only what leads home, and the notes of waiting. At any time a
 * repair needs a table that was read and differs. Facts that say the same as the last ones of their
 * kind, in their usual rhythm, are no change.
 */

import type { Fact } from '../machines/events.ts';
import type { Pin, RouteEntry } from '../machines/model.ts';
import type { Order, OrderType } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { pingLimitMs, serviceLimitMs } from './evidence.ts';
import { type LawMaker, ms, NEVER } from './law.ts';
import type { Signals } from './signals.ts';
import { answerBoundMs, leadsTo } from './standing.ts';
import { isExpired, isLoop } from './steering.ts';

/** Stalls, duplicate addresses and contested routes are shown for a minute. */
const SHOWN_MS = 70_000;
const WAITING: readonly OrderType[] = [
  'NOTE_TRANSITION',
  'NOTE_WOULD_SWITCH',
  'RAISE_ALARM',
  'CLEAR_ALARM',
];

export const settled: LawMaker = ({ facts, run, steering }) => {
  let changedAtMs = NEVER;
  let quietMs = quietMsOf(run.is.settings);
  let lists = { atMs: NEVER, ok: false };
  let table = '';
  let links = '';
  /** REFRESH_RECORD that is not acknowledged; null: none. */
  let recordId: number | null = null;

  /** What was known of the path, or of all sessions, before the latest fact. */
  let path: Was | null = null;
  let sessions: readonly string[] = [];
  let pin: Pin | null = null;
  let tableWas: readonly RouteEntry[] | null = null;
  /** What the route moved on in this step; null: it did not. */
  let movedOn: string | null = null;

  function remember(fact: Fact): void {
    pin = steering.now().pin;
    tableWas = run.is.table;
    movedOn = null;
    path = isEvidence(fact) ? wasOf(fact) : null;
    if (isList(fact)) sessions = [...facts.all()].map(sessionOf);
  }

  function wasOf(fact: Evidence): Was | null {
    const x = facts.of(fact.path);
    if (!x) return null;
    const now = Math.max(facts.nowMs(), fact.atMs);
    const s = facts.settings();
    const ofPing = PINGS.has(fact.type);
    const ageMs = now - (ofPing ? x.pingAtMs : x.serviceAtMs);
    // A long silence may have been taken for unknown meanwhile.
    const isLate = ageMs > (ofPing ? pingLimitMs(s) : serviceLimitMs(s)) / 2;
    const { ping, service, linkDown, session } = x;
    return { ping, service, linkDown, session, wasLost: x.fullLost > 0, isLate };
  }

  /** Does the fact, known by now, say anything new? */
  function isChange(fact: Fact): boolean {
    if (fact.type === 'TICK') return false;
    if (isEvidence(fact)) return isNewOfPath(fact);
    if (isList(fact)) return isNewList(fact);
    if (fact.type === 'LINKS_READ') {
      const was = links;
      links = JSON.stringify(fact.byPath);
      return links !== was;
    }
    if (fact.type === 'ROUTE_READ') {
      const was = table;
      table = fact.entries.map(keyOf).join('; ');
      return table !== was;
    }
    return true;
  }

  function isNewOfPath(fact: Evidence): boolean {
    const x = facts.of(fact.path);
    if (!x || !path) return false;
    if (path.isLate || path.wasLost !== x.fullLost > 0) return true;
    const same = path.ping === x.ping && path.service === x.service;
    return !same || path.linkDown !== x.linkDown || path.session !== x.session;
  }

  function isNewList(fact: List): boolean {
    const now = facts.nowMs();
    const ok = fact.type === 'SESSIONS_LISTED' && fact.sessions.length > 0;
    const late = now - lists.atMs > facts.settings().session.staleMs / 2;
    const isSame =
      lists.ok === ok && [...facts.all()].every((x, i) => sessionOf(x) === sessions[i]);
    lists = { atMs: now, ok };
    return late || !isSame;
  }

  function unrest(order: Order): string | null {
    const { is } = run;
    const forMs = facts.nowMs() - changedAtMs;
    if (forMs <= quietMs || recordId !== null || is.switching !== null) return null;
    if (is.target === null || !leadsTo(is.table ?? [], is.target, is.settings)) return null;
    const away = is.target !== is.settings.paths[0]?.id;
    if (away && WAITING.includes(order.type)) return null;
    if (away && isLoop(steering.now()) && leadsHome(order)) return null;
    const what = order.type === 'SET_ROUTE' ? `${order.kind} to ${order.path}` : order.type;
    return `${what} although nothing changed for ${ms(forMs)}: "${order.reason}"`;
  }

  function needless(order: Order): string | null {
    if (order.type !== 'SET_ROUTE' || order.kind !== 'repair') return null;
    const { table: read, settings: s } = run.is;
    if (read === null) return 'repair of a table that was not read';
    if (!leadsTo(read, order.path, s)) return null;
    // What is due by then goes before the fact, and knows the table of before.
    const isOfBefore = movedOn === 'TICK' && tableWas !== null && !leadsTo(tableWas, order.path, s);
    return isOfBefore ? null : `repair of a table that leads to ${order.path}`;
  }

  return {
    name: 'L3 settled',
    before(fact) {
      remember(fact);
      return null;
    },
    fact(fact) {
      const changed = isChange(fact);
      if (fact.type === 'RELOADED') quietMs = quietMsOf(fact.settings);
      if (fact.type === 'STARTED' || fact.type === 'RELOADED') links = ''; // news to new paths
      if (fact.type === 'STARTED') {
        recordId = null;
        lists = { atMs: NEVER, ok: false };
      }
      if (fact.type === 'RECORD_ACKNOWLEDGED' && fact.orderId === recordId) recordId = null;
      if (changed || (pin && isExpired(pin, facts.nowMs()))) changedAtMs = facts.nowMs();
      return null;
    },
    quiet(rest) {
      lists = { ...lists, atMs: rest.listsAtMs ?? lists.atMs };
    },
    order(order) {
      if (order.type === 'NOTE_TRANSITION' && order.region === 'route') movedOn = order.event;
      const says = needless(order) ?? unrest(order);
      if (order.type === 'REFRESH_RECORD') recordId = order.orderId;
      return says;
    },
  };
};

type Evidence = Extract<Fact, { type: `${'PING' | 'SERVICE'}_${string}` }>;
type List = Extract<Fact, { type: 'SESSIONS_LISTED' | 'SESSIONS_FAILED' }>;

/** What was known of a path before a fact about it. */
interface Was extends Pick<Signals, 'ping' | 'service' | 'linkDown' | 'session'> {
  readonly wasLost: boolean;
  /** Its kind of signal was silent for long. */
  readonly isLate: boolean;
}

const PINGS = new Set<Fact['type']>(['PING_REPLIED', 'PING_LOST', 'PING_UNSENT']);
const SERVICES = new Set<Fact['type']>([
  'SERVICE_ANSWERED',
  'SERVICE_REFUSED',
  'SERVICE_SILENT',
  'SERVICE_UNASKED',
]);

const isEvidence = (fact: Fact): fact is Evidence =>
  PINGS.has(fact.type) || SERVICES.has(fact.type);

const isList = (fact: Fact): fact is List =>
  fact.type === 'SESSIONS_LISTED' || fact.type === 'SESSIONS_FAILED';

/** Longer than any deadline after which the same facts may mean something else. */
function quietMsOf(s: Settings): number {
  const pings =
    (s.probe.fallCount + s.probe.riseCount) * (s.probe.idleIntervalMs + s.probe.timeoutMs);
  const held = s.probe.confirmMinMs + s.service.holdMs + s.session.lostMs;
  const stale = pingLimitMs(s) + serviceLimitMs(s) + s.session.staleMs;
  return SHOWN_MS + s.timers.warmUpMs + pings + held + stale + answerBoundMs(s);
}

/** What goes before and with a move home, or off a management path. */
function leadsHome(order: Order): boolean {
  if (order.type === 'SET_ROUTE') return order.kind === 'return' || order.kind === 'prefer';
  return order.type === 'REFRESH_RECORD';
}

const keyOf = (e: RouteEntry): string =>
  `${e.gateway} ${e.device} ${e.metric} ${e.protocol} ${e.plain}`;

const sessionOf = (x: Signals): string => `${x.session} ${x.uuid}`;
