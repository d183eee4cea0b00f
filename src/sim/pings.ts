/**
 * The virtual prober: a round of pings per path at the pace that was ordered, small ones and now and
 * then full-size ones, with the waits that src/io/icmp learns on a quiet LAN.
 */

import type { ProbeSize } from '../machines/events.ts';
import type { Pace, Path, PathId } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import type { Answers, Asked } from './answers.ts';
import { reachable } from './conditions.ts';
import type { Body } from './pilot.ts';
import { createRound, type Round } from './round.ts';

export interface Pings {
  readonly rounds: readonly PingRound[];
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  retarget(settings: Settings): void;
  /** For leap.ts: when a ping may next be lost by chance, although its path is well. */
  sureUntilMs(): number;
  /** For leap.ts: asks what was due meanwhile. */
  makeUpFor(rank: number): void;
}

export interface PingRound extends Round {
  readonly path: Path;
  /** Position in the world's paths. */
  readonly at: number;
  pace: Pace;
  isWatched: boolean;
}

/** Lower bounds of what the prober learns to wait on a quiet LAN. */
const MIN_WAIT_MS = { fast: 50, steady: 100, idle: 100 } as const;
/** Full-size probes go out once in so many small ones, except at pace `fast`. */
const FULL_EVERY = 4;
const RANK = 1010;

export function createPings(
  { world: w, clock, weather }: Body,
  first: Settings,
  answers: Answers,
  asked: { readonly small: Asked; readonly full: Asked },
): Pings {
  let s = first;

  const intervalOf = (pace: Pace): number => {
    if (pace === 'fast') return s.probe.fastIntervalMs;
    return pace === 'steady' ? s.probe.intervalMs : s.probe.idleIntervalMs;
  };

  function waitMs({ pace, path }: PingRound): number {
    const learnt = Math.max(MIN_WAIT_MS[pace], 4 * weather.maxRttMs(path.network));
    return Math.min(s.probe.timeoutMs, learnt);
  }

  function send(ping: PingRound, size: ProbeSize, sentMs: number): void {
    const path = ping.path.id;
    const what = asked[size] + ping.at;
    if (!w.links[ping.path.network]) {
      const error = 'Network is unreachable';
      answers.atOnce(what, { type: 'PING_UNSENT', atMs: sentMs, path, size, error });
      return;
    }
    const rttMs = weather.probe(ping.at);
    const waitedMs = waitMs(ping);
    const passes = reachable(w, ping.path) && !(size === 'full' && w.mtuCut.has(path));
    if (passes && rttMs !== null && rttMs <= waitedMs) {
      const atMs = sentMs + rttMs;
      answers.due(what, true, ping, { type: 'PING_REPLIED', atMs, path, size, rttMs });
    } else {
      const atMs = sentMs + waitedMs;
      answers.due(what, false, ping, { type: 'PING_LOST', atMs, path, size, waitedMs });
    }
  }

  function probe(ping: PingRound, count: number, sentMs: number): void {
    if (!ping.isWatched) return;
    send(ping, 'small', sentMs);
    const isFullDue = ping.pace === 'fast' || count % FULL_EVERY === 0;
    // A reload or the end may have come of the first.
    if (s.probe.mtu > 0 && isFullDue && ping.isWatched) send(ping, 'full', sentMs);
  }

  function roundOf(path: Path, at: number): PingRound {
    const round = createRound(
      clock,
      RANK + at,
      (count) => probe(ping, count, clock.nowMs()),
      () => intervalOf(ping.pace),
    );
    const ping: PingRound = Object.assign(round, {
      path,
      at,
      pace: 'idle' as Pace,
      isWatched: true,
    });
    return ping;
  }

  const rounds = w.paths.map(roundOf);
  for (const ping of rounds) ping.begin(clock.nowMs() + 1 + ping.at);

  /** Probes that so many rounds send. */
  function probesIn(ping: PingRound, times: number): number {
    if (s.probe.mtu === 0) return times;
    if (ping.pace === 'fast') return 2 * times;
    const fulls = (count: number): number => Math.ceil(count / FULL_EVERY);
    return times + fulls(ping.count + times) - fulls(ping.count);
  }

  /** Rounds that send no more than so many probes; at most one too few. */
  function roundsOf(ping: PingRound, probes: number): number {
    if (s.probe.mtu === 0) return probes;
    if (ping.pace === 'fast') return Math.floor(probes / 2);
    return Math.floor((Math.max(0, probes - 1) * FULL_EVERY) / (FULL_EVERY + 1));
  }

  const isSending = (ping: PingRound): boolean => ping.isWatched && w.links[ping.path.network];

  return {
    rounds,
    pace(changed) {
      for (const ping of rounds) {
        const pace = changed[ping.path.id];
        if (pace === undefined || pace === ping.pace) continue;
        ping.pace = pace;
        ping.begin(Math.max(clock.nowMs(), ping.lastMs + intervalOf(pace)));
      }
    },
    retarget(settings) {
      s = settings;
      for (const ping of rounds) {
        ping.isWatched = s.paths.some((p) => p.id === ping.path.id && p.ip === ping.path.ip);
      }
    },
    sureUntilMs() {
      let untilMs = Number.POSITIVE_INFINITY;
      for (const ping of rounds) {
        if (!isSending(ping)) continue;
        if (weather.maxRttMs(ping.path.network) > waitMs(ping)) return Number.NEGATIVE_INFINITY;
        const sure = roundsOf(ping, weather.calmProbes(ping.at));
        untilMs = Math.min(untilMs, ping.dueMs + sure * ping.periodMs());
      }
      return untilMs;
    },
    makeUpFor(rank) {
      for (const ping of rounds) {
        const times = ping.timesUntil(clock.nowMs(), rank);
        // What was sent longer ago than any wait has been answered, and told over by the next.
        const recent = Math.min(times, Math.ceil(waitMs(ping) / ping.periodMs()) + 1);
        if (isSending(ping)) weather.leap(ping.at, probesIn(ping, times - recent));
        ping.skip(times - recent);
        for (let i = 0; i < recent; i += 1) {
          const { count, dueMs } = ping;
          ping.skip(1);
          probe(ping, count, dueMs);
        }
        ping.begin(ping.dueMs);
      }
    },
  };
}
