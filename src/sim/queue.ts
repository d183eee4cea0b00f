/**
 * The simulator's clock: an event queue in virtual time. Unlike a stepped clock it advances to each
 * deadline in turn, so that timers armed by timers fire at their own times. Events of the same time
 * run by rank, then in the order in which they were set. Whatever repeats has a rank of its own, so
 * that its place among others does not depend on when it was set.
 *
 * Two things are built on it. A *horizon* collects the changes of one part of the world, so that a
 * host on which nothing is in doubt can ask how long that will surely last (leap.ts). A *lane* is
 * the clock of one host with all that runs by it: a suspended host's clock stands still, and
 * everything of its lane is due that much later.
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
  /** Run `task` at `atMs` (never before now). `rank` >= 0, default 0. */
  at(atMs: number, task: () => void, rank?: number): Timer;
  /** The same, not set yet. */
  timer(task: () => void, rank?: number): Timer;
}

export interface Queue extends Clock {
  /** End of the present run: until then nothing happens that is not in the queue. */
  endMs(): number;
  /** Run everything due up to and including `untilMs`, then stand there. */
  runUntil(untilMs: number): void;
  horizon(): Horizon;
  lane(): Lane;
}

/** Changes of one part of the world. */
export interface Horizon {
  timer(task: () => void, rank?: number): Timer;
  at(atMs: number, task: () => void, rank?: number): Timer;
  /** When the next is due; Infinity: none. */
  nextMs(): number;
}

/** One host's monotonic clock. */
export interface Lane extends Clock {
  /** The time that this clock shows at a time of the world, as things are now. */
  ofWorld(worldMs: number): number;
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
  let endMs = startMs;
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

  function at(atMs: number, task: () => void, rank = 0): Timer {
    const set = timer(task, rank);
    set.set(atMs);
    return set;
  }

  function horizon(): Horizon {
    const changes = createHeap<Item>();
    function changeTimer(task: () => void, rank = 0): Timer {
      const change: Item = { atMs: 0, rank, seq: 0, place: -1 };
      const run = (): void => {
        changes.remove(change);
        task();
      };
      const entry = entryOf(run, rank, null);
      return {
        set(ms) {
          put(entry, ms);
          change.atMs = entry.atMs;
          change.seq = entry.seq;
          changes.put(change);
        },
        clear() {
          items.remove(entry);
          changes.remove(change);
        },
      };
    }
    return {
      timer: changeTimer,
      at(atMs, task, rank) {
        const set = changeTimer(task, rank);
        set.set(atMs);
        return set;
      },
      nextMs: () => changes.peek()?.atMs ?? Number.POSITIVE_INFINITY,
    };
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
      at(atMs, task, rank) {
        const set = laneTimer(task, rank);
        set.set(atMs);
        return set;
      },
      ofWorld: (worldMs) => worldMs - behindMs,
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
    at,
    timer,
    endMs: () => endMs,
    horizon,
    lane,
    runUntil(untilMs) {
      endMs = untilMs;
      for (let next = items.peek(); next && next.atMs <= untilMs; next = items.peek()) {
        items.remove(next);
        if (next.atMs > now) now = next.atMs;
        next.task();
      }
      now = Math.max(now, untilMs);
    },
  };
}
