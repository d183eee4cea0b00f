/**
 * How long an experiment will take: each mix is played for a short while, longer and longer until
 * there is something to measure, and the rate is taken for the whole. Good to a factor of two.
 */

import type { Experiment } from './experiment.ts';
import { workload } from './rungs.ts';
import { spaceOf } from './space.ts';
import { play } from './world.ts';

export interface Forecast {
  /** Replications of one subject under one mix. */
  readonly runs: number;
  readonly settings: number;
  /** Simulated time of all hosts, ms. */
  readonly simulatedMs: number;
  /** Time of one core, ms. */
  readonly coreMs: number;
}

const ENOUGH_MS = 100;
const FIRST_SPAN_MS = 6 * 3_600_000;

/** `nowMs`: a monotonic clock. */
export function forecast(e: Experiment, nowMs: () => number): Forecast {
  const space = spaceOf(e);
  const subject = space.subject(space.baseline);
  const rungs = workload(e);
  const runsPerMix = rungs.reduce((sum, r) => sum + r.subjects * r.replications, 0);
  const spanMs = e.mixes.reduce((sum, m) => sum + m.spanMs, 0);
  const coreMs = e.mixes.reduce((sum, use) => {
    let span = Math.min(FIRST_SPAN_MS, use.spanMs);
    for (;;) {
      const startMs = nowMs();
      play(e, subject, { ...use, spanMs: span }, 0);
      const tookMs = nowMs() - startMs;
      if (tookMs >= ENOUGH_MS || span >= use.spanMs) {
        return sum + (tookMs * runsPerMix * use.spanMs) / span;
      }
      span = Math.min(span * 4, use.spanMs);
    }
  }, 0);
  return {
    runs: runsPerMix * e.mixes.length,
    settings: space.settings,
    simulatedMs: runsPerMix * spanMs * e.cluster.hosts,
    coreMs,
  };
}
