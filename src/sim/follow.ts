/** A run follows its cues: each line is said at its time, after everything else of that time. */

import { perform } from './commands.ts';
import type { Run } from './run.ts';
import type { Cue } from './swarm/plan.ts';

/** Cues are in order of time; what lies behind `untilMs` is not said. Ends at `untilMs`. */
export function follow(
  run: Run,
  cues: readonly Cue[],
  untilMs: number,
  onLine?: (atMs: number, line: string) => void,
): void {
  for (const { atMs, line } of cues) {
    if (atMs > untilMs) break;
    run.advance(atMs - run.queue.nowMs());
    onLine?.(atMs, line);
    perform(run, line);
  }
  run.advance(untilMs - run.queue.nowMs());
}
