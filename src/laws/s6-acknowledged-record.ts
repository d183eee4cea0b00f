/**
 * S6, acknowledged record: after each confirmed route change, each new local session and each
 * change of this host's addresses, the session record is ordered at once (in the same step or the
 * next), asked for again until the latest order is acknowledged, and an alarm stands while it is
 * not. Owed only while the local session and the addresses are known, and never in shadow.
 */

import type { Fact } from '../machines/events.ts';
import type { OrderOf } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { createLatch, type LawMaker, ms } from './law.ts';

/** Steps that may pass between the need and the order. */
const STEPS = 1;
/** A refused order is repeated within this. */
const REPEAT_MS = 20_000;
/** An order that nobody answered is given up and repeated within this. */
const UNANSWERED_MS = 30_000;
const ALARM_MS = 10_000;

export const acknowledgedRecord: LawMaker = ({ run }) => {
  let shadow = false;
  let uuid: string | null = null;
  let ips: readonly string[] = [];
  let order: { id: number; key: string; acked: boolean } | null = null;
  let switched = false;
  let alarmed = false;
  let now = 0;
  /** The record is not ordered as it is now wanted, for so many steps. */
  let missingSteps = 0;
  let owedSinceMs: number | null = null;
  /** The last thing that happened to the order: given, refused, or wanted again. */
  let movedAtMs = 0;
  let answered = false;
  const latch = createLatch();

  /** What the leader should know, in one line. */
  let wanted = '';
  const rename = (): void => {
    wanted = [uuid, ...ips].join(' ');
  };
  const isKnown = (): boolean => !shadow && uuid !== null && ips.length > 0;
  const isMissing = (): boolean =>
    isKnown() && (order === null || order.key !== wanted || switched);

  function started(isShadow: boolean): void {
    shadow = isShadow;
    uuid = null;
    ips = [];
    rename();
    order = null;
    switched = false;
    alarmed = false;
    missingSteps = 0;
    owedSinceMs = null;
  }

  /** What the step that is over left undone. */
  function overdue(): string | null {
    missingSteps = isMissing() ? missingSteps + 1 : 0;
    const owed = isKnown() && (isMissing() || order?.acked === false);
    if (!owed) owedSinceMs = null;
    else if (owedSinceMs === null) {
      owedSinceMs = now;
      movedAtMs = now;
    }
    if (owedSinceMs === null) return null;
    if (missingSteps > STEPS) return `the record ${wanted} is owed and was not ordered`;
    const limit = answered ? REPEAT_MS : UNANSWERED_MS;
    if (now - movedAtMs > limit) return `unacknowledged and not asked again for ${ms(limit)}`;
    const forMs = now - owedSinceMs;
    if (forMs <= ALARM_MS || alarmed) return null;
    return `owed for ${ms(forMs)} without the alarm record_unacknowledged`;
  }

  function fold(fact: Fact): void {
    now = Math.max(now, fact.atMs);
    if (fact.type === 'STARTED') started(fact.shadow);
    else if (fact.type === 'SESSIONS_LISTED' && fact.sessions.length > 0) {
      const ip = run.is.settings.paths[0]?.dataIp;
      uuid = fact.sessions.find((e) => e.ip === ip)?.uuid ?? null;
      rename();
    } else if (fact.type === 'LINKS_READ') {
      ips = ownAddresses(fact.byPath, run.is.settings);
      rename();
    } else if (fact.type === 'STALLED') {
      movedAtMs += fact.stalledMs;
      if (owedSinceMs !== null) owedSinceMs += fact.stalledMs;
    } else if (fact.type === 'RECORD_ACKNOWLEDGED' || fact.type === 'RECORD_REFUSED') {
      if (order?.id !== fact.orderId) return;
      answered = true;
      movedAtMs = now;
      if (fact.type === 'RECORD_ACKNOWLEDGED') order.acked = true;
    }
  }

  function refreshed(given: OrderOf<'REFRESH_RECORD'>): string | null {
    const asked = [given.uuid, ...given.clientIps].join(' ');
    order = { id: given.orderId, key: asked, acked: false };
    switched = false;
    answered = false;
    movedAtMs = now;
    if (shadow) return 'a record was ordered in shadow';
    return asked === wanted ? null : `asked for "${asked}" instead of "${wanted}"`;
  }

  return {
    name: 'S6 acknowledged record',
    fact(fact) {
      const says = latch(overdue());
      fold(fact);
      return says;
    },
    order(given) {
      if (given.type === 'NOTE_SWITCH') switched = true;
      else if (given.type === 'REFRESH_RECORD') return refreshed(given);
      else if (given.type === 'RAISE_ALARM' || given.type === 'CLEAR_ALARM') {
        if (given.alarm === 'record_unacknowledged') alarmed = given.type === 'RAISE_ALARM';
      }
      return null;
    },
  };
};

/** This host's own addresses, storage then management, each once. */
function ownAddresses(
  byPath: Extract<Fact, { type: 'LINKS_READ' }>['byPath'],
  s: Settings,
): readonly string[] {
  const found = ['storage', 'management'].map((network) => {
    const own = s.paths.find((p) => p.local && p.network === network);
    return own ? byPath[own.id]?.source : undefined;
  });
  return [...new Set(found.filter((ip) => ip !== undefined))];
}
