/**
 * One kept-open TCP connection to one SCVM's NFS service, with at most one NULL call in flight.
 * It connects, asks, waits, reports each outcome as one fact, and connects again. The connection
 * itself is a sensor: at its FIN or RST the service is asked again at once, so that a dying access
 * process is seen within a round trip, without waiting for the next call. The end of a connection
 * alone proves nothing: a service that revokes a client's login may end all connections of that
 * client, and it does so after each of our own switches. It never judges a path: one refusal is
 * one fact.
 *
 *   waiting -> connecting -> asking <-> ready;   any of the last three -> waiting on failure
 */

import type { Socket } from 'node:net';
import type { Fact } from '../../machines/events.ts';
import type { PathId } from '../../machines/model.ts';
import type { Clock, Report } from '../report.ts';
import { createDeadline } from './deadline.ts';
import { codeOf, proofOf, textOf } from './errno.ts';
import { createReplyDecoder, encodeNullCall, type Reply, type ReplyDecoder } from './rpc.ts';

/** A silence shorter than this is never reported, ms: one TCP retransmission must fit in. */
export const MIN_WAIT_MS = 500;
/** Unasked replies on one connection since its last answer before it is taken for garbage. */
export const MAX_STRAYS = 256;

/** What all lines of one probe share. The counters only ever grow. */
export interface Shared {
  readonly clock: Clock;
  readonly report: Report;
  readonly connect: (ip: string, port: number) => Socket;
  readonly nextXid: () => number;
  readonly onStall: () => void;
  readonly counters: {
    connects: number;
    answered: number;
    refused: number;
    silent: number;
    unasked: number;
    /** Replies with an xid nobody waits for: late or wrong. They change nothing. */
    strays: number;
  };
}

export interface Line {
  readonly ip: string;
  readonly port: number;
  /** Sets the wait for an answer and the time from one call to the next. */
  setTimes(waitMs: number, everyMs: number): void;
  /** Throws away the round in flight and begins a new one. */
  discard(): void;
  isOpen(): boolean;
  close(): void;
}

type Phase = 'waiting' | 'connecting' | 'asking' | 'ready' | 'closed';

export function createLine(
  target: { readonly path: PathId; readonly ip: string; readonly port: number },
  times: { waitMs: number; everyMs: number },
  shared: Shared,
): Line {
  const { path, ip, port } = target;
  const { clock, counters } = shared;
  const deadline = createDeadline(clock, shared.onStall);
  let { waitMs, everyMs } = times;
  let phase: Phase = 'waiting';
  let socket: Socket | null = null;
  let xid: number | null = null;
  let strays = 0;
  /** Start of the current attempt or call: the pace counts from here. */
  let roundMs = clock.nowMs();
  /** Start of the current wait; a discarded round restarts it. */
  let sinceMs = roundMs;
  let lastAtOnceMs = Number.NEGATIVE_INFINITY;

  function untilNextMs(): number {
    return Math.max(1, roundMs + everyMs - clock.nowMs());
  }

  function begin(): void {
    phase = 'connecting';
    sinceMs = roundMs = clock.nowMs();
    strays = 0;
    counters.connects += 1;
    const mine = shared.connect(ip, port);
    const decoder = createReplyDecoder();
    socket = mine;
    deadline.arm(waitMs, expire);
    // Each listener asks whether the socket is still ours; `error` stays attached after we let
    // the socket go, so that a late error of a destroyed socket cannot end the process.
    mine.on('connect', () => socket === mine && ask(mine));
    mine.on('data', (chunk: Buffer) => socket === mine && hear(mine, decoder, chunk));
    mine.on('error', (error) => socket === mine && fail(codeOf(error)));
    mine.on('end', () => socket === mine && fail('FIN'));
    mine.on('close', () => socket === mine && fail('FIN'));
  }

  function ask(open: Socket): void {
    phase = 'asking';
    sinceMs = roundMs = clock.nowMs();
    xid = shared.nextXid();
    deadline.arm(waitMs, expire);
    open.write(encodeNullCall(xid));
  }

  function hear(mine: Socket, decoder: ReplyDecoder, chunk: Buffer): void {
    for (const reply of decoder.push(chunk)) {
      // A report may have closed this line or moved it on.
      if (socket !== mine) return;
      take(mine, reply);
    }
  }

  function take(mine: Socket, reply: Reply): void {
    if (reply.kind === 'garbage') {
      refuse(`not an NFS service: ${reply.text}`);
      return;
    }
    if (reply.xid !== xid) {
      counters.strays += 1;
      strays += 1;
      if (strays > MAX_STRAYS) refuse(`not an NFS service: ${strays} replies to no call`);
      return;
    }
    const atMs = clock.nowMs();
    xid = null;
    phase = 'ready';
    deadline.arm(untilNextMs(), () => ask(mine));
    if (reply.kind === 'answered') {
      strays = 0;
      counters.answered += 1;
      shared.report({ type: 'SERVICE_ANSWERED', atMs, path, rttMs: atMs - sinceMs });
    } else {
      counters.refused += 1;
      shared.report({ type: 'SERVICE_REFUSED', atMs, path, error: reply.text });
    }
  }

  /** The far end talks, but not NFS: no reason to hurry back. */
  function refuse(error: string): void {
    counters.refused += 1;
    release();
    deadline.arm(untilNextMs(), begin);
    shared.report({ type: 'SERVICE_REFUSED', atMs: clock.nowMs(), path, error });
  }

  /** The connection or the attempt ended by itself; `code` says how. */
  function fail(code: string): void {
    const nowMs = clock.nowMs();
    const wasOpen = phase === 'asking' || phase === 'ready';
    release();
    // The answer to a new attempt is the proof. Once per interval, or a far end that closes each
    // connection would spin us, and never be told of.
    if (wasOpen && nowMs - lastAtOnceMs >= everyMs) {
      lastAtOnceMs = nowMs;
      deadline.arm(1, begin);
      return;
    }
    deadline.arm(untilNextMs(), begin);
    shared.report(factOf(code, nowMs));
  }

  function factOf(code: string, atMs: number): Fact {
    const proof = code === 'FIN' ? 'refused' : proofOf(code);
    counters[proof] += 1;
    if (proof === 'silent') {
      return { type: 'SERVICE_SILENT', atMs, path, waitedMs: atMs - sinceMs };
    }
    const error = code === 'FIN' ? 'connection closed by the far end (FIN)' : textOf(code);
    return proof === 'refused'
      ? { type: 'SERVICE_REFUSED', atMs, path, error }
      : { type: 'SERVICE_UNASKED', atMs, path, error };
  }

  /** Nothing came within the wait: the connection may be half-open, so a new one must be tried. */
  function expire(): void {
    const atMs = clock.nowMs();
    counters.silent += 1;
    // RST instead of FIN: a FIN nobody acknowledges would keep the kernel retransmitting for
    // minutes, one orphan per silence.
    if (phase === 'asking') socket?.resetAndDestroy();
    release();
    deadline.arm(untilNextMs(), begin);
    shared.report({ type: 'SERVICE_SILENT', atMs, path, waitedMs: atMs - sinceMs });
  }

  function release(): void {
    const old = socket;
    socket = null;
    xid = null;
    phase = 'waiting';
    deadline.cancel();
    old?.destroy();
  }

  function setTimes(nextWaitMs: number, nextEveryMs: number): void {
    const changed = nextWaitMs !== waitMs || nextEveryMs !== everyMs;
    waitMs = nextWaitMs;
    everyMs = nextEveryMs;
    if (!changed) return;
    const mine = socket;
    if (phase === 'waiting') deadline.arm(untilNextMs(), begin);
    if (phase === 'ready' && mine !== null) deadline.arm(untilNextMs(), () => ask(mine));
  }

  function discard(): void {
    const mine = socket;
    if (phase === 'closed') return;
    if (mine === null) deadline.arm(untilNextMs(), begin);
    else if (phase === 'connecting') {
      sinceMs = clock.nowMs();
      deadline.arm(waitMs, expire);
    } else {
      // A new xid: the answer to the old call, if it comes, is a stray.
      ask(mine);
    }
  }

  begin();
  return {
    ip,
    port,
    setTimes,
    discard,
    isOpen: () => phase === 'asking' || phase === 'ready',
    close() {
      release();
      phase = 'closed';
    },
  };
}
