/**
 * The ICMP prober: asks every target at its pace over one raw socket and reports what came of each
 * probe, once: replied, lost, or could not be sent. It counts no losses in a row and knows no
 * verdicts; a pace is an order.
 *
 * - The wait is learnt from the round-trip time (rto.ts); each send has a time of its own on a
 *   grid (schedule.ts); one timer is set to whatever is due next.
 * - Before any probe is judged the socket is read empty: a reply that is here has come in time.
 * - After a stall of this process all waiting probes are thrown away, and sends start anew on the
 *   grid. Our own absence is not the path's.
 * - ICMP errors can be forged by anybody on the way: they become the hint of a loss, and never
 *   shorten the wait. Replies must match wholly (target.ts); all others are only counted.
 * - Full-size probes go out with every fourth round, and with every round at pace `fast`.
 */

import type { ProbeSize } from '../../machines/events.ts';
import type { Pace, PathId } from '../../machines/model.ts';
import type { Clock, Report } from '../report.ts';
import { createAlarm } from './alarm.ts';
import { createCookies } from './cookies.ts';
import { type Counters, createCounters } from './counters.ts';
import { createDeadlines } from './deadlines.ts';
import { createHearing } from './hearing.ts';
import { createLine } from './line.ts';
import { createEchoPacket, type EchoPacket, ICMP_HEADER_BYTES } from './packet.ts';
import { assertPlan, fullPayload, intervalOf, minTimeoutOf, type ProbePlan } from './plan.ts';
import { createRoster } from './roster.ts';
import { waitFor } from './rto.ts';
import { firstDue, followingDue } from './schedule.ts';
import { readOverrun, TOO_LONG } from './socket.ts';
import { historyLength, type Probe, remember, type Target } from './target.ts';

export interface ProberOptions extends ProbePlan {
  readonly report: Report;
  readonly clock: Clock;
  /** n unpredictable bytes; default: the system's. */
  readonly random?: (bytes: number) => Buffer;
}

export interface Prober {
  /**
   * Sets the paces of the named paths; unknown paths are ignored, since a reload may reach the
   * prober later than the decision. `fast` sends at once. New targets start at `steady`.
   */
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  /** A reload: the same socket, and what is known of targets that stay. */
  retarget(plan: ProbePlan): void;
  /** Throws away all waiting probes without a verdict and starts anew on the grid. */
  discardRound(): void;
  counters(): Counters;
  close(): void;
}

/** Later than this is a stall: far beyond timer noise, below what any path is judged by. */
const STALL_MS = 100;
/** Rounds per full-size probe, except at pace `fast`. */
const FULL_EVERY = 4;
const DEAF_MIN_MS = 5000;

/**
 * Never throws for what the world does: without rights or add-on every probe is PING_UNSENT with
 * the reason, and opening is tried again each second. `rawSocketProblem` tells it beforehand.
 */
export function createProber(options: ProberOptions): Prober {
  const { report, clock } = options;
  const counters = createCounters();
  const nextRandom = createCookies(options.random);
  const id = nextRandom() & 0xffff;
  const roster = createRoster();
  const sends = createDeadlines<Target>();
  const waits = createDeadlines<Probe>();
  const alarm = createAlarm(clock, turn);
  let plan: ProbePlan = options;
  let packets = buildPackets(id, plan);
  let isClosed = false;

  const hearing = createHearing({ id, roster, counters, report, timeoutMs: () => plan.timeoutMs });
  const line = createLine({
    clock,
    deafAfterMs: Math.max(DEAF_MIN_MS, 10 * plan.timeoutMs),
    onPacket: (buffer, bytes, source) => hearing.hear(buffer, bytes, source, enter()),
    onBroken: discardAll,
  });

  /** The time; after a stall, everything in flight is thrown away first. */
  function enter(): number {
    const nowMs = clock.nowMs();
    if (alarm.latenessMs(nowMs) > STALL_MS) counters.discardedByStall += restart(nowMs);
    return nowMs;
  }

  function turn(): void {
    const nowMs = enter();
    alarm.set(null);
    if (nextWaitMs() <= nowMs) {
      line.drain();
      judge(nowMs);
    }
    sendDue(nowMs);
    arm();
  }

  function nextWaitMs(): number {
    for (let top = waits.peek(); top !== undefined; top = waits.peek()) {
      if (top.item.state === 'waiting') return top.atMs;
      waits.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  function nextSendMs(): number {
    for (let top = sends.peek(); top !== undefined; top = sends.peek()) {
      if (!top.item.isGone && top.item.dueMs === top.atMs) return top.atMs;
      sends.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  function arm(): void {
    if (isClosed) return;
    const nextMs = Math.min(nextWaitMs(), nextSendMs());
    alarm.set(Number.isFinite(nextMs) ? nextMs : null);
  }

  /** Reporting may come back to us with `pace` or `close`: the queue is asked anew each time. */
  function judge(nowMs: number): void {
    while (nextWaitMs() <= nowMs) {
      const probe = waits.pop()?.item;
      if (probe === undefined) return;
      probe.state = 'lost';
      reportLost(probe.target, probe.size, probe.sentMs, probe.hint);
    }
  }

  function reportLost(target: Target, size: ProbeSize, sentMs: number, hint: string | null): void {
    counters.lost += 1;
    const atMs = clock.nowMs();
    const waitedMs = atMs - sentMs;
    const loss = { type: 'PING_LOST', atMs, path: target.path, size, waitedMs } as const;
    report(hint === null ? loss : { ...loss, hint });
  }

  function sendDue(nowMs: number): void {
    while (!isClosed && nextSendMs() <= nowMs) {
      const target = sends.pop()?.item;
      if (target !== undefined) sendRound(target, nowMs);
    }
  }

  function sendRound(target: Target, nowMs: number): void {
    const { small, full } = packets;
    const isFullDue = target.pace === 'fast' || target.rounds % FULL_EVERY === 0;
    target.rounds += 1;
    target.lastSentMs = nowMs;
    enqueue(target, followingDue(target.dueMs, nowMs, intervalOf(plan, target.pace)));
    send(target, 'small', small);
    if (full !== null && isFullDue && !target.isGone && !isClosed) send(target, 'full', full);
  }

  function send(target: Target, size: ProbeSize, packet: EchoPacket): void {
    const seq = target.nextSeq;
    target.nextSeq = (seq + 1) >>> 0;
    const stamp = { index: target.index, seq, cookieHi: nextRandom(), cookieLo: nextRandom() };
    packet.stamp(stamp);
    const minMs = minTimeoutOf(plan, target.pace);
    const waitMs = waitFor(target.rtt[size], minMs, plan.timeoutMs);
    const sentMs = clock.nowMs();
    const error = line.send(packet.bytes, target.ip, size === 'full');
    if (error === null) {
      counters.sent += 1;
      const payloadBytes = packet.bytes.length - ICMP_HEADER_BYTES;
      const probe: Probe = {
        ...stamp,
        target,
        size,
        payloadBytes,
        sentMs,
        state: 'waiting',
        hint: null,
      };
      discard(remember(probe, historyLength(plan.timeoutMs, plan.fastIntervalMs)));
      waits.add(sentMs + waitMs, probe);
    } else if (size === 'full' && error === TOO_LONG) {
      // Not a failure to ask: that the packet does not fit is what a full-size probe asks for.
      reportLost(target, size, sentMs, `local MTU is below ${plan.mtu}`);
    } else {
      counters.unsent += 1;
      report({ type: 'PING_UNSENT', atMs: clock.nowMs(), path: target.path, size, error });
    }
  }

  function enqueue(target: Target, dueMs: number): void {
    target.dueMs = dueMs;
    sends.add(dueMs, target);
  }

  /** Gives a target its place on the grid of its pace, or sends at once at pace `fast`. */
  function schedule(target: Target, nowMs: number): void {
    const intervalMs = intervalOf(plan, target.pace);
    if (target.pace === 'fast') {
      enqueue(target, Math.max(nowMs, target.lastSentMs + intervalMs));
    } else {
      const afterMs = Math.max(nowMs, target.lastSentMs + intervalMs / 2);
      enqueue(target, firstDue(afterMs, intervalMs, target.phase));
    }
  }

  /** Returns how many of these probes waited and are now thrown away. */
  function discard(probes: Iterable<Probe>): number {
    let discarded = 0;
    for (const probe of probes) {
      if (probe.state !== 'waiting') continue;
      probe.state = 'discarded';
      discarded += 1;
    }
    counters.discarded += discarded;
    return discarded;
  }

  function discardAll(): number {
    waits.clear();
    return roster.all().reduce((sum, { history }) => sum + discard(history.values()), 0);
  }

  /** Throws everything in flight away and puts all targets on their grid, none at once. */
  function restart(nowMs: number): number {
    const discarded = discardAll();
    sends.clear();
    for (const target of roster.all()) {
      enqueue(target, firstDue(nowMs, intervalOf(plan, target.pace), target.phase));
    }
    alarm.set(null);
    arm();
    return discarded;
  }

  function adopt(wanted: ProbePlan): void {
    assertPlan(wanted);
    const nowMs = enter();
    plan = wanted;
    packets = buildPackets(id, plan);
    for (const gone of roster.assign(plan.targets)) discard(gone.history.values());
    for (const target of roster.all()) schedule(target, nowMs);
    arm();
  }

  adopt(options);

  return {
    pace(paces) {
      const nowMs = enter();
      for (const [path, pace] of Object.entries(paces)) {
        const target = roster.byPath(path);
        if (target === undefined || target.pace === pace) continue;
        target.pace = pace;
        schedule(target, nowMs);
      }
      arm();
    },
    retarget: adopt,
    discardRound() {
      restart(enter());
    },
    counters() {
      return { ...counters, socketReopened: line.reopened(), overrun: readOverrun() };
    },
    close() {
      isClosed = true;
      alarm.set(null);
      discardAll();
      line.close();
    },
  };
}

function buildPackets(id: number, plan: ProbePlan): { small: EchoPacket; full: EchoPacket | null } {
  return {
    small: createEchoPacket(id, plan.payloadSize),
    full: plan.mtu === 0 ? null : createEchoPacket(id, fullPayload(plan.mtu)),
  };
}
