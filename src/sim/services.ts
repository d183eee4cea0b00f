/**
 * The virtual service probe: one round of NULL calls over the kept-open connections of all paths,
 * and the ends of such connections, which tell of a dying process at once.
 */

import type { Path } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import type { Answers, Asked } from './answers.ts';
import { hears, serviceOf } from './conditions.ts';
import type { Body } from './pilot.ts';
import type { PingRound } from './pings.ts';
import { createRound, type Round } from './round.ts';

export interface Services {
  readonly round: Round;
  /** A kept-open connection tells of a dying service at once, not at the next round. */
  died(scvm: string): void;
  retarget(settings: Settings): void;
  stop(): void;
  /** For leap.ts: asks what was due meanwhile. */
  makeUpFor(rank: number): void;
}

const MIN_WAIT_MS = 500;
const RANK = 1001;

export function createServices(
  { world: w, clock, weather }: Body,
  first: Settings,
  answers: Answers,
  asked: Asked,
  pings: readonly PingRound[],
): Services {
  let s = first;
  let stopped = false;

  const waitMs = (): number => Math.max(MIN_WAIT_MS, s.service.intervalMs) - 1;

  function ask(at: number, p: Path, sentMs: number): void {
    const is = serviceOf(w, p);
    const path = p.id;
    const what = asked + at;
    if (is === 'unasked') {
      const error = 'Network is unreachable';
      answers.atOnce(what, { type: 'SERVICE_UNASKED', atMs: sentMs, path, error });
    } else if (is === 'silent' || weather.losesCall(at, sentMs)) {
      const waitedMs = waitMs();
      const atMs = sentMs + waitedMs;
      answers.due(what, false, round, { type: 'SERVICE_SILENT', atMs, path, waitedMs });
    } else {
      const rttMs = weather.maxRttMs(p.network);
      const atMs = sentMs + rttMs;
      const error = 'connection refused';
      if (is === 'up')
        answers.due(what, true, round, { type: 'SERVICE_ANSWERED', atMs, path, rttMs });
      else answers.due(what, false, round, { type: 'SERVICE_REFUSED', atMs, path, error });
    }
  }

  function askAll(sentMs: number): void {
    if (!s.service.enabled) return;
    for (const { at, path, isWatched } of pings) {
      if (isWatched && !stopped) ask(at, path, sentMs);
    }
  }

  const round = createRound(
    clock,
    RANK,
    () => askAll(clock.nowMs()),
    () => s.service.intervalMs,
  );
  round.begin(clock.nowMs() + 2);

  return {
    round,
    died(scvm) {
      for (const { at, path, isWatched } of pings) {
        const tells = s.service.enabled && isWatched && path.scvm === scvm;
        if (tells && hears(w, path)) ask(at, path, clock.nowMs());
      }
    },
    retarget(settings) {
      s = settings;
      if (!s.service.enabled) round.life += 1;
    },
    stop() {
      stopped = true;
    },
    makeUpFor(rank) {
      const times = round.timesUntil(clock.nowMs(), rank);
      const recent = Math.min(times, Math.ceil(waitMs() / round.periodMs()) + 1);
      round.skip(times - recent);
      for (let i = 0; i < recent; i += 1) {
        const { dueMs } = round;
        round.skip(1);
        askAll(dueMs);
      }
      round.begin(round.dueMs);
    },
  };
}
