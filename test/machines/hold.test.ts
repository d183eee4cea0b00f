/** The growing hold, relapses and their forgiveness, and the budget of preference moves. */

import assert from 'node:assert/strict';
import {
  adopted,
  arrived,
  budgetOpensAtMs,
  holdMs,
  maxRelapses,
  noMemory,
  recalled,
  recentMoves,
  relapsed,
  relapsesLeft,
} from '../../src/machines/hold.ts';
import type { PathId, SwitchKind } from '../../src/machines/model.ts';
import { B, C, HOME, memory, min, sec, settings, T0 } from './fixture.ts';

const s = settings();
const move = (from: PathId | null, to: PathId, kind: SwitchKind) => ({ from, to, kind });
const HOUR = min(60);

describe('hold: growth', () => {
  it('is back_to_normal times 2 to the power of the relapses, capped', () => {
    const holds = [0, 1, 2, 3, 4, 5, 9].map((n) => holdMs(n, s) / 1000);
    assert.deepEqual(holds, [180, 360, 720, 1440, 2880, 3600, 3600]);
  });

  it('relapses stop counting where the hold stops growing', () => {
    assert.equal(maxRelapses(s), 5);
    let m = noMemory;
    for (let i = 0; i < 20; i += 1) m = relapsed(m, s);
    assert.equal(m.relapses, 5);
    assert.equal(holdMs(m.relapses, s), s.timers.backToNormalMaxMs);
  });

  it('a power of the factor is not rounded up to one relapse more', () => {
    assert.equal(maxRelapses(settings({ timers: { backToNormalMaxMs: 180_000 * 8 } })), 3);
    assert.equal(maxRelapses(settings({ timers: { backToNormalMaxMs: 180_000 } })), 0);
  });

  it('with factor 1 or no hold at all nothing grows', () => {
    assert.equal(maxRelapses(settings({ timers: { relapseFactor: 1 } })), 0);
    assert.equal(maxRelapses(settings({ timers: { backToNormalMs: 0 } })), 0);
    assert.equal(maxRelapses(settings({ timers: { backToNormalMaxMs: 1000 } })), 0);
  });

  it('one relapse is forgiven per 1800 s of service, none while away', () => {
    const m = memory({ relapses: 3, servingSinceMs: T0 });
    const left = [0, 1799, 1800, 3600, 90_000].map((x) => relapsesLeft(m, T0 + sec(x), s));
    assert.deepEqual(left, [3, 3, 2, 1, 0]);
    assert.equal(relapsesLeft(memory({ relapses: 3 }), T0 + sec(90_000), s), 3);
  });
});

describe('hold: what counts as a relapse', () => {
  const gone = (kind: SwitchKind, over = {}, afterMs = sec(60)) =>
    arrived(memory({ servingSinceMs: T0, ...over }), move(HOME, B, kind), HOME, T0 + afterMs, s);

  it('the first failure is none', () => {
    const m = gone('failover');
    assert.deepEqual([m.relapses, m.servingSinceMs, m.leftAtMs[HOME]], [0, null, T0 + sec(60)]);
  });

  it('a failure soon after a return is one; long after it is not', () => {
    assert.equal(gone('failover', { returned: true }).relapses, 1);
    assert.equal(gone('failover', { returned: true }, s.timers.forgiveMs).relapses, 0);
  });

  it('forgiveness is settled when home is left, before the new relapse is added', () => {
    const m = gone('failover', { returned: true, relapses: 4 }, 2 * s.timers.forgiveMs);
    assert.equal(m.relapses, 2);
  });

  it('a pin away from home is none, whenever it comes', () => {
    assert.equal(gone('pin', { returned: true }).relapses, 0);
  });

  it('home that failed without ever having served is none', () => {
    assert.equal(gone('failover', { returned: true, servingSinceMs: null }).relapses, 0);
  });

  it('saturates when home is left, too', () => {
    assert.equal(gone('failover', { returned: true, relapses: 5 }).relapses, 5);
  });

  it('coming home by return or failover makes the next failure a relapse, by pin not', () => {
    const back = (kind: SwitchKind) => arrived(noMemory, move(B, HOME, kind), HOME, T0, s).returned;
    assert.deepEqual(
      ['return', 'failover', 'pin', 'first'].map((k) => back(k as SwitchKind)),
      [true, true, false, false],
    );
    const pinned = arrived(memory({ returned: true }), move(B, HOME, 'pin'), HOME, T0, s);
    assert.equal(pinned.returned, true);
  });
});

describe('hold: arrivals', () => {
  it('a repair, from a path to itself, is no arrival', () => {
    const m = memory({ relapses: 1, servingSinceMs: 5 });
    assert.equal(arrived(m, move(HOME, HOME, 'repair'), HOME, T0, s), m);
  });

  it('remembers when each path was left and when the target was reached', () => {
    const m = arrived(memory({ leftAtMs: { [HOME]: 7 } }), move(B, C, 'failover'), HOME, T0, s);
    assert.deepEqual(m.leftAtMs, { [HOME]: 7, [B]: T0 });
    assert.equal(m.arrivedAtMs, T0);
    assert.deepEqual(arrived(noMemory, move(null, B, 'first'), HOME, T0, s).leftAtMs, {});
  });

  it('away from home nobody serves at home, also after a first route', () => {
    const m = memory({ servingSinceMs: 5 });
    assert.equal(arrived(m, move(null, B, 'first'), HOME, T0, s).servingSinceMs, null);
  });

  it('only return and prefer are preference moves', () => {
    const spent = (kind: SwitchKind) =>
      arrived(noMemory, move(B, C, kind), HOME, T0, s).preferredAtMs.length;
    const kinds: SwitchKind[] = ['return', 'prefer', 'failover', 'pin', 'repair', 'first'];
    assert.deepEqual(kinds.map(spent), [1, 1, 0, 0, 0, 0]);
  });

  it('an adopted route counts for guard and dwell if the move was seen, not if it stood', () => {
    const seen = adopted(memory({ servingSinceMs: T0 }), HOME, B, HOME, T0 + sec(9), s);
    assert.deepEqual(
      [seen.servingSinceMs, seen.arrivedAtMs, seen.leftAtMs[HOME]],
      [null, T0 + sec(9), T0 + sec(9)],
    );
    const stood = adopted(noMemory, null, HOME, HOME, T0, s);
    assert.deepEqual([stood.servingSinceMs, stood.arrivedAtMs, stood.leftAtMs], [T0, null, {}]);
    assert.equal(adopted(memory({ servingSinceMs: 5 }), null, HOME, HOME, T0, s).servingSinceMs, 5);
  });

  it('service that somebody else ended has forgiven as well', () => {
    const m = memory({ relapses: 3, servingSinceMs: T0 });
    const later = T0 + 2 * s.timers.forgiveMs;
    assert.equal(adopted(m, HOME, B, HOME, later, s).relapses, 1);
    assert.equal(adopted(m, null, HOME, HOME, later, s).relapses, 3, 'still serving');
  });
});

describe('hold: budget', () => {
  const m = memory({ preferredAtMs: [T0, T0 + min(10), T0 + min(20)] });

  it('counts the moves of the last hour only', () => {
    assert.equal(recentMoves(m, T0 + HOUR - 1).length, 3);
    assert.equal(recentMoves(m, T0 + HOUR).length, 2);
  });

  it('is open while there are fewer moves than the budget', () => {
    const four = settings({ switch: { budgetPerHour: 4 } });
    assert.equal(budgetOpensAtMs(m, T0 + min(30), four), T0 + min(30));
  });

  it('opens when the oldest move that fills it is an hour old', () => {
    const two = settings({ switch: { budgetPerHour: 2 } });
    assert.equal(budgetOpensAtMs(m, T0 + min(30), two), T0 + min(10) + HOUR);
  });

  it('0 means never', () => {
    assert.equal(budgetOpensAtMs(m, T0, settings({ switch: { budgetPerHour: 0 } })), null);
  });
});

describe('hold: memory of an older configuration', () => {
  it('a pin to a path that is not configured is no pin; any other stays', () => {
    const pin = { path: 'scvm9/data', untilMs: null, failsafe: false };
    assert.equal(recalled(memory({ pin, relapses: 2 }), s).pin, null);
    assert.equal(recalled(memory({ pin, relapses: 2 }), s).relapses, 2);
    const kept = memory({ pin: { ...pin, path: B } });
    assert.equal(recalled(kept, s), kept);
    assert.equal(recalled(noMemory, s), noMemory);
  });
});
