/**
 * One re-armable timer that does not judge too early or in the dark. Too early: a Node timer counts
 * from the loop's cached time, so after a long callback it fires before its full span has passed;
 * then it is armed again for the rest. In the dark: Node runs due timers before it polls sockets,
 * so an answer may already lie in the kernel; the action is put behind one poll (setImmediate).
 * And if the timer is more than STALL_MS late, this process stood still (full loop, stopped VM,
 * SIGSTOP): then not the action but `onStall` is called, because the delay was ours.
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

    function lateMs(): number {
      return clock.nowMs() - dueMs;
    }
    function judge(): void {
      if (lateMs() > STALL_MS) onStall(lateMs());
      else action();
    }
    function fire(): void {
      if (lateMs() < -1) timer = setTimeout(fire, Math.ceil(-lateMs()));
      else if (lateMs() > STALL_MS) onStall(lateMs());
      else afterPoll = setImmediate(judge);
    }
    timer = setTimeout(fire, Math.max(1, afterMs));
  }

  return { arm, cancel };
}
