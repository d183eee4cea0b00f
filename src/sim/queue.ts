/**
 * The simulator's clock: an event queue in virtual time. Unlike a stepped clock it advances to each
 * deadline in turn, so that timers armed by timers fire at their own times. Events of the same time
 * run by rank, then in the order in which they were scheduled. Whatever repeats has a rank of its
 * own, so that its place among others does not depend on when it was scheduled.
 *
 * Events that change the world are kept in a second order as well, so that a host on which nothing
 * is in doubt can ask how long that will surely last (see leap.ts).
 */

export type Cancel = () => void;

export interface Queue {
  nowMs(): number;
  /** Run `task` at `atMs` (never before now). `rank` >= 0, default 0. */
  at(atMs: number, task: () => void, rank?: number): Cancel;
  /** The same for a task that changes the world which hosts perceive. */
  worldAt(atMs: number, task: () => void): Cancel;
  /** When the world next changes, or the end of the present run, if that is sooner. */
  nextWorldMs(): number;
  /** Run everything due up to and including `untilMs`, then stand there. */
  runUntil(untilMs: number): void;
}

interface Item {
  readonly atMs: number;
  readonly rank: number;
  readonly seq: number;
  task: (() => void) | null;
}

function before(a: Item, b: Item): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.rank !== b.rank ? a.rank < b.rank : a.seq < b.seq;
}

interface Heap {
  push(item: Item): void;
  pop(): Item | undefined;
  peek(): Item | undefined;
}

function createHeap(): Heap {
  const heap: Item[] = [];

  function push(item: Item): void {
    let i = heap.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up] as Item;
      if (before(parent, item)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = item;
  }

  function pop(): Item | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && before(heap[right] as Item, heap[child] as Item)) child = right;
      const best = heap[child] as Item;
      if (before(last, best)) break;
      heap[i] = best;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  return { push, pop, peek: () => heap[0] };
}

export function createQueue(startMs = 0): Queue {
  const items = createHeap();
  const changes = createHeap();
  let now = startMs;
  let endMs = startMs;
  let seq = 0;

  function add(atMs: number, task: () => void, rank: number): Item {
    const item: Item = { atMs: Math.max(atMs, now), rank, seq, task };
    seq += 1;
    items.push(item);
    return item;
  }

  const cancelOf = (item: Item): Cancel => {
    return () => {
      item.task = null;
    };
  };

  return {
    nowMs: () => now,
    at: (atMs, task, rank = 0) => cancelOf(add(atMs, task, rank)),
    worldAt(atMs, task) {
      const item = add(atMs, task, 0);
      changes.push(item);
      return cancelOf(item);
    },
    nextWorldMs() {
      let top = changes.peek();
      while (top && top.task === null) {
        changes.pop();
        top = changes.peek();
      }
      return top ? Math.min(top.atMs, endMs) : endMs;
    },
    runUntil(untilMs) {
      endMs = untilMs;
      for (let next = items.peek(); next && next.atMs <= untilMs; next = items.peek()) {
        items.pop();
        const { task } = next;
        if (!task) continue;
        next.task = null;
        now = Math.max(now, next.atMs);
        task();
      }
      now = Math.max(now, untilMs);
    },
  };
}
