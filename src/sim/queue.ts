/**
 * The simulator's clock: an event queue in virtual time. Unlike a stepped clock it advances to each
 * deadline in turn, so that timers armed by timers fire at their own times. Events of the same time
 * run by rank, then in the order in which they were set. Whatever repeats has a rank of its own, so
 * that its place among others does not depend on when it was set.
 *
 * A *lane* is the clock of one host with all that runs by it: a suspended host's clock stands still,
 * and everything of its lane is due that much later.
 */

import { createHeap, type Item } from './heap.ts';

/** Something to be done once at a time that can be set again. */
export interface Timer {
  /** Due at this time of its clock (never before now), wherever it was set before. */
  set(atMs: number): void;
  clear(): void;
}

/** A clock, and what is due by it. */
export interface Clock {
  nowMs(): number;
  /** Run `task` at `atMs` (never before now), whatever happens. `rank` default 0. */
  at(atMs: number, task: () => void, rank?: number): void;
  /** The same at times that are set later. */
  timer(task: () => void, rank?: number): Timer;
}

export interface Queue extends Clock {
  /** Rank of what happens now; Infinity between runs. */
  rank(): number;
  /** Run everything due up to and including `untilMs`, then stand there. */
  runUntil(untilMs: number): void;
  lane(): Lane;
}

/** One host's monotonic clock. */
export interface Lane extends Clock {
  /** The time that this clock shows at a time of the world, as things are now. */
  ofWorld(worldMs: number): number;
  /** As of the queue. */
  rank(): number;
  /** Stands still from now on for so long. */
  pause(ms: number): void;
}

interface Entry extends Item {
  readonly task: () => void;
  /** Whose clock it is due by; null: the world's. */
  readonly lane: object | null;
}

export function createQueue(startMs = 0): Queue {
  const items = createHeap<Entry>();
  let now = startMs;
  let rank = Number.POSITIVE_INFINITY;
  let seq = 0;

  function put(entry: Entry, atMs: number): void {
    entry.atMs = Math.max(atMs, now);
    entry.seq = seq;
    seq += 1;
    items.put(entry);
  }

  function entryOf(task: () => void, rank: number, lane: object | null): Entry {
    return { atMs: 0, rank, seq: 0, place: -1, task, lane };
  }

  function timer(task: () => void, rank = 0): Timer {
    const entry = entryOf(task, rank, null);
    return { set: (atMs) => put(entry, atMs), clear: () => items.remove(entry) };
  }

  function lane(): Lane {
    const self = {};
    /** What the clock has stood still so far, and what it shows at least. */
    let behindMs = 0;
    let leastMs = startMs;

    function laneTimer(task: () => void, rank = 0): Timer {
      const entry = entryOf(task, rank, self);
      return {
        set: (atMs) => put(entry, atMs + behindMs),
        clear: () => items.remove(entry),
      };
    }
    const nowMs = (): number => Math.max(leastMs, now - behindMs);
    return {
      nowMs,
      timer: laneTimer,
      at: (atMs, task, rank = 0) => put(entryOf(task, rank, self), atMs + behindMs),
      ofWorld: (worldMs) => worldMs - behindMs,
      rank: () => rank,
      pause(ms) {
        leastMs = nowMs();
        behindMs += ms;
        items.each((entry) => {
          if (entry.lane === self) entry.atMs += ms;
        });
        items.reorder();
      },
    };
  }

  return {
    nowMs: () => now,
    at: (atMs, task, rank = 0) => put(entryOf(task, rank, null), atMs),
    timer,
    rank: () => rank,
    lane,
    runUntil(untilMs) {
      for (let next = items.peek(); next && next.atMs <= untilMs; next = items.peek()) {
        items.remove(next);
        if (next.atMs > now) now = next.atMs;
        rank = next.rank;
        next.task();
      }
      rank = Number.POSITIVE_INFINITY;
      now = Math.max(now, untilMs);
    },
  };
}
