/**
 * The simulator's only source of chance: sfc32 (Doty-Humphrey, PractRand), 128 bits of state,
 * seeded by splitmix32 from a seed and labels. Streams with different labels are independent, so
 * that one more draw in one place moves nothing elsewhere. `unitAt` is a hash instead of a stream:
 * the n-th value can be had without the ones before it. Not for security.
 *
 * Delays drawn here are multiples of 1/1024 ms. Sums of such times are exact in a double, whatever
 * the order in which they are added, so that a clock that leaps shows the same bits as one that
 * steps.
 */

export interface Random {
  /** Uniform in 0..2^32-1. */
  u32(): number;
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform whole number in lo..hi, both included. */
  int(lo: number, hi: number): number;
  chance(p: number): boolean;
  /** One of a non-empty list. */
  pick<T>(list: readonly T[]): T;
  /** Exponential with this mean, ms, on the grid. */
  exponentialMs(meanMs: number): number;
}

const GRID = 1024;

/** Rounds to the grid of exact times. */
export const onGrid = (ms: number): number => Math.round(ms * GRID) / GRID;

function splitmix(state: number): () => number {
  let s = state | 0;
  return () => {
    s = (s + 0x9e3779b9) | 0;
    let z = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** 32 bits of seed and labels. Seeds are whole numbers, 0..2^53-1. */
export function mix(seed: number, ...labels: readonly (string | number)[]): number {
  let h = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32) + 1, 0x9e3779b1);
  for (const label of labels) {
    const text = String(label);
    for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = splitmix(h)();
  }
  return h >>> 0;
}

export function createRandom(seed: number, ...labels: readonly (string | number)[]): Random {
  const next = splitmix(mix(seed, ...labels));
  let [a, b, c, d] = [next(), next(), next(), 1];

  function u32(): number {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  }
  for (let i = 0; i < 12; i += 1) u32();

  const unit = (): number => u32() / 2 ** 32;
  return {
    u32,
    unit,
    int: (lo, hi) => lo + Math.floor(unit() * (hi - lo + 1)),
    chance: (p) => unit() < p,
    pick(list) {
      const found = list[Math.floor(unit() * list.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
    exponentialMs: (meanMs) => onGrid(-Math.log(1 - unit()) * meanMs),
  };
}

/** The n-th of an endless row of values in [0, 1) that belongs to `key`. */
export function unitAt(key: number, n: number): number {
  const high = Math.floor(n / 2 ** 32);
  return splitmix(key ^ Math.imul(n, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35))() / 2 ** 32;
}
