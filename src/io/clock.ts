/**
 * The one clock, its translation to wall time, and the watch over our own standstill.
 *
 * Monotonic time is CLOCK_MONOTONIC (clock_gettime(2)): it never steps, and it is comparable
 * between processes of one boot. Wall time is only for people and for files that outlive a boot.
 *
 * The stall watch answers one question: did this process run all the time? A process that stood
 * still (blocked event loop, SIGSTOP, a stopped VM) finds all its waits overdue at once, and
 * would take its own sleep for losses. The watch decides nothing about that; it reports STALLED.
 * Not seen: a VM whose hypervisor also stops the guest's clock. No wait becomes overdue then.
 */

import type { Clock, Report } from './report.ts';

const US_PER_MS = 1000;
const NS_PER_US = 1000;
const MS_PER_S = 1000;

/** CLOCK_MONOTONIC in ms, resolution 1 us, never decreasing. */
export function monotonicClock(): Clock {
  return {
    nowMs() {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * MS_PER_S + Math.floor(nanoseconds / NS_PER_US) / US_PER_MS;
    },
  };
}

/** Translates between monotonic and wall-clock ms (since 1970). */
export interface WallTime {
  /** Wall time of a monotonic moment, ms, rounded to 1 ms. */
  wallMs(monotonicMs: number): number;
  /** Monotonic moment of a wall time; negative for moments before this boot. */
  monotonicMs(wallMs: number): number;
}

/**
 * The offset is taken anew at each call, because the wall clock may be set while we run: a stored
 * offset would go wrong for good, a fresh one is wrong only for moments before the step.
 */
export function wallTime(clock: Clock, wallNowMs: () => number = Date.now): WallTime {
  return {
    wallMs: (monotonicMs) => Math.round(wallNowMs() - (clock.nowMs() - monotonicMs)),
    monotonicMs: (wallMs) => clock.nowMs() - (wallNowMs() - wallMs),
  };
}

export interface StallWatch {
  /**
   * Call this first in every turn that judges anything: after a standstill Node runs the overdue
   * timers in the order of their deadlines, and the watch's own is not always the first.
   * @returns ms of the standstill that was just reported; 0 if there was none.
   */
  checkNow(): number;
  /** Longest gap between two looks so far, ms: how late this process ever was. */
  longestGapMs(): number;
  close(): void;
}

export interface StallWatchOptions {
  readonly clock: Clock;
  /** Receives STALLED; it may call `checkNow` again. */
  readonly report: Report;
  /** Heartbeat, ms. */
  readonly tickMs?: number;
  /** A longer gap between two looks is a standstill, ms; more than `tickMs`. */
  readonly thresholdMs?: number;
}

/**
 * `stalledMs` is the whole gap since the process was last seen running: up to one tick more than
 * it truly stood still, never less, so it is safe for putting off deadlines.
 * @throws RangeError if the threshold is not above the tick: every heartbeat would be a stall.
 */
export function createStallWatch(options: StallWatchOptions): StallWatch {
  const { clock, report, tickMs = 100, thresholdMs = 500 } = options;
  if (!(tickMs > 0 && thresholdMs > tickMs)) {
    throw new RangeError(`stall threshold ${thresholdMs} ms must be above the tick ${tickMs} ms`);
  }
  let seenMs = clock.nowMs();
  let longestMs = 0;

  const checkNow = (): number => {
    const nowMs = clock.nowMs();
    const gapMs = nowMs - seenMs;
    // Before the report: its receiver may ask again, and must not be told twice.
    seenMs = nowMs;
    longestMs = Math.max(longestMs, gapMs);
    if (gapMs <= thresholdMs) return 0;
    report({ type: 'STALLED', atMs: nowMs, stalledMs: gapMs });
    return gapMs;
  };

  const heartbeat = setInterval(checkNow, tickMs);
  heartbeat.unref();
  return { checkNow, longestGapMs: () => longestMs, close: () => clearInterval(heartbeat) };
}
