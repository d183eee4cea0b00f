/**
 * The port to the host's routing table: what the daemon may ask of it, on every platform. Only
 * shapes. `linux.ts` and `esxi.ts` carry it out, `open.ts` chooses. Everything but `clear` answers
 * with facts (src/machines/events.ts): an order is never taken for its effect.
 */

import type { OrderOf } from '../../machines/orders.ts';
import type { Clock, Report } from '../report.ts';

/** Outcome of `clear`: the entries that were removed, as text, even when a later one failed. */
export type ClearResult =
  | { readonly ok: true; readonly removed: readonly string[] }
  | { readonly ok: false; readonly removed: readonly string[]; readonly error: string };

export interface RouteHand {
  /**
   * Makes the order's gateway the only next hop, and reads back. Orders run strictly in the order
   * they are given. Answer: ROUTE_READ, ROUTE_UNREADABLE or ROUTE_REFUSED with the order's id.
   */
  set(order: OrderOf<'SET_ROUTE'>): void;
  /** Reads the table. Answer: ROUTE_READ or ROUTE_UNREADABLE with this id. */
  read(orderId: number | null): void;
  /** Aborts this host's TCP connections to the NFS address. Answer: CONNECTIONS_…. */
  breakConnections(order: OrderOf<'BREAK_CONNECTIONS'>): void;
  /** For `reroute clear`: removes the entries that are ours, and only those. Never rejects. */
  clear(): Promise<ClearResult>;
  /** Ends the helpers and the reports; leaves the table as it is. */
  close(): void;
}

export interface RouteOptions {
  /** The address whose /32 entries are ours to keep, dotted IPv4. */
  readonly nfsIp: string;
  /** Hard deadline of one command, ms. */
  readonly commandDeadlineMs: number;
  readonly report: Report;
  readonly clock: Clock;
  /** Absolute path of `ip`; default: the first that exists of the fixed places. */
  readonly ipFile?: string;
  /** Absolute path of `ss`; default likewise. */
  readonly ssFile?: string;
  /** Absolute path of `esxcfg-route` (ESXi); default likewise. */
  readonly esxcfgFile?: string;
  /** Our route protocol number (rtnetlink RTPROT_…), 1..255; default 133. */
  readonly tag?: number;
  /** Report foreign changes by themselves; default true. */
  readonly watch?: boolean;
  /** One line about a helper that was lost or replaced. */
  readonly log?: (line: string) => void;
}

/** Pace of the re-read that catches what no notification announced. */
export const REREAD_INTERVAL_MS = 1000;
