/**
 * A binary heap of timers that know their place in it, so that one can be moved or taken out
 * without leaving a dead one behind. Order: time, rank, then the order in which they were set.
 */

export interface Item {
  atMs: number;
  readonly rank: number;
  seq: number;
  /** Position in the heap; -1: not in it. */
  place: number;
}

export interface Heap<T extends Item> {
  peek(): T | undefined;
  /** In, or to where it belongs after its time changed. */
  put(item: T): void;
  remove(item: T): void;
  /** After many times changed. */
  reorder(): void;
  each(visit: (item: T) => void): void;
}

function before(a: Item, b: Item): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.rank !== b.rank ? a.rank < b.rank : a.seq < b.seq;
}

export function createHeap<T extends Item>(): Heap<T> {
  const heap: T[] = [];

  function up(item: T, from: number): void {
    let i = from;
    while (i > 0) {
      const over = (i - 1) >> 1;
      const parent = heap[over] as T;
      if (before(parent, item)) break;
      heap[i] = parent;
      parent.place = i;
      i = over;
    }
    heap[i] = item;
    item.place = i;
  }

  function down(item: T, from: number): void {
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && before(heap[right] as T, heap[child] as T)) child = right;
      const least = heap[child] as T;
      if (before(item, least)) break;
      heap[i] = least;
      least.place = i;
      i = child;
    }
    heap[i] = item;
    item.place = i;
  }

  function settle(item: T, at: number): void {
    const parent = at > 0 ? (heap[(at - 1) >> 1] as T) : null;
    if (parent && before(item, parent)) up(item, at);
    else down(item, at);
  }

  return {
    peek: () => heap[0],
    put(item) {
      if (item.place >= 0) settle(item, item.place);
      else {
        heap.push(item);
        up(item, heap.length - 1);
      }
    },
    remove(item) {
      const at = item.place;
      if (at < 0) return;
      item.place = -1;
      const last = heap.pop() as T;
      if (last !== item) settle(last, at);
    },
    reorder() {
      for (let i = (heap.length >> 1) - 1; i >= 0; i -= 1) down(heap[i] as T, i);
    },
    each: (visit) => heap.forEach(visit),
  };
}
