/** Intervals against published quantiles, fronts, blends, and which setting is advised. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { adviseOn } from '../../src/tune/stats/advice.ts';
import { directionOf, estimate, pairedEstimate } from '../../src/tune/stats/estimate.ts';
import { blended, measured, sumsOf } from '../../src/tune/stats/measures.ts';
import { frontOf } from '../../src/tune/stats/pareto.ts';
import { summarise } from '../../src/tune/stats/summary.ts';
import { rowWith, tableWith } from './rows.ts';
import { good, SMALL } from './texts.ts';

const near = (actual: number | null, expected: number, says = ''): void => {
  assert.ok(
    actual !== null && Math.abs(actual - expected) < 1e-6,
    `${says}: ${actual}, not ${expected}`,
  );
};

describe('estimate', () => {
  it('is the mean with Student’s interval: t(4) at 97.5 % is 2.776445', () => {
    const { n, mean, low, high } = estimate([1, 2, 3, 4, 5]);
    const half = (2.776445105 * Math.sqrt(2.5)) / Math.sqrt(5);
    assert.equal(n, 5);
    near(mean, 3);
    near(low, 3 - half, 'low');
    near(high, 3 + half, 'high');
  });

  it('covers the true mean 95 times in 100', () => {
    // A stream of our own, so that the count is the same each time.
    let state = 12345;
    const unit = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(6.283185307 * unit());
    let covered = 0;
    for (let i = 0; i < 4000; i += 1) {
      const { low, high } = estimate(Array.from({ length: 6 }, normal));
      if (low !== null && high !== null && low < 0 && high > 0) covered += 1;
    }
    assert.ok(Math.abs(covered / 4000 - 0.95) < 0.012, `${covered} of 4000`);
  });

  it('has no interval for one value and no mean for none; nulls are left out', () => {
    assert.deepEqual(estimate([7, null]), { n: 1, mean: 7, low: null, high: null });
    assert.deepEqual(estimate([null]), { n: 0, mean: null, low: null, high: null });
  });

  it('of pairs: what both suffered alike does not widen it', () => {
    const base = [10, 500, 90, 3000];
    const mine = base.map((v) => v - 5);
    const paired = pairedEstimate(mine, base);
    near(paired.mean, -5);
    near(paired.low, -5);
    assert.equal(directionOf(mine, base, 1), 'lower');
    assert.equal(directionOf(base, mine, 1), 'higher');
    const alone = estimate(mine);
    assert.ok((alone.high ?? 0) - (alone.low ?? 0) > 1000);
  });

  it('with many comparisons at once, a difference needs more', () => {
    const base = [0, 0, 0, 0, 0];
    const mine = [1, 2, 3, 4, 1];
    assert.equal(directionOf(mine, base, 1), 'higher');
    assert.equal(directionOf(mine, base, 1000), 'unclear');
  });
});

describe('Pareto front', () => {
  it('no point on it is beaten, and each point off it is', () => {
    const point = fc.record({
      x: fc.integer({ max: 20, min: 0 }),
      y: fc.integer({ max: 20, min: 0 }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const front = frontOf(points);
        const beats = (a: { x: number; y: number }, b: { x: number; y: number }): boolean =>
          a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);
        for (const f of front) assert.ok(!points.some((p) => beats(p, f)));
        for (const p of points) {
          assert.ok(front.some((f) => beats(f, p) || (f.x === p.x && f.y === p.y)));
        }
      }),
    );
  });
});

describe('measures', () => {
  const e = good(SMALL);

  it('are per host and 30 days, whatever the span and the number of hosts', () => {
    const row = rowWith({
      simulated_ms: 5 * 86_400_000,
      outage_ms: 2000,
      switches: 3,
      away_ms: 43_200_000,
    });
    const of = (name: 'outage' | 'switches' | 'away' | 'return') =>
      measured(name, sumsOf(row), e.prices);
    assert.equal(of('outage'), 12);
    assert.equal(of('switches'), 18);
    assert.equal(of('away'), 10);
    assert.equal(of('return'), null, 'there was none');
  });

  it('cost is outage, switches and hours away by their prices', () => {
    const sums = sumsOf(rowWith({ outage_ms: 5000, switches: 2, away_ms: 3 * 3_600_000 }));
    near(measured('cost', sums, { switch: 10, awayHour: 0.5 }), 5 + 20 + 1.5);
  });

  it('over all mixes: host time by the weights, the worst by its maximum', () => {
    // Weights 3 and 1.
    const rows = [
      rowWith({ switches: 4, worst_outage_ms: 10, returns: 1, return_ms: 100_000 }),
      rowWith({
        simulated_ms: 86_400_000,
        switches: 1,
        worst_outage_ms: 70,
        returns: 1,
        return_ms: 10_000,
      }),
    ];
    const sums = blended(e, rows);
    assert.ok(sums);
    near(measured('switches', sums, e.prices), (3 * 4 + 30) / 4);
    near(measured('worst', sums, e.prices), 0.07);
    // 3 returns of 100 s to each 30 of 10 s.
    near(measured('return', sums, e.prices), (3 * 100 + 30 * 10) / 33);
    assert.equal(blended(e, [rows[0] ?? null, null]), null);
  });
});

describe('advice', () => {
  const text = SMALL.replace('replications: 3', 'replications: 6');
  // Subjects: 0s, 60s, 180s (the baseline), the old tool.
  const advise = (outages: readonly number[], noise: number, more = '') => {
    const e = good(text + more);
    const table = tableWith(e, ({ subject, replication }) => ({
      outage_ms:
        1000 * ((outages[subject] ?? 0) + (subject % 2 ? 1 : -1) * noise * (replication % 3)),
      switches: 10 - subject,
      away_ms: subject * 3_600_000,
    }));
    return adviseOn(summarise(e, table));
  };

  it('takes the cheapest where it is clearly so', () => {
    const advice = advise([50, 20, 80, 500], 0.1);
    assert.deepEqual([advice.chosen, advice.cheapest, advice.isBaseline], [1, 1, false]);
    assert.deepEqual(advice.ties, []);
    assert.equal(advice.compared, 3, 'the old tool is no setting');
  });

  it('keeps the baseline where nothing is clearly cheaper', () => {
    const advice = advise([50, 49, 50, 500], 30);
    assert.equal(advice.isBaseline, true);
    assert.equal(advice.chosen, 2);
    assert.ok(advice.ties.includes(2) || advice.cheapest === 2);
  });

  it('names the best in each measure alone', () => {
    const { extremes } = advise([50, 20, 80, 500], 0.1);
    assert.deepEqual(extremes, { outage: null, switches: 2, away: 0 });
  });

  it('says within which prices the cheapest stays so', () => {
    // Cost per month at price 1 each: 0s: 50+10+0, 60s: 20+9+1, 180s: 80+8+2.
    const { holds } = advise([50, 20, 80, 500], 0);
    // A switch: against 180s (one fewer) 30 < 90 up to 1 + 60; 0s has more switches.
    near(holds.switch.to, 61);
    near(holds.switch.from, 0);
    // An hour away: against 0s (one hour less) 30 < 60 up to 1 + 30.
    near(holds.awayHour.to, 31);
    const other = advise([50, 20, 80, 500], 0, 'prices: { switch: 62 }\n');
    assert.equal(other.cheapest, 2, 'beyond it another is the cheapest');
  });
});
