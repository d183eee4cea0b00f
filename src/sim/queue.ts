/**
 * The simulator's clock: an event queue in virtual time. Unlike a stepped clock it advances to each
 * deadline in turn, so that timers armed by timers fire at their own times. Events of the same time
 * run in the order in which they were scheduled.
 */

export type Cancel = () => void;

export interface Queue {
  nowMs(): number;
  /** Run `task` at `atMs` (never before now). */
  at(atMs: number, task: () => void): Cancel;
  /** Run everything due up to and including `untilMs`, then stand there. */
  runUntil(untilMs: number): void;
  /** Let the clock jump without running what was due meanwhile until the jump is over: a stall. */
  jump(ms: number): void;
}

interface Item {
  readonly atMs: number;
  readonly seq: number;
  task: (() => void) | null;
}

const before = (a: Item, b: Item): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);

export function createQueue(startMs = 0): Queue {
  const heap: Item[] = [];
  let now = startMs;
  let seq = 0;

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
      if (child + 1 < heap.length && before(heap[child + 1] as Item, heap[child] as Item))
        child += 1;
      const best = heap[child] as Item;
      if (before(last, best)) break;
      heap[i] = best;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  return {
    nowMs: () => now,
    at(atMs, task) {
      const item: Item = { atMs: Math.max(atMs, now), seq, task };
      seq += 1;
      push(item);
      return () => {
        item.task = null;
      };
    },
    runUntil(untilMs) {
      for (let next = heap[0]; next && next.atMs <= untilMs; next = heap[0]) {
        pop();
        if (!next.task) continue;
        now = Math.max(now, next.atMs);
        next.task();
      }
      now = Math.max(now, untilMs);
    },
    jump(ms) {
      now += ms;
    },
  };
}
