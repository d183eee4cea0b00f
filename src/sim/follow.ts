/**
 * A run follows its cues: each line is said at its time, after everything else of that time. All
 * are put into the queue beforehand, each as a change of the world of the host that it is about, so
 * that no other host has to wait for it.
 */

import { understood } from './commands.ts';
import type { Run } from './run.ts';
import type { Cue } from './swarm/plan.ts';

/** Behind all else of its time. */
const CUE_RANK = 1e9;

/** What lies behind `untilMs` is not said. Ends at `untilMs`. */
export function follow(
  run: Run,
  cues: readonly Cue[],
  untilMs: number,
  onLine?: (atMs: number, line: string) => void,
): void {
  for (const { atMs, line } of cues) {
    if (atMs > untilMs) continue;
    const said = understood(line);
    const horizon = said.host === null ? null : run.horizons.hosts[said.host];
    const say = (): void => {
      onLine?.(atMs, line);
      said.do(run);
    };
    (horizon ?? run.horizons.cluster).at(atMs, say, CUE_RANK);
  }
  run.advance(untilMs - run.queue.nowMs());
}
