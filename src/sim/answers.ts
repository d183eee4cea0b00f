/**
 * What was asked and is not answered yet. Live, an answer is reported when it arrives. While a doze
 * is made up for (leap.ts), what would have arrived already only leaves the time of its arrival, and
 * the rest is reported when it arrives.
 */

import type { Fact } from '../machines/events.ts';
import type { Clock } from './queue.ts';
import type { Round } from './round.ts';

export interface Answers {
  /** Reports at this time, unless the round was ended or begun anew; `heard` if that is past. */
  due(round: Round, atMs: number, make: () => Fact, heard: (atMs: number) => void): void;
  /** The same for what is known at once. */
  atOnce(atMs: number, make: () => Fact, heard: (atMs: number) => void): void;
  /** Whatever is due before now, or now by a smaller rank, has been heard; runs `act` so. */
  madeUpFor(rank: number, act: () => void): void;
  inFlight(): number;
}

export function createAnswers(clock: Clock, report: (fact: Fact) => void): Answers {
  let inFlight = 0;
  /** Null: live. */
  let pastRank: number | null = null;

  function isPast(atMs: number): boolean {
    if (pastRank === null) return false;
    const nowMs = clock.nowMs();
    return atMs < nowMs || (atMs === nowMs && pastRank > 0);
  }

  return {
    due(round, atMs, make, heard) {
      if (isPast(atMs)) {
        heard(atMs);
        return;
      }
      const { life } = round;
      inFlight += 1;
      clock.at(atMs, () => {
        inFlight -= 1;
        if (life === round.life) report(make());
      });
    },
    atOnce(atMs, make, heard) {
      if (pastRank === null) report(make());
      else heard(atMs);
    },
    madeUpFor(rank, act) {
      pastRank = rank;
      act();
      pastRank = null;
    },
    inFlight: () => inFlight,
  };
}
