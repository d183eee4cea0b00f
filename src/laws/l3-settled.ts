/**
 * L3, settled: when nothing has changed for longer than any deadline of the chart, nothing is done.
 * At home no order of any kind; away only what leads home, and the notes of waiting. At any time a
 * repair needs a table that was read and differs. Facts that say the same as the last ones of their
 * kind, in their usual rhythm, are no change.
 */

import type { Fact } from '../machines/events.ts';
import type { RouteEntry } from '../machines/model.ts';
import type { Order, OrderType } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { pingLimitMs, serviceLimitMs } from './evidence.ts';
import { lawOf, ms, NEVER } from './law.ts';
import { createLedger, type Signals } from './signals.ts';
import { answerBoundMs, createStanding, leadsTo } from './standing.ts';
import { createSteering, isExpired, isLoop } from './steering.ts';
import type { LawMaker } from './trace.ts';

/** Stalls, duplicate addresses and contested routes are shown for a minute. */
const SHOWN_MS = 70_000;
const WAITING: readonly OrderType[] = [
  'NOTE_TRANSITION',
  'NOTE_WOULD_SWITCH',
  'RAISE_ALARM',
  'CLEAR_ALARM',
];

export const settled: LawMaker = (settings) => {
  const facts = createLedger(settings);
  const run = createStanding(settings);
  const steering = createSteering();
  let changedAtMs = NEVER;
  let quietMs = quietMsOf(settings);
  let lists = { atMs: NEVER, ok: false };
  let table = '';
  let links = '';
  /** REFRESH_RECORD that is not acknowledged; null: none. */
  let recordId: number | null = null;

  /** Folds the fact in and answers whether it says anything new. */
  function isChange(fact: Fact): boolean {
    const now = Math.max(facts.nowMs(), fact.atMs);
    switch (fact.type) {
      case 'TICK':
        facts.see(fact);
        return false;
      case 'PING_REPLIED':
      case 'PING_LOST':
      case 'PING_UNSENT':
      case 'SERVICE_ANSWERED':
      case 'SERVICE_REFUSED':
      case 'SERVICE_SILENT':
      case 'SERVICE_UNASKED':
        return isNewOfPath(fact, now);
      case 'SESSIONS_LISTED':
      case 'SESSIONS_FAILED':
        return isNewList(fact, now);
      case 'LINKS_READ': {
        facts.see(fact);
        const was = links;
        links = JSON.stringify(fact.byPath);
        return links !== was;
      }
      case 'ROUTE_READ': {
        facts.see(fact);
        const was = table;
        table = fact.entries.map(keyOf).join('; ');
        return table !== was;
      }
      default:
        facts.see(fact);
        return true;
    }
  }

  function isNewOfPath(fact: Extract<Fact, { path: string }>, now: number): boolean {
    const x = facts.of(fact.path);
    if (!x) return false;
    const { ping, service, linkDown, session } = x;
    const wasLost = x.fullLost > 0;
    const s = facts.settings();
    const ofPing = fact.type.startsWith('PING_');
    const ageMs = now - (ofPing ? x.pingAtMs : x.serviceAtMs);
    const limitMs = ofPing ? pingLimitMs(s) : serviceLimitMs(s);
    facts.see(fact);
    // A long silence may have been taken for unknown meanwhile.
    if (ageMs > limitMs / 2 || wasLost !== x.fullLost > 0) return true;
    const same = ping === x.ping && service === x.service;
    return !same || linkDown !== x.linkDown || session !== x.session;
  }

  function isNewList(
    fact: Extract<Fact, { type: 'SESSIONS_LISTED' | 'SESSIONS_FAILED' }>,
    now: number,
  ): boolean {
    const ok = fact.type === 'SESSIONS_LISTED' && fact.sessions.length > 0;
    const late = now - lists.atMs > facts.settings().session.staleMs / 2;
    const before = [...facts.all()].map(sessionOf);
    facts.see(fact);
    const same = lists.ok === ok && [...facts.all()].every((x, i) => sessionOf(x) === before[i]);
    lists = { atMs: now, ok };
    return late || !same;
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
    return leadsTo(read, order.path, s) ? `repair of a table that leads to ${order.path}` : null;
  }

  return lawOf('L3 settled', {
    fact(fact) {
      const pin = steering.now().pin;
      const changed = isChange(fact);
      run.see(fact);
      steering.see(fact);
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
      facts.rest(rest);
      lists = { ...lists, atMs: rest.listsAtMs ?? lists.atMs };
    },
    order(order) {
      const says = needless(order) ?? unrest(order);
      if (order.type === 'REFRESH_RECORD') recordId = order.orderId;
      run.obey(order);
      steering.obey(order);
      return says;
    },
  });
};

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
