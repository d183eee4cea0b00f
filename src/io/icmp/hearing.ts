/**
 * What becomes of a received datagram: the answer to a waiting probe, the hint of an ICMP error, or
 * one more count of something unwanted. Only the first makes a fact.
 */

import type { Report } from '../report.ts';
import type { Counters } from './counters.ts';
import {
  describeIcmpError,
  type EchoReply,
  type IcmpError,
  isFillerIntact,
  parseDatagram,
} from './packet.ts';
import type { Roster } from './roster.ts';
import { learnRtt } from './rto.ts';
import { matchReply, type Probe, recallQuoted } from './target.ts';

export interface Hearing {
  /** One datagram as the raw socket gave it, heard at `nowMs`. */
  hear(buffer: Buffer, bytes: number, source: string, nowMs: number): void;
}

export interface HearingOptions {
  /** The ICMP id of our probes. */
  readonly id: number;
  readonly roster: Roster;
  /** Counted into. */
  readonly counters: Counters;
  readonly report: Report;
  /** The longest wait at present: later replies teach nothing either. */
  readonly timeoutMs: () => number;
}

export function createHearing(options: HearingOptions): Hearing {
  const { id, roster, counters, report, timeoutMs } = options;

  function hearReply(buffer: Buffer, reply: EchoReply, source: string, nowMs: number): void {
    const target = roster.byIndex(reply.index);
    if (target === undefined) {
      // A target that a reload removed; its cookies are gone, so this is not proved.
      counters[roster.wasIssued(reply.index) ? 'late' : 'forged'] += 1;
      return;
    }
    const match = matchReply(target, reply, source);
    if (match.kind === 'forged' || match.kind === 'truncated') {
      counters[match.kind] += 1;
    } else if (!isFillerIntact(buffer, reply)) {
      counters.forged += 1;
    } else if (match.kind === 'answer') {
      answer(match.probe, nowMs);
    } else {
      counters[match.kind] += 1;
      if (match.kind === 'late') learnLate(match.probe, nowMs);
    }
  }

  function answer(probe: Probe, nowMs: number): void {
    const { target, size, sentMs } = probe;
    const rttMs = Math.max(0, nowMs - sentMs);
    probe.state = 'answered';
    target.rtt[size] = learnRtt(target.rtt[size], rttMs);
    counters.replies += 1;
    report({ type: 'PING_REPLIED', atMs: nowMs, path: target.path, size, rttMs });
  }

  /** The loss stands, but the next wait should be long enough. See rto.ts. */
  function learnLate(probe: Probe, nowMs: number): void {
    const { target, size, sentMs } = probe;
    const rttMs = nowMs - sentMs;
    // After a stall the time of arrival is ours, not the network's.
    const isTellingRtt = probe.state === 'lost' && rttMs <= timeoutMs();
    probe.state = 'answered';
    if (isTellingRtt) target.rtt[size] = learnRtt(target.rtt[size], rttMs);
  }

  function hearError(error: IcmpError, source: string): void {
    const target = roster.byIp(error.dst);
    const probe = target && recallQuoted(target, error.headerSeq);
    if (probe === undefined) {
      counters.foreign += 1;
      return;
    }
    counters.icmpErrors += 1;
    probe.hint = describeIcmpError(error, source);
  }

  return {
    hear(buffer, bytes, source, nowMs) {
      const parsed = parseDatagram(buffer, bytes, id);
      if (parsed.kind === 'reply') hearReply(buffer, parsed, source, nowMs);
      else if (parsed.kind === 'error') hearError(parsed, source);
      else counters[parsed.kind] += 1;
    },
  };
}
