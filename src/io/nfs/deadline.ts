/**
 * One re-armable timer that does not judge in the dark. Node runs due timers before it polls its
 * sockets, so an answer may already lie in the kernel when a wait is over; therefore the action is
 * put behind one poll (setImmediate). And if it is more than STALL_MS late even so, this process
 * stood still (full loop, stopped VM, SIGSTOP): then not the action but `onStall` is called, because
 * the delay was ours.
 */

import type { Clock } from '../report.ts';

/** A timer later than this is our own stall, ms. */
export const STALL_MS = 200;

export interface Deadline {
  /** Runs `action` after `afterMs` (1..2147483647), instead of whatever was armed before. */
  arm(afterMs: number, action: () => void): void;
  cancel(): void;
}

export function createDeadline(clock: Clock, onStall: (lateMs: number) => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let afterPoll: NodeJS.Immediate | undefined;

  function cancel(): void {
    clearTimeout(timer);
    clearImmediate(afterPoll);
  }

  function arm(afterMs: number, action: () => void): void {
    cancel();
    const dueMs = clock.nowMs() + afterMs;

    function judge(): void {
      const lateMs = clock.nowMs() - dueMs;
      if (lateMs > STALL_MS) onStall(lateMs);
      else action();
    }
    timer = setTimeout(() => {
      afterPoll = setImmediate(judge);
    }, afterMs);
  }

  return { arm, cancel };
}
