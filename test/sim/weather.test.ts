/** The luck of the wire: ratios and bursts as set, and leaps that do not change what comes after. */

import assert from 'node:assert/strict';
import { createQueue } from '../../src/sim/queue.ts';
import { createWeather, type Weather } from '../../src/sim/weather.ts';
import { threeHosts } from './settings.ts';

function weatherOf(seed: number): { weather: Weather; run: (ms: number) => void } {
  const queue = createQueue();
  const later = (ms: number, task: () => void): void => {
    queue.at(queue.nowMs() + ms, task);
  };
  const weather = createWeather(seed, 'host1', threeHosts.paths, later);
  return { weather, run: (ms) => queue.runUntil(queue.nowMs() + ms) };
}

const probes = (weather: Weather, n: number): (number | null)[] =>
  Array.from({ length: n }, () => weather.probe(0));

describe('weather', () => {
  it('loses as many probes as was set, and delays within the jitter', () => {
    const { weather } = weatherOf(1);
    weather.set('storage', { lossRatio: 0.02, rttMs: 2, jitterMs: 8 });
    const fates = probes(weather, 50_000);
    const share = fates.filter((f) => f === null).length / fates.length;
    assert.ok(Math.abs(share - 0.02) < 0.003, `${share}`);
    const rtts = fates.filter((f) => f !== null);
    assert.ok(Math.min(...rtts) >= 2 && Math.max(...rtts) <= 10);
    assert.ok(Math.max(...rtts) > 9.5);
  });

  it('what comes after a leap is what comes after the same number of probes', () => {
    const [stepping, leaping] = [weatherOf(4).weather, weatherOf(4).weather];
    for (const weather of [stepping, leaping]) {
      weather.set('storage', { lossRatio: 0.01, jitterMs: 3 });
    }
    for (let round = 0; round < 50; round += 1) {
      const calm = leaping.calmProbes(0);
      if (calm > 0) {
        const fates = probes(stepping, calm);
        assert.ok(!fates.includes(null), 'a calm probe was lost');
        assert.equal(leaping.leap(0, calm), fates.at(-1));
      }
      assert.deepEqual(probes(leaping, 3), probes(stepping, 3));
    }
  });

  it('bursts come and go at their mean times, and lose calls as well while they last', () => {
    const { weather, run } = weatherOf(2);
    weather.set('storage', { burstEveryMs: 900, burstForMs: 100, burstLossRatio: 1 });
    let inBurst = 0;
    for (let i = 0; i < 20_000; i += 1) {
      run(50);
      const isBurst = !weather.isCalm();
      if (isBurst) inBurst += 1;
      assert.equal(weather.probe(0) === null, isBurst);
      assert.equal(weather.losesCall(0, i), isBurst);
      assert.equal(weather.calmProbes(0) > 0, !isBurst);
    }
    assert.ok(Math.abs(inBurst / 20_000 - 0.1) < 0.02, `${inBurst / 20_000}`);
    weather.set('storage', { burstEveryMs: 0 });
    run(10_000);
    assert.ok(weather.isCalm());
  });
});
