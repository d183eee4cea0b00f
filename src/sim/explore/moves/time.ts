/** Time: a tick with the timers that end at it, and a process that stood still meanwhile. */

import { isDue } from '../player.ts';
import type { Spot } from '../space.ts';
import type { Move, MoveMaker } from './move.ts';

/** The same evidence at the same time: only a timer that is due already can end. */
const again: Move = {
  kind: 'again',
  says: 'nothing changes',
  calm: 0,
  isOpen: () => true,
  play: (hand) => hand.evidence('TICK'),
};

const tick = (says: string, inReverse: boolean, isOpen: (spot: Spot) => boolean): Move => ({
  kind: 'tick',
  says,
  isOpen,
  play(hand) {
    hand.later(true, inReverse);
    hand.evidence('TICK');
  },
});

const ending = (spot: Spot): number => spot.timers.filter((t) => t.left === 1).length;

const ticks: readonly Move[] = [
  { ...tick('one tick passes', false, (spot) => !isDue(spot)), calm: 9 },
  tick('one tick passes, timers end in reverse', true, (s) => !isDue(s) && ending(s) > 1),
];

/** The timers are put off by as much (src/machines/decide.ts), so none of them gets nearer. */
const stall: Move = {
  kind: 'stall',
  says: 'the process stands still for one tick',
  isOpen: (spot) => !isDue(spot),
  play(hand) {
    hand.later(false);
    hand.evidence('TICK');
  },
};

export const timeMoves: MoveMaker = (scope) => [again, ...ticks, ...(scope.stalls ? [stall] : [])];
