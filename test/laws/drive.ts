/**
 * The smallest world in which the real controller can run: every path is probed four times a
 * second, services and the table are asked once, sessions every two, on virtual time, and orders
 * are carried out at once or not at all. It collects the trace for the laws.
 */

import type { Entry } from '../../src/laws/trace.ts';
import { decide, type State, start } from '../../src/machines/decide.ts';
import type { Fact } from '../../src/machines/events.ts';
import type { Memory, PathId, RouteEntry } from '../../src/machines/model.ts';
import type { Order } from '../../src/machines/orders.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { cluster, links, scvms, session, via } from './cluster.ts';

/** What is wrong in the world; a test changes the fields. */
export interface Faults {
  /** Paths that lose every ping. */
  readonly cut: Set<PathId>;
  /** SCVMs whose service refuses. */
  readonly refused: Set<string>;
  /** SCVMs that the session list leaves out. */
  readonly absent: Set<string>;
  leader: 'here' | 'away' | 'empty';
  commands: 'ok' | 'refuse' | 'hang';
  record: 'ok' | 'refuse';
  /** Another writer that puts its own route there once a second. */
  rival: PathId | null;
}

export interface Drive {
  readonly entries: readonly Entry[];
  readonly faults: Faults;
  readonly table: () => readonly RouteEntry[];
  boot(shadow?: boolean): void;
  /** The daemon dies; what it saved remains. */
  crash(): void;
  tell(fact: Fact): void;
  run(ms: number): void;
  /** The SCVM's access service starts anew. */
  renew(scvm: string): void;
  nowMs(): number;
  state(): State;
}

const STEP_MS = 250;

export function createDrive(settings: Settings = cluster): Drive {
  const entries: Entry[] = [];
  const faults: Faults = {
    cut: new Set(),
    refused: new Set(),
    absent: new Set(),
    leader: 'here',
    commands: 'ok',
    record: 'ok',
    rival: null,
  };
  let now = 1000;
  let table: RouteEntry[] = [via('scvm1/data')];
  let alive: State | null = null;
  let memory: Memory | null = null;
  let answers: Fact[] = [];
  const born = new Map<string, number>(scvms.map((name) => [name, -3_600_000]));

  function change(by: 'controller' | 'other', to: RouteEntry[]): void {
    table = to;
    entries.push({ kind: 'table', atMs: now, by, entries: to });
  }

  function carryOut(order: Order): void {
    if (order.type === 'SAVE_MEMORY') memory = order.memory;
    if (order.type === 'READ_ROUTE') answers.push(readAs(order.orderId));
    if (order.type === 'SET_ROUTE' && faults.commands === 'ok') {
      change('controller', [via(order.path)]);
      answers.push(readAs(order.orderId));
    }
    const { orderId } = 'orderId' in order ? order : { orderId: 0 };
    if (order.type === 'SET_ROUTE' && faults.commands === 'refuse') {
      answers.push({ type: 'ROUTE_REFUSED', atMs: now, orderId, error: 'EPERM' });
    }
    if (order.type === 'BREAK_CONNECTIONS') {
      answers.push({ type: 'CONNECTIONS_BROKEN', atMs: now, orderId, count: 1 });
    }
    if (order.type === 'REFRESH_RECORD') {
      const error = 'no leader';
      const ok = faults.record === 'ok' && faults.leader !== 'away';
      if (ok) answers.push({ type: 'RECORD_ACKNOWLEDGED', atMs: now, orderId });
      else answers.push({ type: 'RECORD_REFUSED', atMs: now, orderId, error });
    }
  }

  const readAs = (orderId: number | null): Fact => ({
    type: 'ROUTE_READ',
    atMs: now,
    entries: table,
    orderId,
  });

  function take(fact: Fact, step: () => readonly [State, readonly Order[]]): void {
    entries.push({ kind: 'fact', fact });
    const [state, orders] = step();
    alive = state;
    for (const order of orders) {
      entries.push({ kind: 'order', atMs: now, order });
      carryOut(order);
    }
  }

  /** Tell the daemon, then whatever its orders are answered with. */
  function tell(fact: Fact): void {
    const queue = [fact];
    for (let next = queue.shift(); next; next = queue.shift()) {
      const before = alive;
      if (!before) return;
      const told = next;
      take(told, () => decide(before, told));
      queue.push(...answers);
      answers = [];
    }
  }

  function senses(): void {
    const everySecond = now % 1000 === 0;
    for (const p of settings.paths) {
      const lost = faults.cut.has(p.id);
      const of = { atMs: now, path: p.id } as const;
      if (lost) tell({ type: 'PING_LOST', ...of, size: 'small', waitedMs: 100 });
      else tell({ type: 'PING_REPLIED', ...of, size: 'small', rttMs: 1 });
      if (!everySecond) continue;
      if (lost) tell({ type: 'SERVICE_SILENT', ...of, waitedMs: 1000 });
      else if (faults.refused.has(p.scvm)) tell({ type: 'SERVICE_REFUSED', ...of, error: 'RST' });
      else tell({ type: 'SERVICE_ANSWERED', ...of, rttMs: 1 });
    }
    if (everySecond && faults.rival) change('other', [via(faults.rival)]);
    if (everySecond) tell(readAs(null));
    if (now % 2000 === 0) tell(sessions());
  }

  function sessions(): Fact {
    if (faults.leader === 'away') return { type: 'SESSIONS_FAILED', atMs: now, error: 'away' };
    const shown = faults.leader === 'empty' ? [] : scvms.filter((s) => !faults.absent.has(s));
    const listed = shown.map((name) => {
      const startMs = born.get(name) ?? 0;
      return session(name, true, `${name}@${startMs}`, now - startMs);
    });
    return { type: 'SESSIONS_LISTED', atMs: now, sessions: listed, from: 'leader' };
  }

  return {
    entries,
    faults,
    table: () => table,
    boot(shadow = false) {
      const fact = { type: 'STARTED', atMs: now, memory, shadow } as const;
      take(fact, () => start(settings, fact));
      tell({ type: 'LINKS_READ', atMs: now, byPath: links() });
      tell(readAs(null));
    },
    crash() {
      alive = null;
      answers = [];
    },
    tell,
    run(ms) {
      for (const endMs = now + ms; now < endMs; ) {
        now += STEP_MS;
        senses();
        while (alive && alive.wakeAtMs <= now) tell({ type: 'TICK', atMs: now });
      }
    },
    renew: (name) => void born.set(name, now),
    nowMs: () => now,
    state() {
      if (!alive) throw new Error('no daemon runs');
      return alive;
    },
  };
}
