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
  /** Reports at the fact's time, unless the round was ended. `good`: as one would wish. */
  due(asked: Asked, good: boolean, round: Round, fact: Fact): void;
  /** The same for what only the time itself will tell. */
  dueFrom(asked: Asked, good: boolean, round: Round, atMs: number, make: () => Fact): void;
  /** The same for what is known at once. */
  atOnce(asked: Asked, fact: Fact): void;
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

  /** Is it told over already? If not, it is on its way from now on. */
  function isHeard(asked: Asked, kind: Uint16Array, atMs: number): boolean {
    if (mode === 'waking' && isPast(atMs)) {
      note(asked, atMs);
      return true;
    }
    kind[asked] = (kind[asked] ?? 0) + 1;
    return false;
  }

  /** It arrives; true: it is to be reported. */
  function arrives(asked: Asked, kind: Uint16Array, round: Round, life: number): boolean {
    kind[asked] = (kind[asked] ?? 1) - 1;
    if (life !== round.life) return false;
    if (mode === 'live') return true;
    note(asked, clock.nowMs());
    return false;
  }

  return {
    due(asked, isGood, round, fact) {
      const kind = isGood ? good : bad;
      if (isHeard(asked, kind, fact.atMs)) return;
      const { life } = round;
      clock.at(fact.atMs, () => {
        if (arrives(asked, kind, round, life)) report(fact);
      });
    },
    dueFrom(asked, isGood, round, atMs, make) {
      const kind = isGood ? good : bad;
      if (isHeard(asked, kind, atMs)) return;
      const { life } = round;
      clock.at(atMs, () => {
        if (arrives(asked, kind, round, life)) report(make());
      });
    },
    atOnce(asked, fact) {
      if (mode === 'waking') note(asked, fact.atMs);
      else report(fact);
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
