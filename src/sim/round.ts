/**
 * Something that is done again and again in virtual time: a probe, a poll, a look at the table.
 * A round can be moved forward by whole periods without being done (leap.ts), and ends up on the
 * same grid as if it had been.
 */

import type { Clock } from './queue.ts';

export interface Round {
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
  /** Takes so many times for done, the last one at `dueMs + (times - 1) * periodMs`. */
  leap(times: number): void;
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
    life: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    dueMs: clock.nowMs(),
    count: 0,
    periodMs,
    begin(atMs) {
      round.dueMs = atMs;
      timer.set(atMs);
    },
    leap(times) {
      round.life += 1;
      round.count += times;
      round.lastMs = round.dueMs + (times - 1) * periodMs();
      round.begin(round.lastMs + periodMs());
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
