/**
 * Something that is done again and again in virtual time: a probe, a poll, a look at the table. A
 * round can doze: it is not done for a while, and on waking counts as if it had been (leap.ts), on
 * the same grid.
 */

import type { Clock } from './queue.ts';

export interface Round {
  /** Its place among what is due at the same time. */
  readonly rank: number;
  /** Changes when what is in flight no longer counts. */
  life: number;
  /** Last time it was done; -Infinity before. */
  lastMs: number;
  /** When it is due next. */
  dueMs: number;
  count: number;
  periodMs(): number;
  /** Due next at this time. */
  begin(atMs: number): void;
  /** Not done until `begin`, or until the same as `begin(dueMs)`. */
  doze(): void;
  /** How often it is due before now, or now by a smaller rank than this. */
  timesUntil(nowMs: number, rank: number): number;
  /** Takes so many times for done. It still dozes. */
  skip(times: number): void;
  end(): void;
  /** Goes on after `end`, on its grid. */
  resume(): void;
}

export function createRound(
  clock: Clock,
  rank: number,
  act: (count: number) => void,
  periodMs: () => number,
): Round {
  const timer = clock.timer(fire, rank);

  function fire(): void {
    const { count } = round;
    round.lastMs = clock.nowMs();
    round.count += 1;
    round.begin(round.dueMs + periodMs());
    act(count);
  }

  const round: Round = {
    rank,
    life: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    dueMs: clock.nowMs(),
    count: 0,
    periodMs,
    begin(atMs) {
      round.dueMs = atMs;
      timer.set(atMs);
    },
    doze: timer.clear,
    timesUntil(nowMs, before) {
      const { dueMs } = round;
      if (nowMs < dueMs) return 0;
      const periods = Math.floor((nowMs - dueMs) / periodMs());
      const isDueNow = dueMs + periods * periodMs() === nowMs;
      return isDueNow && rank >= before ? periods : periods + 1;
    },
    skip(times) {
      if (times === 0) return;
      round.count += times;
      round.lastMs = round.dueMs + (times - 1) * periodMs();
      round.dueMs = round.lastMs + periodMs();
    },
    end() {
      round.life += 1;
      timer.clear();
    },
    resume() {
      const periods = Math.floor((clock.nowMs() - round.dueMs) / periodMs()) + 1;
      round.begin(round.dueMs + Math.max(0, periods) * periodMs());
    },
  };
  return round;
}
