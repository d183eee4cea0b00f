/** The simulator's chance: reproducible, even, and independent between streams. */

import assert from 'node:assert/strict';
import { createRandom, mix, onGrid, unitAt } from '../../src/sim/random.ts';

const take = (seed: number, label: string, n: number): number[] => {
  const random = createRandom(seed, label);
  return Array.from({ length: n }, () => random.unit());
};

describe('random', () => {
  it('the same seed and labels give the same stream, on every machine and for good', () => {
    assert.deepEqual(take(7, 'a', 5), take(7, 'a', 5));
    const first = createRandom(1, 'golden');
    assert.deepEqual([first.u32(), first.u32(), first.u32()], [1102976045, 947700212, 1229449945]);
  });

  it('another seed, a seed beyond 32 bits, or another label gives another stream', () => {
    const streams = [take(7, 'a', 4), take(8, 'a', 4), take(7 + 2 ** 32, 'a', 4), take(7, 'b', 4)];
    const texts = new Set(streams.map((s) => s.join()));
    assert.equal(texts.size, 4);
    assert.notEqual(mix(1, 'ab', 'c'), mix(1, 'a', 'bc'));
  });

  it('is even: mean and tenths of 20000 draws are where they must be', () => {
    for (const draws of [
      take(3, 'x', 20_000),
      Array.from({ length: 20_000 }, (_, n) => unitAt(9, n)),
    ]) {
      const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
      assert.ok(Math.abs(mean - 0.5) < 0.01, `mean ${mean}`);
      for (let tenth = 0; tenth < 10; tenth += 1) {
        const share = draws.filter((d) => Math.floor(d * 10) === tenth).length / draws.length;
        assert.ok(Math.abs(share - 0.1) < 0.01, `tenth ${tenth}: ${share}`);
      }
    }
  });

  it('whole numbers reach both bounds and no further', () => {
    const random = createRandom(5, 'int');
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(2, 5)));
    assert.deepEqual([...drawn].sort(), [2, 3, 4, 5]);
  });

  it('delays lie on a grid on which sums are exact in any order', () => {
    const random = createRandom(5, 'delay');
    const delays = Array.from({ length: 1000 }, () => random.exponentialMs(37));
    const forth = delays.reduce((a, b) => a + b, 0);
    const back = delays.reduceRight((a, b) => a + b, 0);
    assert.equal(forth, back);
    assert.equal(onGrid(0.1) * 1024, 102);
  });
});
