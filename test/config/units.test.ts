/** Durations, sizes and the guesses at what was meant. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { distance, nearest } from '../../src/config/nearest.ts';
import {
  guessDuration,
  guessSize,
  MAX_MS,
  readDuration,
  readSize,
  writeDuration,
  writeSize,
} from '../../src/config/units.ts';

describe('durations', () => {
  for (const [text, ms] of [
    ['0s', 0],
    ['250ms', 250],
    ['1.5s', 1500],
    ['1.1s', 1100],
    ['0.001s', 1],
    ['2m', 120000],
    ['2h', 7200000],
    ['0.25h', 900000],
    ['2147483647ms', MAX_MS],
    ['2147483.647s', MAX_MS],
  ] as const) {
    it(`are read exactly: ${text}`, () => {
      assert.deepEqual(readDuration(text), { ok: true, value: ms });
    });
  }

  for (const [text, fault] of [
    ['180', 'form'],
    ['', 'form'],
    ['-1s', 'form'],
    ['1 s', 'form'],
    ['1S', 'form'],
    ['1d', 'form'],
    ['.5s', 'form'],
    ['1.s', 'form'],
    ['1e3ms', 'form'],
    ['1s ', 'form'],
    ['0.5ms', 'fraction'],
    ['0.0001s', 'fraction'],
    ['2147483648ms', 'range'],
    ['999999999999h', 'range'],
  ] as const) {
    it(`are refused as ${fault}: "${text}"`, () => {
      assert.deepEqual(readDuration(text), { ok: false, fault });
    });
  }

  it('come back unchanged after writing, for any number of ms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_MS }), (ms) => {
        assert.deepEqual(readDuration(writeDuration(ms)), { ok: true, value: ms });
      }),
    );
  });

  it('are guessed from other spellings, and only from these', () => {
    const guesses = ['3 min', '180sec', '2S', '1.5 Hours', '10', '5 days', 'soon'];
    assert.deepEqual(guesses.map(guessDuration), ['3m', '180s', '2s', '1.5h', null, null, null]);
  });
});

describe('sizes', () => {
  it('are powers of 1024 and need a unit', () => {
    assert.deepEqual(readSize('512k'), { ok: true, value: 524288 });
    assert.deepEqual(readSize('20m'), { ok: true, value: 20971520 });
    assert.deepEqual(readSize('1g'), { ok: true, value: 1073741824 });
    for (const text of ['20', '1.5m', '20M', '20mb', '', '-1k'])
      assert.ok(!readSize(text).ok, text);
  });

  it('are written with the largest unit that fits', () => {
    assert.deepEqual([1024, 20971520, 1073741824].map(writeSize), ['1k', '20m', '1g']);
    assert.deepEqual(['20MB', '1 GiB', '5', 'big'].map(guessSize), ['20m', '1g', null, null]);
  });
});

describe('nearest', () => {
  it('finds the word that was meant, whatever the spelling convention', () => {
    const words = ['interval', 'idle_interval', 'fall', 'rise', 'confirm_min'];
    assert.equal(nearest('intervall', words), 'interval');
    assert.equal(nearest('idleInterval', words), 'idle_interval');
    assert.equal(nearest('confirm-min', words), 'confirm_min');
    assert.equal(nearest('fall_count', words), null);
    assert.equal(nearest('x', words), null);
    assert.equal(nearest('y'.repeat(100000), words), null);
  });

  it('counts a swap of neighbours as one edit', () => {
    assert.equal(distance('intevral', 'interval'), 1);
    assert.equal(distance('', 'abc'), 3);
    assert.equal(distance('kitten', 'sitting'), 3);
  });
});
