/**
 * Virtual hands: carry orders out on the simulated kernel and leader and report what came of it,
 * as src/io/routes and src/io/rest do. Route commands wait for each other. Every change of the
 * table is told as truth, with its author.
 */

import type { Fact } from '../machines/events.ts';
import type { RouteEntry } from '../machines/model.ts';
import type { Order, OrderOf } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { leaderAnswers } from './conditions.ts';
import type { Body } from './pilot.ts';
import { createRound, type Round } from './round.ts';

export interface Hands {
  carryOut(order: Order): void;
  retarget(settings: Settings): void;
  /** The looks at the table rest while the process stands still. */
  freeze(): void;
  restart(): void;
  /** The daemon died: nothing that is under way is answered. Commands that ran have run. */
  stop(): void;
  /** For leap.ts. */
  readonly looks: Round;
  /** Nothing ordered is under way. */
  isIdle(): boolean;
}

export const COMMAND_MS = 1;
const PUT_MS = 5;
const REREAD_MS = 1000;
const LOOK_RANK = 1000;

export function ownEntry(gateway: string): RouteEntry {
  return { gateway, device: 'storage', metric: 0, protocol: '133', plain: true };
}

export function createHands(body: Body, first: Settings, report: (fact: Fact) => void): Hands {
  const { world: w, clock } = body;
  let s = first;
  let stopped = false;
  let underWay = 0;
  const now = clock.nowMs;
  /** When the last route command that was given ends. */
  let busyUntilMs = now();

  function later(atMs: number, make: () => Fact): void {
    underWay += 1;
    clock.at(atMs, () => {
      underWay -= 1;
      const fact = make();
      if (!stopped) report(fact);
    });
  }

  /** After the commands before it; answers when it is over. */
  function command(tookMs: number, make: () => Fact): void {
    busyUntilMs = Math.max(busyUntilMs, now()) + tookMs;
    later(busyUntilMs, make);
  }

  function readFact(orderId: number | null): Fact {
    if (!w.table.readable) {
      return { type: 'ROUTE_UNREADABLE', atMs: now(), error: 'output not understood', orderId };
    }
    return { type: 'ROUTE_READ', atMs: now(), entries: [...w.table.entries], orderId };
  }

  /** The kernel tells of every change of its table, ours as well: it is read again. */
  function replace(order: OrderOf<'SET_ROUTE'>): void {
    const stays = (e: RouteEntry): boolean =>
      e.metric !== 0 && !order.remove.some((r) => r.metric === e.metric && r.gateway === e.gateway);
    body.setTable('controller', [ownEntry(order.gateway), ...w.table.entries.filter(stays)]);
    command(COMMAND_MS, () => readFact(null));
  }

  function set(order: OrderOf<'SET_ROUTE'>): void {
    const { orderId, gateway } = order;
    const health = w.commands;
    const deadlineMs = s.switch.commandDeadlineMs;
    const refused = (error: string): Fact => ({
      type: 'ROUTE_REFUSED',
      atMs: now(),
      orderId,
      error,
    });
    const killed = `killed at its deadline of ${deadlineMs} ms`;
    const takesLong = health === 'slow' || health === 'late' || health === 'hang';
    command(takesLong ? deadlineMs : COMMAND_MS, () => {
      if (health === 'hang' || (health === 'late' && !linkOf(gateway))) return refused(killed);
      if (health === 'refuse') return refused('Operation not permitted');
      if (!linkOf(gateway)) return refused('Network is unreachable');
      if (health !== 'lie') replace(order);
      return health === 'late' ? refused(killed) : readFact(orderId);
    });
  }

  function linkOf(gateway: string): boolean {
    const p = w.paths.find((x) => x.ip === gateway);
    return p !== undefined && w.links[p.network];
  }

  function put(order: OrderOf<'REFRESH_RECORD'>): void {
    const { orderId, uuid, clientIps } = order;
    const { cluster } = w;
    const away = !leaderAnswers(w);
    if (cluster.recordWriter === 'hang') return;
    const isListed = [...cluster.scvms.values()].some((x) => x.session.uuid === uuid);
    if (away || cluster.recordWriter === 'refuse' || !isListed) {
      const why = isListed ? 'ec is EPERM' : 'ec is ENOENT';
      const error = away ? 'no leader answered' : why;
      later(now() + PUT_MS, () => ({ type: 'RECORD_REFUSED', atMs: now(), orderId, error }));
      return;
    }
    cluster.records.set(uuid, clientIps);
    body.recorded();
    if (cluster.recordWriter === 'deaf') return;
    later(now() + PUT_MS, () => ({ type: 'RECORD_ACKNOWLEDGED', atMs: now(), orderId }));
  }

  function breakAll({ orderId }: OrderOf<'BREAK_CONNECTIONS'>): void {
    later(now() + COMMAND_MS, () => {
      body.breakConnections();
      return { type: 'CONNECTIONS_BROKEN', atMs: now(), orderId, count: 1 };
    });
  }

  const looks = createRound(
    clock,
    LOOK_RANK,
    () => {
      if (now() >= busyUntilMs) report(readFact(null));
    },
    () => REREAD_MS,
  );
  looks.begin(now() + COMMAND_MS);

  return {
    carryOut(order) {
      if (order.type === 'SET_ROUTE') set(order);
      if (order.type === 'READ_ROUTE') command(COMMAND_MS, () => readFact(order.orderId));
      if (order.type === 'REFRESH_RECORD') put(order);
      if (order.type === 'BREAK_CONNECTIONS') breakAll(order);
    },
    retarget(settings) {
      s = settings;
    },
    freeze: () => looks.end(),
    restart: () => looks.resume(),
    stop() {
      stopped = true;
      looks.end();
    },
    looks,
    isIdle: () => underWay === 0,
  };
}
