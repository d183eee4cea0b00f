/** The prober's arithmetic of time: the learnt wait, the queue of deadlines, the grid of sends. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDeadlines } from '../../../src/io/icmp/deadlines.ts';
import { learnRtt, type RttEstimate, waitFor } from '../../../src/io/icmp/rto.ts';
import { firstDue, followingDue } from '../../../src/io/icmp/schedule.ts';

const rtts = fc.double({ min: 0, max: 10_000, noNaN: true });

function learnAll(samples: readonly number[]): RttEstimate | null {
  return samples.reduce<RttEstimate | null>(learnRtt, null);
}

describe('rto', () => {
  it('takes the first sample as RFC 6298 section 2.2 says, the next as section 2.3', () => {
    const first = learnRtt(null, 80);
    assert.deepEqual(first, { srttMs: 80, rttvarMs: 40 });
    assert.deepEqual(learnRtt(first, 160), { srttMs: 90, rttvarMs: 0.75 * 40 + 0.25 * 80 });
  });

  it('waits the upper bound while nothing was measured', () => {
    assert.equal(waitFor(null, 100, 500), 500);
  });

  it('stays between its bounds, and the upper one wins', () => {
    fc.assert(
      fc.property(fc.array(rtts), rtts, rtts, (samples, minMs, maxMs) => {
        const waitMs = waitFor(learnAll(samples), minMs, maxMs);
        assert(waitMs <= maxMs && (waitMs >= minMs || waitMs === maxMs));
      }),
    );
  });

  it('comes down to the lower bound on a path with a short and even RTT', () => {
    const samples = Array.from({ length: 40 }, () => 0.3);
    assert.equal(waitFor(learnAll(samples), 100, 500), 100);
  });

  it('outlasts a risen RTT after a single sample of it', () => {
    const calm = learnAll(Array.from({ length: 40 }, () => 0.3));
    assert(waitFor(learnRtt(calm, 300), 100, 500) > 300);
  });
});

describe('deadlines', () => {
  it('gives entries back earliest first, however adds and pops are mixed', () => {
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }));
    fc.assert(
      fc.property(steps, (operations) => {
        const deadlines = createDeadlines<number>();
        let model: number[] = [];
        for (const atMs of operations) {
          if (atMs !== null) {
            deadlines.add(atMs, atMs);
            model = [...model, atMs].sort((a, b) => a - b);
          } else {
            assert.equal(deadlines.peek()?.atMs, model[0]);
            assert.equal(deadlines.pop()?.item, model[0]);
            model = model.slice(1);
          }
          assert.equal(deadlines.size, model.length);
        }
      }),
    );
  });

  it('is empty after clear', () => {
    const deadlines = createDeadlines<string>();
    deadlines.add(1, 'a');
    deadlines.clear();
    assert.equal(deadlines.pop(), undefined);
  });
});

describe('schedule', () => {
  const interval = fc.integer({ min: 1, max: 100_000 });
  const now = fc.double({ min: 0, max: 1e9, noNaN: true });
  const phase = fc.double({ min: 0, max: 0.999, noNaN: true });

  it('puts the first probe on the grid, within one interval', () => {
    fc.assert(
      fc.property(now, interval, phase, (nowMs, intervalMs, at) => {
        const dueMs = firstDue(nowMs, intervalMs, at);
        assert(dueMs > nowMs - 1e-3 && dueMs <= nowMs + intervalMs + 1e-3, `${dueMs}`);
      }),
    );
  });

  it('keeps the interval when the probe left on time', () => {
    assert.equal(followingDue(1000, 1003, 250), 1250);
  });

  it('skips missed probes after a delay and never sends two closer than half an interval', () => {
    assert.equal(followingDue(1000, 1130, 250), 1500);
    assert.equal(followingDue(1000, 9990, 250), 10_250);
    fc.assert(
      fc.property(
        now,
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        interval,
        (due, late, every) => {
          const gapMs = followingDue(due, due + late, every) - (due + late);
          assert(gapMs >= every / 2 - 1e-3 && gapMs <= 1.5 * every + 1e-3, `${gapMs}`);
        },
      ),
    );
  });
});
