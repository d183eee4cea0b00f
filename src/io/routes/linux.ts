/**
 * The routing table on Linux (XenServer's dom0 too): one-step `replace` with our own protocol
 * number, read back; foreign changes from the kernel's notifications and a re-read each second;
 * breaking of stale connections. Decides nothing: it carries an order out as far as the kernel
 * lets it, and reports the table that stands then.
 *
 * `replace` swaps the entry of the same destination, TOS and metric in one step: measured, no
 * packet goes another way. Deleting and adding would open a gap of milliseconds, in which live
 * connections were reset. Entries of another metric are not swapped: they are deleted afterwards.
 */

import assert from 'node:assert/strict';
import ipaddr from 'ipaddr.js';
import type { RouteEntry } from '../../machines/model.ts';
import type { OrderOf } from '../../machines/orders.ts';
import { type Command, createIpRoute } from './iproute.ts';
import { createCoalescer, createMonitor } from './monitor.ts';
import { entryOf, type KernelRoute, type TableRead } from './parse.ts';
import { createSerialQueue } from './queue.ts';
import { breakTcp } from './sockets.ts';
import {
  type ClearResult,
  REREAD_INTERVAL_MS,
  type RouteHand,
  type RouteOptions,
} from './table.ts';
import { toolFile } from './tools.ts';

const QUEUE_LIMIT = 64;
const COALESCE_MS = 2;
const DEFAULT_TAG = 133;

export function createLinuxRoutes(options: RouteOptions): RouteHand {
  const { nfsIp, clock, commandDeadlineMs } = options;
  const ipFile = options.ipFile ?? toolFile('ip');
  const ssFile = options.ssFile ?? toolFile('ss');
  const tag = String(options.tag ?? DEFAULT_TAG);
  const log = options.log ?? (() => undefined);
  let closed = false;
  let rereadWaits = false;

  const report: typeof options.report = (fact) => {
    if (!closed) options.report(fact);
  };
  const ip = createIpRoute({ ipFile, dst: nfsIp, deadlineMs: commandDeadlineMs, log });
  const changes = createSerialQueue(QUEUE_LIMIT);
  const breaks = createSerialQueue(QUEUE_LIMIT);

  function replaceCommand(dst: string, gateway: string): Command {
    for (const address of [dst, gateway]) {
      assert(ipaddr.IPv4.isValidFourPartDecimal(address), `not an IPv4 address: ${address}`);
    }
    return ['route', 'replace', `${dst}/32`, 'via', gateway, 'proto', tag];
  }

  function reportTable(table: TableRead, orderId: number | null): void {
    const atMs = clock.nowMs();
    if (table.ok) {
      report({ type: 'ROUTE_READ', atMs, entries: table.routes.map(entryOf), orderId });
    } else {
      report({ type: 'ROUTE_UNREADABLE', atMs, error: table.error, orderId });
    }
  }

  function refuse(orderId: number, error: string): void {
    report({ type: 'ROUTE_REFUSED', atMs: clock.nowMs(), orderId, error });
  }

  /** The wanted entry itself is never deleted, whatever the order says. */
  function isWanted(route: KernelRoute, gateway: string): boolean {
    return route.plain && route.gateway === gateway && route.metric === 0 && route.protocol === tag;
  }

  async function carryOut(order: OrderOf<'SET_ROUTE'>, commands: readonly Command[]) {
    const set = await ip.change(commands);
    // "File exists": the very same entry already stands, behind another one of its metric.
    const refusals = set.refusals.filter((text) => text !== null && !/File exists/.test(text));
    let table = set.table;
    if (refusals.length === 0 && table.ok) {
      const foreign = table.routes.filter(
        (route) =>
          !isWanted(route, order.gateway) && order.remove.some((entry) => isSame(entry, route)),
      );
      if (foreign.length > 0) {
        const removed = await ip.change(foreign.map(deleteCommand));
        refusals.push(...removed.refusals.filter((text) => text !== null && !isGone(text)));
        table = removed.table;
      }
    }
    if (refusals.length === 0) {
      reportTable(table, order.orderId);
    } else {
      refuse(order.orderId, refusals.join('; '));
      if (table.ok) reportTable(table, null);
    }
  }

  /** At most one waits: a hung tool must not let the looks at it pile up. */
  function reread(): void {
    if (rereadWaits || closed) return;
    rereadWaits = true; // before `add`: on an idle queue the job begins inside it
    const added = changes.add(async () => {
      rereadWaits = false;
      reportTable((await ip.change([])).table, null);
    });
    if (!added) rereadWaits = false;
  }

  async function clearOurs(): Promise<ClearResult> {
    const ours = await ip.listTagged(Number(tag));
    if (!ours.ok) return { ok: false, removed: [], error: ours.error };
    const { refusals } = await ip.change(ours.routes.map(deleteCommand));
    const isRemoved = (at: number) => refusals[at] === null || isGone(refusals[at] ?? '');
    const removed = ours.routes
      .filter((_, at) => isRemoved(at))
      .map((route) => `${route.dst}/32 via ${route.gateway ?? '-'} dev ${route.device ?? '-'}`);
    const failed = refusals.filter((_, at) => !isRemoved(at));
    return failed.length === 0
      ? { ok: true, removed }
      : { ok: false, removed, error: failed.join('; ') };
  }

  const hint = createCoalescer(COALESCE_MS, reread);
  const isWatching = options.watch ?? true;
  const monitor = isWatching
    ? createMonitor({
        ipFile,
        objects: ['route', 'link', 'address'],
        // An interface that goes down takes our entry along without a word about the entry.
        onLine: (line) => {
          if (line.includes(nfsIp) || /^(Deleted )?\d+: /.test(line)) hint.hint();
        },
        onGap: () => hint.hint(),
        log,
      })
    : null;
  const pace = isWatching ? setInterval(reread, REREAD_INTERVAL_MS) : undefined;

  return {
    set(order) {
      assert.equal(order.nfsIp, nfsIp, 'the order names another NFS address');
      const commands = order.also.map((route) => replaceCommand(route.dst, route.gateway));
      commands.push(replaceCommand(order.nfsIp, order.gateway));
      if (!changes.add(() => carryOut(order, commands))) {
        refuse(order.orderId, `${QUEUE_LIMIT} orders wait already`);
      }
    },
    read(orderId) {
      if (orderId === null) {
        reread();
      } else if (!changes.add(async () => reportTable((await ip.change([])).table, orderId))) {
        reportTable({ ok: false, error: `${QUEUE_LIMIT} orders wait already` }, orderId);
      }
    },
    breakConnections({ orderId, nfsIp: address }) {
      const job = async () => {
        const result = await breakTcp(ssFile, address, commandDeadlineMs);
        const atMs = clock.nowMs();
        if (result.ok) {
          report({ type: 'CONNECTIONS_BROKEN', atMs, orderId, count: result.count });
        } else {
          const { error, supported } = result;
          report({ type: 'CONNECTIONS_KEPT', atMs, orderId, error, supported });
        }
      };
      if (!breaks.add(job)) {
        const error = `${QUEUE_LIMIT} orders wait already`;
        const atMs = clock.nowMs();
        report({ type: 'CONNECTIONS_KEPT', atMs, orderId, error, supported: true });
      }
    },
    clear: () =>
      new Promise((resolve) => {
        const added = changes.add(async () => resolve(await clearOurs()));
        if (!added) resolve({ ok: false, removed: [], error: 'busy or closed' });
      }),
    close() {
      closed = true;
      clearInterval(pace);
      hint.close();
      monitor?.close();
      changes.close();
      breaks.close();
      ip.close();
    },
  };
}

function isSame(entry: RouteEntry, route: KernelRoute): boolean {
  return (
    entry.gateway === route.gateway &&
    entry.device === route.device &&
    entry.metric === route.metric &&
    entry.protocol === route.protocol &&
    entry.plain === route.plain
  );
}

/** Names everything the kernel compares, so that exactly this entry goes. */
function deleteCommand(route: KernelRoute): Command {
  const words = ['route', 'del', route.type, `${route.dst}/32`];
  if (route.tos !== null) words.push('tos', route.tos);
  if (route.gateway !== null) words.push('via', route.gateway);
  if (route.device !== null) words.push('dev', route.device);
  words.push('proto', route.protocol, 'metric', String(route.metric));
  for (const hop of route.hops) {
    words.push('nexthop');
    if (hop.gateway !== null) words.push('via', hop.gateway);
    if (hop.device !== null) words.push('dev', hop.device);
  }
  return words;
}

/** The kernel's ESRCH: somebody was faster, the wanted end is reached. */
function isGone(refusal: string): boolean {
  return /No such process/.test(refusal);
}
