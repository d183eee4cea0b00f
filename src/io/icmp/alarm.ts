/**
 * One timer for the next thing that is due, which also tells how late this process is. Lateness is
 * the sign of a stall (blocked loop, stopped process or VM): after one, nothing that was due may
 * be judged. It is asked at every entry into the prober, not only when the timer fires, because
 * after a stall packets or orders may come first.
 */

import type { Clock } from '../report.ts';

export interface Alarm {
  /** Fires once at `atMs` or up to about 1 ms later; replaces what was set. null: never. */
  set(atMs: number | null): void;
  /** How long ago it should have fired, ms; 0 when it is not overdue or not set. */
  latenessMs(nowMs: number): number;
}

/** Longest delay a Node timer takes; longer ones would fire at once. */
const TIMER_MAX_MS = 0x7fffffff;

export function createAlarm(clock: Clock, onDue: () => void): Alarm {
  let timer: NodeJS.Timeout | null = null;
  let dueMs: number | null = null;
  return {
    set(atMs) {
      if (atMs === dueMs) return;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      dueMs = atMs;
      if (atMs === null) return;
      const delayMs = Math.ceil(atMs - clock.nowMs());
      timer = setTimeout(onDue, Math.min(TIMER_MAX_MS, Math.max(0, delayMs)));
    },
    latenessMs(nowMs) {
      return dueMs === null ? 0 : Math.max(0, nowMs - dueMs);
    },
  };
}
