/**
 * All rows that were met, each once, with how it was first reached. Rows and the hash table over
 * them are typed arrays, so that ten million states are some 700 MB and no work for the collector.
 * Rows are compared whole: two spots are never taken for one because their hashes agree.
 */

import type { Row } from './space.ts';

export interface Store {
  size(): number;
  row(index: number): Row;
  /** Number of the row; new ones are kept with the state and the move that led there. */
  add(row: Row, parent: number, move: number): number;
  parentOf(index: number): number;
  moveOf(index: number): number;
}

const FIRST = 1 << 16;

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(old.length * 2);
  next.set(old);
  return next;
}

export function createStore(width: number): Store {
  let rows = new Int32Array(FIRST * width);
  let parents = new Int32Array(FIRST);
  let moves = new Int32Array(FIRST);
  /** Number of the row + 1; 0: free. Never more than half full. */
  let slots = new Int32Array(FIRST * 2);
  let size = 0;

  function slotOf(row: Row | Int32Array, from: number): number {
    let h = 0x811c9dc5;
    for (let i = 0; i < width; i += 1) {
      h = Math.imul(h ^ (row[from + i] as number), 0x01000193);
      h ^= h >>> 15;
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    return (h ^ (h >>> 13)) & (slots.length - 1);
  }

  function isSame(index: number, row: Row): boolean {
    const from = index * width;
    for (let i = 0; i < width; i += 1) if (rows[from + i] !== row[i]) return false;
    return true;
  }

  function grow(): void {
    rows = grown(rows);
    parents = grown(parents);
    moves = grown(moves);
    slots = new Int32Array(slots.length * 2);
    for (let index = 0; index < size; index += 1) {
      let slot = slotOf(rows, index * width);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = index + 1;
    }
  }

  return {
    size: () => size,
    row: (index) => Array.from(rows.subarray(index * width, (index + 1) * width)),
    add(row, parent, move) {
      let slot = slotOf(row, 0);
      for (;;) {
        const found = (slots[slot] as number) - 1;
        if (found < 0) break;
        if (isSame(found, row)) return found;
        slot = (slot + 1) & (slots.length - 1);
      }
      const index = size;
      for (let i = 0; i < width; i += 1) rows[index * width + i] = row[i] as number;
      parents[index] = parent;
      moves[index] = move;
      slots[slot] = index + 1;
      size += 1;
      if (size >= parents.length) grow();
      return index;
    },
    parentOf: (index) => parents[index] as number,
    moveOf: (index) => moves[index] as number,
  };
}
