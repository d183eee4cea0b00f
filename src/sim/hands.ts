/**
 * Virtual hands: carry orders out on the simulated kernel and leader and report what came of it,
 * as src/io/routes and src/io/rest do. Every change of the table is told as truth, with its author.
 */

import type { Fact } from '../machines/events.ts';
import type { RouteEntry } from '../machines/model.ts';
import type { Order, OrderOf } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import type { Conditions } from './conditions.ts';
import type { Queue } from './queue.ts';

export interface Hands {
  carryOut(order: Order): void;
  /** The daemon died: nothing that is under way is answered. Commands that ran have run. */
  stop(): void;
}

export type OnTable = (by: 'controller' | 'other', entries: readonly RouteEntry[]) => void;

const COMMAND_MS = 1;
const PUT_MS = 5;
const REREAD_MS = 1000;

export function ownEntry(gateway: string): RouteEntry {
  return { gateway, device: 'storage', metric: 0, protocol: '133', plain: true };
}

export function createHands(
  w: Conditions,
  s: Settings,
  queue: Queue,
  report: (fact: Fact) => void,
  onTable: OnTable,
): Hands {
  let stopped = false;
  const later = (ms: number, make: () => Fact): void => {
    queue.at(queue.nowMs() + ms, () => {
      if (!stopped) report(make());
    });
  };
  const now = (): number => queue.nowMs();

  function readFact(orderId: number | null): Fact {
    if (!w.table.readable) {
      return { type: 'ROUTE_UNREADABLE', atMs: now(), error: 'output not understood', orderId };
    }
    return { type: 'ROUTE_READ', atMs: now(), entries: [...w.table.entries], orderId };
  }

  function set(order: OrderOf<'SET_ROUTE'>): void {
    const { orderId, gateway } = order;
    if (w.commands === 'hang') {
      const error = `killed at its deadline of ${s.switch.commandDeadlineMs} ms`;
      later(s.switch.commandDeadlineMs, () => ({
        type: 'ROUTE_REFUSED',
        atMs: now(),
        orderId,
        error,
      }));
      return;
    }
    if (w.commands === 'refuse' || !linkOf(gateway)) {
      const error = linkOf(gateway) ? 'Operation not permitted' : 'Network is unreachable';
      later(COMMAND_MS, () => ({ type: 'ROUTE_REFUSED', atMs: now(), orderId, error }));
      return;
    }
    queue.at(now() + COMMAND_MS, () => {
      if (w.commands !== 'lie') {
        w.table.entries = [ownEntry(gateway)];
        onTable('controller', w.table.entries);
      }
      if (!stopped) report(readFact(orderId));
    });
  }

  function linkOf(gateway: string): boolean {
    const p = w.paths.find((x) => x.ip === gateway);
    return p !== undefined && w.links[p.network];
  }

  function put(order: OrderOf<'REFRESH_RECORD'>): void {
    const { orderId, uuid, clientIps } = order;
    const away = w.leader === 'away' || w.leader === 'garbage';
    if (w.recordWriter === 'hang') return;
    if (away || w.recordWriter === 'refuse') {
      const error = away ? 'no leader answered' : 'ec is EPERM';
      later(PUT_MS, () => ({ type: 'RECORD_REFUSED', atMs: now(), orderId, error }));
      return;
    }
    w.records.set(uuid, clientIps);
    later(PUT_MS, () => ({ type: 'RECORD_ACKNOWLEDGED', atMs: now(), orderId }));
  }

  function reread(): void {
    if (stopped) return;
    report(readFact(null));
    queue.at(now() + REREAD_MS, reread);
  }
  queue.at(now() + COMMAND_MS, reread);

  return {
    carryOut(order) {
      if (order.type === 'SET_ROUTE') set(order);
      if (order.type === 'READ_ROUTE') later(COMMAND_MS, () => readFact(order.orderId));
      if (order.type === 'REFRESH_RECORD') put(order);
      if (order.type === 'BREAK_CONNECTIONS') {
        const { orderId } = order;
        later(COMMAND_MS, () => ({ type: 'CONNECTIONS_BROKEN', atMs: now(), orderId, count: 1 }));
      }
    },
    stop() {
      stopped = true;
    },
  };
}
