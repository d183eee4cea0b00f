/**
 * How long to wait for a reply, learnt from the round-trip time: RFC 6298 section 2, with the
 * bounds of the configuration instead of the RFC's one second. Pure arithmetic.
 *
 * Where we differ, and why: there is no back-off after a loss (section 5.5), because a loss is
 * what we want to confirm quickly, and each probe carries its own sequence and cookie, so that a
 * reply is never ambiguous (Karn's rule is not needed). Instead an authentic reply that came after
 * its probe was given up still teaches the estimate: a path whose RTT rises above the learnt wait
 * is understood after one such reply instead of losing every probe for good.
 */

/** RFC 6298 sections 2.2 and 2.3. null: nothing measured yet. */
export interface RttEstimate {
  readonly srttMs: number;
  readonly rttvarMs: number;
}

const ALPHA = 1 / 8;
const BETA = 1 / 4;
const K = 4;
/** Granularity of the timers here; RFC 6298's G. */
const GRANULARITY_MS = 1;

/** The estimate after one more measured RTT (finite, >= 0). */
export function learnRtt(estimate: RttEstimate | null, rttMs: number): RttEstimate {
  if (estimate === null) return { srttMs: rttMs, rttvarMs: rttMs / 2 };
  const deviationMs = Math.abs(estimate.srttMs - rttMs);
  return {
    srttMs: (1 - ALPHA) * estimate.srttMs + ALPHA * rttMs,
    rttvarMs: (1 - BETA) * estimate.rttvarMs + BETA * deviationMs,
  };
}

/**
 * The wait for the next probe: between `minMs` and `maxMs`, `maxMs` while nothing was measured.
 * `maxMs` wins when the bounds cross.
 */
export function waitFor(estimate: RttEstimate | null, minMs: number, maxMs: number): number {
  if (estimate === null) return maxMs;
  const learntMs = estimate.srttMs + Math.max(GRANULARITY_MS, K * estimate.rttvarMs);
  return Math.min(maxMs, Math.max(minMs, learntMs));
}
