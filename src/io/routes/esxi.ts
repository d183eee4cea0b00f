/**
 * The routing table on VMware ESXi, through `esxcfg-route -l`, `-a` and `-d` (assumed as in the
 * domain notes; written against a sample of its output and a stand-in program, NOT run on a real
 * ESXi). ESXi has no atomic replace, no notifications, no metrics and no origin tag, so:
 *
 * - the old entries are deleted and then the new one is added, because two /32 entries are the
 *   worse evil; if the add fails, what was deleted is put back;
 * - the table is read once a second;
 * - connections cannot be broken;
 * - `clear` removes every /32 entry of the NFS address, since nobody can tell whose it is.
 */

import assert from 'node:assert/strict';
import ipaddr from 'ipaddr.js';
import type { OrderOf } from '../../machines/orders.ts';
import { explainFailure, runCommand } from '../command.ts';
import { createSerialQueue } from './queue.ts';
import {
  type ClearResult,
  REREAD_INTERVAL_MS,
  type RouteHand,
  type RouteOptions,
} from './table.ts';
import { toolFile } from './tools.ts';

export interface EsxiRoute {
  readonly network: string;
  readonly netmask: string;
  /** Null: `Local Subnet`. */
  readonly gateway: string | null;
  readonly device: string;
}

type ReadTable = { readonly ok: true; readonly routes: readonly EsxiRoute[] };
type Table = ReadTable | { readonly ok: false; readonly error: string };

const QUEUE_LIMIT = 64;
const HOST_MASK = '255.255.255.255';
const TITLE = 'VMkernel Routes:';
const COLUMNS = /^Network\s+Netmask\s+Gateway\s+Interface\s*$/;
const ROW = /^(\S+)\s+(\d+\.\d+\.\d+\.\d+)\s+(Local Subnet|\d+\.\d+\.\d+\.\d+)\s+(\S+)\s*$/;
/** There is no origin tag to print. */
const PROTOCOL = 'esxi';

/** `esxcfg-route -l`. Both heading lines must be there, and each row must be understood. */
export function parseEsxiTable(text: string): Table {
  const [title = '', columns = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (title.trim() !== TITLE || !COLUMNS.test(columns)) {
    return { ok: false, error: `not a route list: ${JSON.stringify(text.slice(0, 80))}` };
  }
  const routes: EsxiRoute[] = [];
  for (const row of rows) {
    const [, network, netmask, gateway, device] = ROW.exec(row) ?? [];
    if (network === undefined || netmask === undefined || device === undefined) {
      return { ok: false, error: `not a route: ${JSON.stringify(row.slice(0, 80))}` };
    }
    const isLocal = gateway === undefined || gateway === 'Local Subnet';
    routes.push({ network, netmask, gateway: isLocal ? null : gateway, device });
  }
  return { ok: true, routes };
}

export function createEsxiRoutes(options: RouteOptions): RouteHand {
  const { nfsIp, clock, commandDeadlineMs: deadlineMs } = options;
  const file = options.esxcfgFile ?? toolFile('esxcfg-route');
  const changes = createSerialQueue(QUEUE_LIMIT);
  let closed = false;
  let rereadWaits = false;

  const report: typeof options.report = (fact) => {
    if (!closed) options.report(fact);
  };

  async function readAll(): Promise<Table> {
    const result = await runCommand(file, ['-l'], { deadlineMs });
    if (result.ok) return parseEsxiTable(result.stdout);
    return { ok: false, error: `esxcfg-route -l: ${explainFailure(result, deadlineMs)}` };
  }

  /** Null: accepted; else the tool's text. */
  async function change(verb: '-a' | '-d', dst: string, gateway: string): Promise<string | null> {
    const args = [verb, `${dst}/32`, gateway];
    const result = await runCommand(file, args, { deadlineMs });
    if (result.ok) return null;
    return `esxcfg-route ${args.join(' ')}: ${explainFailure(result, deadlineMs)}`;
  }

  /** Null: `dst/32 via gateway` is the only entry as far as the tool said; else why not. */
  async function point(table: ReadTable, dst: string, gateway: string): Promise<string | null> {
    const others: string[] = [];
    let stands = false;
    for (const route of hostRoutes(table, dst)) {
      if (route.gateway === gateway) stands = true;
      else if (route.gateway !== null) others.push(route.gateway);
    }
    const deleted: string[] = [];
    let error: string | null = null;
    for (const other of others) {
      error ??= await change('-d', dst, other);
      if (error === null) deleted.push(other);
    }
    if (error === null && !stands) error = await change('-a', dst, gateway);
    const last = deleted[0];
    if (error !== null && !stands && last !== undefined) {
      const again = await change('-a', dst, last);
      error += again === null ? `; put back ${last}` : `; and could not put back: ${again}`;
    }
    return error;
  }

  function reportTable(table: Table, orderId: number | null): void {
    const atMs = clock.nowMs();
    if (!table.ok) {
      report({ type: 'ROUTE_UNREADABLE', atMs, error: table.error, orderId });
      return;
    }
    const entries = hostRoutes(table, nfsIp).map(({ gateway, device }) => {
      return { gateway, device, metric: 0, protocol: PROTOCOL, plain: gateway !== null };
    });
    report({ type: 'ROUTE_READ', atMs, entries, orderId });
  }

  function refuse(orderId: number, error: string): void {
    report({ type: 'ROUTE_REFUSED', atMs: clock.nowMs(), orderId, error });
  }

  async function carryOut(order: OrderOf<'SET_ROUTE'>): Promise<void> {
    const before = await readAll();
    if (!before.ok) {
      refuse(order.orderId, before.error); // changing a table that cannot be read is blind
      return;
    }
    const errors: string[] = [];
    for (const { dst, gateway } of [...order.also, { dst: order.nfsIp, gateway: order.gateway }]) {
      const error = await point(before, dst, gateway);
      if (error !== null) errors.push(error);
    }
    const after = await readAll();
    if (errors.length === 0) {
      reportTable(after, order.orderId);
    } else {
      refuse(order.orderId, errors.join('; '));
      if (after.ok) reportTable(after, null);
    }
  }

  /** At most one waits: a hung tool must not let the looks at it pile up. */
  function reread(): void {
    if (rereadWaits || closed) return;
    rereadWaits = true;
    const added = changes.add(async () => {
      rereadWaits = false;
      reportTable(await readAll(), null);
    });
    if (!added) rereadWaits = false;
  }

  async function clearAll(): Promise<ClearResult> {
    const table = await readAll();
    if (!table.ok) return { ok: false, removed: [], error: table.error };
    const removed: string[] = [];
    for (const { gateway } of hostRoutes(table, nfsIp)) {
      if (gateway === null) continue;
      const error = await change('-d', nfsIp, gateway);
      if (error !== null) return { ok: false, removed, error };
      removed.push(`${nfsIp}/32 via ${gateway}`);
    }
    return { ok: true, removed };
  }

  const pace = (options.watch ?? true) ? setInterval(reread, REREAD_INTERVAL_MS) : undefined;
  return {
    set(order) {
      assert.equal(order.nfsIp, nfsIp, 'the order names another NFS address');
      for (const address of [order.gateway, ...order.also.flatMap((r) => [r.dst, r.gateway])]) {
        assert(ipaddr.IPv4.isValidFourPartDecimal(address), `not an IPv4 address: ${address}`);
      }
      if (!changes.add(() => carryOut(order))) {
        refuse(order.orderId, `${QUEUE_LIMIT} orders wait already`);
      }
    },
    read(orderId) {
      if (orderId === null) reread();
      else if (!changes.add(async () => reportTable(await readAll(), orderId))) {
        reportTable({ ok: false, error: `${QUEUE_LIMIT} orders wait already` }, orderId);
      }
    },
    breakConnections({ orderId }) {
      const error = 'ESXi has no command that breaks a TCP connection';
      const atMs = clock.nowMs();
      report({ type: 'CONNECTIONS_KEPT', atMs, orderId, error, supported: false });
    },
    clear: () =>
      new Promise((resolve) => {
        const added = changes.add(async () => resolve(await clearAll()));
        if (!added) resolve({ ok: false, removed: [], error: 'busy or closed' });
      }),
    close() {
      closed = true;
      clearInterval(pace);
      changes.close();
    },
  };
}

function hostRoutes(table: ReadTable, dst: string): readonly EsxiRoute[] {
  return table.routes.filter((route) => route.network === dst && route.netmask === HOST_MASK);
}
