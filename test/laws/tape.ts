/**
 * Traces written by hand, entry by entry: what a law test needs to show a law obeyed and broken.
 * Nothing here decides; the tape says exactly what the test writes on it.
 */

import { createJury } from '../../src/laws/jury.ts';
import type { LawMaker } from '../../src/laws/law.ts';
import type { Entry } from '../../src/laws/trace.ts';
import type { Fact } from '../../src/machines/events.ts';
import { noMemory } from '../../src/machines/hold.ts';
import type { Memory, RouteEntry, SwitchKind } from '../../src/machines/model.ts';
import type { Order } from '../../src/machines/orders.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { cluster, links, pathOf, scvms, session, via } from './cluster.ts';

type Unstamped<T> = T extends unknown ? Omit<T, 'atMs'> : never;

export interface Tape {
  readonly entries: Entry[];
  nowMs(): number;
  pass(ms: number): Tape;
  fact(fact: Unstamped<Fact>): Tape;
  order(order: Order): Tape;
  table(by: 'controller' | 'other', entries: readonly RouteEntry[]): Tape;
  start(memory?: Memory | null, shadow?: boolean): Tape;
  /** `count` replies, 250 ms apart, each at the end of its interval. */
  replies(path: string, count?: number): Tape;
  losses(path: string, count?: number): Tape;
  /** A list with these SCVMs alive and the others absent, sessions an hour old. */
  list(alive?: readonly string[], uuid?: string): Tape;
  read(entries: readonly RouteEntry[], orderId?: number | null): Tape;
  set(path: string, kind: SwitchKind, orderId?: number): Tape;
  /** The table is read back and leads to `path`; the switch is noted and the heartbeat moved. */
  confirm(path: string, kind: SwitchKind, from: string | null, orderId?: number): Tape;
  save(part: Partial<Memory>): Tape;
  /** All paths answer, the route is read once a second and stays, for so long; `but` is silent. */
  well(forMs: number, table: readonly RouteEntry[], but?: readonly string[]): Tape;
  /** What the law says of the tape, one line each. */
  breaches(make: LawMaker, settings?: Settings): string[];
}

export function createTape(): Tape {
  const entries: Entry[] = [];
  let now = 1000;

  const tape: Tape = {
    entries,
    nowMs: () => now,
    pass(ms) {
      now += ms;
      return tape;
    },
    fact(fact) {
      entries.push({ kind: 'fact', fact: { ...fact, atMs: now } as Fact });
      return tape;
    },
    order(order) {
      entries.push({ kind: 'order', atMs: now, order });
      return tape;
    },
    table(by, held) {
      entries.push({ kind: 'table', atMs: now, by, entries: held });
      return tape;
    },
    start: (memory = null, shadow = false) => tape.fact({ type: 'STARTED', memory, shadow }),
    replies(path, count = 1) {
      for (let i = 0; i < count; i += 1) {
        tape.pass(250).fact({ type: 'PING_REPLIED', path, size: 'small', rttMs: 1 });
      }
      return tape;
    },
    losses(path, count = 1) {
      for (let i = 0; i < count; i += 1) {
        tape.pass(250).fact({ type: 'PING_LOST', path, size: 'small', waitedMs: 100 });
      }
      return tape;
    },
    list(alive = scvms, uuid = '1') {
      const sessions = alive.map((name) => session(name, true, `${name}-${uuid}`, 3_600_000 + now));
      return tape.fact({ type: 'SESSIONS_LISTED', sessions, from: 'leader' });
    },
    read: (held, orderId = null) => tape.fact({ type: 'ROUTE_READ', entries: held, orderId }),
    set(path, kind, orderId = 1) {
      const { nfsIp } = cluster;
      const gateway = pathOf(path).ip;
      const reason = 'because of 3 numbers';
      const base = { type: 'SET_ROUTE', orderId, path, kind, nfsIp, gateway } as const;
      return tape.order({ ...base, remove: [], also: [], reason });
    },
    confirm(path, kind, from, orderId = 1) {
      const reason = 'because of 3 numbers';
      return tape
        .read([via(path)], orderId)
        .order({ type: 'NOTE_SWITCH', orderId, from, to: path, kind, reason })
        .order({ type: 'REPORT_TO', ip: pathOf(path).ip, path, reason });
    },
    save: (part) =>
      tape.order({ type: 'SAVE_MEMORY', memory: { ...noMemory, ...part }, reason: 'changed' }),
    well(forMs, held, but = []) {
      for (const endMs = now + forMs; now < endMs; ) {
        tape.pass(1000);
        for (const p of cluster.paths) {
          if (but.includes(p.id)) continue;
          tape.fact({ type: 'PING_REPLIED', path: p.id, size: 'small', rttMs: 1 });
          tape.fact({ type: 'SERVICE_ANSWERED', path: p.id, rttMs: 1 });
        }
        tape.read(held);
        if (now % 2000 === 0) tape.list();
      }
      return tape;
    },
    breaches(make, settings = cluster) {
      const jury = createJury(settings, [make]);
      const said = [...entries, last(now)].flatMap((e) => jury.see(e));
      return said.map((v) => v.says);
    },
  };
  return tape;
}

/** What a step left undone shows at the next fact. */
const last = (atMs: number): Entry => ({ kind: 'fact', fact: { type: 'TICK', atMs } });

/** A daemon that found the route at `path` and adopted it; links and sessions are known. */
export function begun(path = 'scvm1/data', memory: Memory | null = null): Tape {
  const tape = createTape().start(memory).fact({ type: 'LINKS_READ', byPath: links() });
  const reason = 'adopted';
  tape.read([via(path)]).order({ type: 'REPORT_TO', ip: pathOf(path).ip, path, reason });
  return tape.list();
}
