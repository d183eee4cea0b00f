/**
 * What a hypervisor's NFS client and its TCP take, each with its source. "Measured" is the stand of
 * DOMAIN.md section 3: real NFSv3 servers and a writer in network namespaces.
 */

import type { Random } from './random.ts';

/** A connection that was aborted stands again, and I/O flows, within this. Measured, 6 of 6. */
export const RECONNECT_MS = 8;

/**
 * First retransmission timeout. RFC 6298 with Linux's minimum of 200 ms plus what was in flight: a
 * writer was back 640 to 690 ms after a power-off, at the second repetition, which is due after
 * three of these.
 */
const FIRST_RTO_MS = { least: 213, most: 230 } as const;
/** Linux TCP_RTO_MAX. */
const MAX_RTO_MS = 120_000;

/**
 * The last request was acknowledged by TCP and never answered: nothing is left to repeat. Measured
 * in about one failover of four.
 */
export const UNANSWERED_RATIO = 0.25;
/** The client asks again by itself: RPC timeout of kernel clients, Linux `timeo=600`. */
const RPC_TIMEOUT_MS = 60_000;

/** SYNs are repeated after 1, 3, 7 ... s (RFC 6298 section 2.1), at most a minute apart. */
const SYN_MS = { first: 1000, most: 60_000 } as const;
/** Pause after a refused connect: Linux sunrpc, call_connect_status, `rpc_delay(task, 3*HZ)`. */
const REFUSED_PAUSE_MS = 3000;

/**
 * How long the far end of a connection that the route left may linger and meet the client's reused
 * source port. Seen in production: FIN-WAIT-1 for 106 s on one SCVM and 62 s on the other; Linux
 * gives an orphan up after 8 repetitions (tcp_orphan_retries), 102 s from 200 ms.
 */
export const LINGER_MS = 106_000;
/** Such a meeting stalls the new connection for this long. Production: 63 s; "more than 60 s". */
const PORT_STALL_MS = { least: 60_000, most: 66_000 } as const;
/** How often it does. Assumed: seen in production, reproduced at will, but not at each switch. */
export const PORT_STALL_RATIO = 0.5;

const drawn = (random: Random, { least, most }: { least: number; most: number }): number =>
  random.int(least, most);

export const drawRtoMs = (random: Random): number => drawn(random, FIRST_RTO_MS);
export const drawPortStallMs = (random: Random): number => drawn(random, PORT_STALL_MS);

/** The first time after `nowMs` at which TCP repeats what it sent at `fromMs`. */
export const nextRepeatMs = (fromMs: number, rtoMs: number, nowMs: number): number =>
  backedOff(fromMs, rtoMs, MAX_RTO_MS, nowMs);

/** The same where TCP has nothing to repeat: the client itself asks again, then TCP repeats that. */
export function nextUnansweredMs(fromMs: number, rtoMs: number, nowMs: number): number {
  const againMs = fromMs + RPC_TIMEOUT_MS;
  return nowMs < againMs ? againMs : nextRepeatMs(againMs, rtoMs, nowMs);
}

export const nextSynMs = (fromMs: number, nowMs: number): number =>
  backedOff(fromMs, SYN_MS.first, SYN_MS.most, nowMs);

export const nextRefusedTryMs = (fromMs: number, nowMs: number): number =>
  every(fromMs, REFUSED_PAUSE_MS, nowMs);

/** Gaps of `firstMs`, doubled each time up to `mostMs`; the end of the first one after `nowMs`. */
function backedOff(fromMs: number, firstMs: number, mostMs: number, nowMs: number): number {
  let at = fromMs;
  for (let gap = firstMs; at <= nowMs; gap = Math.min(2 * gap, mostMs)) {
    // Once the gaps are equal, whole numbers of them may be skipped.
    if (gap === mostMs) return every(at, gap, nowMs);
    at += gap;
  }
  return at;
}

function every(fromMs: number, gapMs: number, nowMs: number): number {
  return fromMs + (Math.floor((nowMs - fromMs) / gapMs) + 1) * gapMs;
}
