/**
 * The alphabet OUT: every order the decision can give. Orders are imperative, idempotent (they
 * state the wanted end), and carry their reason with its numbers. io answers the ones that touch
 * the world with facts that repeat `orderId`; an order without that answer proves nothing.
 */

import type { Memory, Pace, PathId, RouteEntry, SwitchKind } from './model.ts';

export type AlarmName =
  | 'all_paths_down'
  | 'target_down'
  | 'blind'
  | 'on_management'
  | 'route_unconfirmed'
  | 'route_unreadable'
  | 'route_contested'
  | 'record_unacknowledged'
  | 'connections_kept'
  | 'sessions_unavailable'
  | 'budget_exhausted'
  | 'pin_down'
  | 'duplicate_address'
  | 'stalled';

export type Region = 'access' | 'steering' | 'route' | 'record';

export type Order =
  /** icmp, nfs: probe the named paths at these paces; paths not named keep theirs. */
  | { type: 'PROBE_AT'; paces: Readonly<Record<PathId, Pace>>; reason: string }
  /**
   * routes: make `nfsIp/32 via gateway` the only entry in one step, delete `remove` after it, read
   * back. `also`: further host routes wanted first (RDMA: data IP via access IP).
   * Answer: ROUTE_READ, ROUTE_UNREADABLE or ROUTE_REFUSED with this orderId.
   */
  | {
      type: 'SET_ROUTE';
      orderId: number;
      path: PathId;
      kind: SwitchKind;
      nfsIp: string;
      gateway: string;
      remove: readonly RouteEntry[];
      also: readonly { readonly dst: string; readonly gateway: string }[];
      reason: string;
    }
  /** routes: read the table now. Answer: ROUTE_READ or ROUTE_UNREADABLE with this orderId. */
  | { type: 'READ_ROUTE'; orderId: number; reason: string }
  /** routes: abort this host's TCP connections to the NFS address. Answer: CONNECTIONS_…. */
  | { type: 'BREAK_CONNECTIONS'; orderId: number; nfsIp: string; reason: string }
  /** rest: PUT the local session's client addresses. Answer: RECORD_…. */
  | {
      type: 'REFRESH_RECORD';
      orderId: number;
      uuid: string;
      clientIps: readonly string[];
      reason: string;
    }
  /** insight: heartbeat to this address every `insight.interval` until told another; null: stop. */
  | { type: 'REPORT_TO'; ip: string | null; path: PathId | null; reason: string }
  | { type: 'RAISE_ALARM'; alarm: AlarmName; reason: string }
  | { type: 'CLEAR_ALARM'; alarm: AlarmName; reason: string }
  /** state_dir: keep this for the next start. */
  | { type: 'SAVE_MEMORY'; memory: Memory; reason: string }
  /** log, journal: the chart moved. */
  | {
      type: 'NOTE_TRANSITION';
      region: Region;
      from: string;
      to: string;
      event: string;
      reason: string;
    }
  /** log, journal: a path's verdict changed. */
  | { type: 'NOTE_VERDICT'; path: PathId; from: string; to: string; reason: string }
  /** log, journal: a switch was confirmed by reading the table back. */
  | {
      type: 'NOTE_SWITCH';
      orderId: number;
      from: PathId | null;
      to: PathId;
      kind: SwitchKind;
      reason: string;
    }
  /** log, journal: paused or in shadow, this switch would have been made. */
  | { type: 'NOTE_WOULD_SWITCH'; to: PathId; kind: SwitchKind; reason: string };

export type OrderType = Order['type'];
export type OrderOf<T extends OrderType> = Extract<Order, { type: T }>;
