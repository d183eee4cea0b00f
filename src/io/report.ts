/**
 * What every sense and hand is given: where to report facts, and the one clock that stamps them.
 */

import type { Fact } from '../machines/events.ts';

/** Hands a fact to the decision. Synchronous; never throws. */
export type Report = (fact: Fact) => void;

/** Monotonic time in ms (CLOCK_MONOTONIC, fractional). Comparable between processes of one boot. */
export interface Clock {
  nowMs(): number;
}
