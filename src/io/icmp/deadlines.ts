/**
 * A queue of things with a time, earliest first: a binary min-heap. The prober keeps its sends in
 * one and its waits in another, and sets a single timer to the earlier top.
 * Nothing is ever removed from the middle: an answered probe stays until it surfaces and is then
 * seen to be over. With a few hundred targets that is cheaper than any bookkeeping, and the queue
 * cannot hold more than was put in during one longest wait.
 */

export interface Deadlines<T> {
  readonly size: number;
  add(atMs: number, item: T): void;
  /** The earliest entry, which stays; undefined when empty. Equal times come in any order. */
  peek(): Deadline<T> | undefined;
  /** Removes and returns the earliest entry. */
  pop(): Deadline<T> | undefined;
  clear(): void;
}

export interface Deadline<T> {
  readonly atMs: number;
  readonly item: T;
}

export function createDeadlines<T>(): Deadlines<T> {
  const heap: Deadline<T>[] = [];

  function atMsOf(position: number): number {
    return heap[position]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  function place(position: number, entry: Deadline<T>): void {
    heap[position] = entry;
  }

  function siftUp(entry: Deadline<T>): void {
    let position = heap.length;
    while (position > 0) {
      const parentAt = (position - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || parent.atMs <= entry.atMs) break;
      place(position, parent);
      position = parentAt;
    }
    place(position, entry);
  }

  function siftDown(entry: Deadline<T>): void {
    let position = 0;
    for (;;) {
      const left = 2 * position + 1;
      const childAt = atMsOf(left + 1) < atMsOf(left) ? left + 1 : left;
      const child = heap[childAt];
      if (child === undefined || child.atMs >= entry.atMs) break;
      place(position, child);
      position = childAt;
    }
    place(position, entry);
  }

  return {
    get size() {
      return heap.length;
    },
    add(atMs, item) {
      siftUp({ atMs, item });
    },
    peek() {
      return heap[0];
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) siftDown(last);
      return top;
    },
    clear() {
      heap.length = 0;
    },
  };
}
