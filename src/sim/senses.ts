/**
 * Virtual senses: what the daemon's prober, service probe, session poll and link watch would report
 * of the simulated world, at the times at which they would. One-for-one with src/io, without
 * sockets. They decide nothing.
 */

import type { Fact, ProbeSize } from '../machines/events.ts';
import type { LinkView, Network, Pace, Path, PathId } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import {
  type Conditions,
  hears,
  leaderAnswers,
  listedSessions,
  reachable,
  serviceOf,
} from './conditions.ts';
import type { Body } from './pilot.ts';
import { createRound, type Round } from './round.ts';

export interface Senses {
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  readLinks(): void;
  /** A kept-open connection tells of a dying service at once, not at the next round. */
  serviceDied(scvm: string): void;
  /** A reload: other numbers, other paths. */
  retarget(settings: Settings): void;
  /** Throws away what is in flight and asks nothing until `restart`. */
  freeze(): void;
  restart(): void;
  stop(): void;
  /** For leap.ts: what repeats by itself. */
  readonly rounds: { readonly pings: readonly PingRound[]; service: Round; lists: Round };
  /** For leap.ts: when a probe or call was last lost by chance. */
  unluckyAtMs(): number;
  /** For leap.ts: the wait for a ping of this path, and for a service call, ms. */
  waitMs(ping: PingRound): number;
  serviceWaitMs(): number;
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
const MIN_SERVICE_WAIT_MS = 500;
export const POLL_ANSWER_MS = 5;
/** Full-size probes go out once in so many small ones, except at pace `fast`. */
export const FULL_EVERY = 4;
/** Ranks of what repeats, among events of the same time. */
const RANK = { service: 1001, lists: 1002, ping: 1010 } as const;

export function createSenses(body: Body, first: Settings, report: (fact: Fact) => void): Senses {
  const { world: w, queue, clock, weather } = body;
  let s = first;
  let stopped = false;
  let unluckyAtMs = Number.NEGATIVE_INFINITY;
  const now = clock.nowMs;

  /** What comes of one round: void once the round was begun anew. */
  const later = (round: Round, ms: number, make: () => Fact): void => {
    const mine = round.life;
    clock.at(now() + ms, () => {
      if (mine === round.life) report(make());
    });
  };

  const intervalOf = (pace: Pace): number => {
    if (pace === 'fast') return s.probe.fastIntervalMs;
    return pace === 'steady' ? s.probe.intervalMs : s.probe.idleIntervalMs;
  };

  function waitMs({ pace, path }: PingRound): number {
    const learnt = Math.max(MIN_WAIT_MS[pace], 4 * weather.maxRttMs(path.network));
    return Math.min(s.probe.timeoutMs, learnt);
  }

  const serviceWaitMs = (): number => Math.max(MIN_SERVICE_WAIT_MS, s.service.intervalMs) - 1;

  function send(ping: PingRound, size: ProbeSize): void {
    const path = ping.path.id;
    if (!w.links[ping.path.network]) {
      report({ type: 'PING_UNSENT', atMs: now(), path, size, error: 'Network is unreachable' });
      return;
    }
    const rttMs = weather.probe(ping.at);
    const waitedMs = waitMs(ping);
    const passes = reachable(w, ping.path) && !(size === 'full' && w.mtuCut.has(path));
    if (passes && rttMs !== null && rttMs <= waitedMs) {
      later(ping, rttMs, () => ({ type: 'PING_REPLIED', atMs: now(), path, size, rttMs }));
    } else {
      if (passes) unluckyAtMs = now();
      later(ping, waitedMs, () => ({ type: 'PING_LOST', atMs: now(), path, size, waitedMs }));
    }
  }

  function pingRound(path: Path, at: number): PingRound {
    const round = createRound(
      clock,
      RANK.ping + at,
      (count) => {
        if (!ping.isWatched) return;
        send(ping, 'small');
        const isFullDue = ping.pace === 'fast' || count % FULL_EVERY === 0;
        if (s.probe.mtu > 0 && isFullDue && !stopped) send(ping, 'full');
      },
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

  function askService(at: number, path: Path): void {
    const is = serviceOf(w, path);
    const answerMs = weather.maxRttMs(path.network);
    const error = is === 'unasked' ? 'Network is unreachable' : 'connection refused';
    if (is === 'unasked') {
      report({ type: 'SERVICE_UNASKED', atMs: now(), path: path.id, error });
    } else if (is === 'silent' || weather.losesCall(at, now())) {
      unluckyAtMs = is === 'silent' ? unluckyAtMs : now();
      const waitedMs = serviceWaitMs();
      later(service, waitedMs, () => ({
        type: 'SERVICE_SILENT',
        atMs: now(),
        path: path.id,
        waitedMs,
      }));
    } else if (is === 'refused') {
      later(service, answerMs, () => ({
        type: 'SERVICE_REFUSED',
        atMs: now(),
        path: path.id,
        error,
      }));
    } else {
      const rttMs = answerMs;
      later(service, rttMs, () => ({
        type: 'SERVICE_ANSWERED',
        atMs: now(),
        path: path.id,
        rttMs,
      }));
    }
  }

  function askServices(): void {
    if (!s.service.enabled) return;
    for (const { at, path, isWatched } of pings) if (isWatched && !stopped) askService(at, path);
  }

  function pollSessions(): void {
    if (!leaderAnswers(w)) {
      const error = w.cluster.leader === 'garbage' ? 'not a list' : 'no leader answered';
      later(lists, POLL_ANSWER_MS, () => ({ type: 'SESSIONS_FAILED', atMs: now(), error }));
      return;
    }
    later(lists, POLL_ANSWER_MS, () => {
      const sessions = listedSessions(w, queue.nowMs());
      return { type: 'SESSIONS_LISTED', atMs: now(), sessions, from: 'leader' };
    });
  }

  const pings = w.paths.map(pingRound);
  const service = createRound(clock, RANK.service, askServices, () => s.service.intervalMs);
  const lists = createRound(clock, RANK.lists, pollSessions, () => s.session.pollIntervalMs);
  const all: readonly Round[] = [...pings, service, lists];

  for (const ping of pings) ping.begin(now() + 1 + ping.at);
  service.begin(now() + 2);
  lists.begin(now() + 5);

  return {
    pace(changed) {
      for (const ping of pings) {
        const pace = changed[ping.path.id];
        if (pace === undefined || pace === ping.pace) continue;
        ping.pace = pace;
        ping.begin(Math.max(now(), ping.lastMs + intervalOf(pace)));
      }
    },
    readLinks() {
      report({ type: 'LINKS_READ', atMs: now(), byPath: linkViews(w) });
    },
    serviceDied(scvm) {
      for (const { at, path, isWatched } of pings) {
        const tells = s.service.enabled && isWatched && path.scvm === scvm;
        if (tells && hears(w, path)) askService(at, path);
      }
    },
    retarget(settings) {
      s = settings;
      if (!s.service.enabled) service.life += 1;
      for (const ping of pings) {
        ping.isWatched = s.paths.some((p) => p.id === ping.path.id && p.ip === ping.path.ip);
      }
    },
    freeze() {
      for (const round of all) round.end();
    },
    restart() {
      for (const round of all) round.resume();
    },
    stop() {
      stopped = true;
      for (const round of all) round.end();
    },
    rounds: { pings, service, lists },
    unluckyAtMs: () => unluckyAtMs,
    waitMs,
    serviceWaitMs,
  };
}

function linkViews(w: Conditions): Record<PathId, LinkView> {
  const view = (network: Network): LinkView => ({
    device: network,
    up: w.links[network],
    source: w.source[network],
  });
  return Object.fromEntries(w.paths.map((p) => [p.id, view(p.network)]));
}
