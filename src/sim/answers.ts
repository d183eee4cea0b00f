/**
 * What was asked and is not answered yet, and when each thing was last heard. Live, an answer is
 * reported when it arrives. While the daemon dozes (leap.ts) answers only leave the time of their
 * arrival; so do those that would have arrived already when a doze is made up for.
 */

import type { Fact } from '../machines/events.ts';
import type { Clock } from './queue.ts';
import type { Round } from './round.ts';

/** What is asked again and again: an index that its asker chooses, the same for the same thing. */
export type Asked = number;

export interface Answers {
  /** Reports at this time, unless the round was ended or begun anew. `good`: as one would wish. */
  due(asked: Asked, good: boolean, round: Round, atMs: number, make: () => Fact): void;
  /** The same for what is known at once. */
  atOnce(asked: Asked, atMs: number, make: () => Fact): void;
  /** Is an answer on its way that is not as good, or as bad, as this? */
  isOtherDue(asked: Asked, good: boolean): boolean;
  doze(): void;
  /** Runs `ask` for what would have been asked; what is due before now, or now by a smaller rank, has been heard. */
  wake(rank: number, ask: () => void): void;
  /** When its last answer arrived since `doze`; undefined: none did. */
  heardMs(asked: Asked): number | undefined;
}

export function createAnswers(clock: Clock, count: number, report: (fact: Fact) => void): Answers {
  const [good, bad] = [new Uint16Array(count), new Uint16Array(count)];
  let mode: 'live' | 'dozing' | 'waking' = 'live';
  let pastRank = 0;
  let heard: (number | undefined)[] = [];

  function isPast(atMs: number): boolean {
    const nowMs = clock.nowMs();
    return atMs < nowMs || (atMs === nowMs && pastRank > 0);
  }

  function note(asked: Asked, atMs: number): void {
    heard[asked] = Math.max(atMs, heard[asked] ?? atMs);
  }

  return {
    due(asked, isGood, round, atMs, make) {
      if (mode === 'waking' && isPast(atMs)) {
        note(asked, atMs);
        return;
      }
      const { life } = round;
      const kind = isGood ? good : bad;
      kind[asked] = (kind[asked] ?? 0) + 1;
      clock.at(atMs, () => {
        kind[asked] = (kind[asked] ?? 1) - 1;
        if (life !== round.life) return;
        if (mode === 'dozing') note(asked, clock.nowMs());
        else report(make());
      });
    },
    atOnce(asked, atMs, make) {
      if (mode === 'waking') note(asked, atMs);
      else report(make());
    },
    isOtherDue: (asked, isGood) => ((isGood ? bad : good)[asked] ?? 0) > 0,
    doze() {
      mode = 'dozing';
      heard = [];
    },
    wake(rank, ask) {
      mode = 'waking';
      pastRank = rank;
      ask();
      mode = 'live';
    },
    heardMs: (asked) => heard[asked],
  };
}
