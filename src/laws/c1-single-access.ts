/**
 * C1, single access (DOMAIN.md section 4), over a whole cluster and fed with truth: no client is
 * served by two SCVMs for longer than it takes to revoke the older login, once the leader is there,
 * knows that both are the same hypervisor's and reaches the older server.
 *
 * That it knows is the daemons' work. While a record is missing, the bound is the time in which a
 * daemon that runs must have told the leader that would listen; while the leader would not, an
 * alarm must stand that says so.
 */

import type { AlarmName } from '../machines/orders.ts';
import type { Entry, Violation } from './trace.ts';

/** What is true of one host's client, told whenever it may have changed. World time. */
export interface Served {
  readonly host: number;
  readonly atMs: number;
  /** SCVMs that would serve it. */
  readonly by: readonly string[];
  /** The leader knows of a login to revoke, and reaches its server. */
  readonly isRevocable: boolean;
  /** There is a login of which it does not know whose it is. */
  readonly isUnknown: boolean;
  /** A daemon that may act runs; the leader would acknowledge its record. */
  readonly couldRecord: boolean;
  readonly hasDaemon: boolean;
}

export interface SingleAccess {
  served(served: Served): Violation | null;
  /** What its daemon does, at this world's time; its alarms count. */
  see(host: number, entry: Entry, atMs: number): Violation | null;
  /** The run ends. */
  end(atMs: number): Violation | null;
}

/** Two RPCs, and a margin. */
const REVOKE_MS = 1000;
/**
 * A list poll, a pause and an order without an answer (10 s and 15 s at most), and as much again for
 * one that was under way.
 */
const RECORD_MS = 60_000;
/** The alarm's own patience of 5 s, a stale list of 15 s, and a look. */
const ALARM_MS = 30_000;

/** The record is not acknowledged; or there is no list that would tell of a new session. */
const TELLING: readonly string[] = [
  'record_unacknowledged',
  'sessions_unavailable',
] satisfies AlarmName[];

/** Since when something holds without a break; null: it does not. */
interface Since {
  revocableMs: number | null;
  recordableMs: number | null;
  unheardMs: number | null;
}

export function createSingleAccess(hosts: number): SingleAccess {
  const since = Array.from(
    { length: hosts },
    (): Since => ({
      revocableMs: null,
      recordableMs: null,
      unheardMs: null,
    }),
  );
  const last = new Map<number, Served>();
  const alarms = Array.from({ length: hosts }, () => new Set<string>());

  function judge(host: number, atMs: number): Violation | null {
    const is = since[host];
    const served = last.get(host);
    if (!is || !served || served.by.length < 2) return null;
    const who = `host ${host + 1} is served by ${served.by.join(' and ')}`;
    const over = (ms: number | null, bound: number): boolean => ms !== null && atMs - ms > bound;
    const broken = (says: string): Violation => ({ law: 'C1 single access', atMs, says });
    if (over(is.revocableMs, REVOKE_MS)) {
      return broken(`${who}, and the leader could have revoked that for over ${REVOKE_MS} ms`);
    }
    if (over(is.recordableMs, RECORD_MS)) {
      const told = `its daemon has not told a leader that would listen for over ${RECORD_MS} ms`;
      return broken(`${who}, whose addresses are not known to be one host's: ${told}`);
    }
    if (over(is.unheardMs, ALARM_MS) && alarms[host]?.size === 0) {
      return broken(`${who} without an alarm for over ${ALARM_MS} ms`);
    }
    return null;
  }

  return {
    served(served) {
      const { host, atMs, by, isRevocable, isUnknown, couldRecord, hasDaemon } = served;
      // What was true until now is judged first.
      const found = judge(host, atMs);
      const is = since[host];
      if (!is) return found;
      const two = by.length > 1;
      const keep = (was: number | null, holds: boolean): number | null =>
        two && holds ? (was ?? atMs) : null;
      is.revocableMs = keep(is.revocableMs, isRevocable);
      is.recordableMs = keep(is.recordableMs, isUnknown && couldRecord);
      is.unheardMs = keep(is.unheardMs, isUnknown && hasDaemon);
      last.set(host, served);
      return found;
    },
    see(host, entry, atMs) {
      const found = judge(host, atMs);
      const { kind } = entry;
      if (kind === 'fact' && entry.fact.type === 'STARTED') alarms[host]?.clear();
      if (kind !== 'order') return found;
      const { order } = entry;
      if (order.type === 'CLEAR_ALARM') alarms[host]?.delete(order.alarm);
      else if (order.type === 'RAISE_ALARM' && TELLING.includes(order.alarm)) {
        alarms[host]?.add(order.alarm);
      }
      return found;
    },
    end(atMs) {
      for (const host of last.keys()) {
        const found = judge(host, atMs);
        if (found) return found;
      }
      return null;
    },
  };
}
