/**
 * Leaping over quiet times. When every path has been answering the same for longer than any answer
 * takes, nothing is under way, and neither the world nor any deadline of the decision comes before
 * a horizon, then everything that would be heard until shortly before the horizon repeats what is
 * believed already (stillness.ts). Instead of doing all those rounds, they are moved forward by whole
 * periods, and the beliefs get the times at which they would last have been confirmed. Orders and
 * their times are the same as without leaping, bit for bit (test/sim/leap.test.ts); the laws are
 * told by an entry of its own kind.
 */

import type { Beliefs } from '../machines/beliefs.ts';
import type { Path } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { wakeAtMs } from '../machines/wake.ts';
import { reachable, serviceOf } from './conditions.ts';
import type { Life } from './daemon.ts';
import type { Body } from './pilot.ts';
import type { Round } from './round.ts';
import { FULL_EVERY, type PingRound, POLL_ANSWER_MS } from './senses.ts';
import { isStill, nextDeadlineMs } from './stillness.ts';

export interface Leaper {
  /** Called after each fact: leaps soon, if nothing speaks against it. */
  rest(isBusy: boolean): void;
  stop(): void;
}

/** When each thing would last have been heard of; null: not since. */
interface Heard {
  readonly pingMs: ReadonlyMap<string, number>;
  readonly serviceSentMs: number | null;
  readonly listsMs: number | null;
}

/** Shorter leaps are not worth their trouble. */
const MIN_LEAP_MS = 3000;
/** After a vain try, and after anything was ordered. */
const PAUSE_MS = 500;
/** Behind everything that repeats, before the TICK. */
const LEAP_RANK = 999_999;
/** Answers that are due until the horizon have arrived before it. */
const SLACK_MS = 10;

export function createLeaper(body: Body, life: Life, onLeapt: () => void): Leaper {
  const { world: w, clock, weather } = body;
  let stopped = false;
  let nextTryMs = clock.nowMs() + PAUSE_MS;

  function attempt(): void {
    if (stopped) return;
    const { state, senses, hands } = life;
    const { pings } = senses.rounds;
    const s: Settings = state.snapshot.context.settings;
    const now = clock.nowMs();
    const marginMs = SLACK_MS + Math.max(senses.serviceWaitMs(), ...pings.map(senses.waitMs));
    const touchedMs = clock.ofWorld(Math.max(w.cluster.changedAtMs, w.changedAtMs));
    const changedAtMs = Math.max(touchedMs, senses.unluckyAtMs());
    if (now - changedAtMs <= marginMs || !weather.isCalm() || !hands.isIdle()) return;
    const worldMs = Math.min(body.nextWorldMs(), luckMs(pings, s));
    if (worldMs - marginMs - now < MIN_LEAP_MS || !isStill(state, w, now)) return;
    const toMs = Math.min(worldMs, nextDeadlineMs(state, now)) - marginMs;
    if (toMs - now >= MIN_LEAP_MS) leap(toMs, s);
  }

  function leap(toMs: number, s: Settings): void {
    const { state, senses, hands } = life;
    const { pings, service, lists } = senses.rounds;
    leapRound(hands.looks, toMs);
    const listsSentMs = leapRound(lists, toMs);
    const beliefs = confirmed(state.beliefs, {
      pingMs: new Map(pings.flatMap((p) => pingHeard(p, toMs, s))),
      serviceSentMs: leapRound(service, toMs),
      listsMs: listsSentMs === null ? null : listsSentMs + POLL_ANSWER_MS,
    });
    const wake = wakeAtMs(state.snapshot, beliefs, state.timers, toMs);
    life.state = { ...state, beliefs, wakeAtMs: wake };
    const heard = beliefs.paths.map(({ path, belief: { ping, service: asked } }) => ({
      path: path.id,
      pingAtMs: ping.atMs,
      serviceAtMs: asked.atMs,
    }));
    body.onEntry?.({ kind: 'quiet', atMs: toMs, paths: heard, listsAtMs: beliefs.lists.okAtMs });
    onLeapt();
  }

  /** Moves a path's pings on. */
  function pingHeard(ping: PingRound, toMs: number, s: Settings): [string, number][] {
    const times = timesUntil(ping, toMs);
    const probes = times + (s.probe.mtu > 0 ? fullsIn(ping, times) : 0);
    const sentMs = leapRound(ping, toMs);
    if (sentMs === null || !ping.isWatched) return [];
    const { id, network } = ping.path;
    if (!w.links[network]) return [[id, sentMs]];
    const rttMs = weather.leap(ping.at, probes);
    const tookMs = reachable(w, ping.path) ? rttMs : life.senses.waitMs(ping);
    return [[id, sentMs + tookMs]];
  }

  /** Before when no probe is lost by chance. */
  function luckMs(pings: readonly PingRound[], s: Settings): number {
    return pings.reduce((least, ping) => {
      if (!ping.isWatched || !w.links[ping.path.network]) return least;
      const longMs = life.senses.waitMs(ping);
      if (weather.maxRttMs(ping.path.network) > longMs) return Number.NEGATIVE_INFINITY;
      const calm = weather.calmProbes(ping.at);
      const rounds = s.probe.mtu > 0 ? Math.floor(calm / 2) : calm;
      return Math.min(least, ping.dueMs + rounds * ping.periodMs());
    }, Number.POSITIVE_INFINITY);
  }

  function serviceHeardMs(path: Path, sentMs: number): number {
    const is = serviceOf(w, path);
    if (is === 'unasked') return sentMs;
    const { senses } = life;
    return sentMs + (is === 'up' ? weather.maxRttMs(path.network) : senses.serviceWaitMs());
  }

  function confirmed(b: Beliefs, heard: Heard): Beliefs {
    const { serviceSentMs, listsMs } = heard;
    const paths = b.paths.map((x) => {
      const { ping, service, session } = x.belief;
      const isAsked = serviceSentMs !== null && service.value !== 'unknown';
      const serviceMs = isAsked ? serviceHeardMs(x.path, serviceSentMs) : service.atMs;
      const belief = {
        ...x.belief,
        ping: { ...ping, atMs: heard.pingMs.get(x.path.id) ?? ping.atMs },
        service: { ...service, atMs: serviceMs },
        session: { ...session, atMs: listsMs ?? session.atMs },
      };
      return { ...x, belief };
    });
    return { ...b, paths, lists: { ...b.lists, okAtMs: listsMs ?? b.lists.okAtMs } };
  }

  return {
    rest(isBusy) {
      const now = clock.nowMs();
      if (isBusy) nextTryMs = now + PAUSE_MS;
      if (now < nextTryMs) return;
      nextTryMs = now + PAUSE_MS;
      clock.at(now, attempt, LEAP_RANK);
    },
    stop() {
      stopped = true;
    },
  };
}

/** How often a round is due until `toMs`. */
function timesUntil(round: Round, toMs: number): number {
  return Math.max(0, Math.floor((toMs - round.dueMs) / round.periodMs()) + 1);
}

/** When it was last due until then; null: not at all. */
function leapRound(round: Round, toMs: number): number | null {
  const times = timesUntil(round, toMs);
  if (times === 0) return null;
  round.leap(times);
  return round.lastMs;
}

/** Full-size probes among the next `times` rounds. */
function fullsIn(ping: PingRound, times: number): number {
  if (ping.pace === 'fast') return times;
  const upTo = (count: number): number => Math.ceil(count / FULL_EVERY);
  return upTo(ping.count + times) - upTo(ping.count);
}
