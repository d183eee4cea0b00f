/**
 * Refused requests in the log: the first of each minute one by one, then only their number, because
 * whoever may not steer must not fill the disk either.
 */

import type { Log } from '../io/log.ts';

export interface Refusals {
  /** One line, told at once while there is room in this minute. */
  note(line: string): void;
}

const MINUTE_MS = 60_000;
const LINES_PER_MINUTE = 10;

export function createRefusals(log: Pick<Log, 'warn'>, nowMs: () => number): Refusals {
  let sinceMs = Number.NEGATIVE_INFINITY;
  let count = 0;

  return {
    note(line) {
      const now = nowMs();
      if (now - sinceMs >= MINUTE_MS) {
        const untold = count - LINES_PER_MINUTE;
        if (untold > 0) log.warn(`console: ${untold} more requests were refused`);
        sinceMs = now;
        count = 0;
      }
      count += 1;
      if (count <= LINES_PER_MINUTE) log.warn(line);
      if (count === LINES_PER_MINUTE)
        log.warn('console: further refusals of this minute are counted');
    },
  };
}
