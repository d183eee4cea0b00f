/** The digest of runs: every value counts, in its place and of its kind. */

import assert from 'node:assert/strict';
import { createDigest, digestOf } from '../../src/sim/digest.ts';

function hexOf(...values: unknown[]): string {
  const digest = createDigest();
  for (const value of values) digest.add(value);
  return digest.hex();
}

describe('digest', () => {
  it('is the same for the same, and 16 hex digits', () => {
    const value = { kind: 'order', atMs: 1.5, list: [1, 'a', null, true], empty: {} };
    assert.equal(hexOf(value), hexOf(structuredClone(value)));
    assert.match(hexOf(value), /^[0-9a-f]{16}$/);
  });

  it('differs by any bit of a number, any letter, any key, by kind, order and nesting', () => {
    const different: unknown[][] = [
      [{ atMs: 1 }],
      [{ atMs: 1 + Number.EPSILON }],
      [{ atMs: '1' }],
      [{ atMS: 1 }],
      [{ atMs: 1, more: null }],
      [[1, 2]],
      [[2, 1]],
      [[1], 2],
      [1, 2],
      [[[1], 2]],
      ['12'],
      ['1', '2'],
      [true],
      [false],
      [null],
      [0],
      [''],
      [[]],
      [{}],
    ];
    const digests = different.map((values) => hexOf(...values));
    assert.equal(new Set(digests).size, different.length);
  });

  it('spreads: 20000 numbers in a row give as many digests', () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => hexOf(i)));
    assert.equal(seen.size, 20_000);
  });

  it('of several depends on their order; of one it is that one', () => {
    assert.equal(digestOf(['ab']), 'ab');
    assert.notEqual(digestOf(['ab', 'cd']), digestOf(['cd', 'ab']));
  });
});
