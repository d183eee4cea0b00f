/**
 * The alphabet IN: every fact that can reach the decision. Facts are in the past tense, say what
 * was observed and nothing about what it means, and carry the observer's monotonic time in ms
 * (finite, never decreasing from one fact to the next). "Could not ask" has facts of its own
 * (…_UNSENT, …_UNASKED, …_FAILED, …_UNREADABLE): it is never reported as a no.
 */

import type { LinkView, Memory, PathId, RouteEntry, Session } from './model.ts';
import type { Settings } from './settings.ts';

/** Small probes decide reachability; full ones (DF, `probe.mtu` bytes) tell an MTU black hole. */
export type ProbeSize = 'small' | 'full';

export type Fact =
  /** The daemon began. `memory` is null on the very first start or when it was unreadable. */
  | { type: 'STARTED'; atMs: number; memory: Memory | null; shadow: boolean }
  /** icmp: a valid echo reply, RTT in ms. */
  | { type: 'PING_REPLIED'; atMs: number; path: PathId; size: ProbeSize; rttMs: number }
  /** icmp: no reply within the wait. `hint` is an ICMP error that named this probe, if any. */
  | {
      type: 'PING_LOST';
      atMs: number;
      path: PathId;
      size: ProbeSize;
      waitedMs: number;
      hint?: string;
    }
  /** icmp: the probe could not be sent; proves nothing about the path. */
  | { type: 'PING_UNSENT'; atMs: number; path: PathId; size: ProbeSize; error: string }
  /** nfs: the NULL call was answered. */
  | { type: 'SERVICE_ANSWERED'; atMs: number; path: PathId; rttMs: number }
  /** nfs: refused; also an ended connection that, asked again at once, is not answered. */
  | { type: 'SERVICE_REFUSED'; atMs: number; path: PathId; error: string }
  /** nfs: connected or connecting, but no answer within the wait. */
  | { type: 'SERVICE_SILENT'; atMs: number; path: PathId; waitedMs: number }
  /** nfs: could not ask (no route, no socket); proves nothing. */
  | { type: 'SERVICE_UNASKED'; atMs: number; path: PathId; error: string }
  /** rest: a fresh, valid list. `from` is the SCVM address that answered. */
  | { type: 'SESSIONS_LISTED'; atMs: number; sessions: readonly Session[]; from: string }
  /** rest: nobody gave a valid list. */
  | { type: 'SESSIONS_FAILED'; atMs: number; error: string }
  /** routes: the whole of the kernel's entries for the NFS address. `orderId`: read-back of it. */
  | { type: 'ROUTE_READ'; atMs: number; entries: readonly RouteEntry[]; orderId: number | null }
  /** routes: the table could not be read or understood. */
  | { type: 'ROUTE_UNREADABLE'; atMs: number; error: string; orderId: number | null }
  /** routes: the command that should carry out SET_ROUTE failed or was killed at its deadline. */
  | { type: 'ROUTE_REFUSED'; atMs: number; orderId: number; error: string }
  /** routes: connections of the NFS address were broken (0 is a count, not an error). */
  | { type: 'CONNECTIONS_BROKEN'; atMs: number; orderId: number; count: number }
  /** routes: they could not be broken. `supported` false: this kernel or host never can. */
  | { type: 'CONNECTIONS_KEPT'; atMs: number; orderId: number; error: string; supported: boolean }
  /** rest: the leader acknowledged the record that REFRESH_RECORD `orderId` asked for. */
  | { type: 'RECORD_ACKNOWLEDGED'; atMs: number; orderId: number }
  /** rest: it did not, or nobody could be asked. */
  | { type: 'RECORD_REFUSED'; atMs: number; orderId: number; error: string }
  /** links: interface state and own address per path; null: no interface in the path's network. */
  | { type: 'LINKS_READ'; atMs: number; byPath: Readonly<Record<PathId, LinkView | null>> }
  /** arp: another machine answers for the address of a path (its MAC addresses, at least two). */
  | { type: 'DUPLICATE_SEEN'; atMs: number; path: PathId; macs: readonly string[] }
  /** clock: this process stood still for `stalledMs`; the round in flight was thrown away. */
  | { type: 'STALLED'; atMs: number; stalledMs: number }
  /** operator: `reroute route TARGET`. `untilMs` on the monotonic clock. */
  | { type: 'PIN_ASKED'; atMs: number; path: PathId; untilMs: number | null; failsafe: boolean }
  /** operator: `reroute route --auto`. */
  | { type: 'RELEASE_ASKED'; atMs: number }
  | { type: 'PAUSE_ASKED'; atMs: number }
  | { type: 'RESUME_ASKED'; atMs: number }
  /** operator: a changed, wholly valid configuration. */
  | { type: 'RELOADED'; atMs: number; settings: Settings }
  /** clock: nothing but time passed. */
  | { type: 'TICK'; atMs: number };

export type FactType = Fact['type'];
