/**
 * Random 32-bit numbers, drawn from a pool so that each costs no system call. The source must be
 * unpredictable: whoever guesses a probe's cookie can answer for a dead host.
 */

import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4096;

/** Each call returns the next number, 0..2^32-1. `random(n)` returns n random bytes. */
export function createCookies(random: (bytes: number) => Buffer = randomBytes): () => number {
  let pool: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at + 4 > pool.length) {
      pool = random(POOL_BYTES);
      at = 0;
    }
    at += 4;
    return pool.readUInt32BE(at - 4);
  };
}
