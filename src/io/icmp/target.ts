/**
 * One probed address and its probes in flight: who was asked what when, and whether a reply is
 * the answer to one of them. It decides nothing about time and reports nothing; prober.ts does.
 *
 * A reply counts only if source, index, cookie, both sequences, length and filler agree with a
 * probe that still waits. Judged probes are remembered for a while, so that late and duplicate
 * replies are told from forged ones.
 */

import type { ProbeSize } from '../../machines/events.ts';
import type { Pace, PathId } from '../../machines/model.ts';
import type { EchoReply, Stamp } from './packet.ts';
import type { RttEstimate } from './rto.ts';

/** `waiting` is the only state in which a probe can still make a fact. */
export type ProbeState = 'waiting' | 'answered' | 'lost' | 'discarded';

export interface Probe extends Stamp {
  readonly target: Target;
  readonly size: ProbeSize;
  readonly payloadBytes: number;
  readonly sentMs: number;
  state: ProbeState;
  /** An ICMP error that quoted this probe, described. */
  hint: string | null;
}

export interface Target {
  readonly path: PathId;
  readonly ip: string;
  /** Unique for the life of a prober: a removed target's index never comes back. */
  readonly index: number;
  /** Position on the send grid, 0 <= phase < 1. */
  phase: number;
  pace: Pace;
  /** When the next probe is due. An entry of the send queue with another time is void. */
  dueMs: number;
  lastSentMs: number;
  /** Rounds so far; some rounds carry a full-size probe too. */
  rounds: number;
  nextSeq: number;
  isGone: boolean;
  readonly rtt: Record<ProbeSize, RttEstimate | null>;
  /** The last probes by sequence, oldest first. */
  readonly history: Map<number, Probe>;
}

const HISTORY_MIN = 32;
/** Less than the 65536 sequences that fit the ICMP header, or errors would be ambiguous. */
const HISTORY_MAX = 32768;

/** How many probes a target remembers: twice those that can wait at once, in both sizes. */
export function historyLength(timeoutMs: number, fastIntervalMs: number): number {
  const waiting = Math.ceil(timeoutMs / fastIntervalMs) + 1;
  return Math.min(HISTORY_MAX, Math.max(HISTORY_MIN, 4 * waiting));
}

export function createTarget(path: PathId, ip: string, index: number): Target {
  return {
    path,
    ip,
    index,
    phase: 0,
    pace: 'steady',
    dueMs: 0,
    lastSentMs: Number.NEGATIVE_INFINITY,
    rounds: 0,
    nextSeq: 0,
    isGone: false,
    rtt: { small: null, full: null },
    history: new Map(),
  };
}

/** Files a probe and forgets the oldest beyond `length`; returns those that still waited. */
export function remember(probe: Probe, length: number): Probe[] {
  const { history } = probe.target;
  history.set(probe.seq, probe);
  const dropped: Probe[] = [];
  for (const [seq, old] of history) {
    if (history.size <= length) break;
    history.delete(seq);
    if (old.state === 'waiting') dropped.push(old);
  }
  return dropped;
}

/** The waiting probe that an ICMP error quotes. Only 16 bits of its sequence are in the quote. */
export function recallQuoted(target: Target, headerSeq: number): Probe | undefined {
  for (const probe of target.history.values()) {
    if (probe.state === 'waiting' && (probe.seq & 0xffff) === headerSeq) return probe;
  }
  return undefined;
}

export type Match =
  | { readonly kind: 'forged' | 'truncated' }
  | { readonly kind: 'answer' | 'late' | 'duplicate'; readonly probe: Probe };

/**
 * Whose reply this is, by everything but its filler. `answer`: to a waiting probe; `late`: to one
 * that was judged or thrown away; `duplicate`: to one that was answered before.
 */
export function matchReply(target: Target, reply: EchoReply, source: string): Match {
  const probe = target.history.get(reply.seq);
  const isAuthentic =
    probe !== undefined &&
    source === target.ip &&
    reply.headerSeq === (probe.seq & 0xffff) &&
    reply.cookieHi === probe.cookieHi &&
    reply.cookieLo === probe.cookieLo &&
    reply.payloadBytes <= probe.payloadBytes;
  if (!isAuthentic) return { kind: 'forged' };
  if (reply.payloadBytes < probe.payloadBytes) return { kind: 'truncated' };
  if (probe.state === 'waiting') return { kind: 'answer', probe };
  return { kind: probe.state === 'answered' ? 'duplicate' : 'late', probe };
}
