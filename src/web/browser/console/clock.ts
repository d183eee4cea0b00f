/**
 * The daemon's clocks as this page knows them: each scene says what time it is there, and between
 * two scenes this machine's own clock goes on. All times that are shown are the daemon's.
 */

import type { Scene } from '../../shapes.ts';

export interface DaemonClock {
  set(scene: Scene): void;
  /** The daemon's monotonic clock now, ms. */
  atMs(): number;
  /** The daemon's wall clock now, ms. */
  wallMs(): number;
}

export function createClock(): DaemonClock {
  let monotonicOffset = 0;
  let wallOffset = Date.now() - performance.now();
  return {
    set(scene) {
      monotonicOffset = scene.status.atMs - performance.now();
      wallOffset = scene.wallMs - performance.now();
    },
    atMs: () => performance.now() + monotonicOffset,
    wallMs: () => performance.now() + wallOffset,
  };
}
