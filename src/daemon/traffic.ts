/**
 * Round-trip times and losses per path, second by second, for the console's curves. Fed with the
 * same facts as the decision, which does not use it. A ring per path, so memory is fixed.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId } from '../machines/model.ts';
import type { Answers, Traffic, TrafficStep } from '../web/shapes.ts';

export interface TrafficLog {
  /** Only small probes count: the large ones measure something else. */
  note(fact: Fact): void;
  /** The path's seconds up to the one that is under way, which is left out. */
  all(nowMs: number): Traffic;
  /** The second that ended last. */
  last(nowMs: number): TrafficStep;
  /** Other paths from now on; those that stay keep their seconds. */
  retarget(paths: readonly PathId[]): void;
}

/** Two minutes: enough to see a trouble come, and 400 paths need about a megabyte. */
export const KEPT_SECONDS = 120;
/** One more, for the second that is under way. */
const PLACES = KEPT_SECONDS + 1;

interface Ring {
  /** The second that each place holds; -1: none yet. */
  readonly second: Int32Array;
  readonly sumMs: Float32Array;
  readonly replies: Uint16Array;
  readonly losses: Uint16Array;
}

const newRing = (): Ring => ({
  second: new Int32Array(PLACES).fill(-1),
  sumMs: new Float32Array(PLACES),
  replies: new Uint16Array(PLACES),
  losses: new Uint16Array(PLACES),
});

const secondOf = (atMs: number): number => Math.floor(atMs / 1000);

export function createTraffic(paths: readonly PathId[]): TrafficLog {
  let rings = new Map(paths.map((id) => [id, newRing()]));

  function placeOf(ring: Ring, second: number): number {
    const at = second % PLACES;
    if (ring.second[at] === second) return at;
    ring.second[at] = second;
    ring.sumMs[at] = 0;
    ring.replies[at] = 0;
    ring.losses[at] = 0;
    return at;
  }

  /** One place per ring and second asked for. */
  function read(asked: readonly (readonly [Ring, number])[]): Answers {
    const rttMs: (number | null)[] = [];
    const replies: number[] = [];
    const losses: number[] = [];
    for (const [ring, second] of asked) {
      const at = second % PLACES;
      const holds = ring.second[at] === second;
      const count = holds ? (ring.replies[at] ?? 0) : 0;
      rttMs.push(count > 0 ? Math.round(((ring.sumMs[at] ?? 0) / count) * 1000) / 1000 : null);
      replies.push(count);
      losses.push(holds ? (ring.losses[at] ?? 0) : 0);
    }
    return { rttMs, replies, losses };
  }

  return {
    note(fact) {
      if (fact.type !== 'PING_REPLIED' && fact.type !== 'PING_LOST') return;
      const ring = fact.size === 'small' ? rings.get(fact.path) : undefined;
      if (!ring) return;
      const at = placeOf(ring, secondOf(fact.atMs));
      if (fact.type === 'PING_LOST') ring.losses[at] = (ring.losses[at] ?? 0) + 1;
      else {
        ring.replies[at] = (ring.replies[at] ?? 0) + 1;
        ring.sumMs[at] = (ring.sumMs[at] ?? 0) + fact.rttMs;
      }
    },
    all(nowMs) {
      const firstSecond = secondOf(nowMs) - KEPT_SECONDS;
      const byPath: Record<PathId, Answers> = {};
      for (const [id, ring] of rings) {
        byPath[id] = read(Array.from({ length: KEPT_SECONDS }, (_, i) => [ring, firstSecond + i]));
      }
      return { firstSecond, byPath };
    },
    last(nowMs) {
      const second = secondOf(nowMs) - 1;
      const asked = [...rings.values()].map((ring) => [ring, second] as const);
      return { second, paths: [...rings.keys()], ...read(asked) };
    },
    retarget(next) {
      rings = new Map(next.map((id) => [id, rings.get(id) ?? newRing()]));
    },
  };
}
