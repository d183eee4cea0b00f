/**
 * When a target's next probe is due. Pure arithmetic on a grid: probes of one pace lie at
 * (k + phase) x interval, and every target has a phase of its own, so that the load is spread and
 * no probe waits behind a burst of others.
 * There are no catch-up sends: after a delay the missed grid points are skipped, and two probes of
 * a target are never closer than half an interval. Otherwise "three losses" could span much less
 * than three intervals, which shortens detection exactly when this process is unwell.
 */

/** The first grid point strictly after `afterMs`. `phase` 0 <= phase < 1. */
export function firstDue(afterMs: number, intervalMs: number, phase: number): number {
  const k = Math.floor(afterMs / intervalMs - phase) + 1;
  return (k + phase) * intervalMs;
}

/** The due time after a probe that was due at `dueMs` and left at `nowMs` (>= dueMs). */
export function followingDue(dueMs: number, nowMs: number, intervalMs: number): number {
  const steps = Math.max(1, Math.ceil((nowMs + intervalMs / 2 - dueMs) / intervalMs));
  return dueMs + steps * intervalMs;
}
