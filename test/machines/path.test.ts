/** The evidence of one path: each signal's writer, its counters and its times. */

import assert from 'node:assert/strict';
import * as path from '../../src/machines/path.ts';
import { sec, settings, T0 } from './fixture.ts';

const s = settings();
const fresh = path.noBelief;

describe('path: ping', () => {
  it('counts replies up to rise and no further', () => {
    let b = fresh;
    for (let i = 0; i < 5; i += 1) b = path.pingReplied(b, T0 + i, 'small', s);
    assert.deepEqual(b.ping, {
      value: 'reply',
      atMs: T0 + 4,
      losses: 0,
      firstLossMs: fresh.ping.firstLossMs,
      replies: 2,
    });
  });

  it('keeps the time of the first loss of a run and forgets it at a reply', () => {
    const one = path.pingLost(fresh, T0, 'small', s);
    const two = path.pingLost(one, T0 + 100, 'small', s);
    assert.deepEqual([two.ping.losses, two.ping.firstLossMs, two.ping.replies], [2, T0, 0]);
    const again = path.pingLost(path.pingReplied(two, T0 + 200, 'small', s), T0 + 300, 'small', s);
    assert.deepEqual([again.ping.losses, again.ping.firstLossMs], [1, T0 + 300]);
  });

  it('counts losses up to fall and no further, so that a belief stays small', () => {
    let b = fresh;
    for (let i = 0; i < 9; i += 1) b = path.pingLost(b, T0 + i, 'small', s);
    assert.equal(b.ping.losses, s.probe.fallCount);
  });

  it('a probe that could not be sent makes the value unknown and leaves the counts', () => {
    const lost = path.pingLost(fresh, T0, 'small', s);
    const b = path.pingUnsent(lost, T0 + 50, 'small');
    assert.deepEqual([b.ping.value, b.ping.losses, b.ping.firstLossMs], ['unknown', 1, T0]);
    assert.equal(path.pingUnsent(lost, T0 + 50, 'full'), lost);
  });
});

describe('path: full-size frames', () => {
  it('counts drops in a row apart from small pings, saturating at fall', () => {
    let b = path.pingReplied(fresh, T0, 'small', s);
    for (let i = 0; i < 5; i += 1) b = path.pingLost(b, T0 + i, 'full', s);
    assert.deepEqual(b.full, { dropped: 3, firstDropMs: T0 });
    assert.equal(b.ping.value, 'reply');
  });

  it('one full-size reply ends the run', () => {
    const dropped = path.pingLost(fresh, T0, 'full', s);
    assert.equal(path.pingReplied(dropped, T0 + 1, 'full', s).full.dropped, 0);
    assert.equal(path.pingReplied(fresh, T0, 'full', s), fresh);
  });
});

describe('path: service', () => {
  it('a run of refused and silent answers begins at its first', () => {
    const refused = path.serviceFailed(fresh, T0, 'refused', 'RST', s);
    const silent = path.serviceFailed(refused, T0 + sec(1), 'silent', 'no answer', s);
    assert.deepEqual(silent.service, {
      value: 'silent',
      atMs: T0 + sec(1),
      badSinceMs: T0,
      error: 'no answer',
    });
  });

  it('an answer, or not being able to ask, ends the run', () => {
    const refused = path.serviceFailed(fresh, T0, 'refused', 'RST', s);
    for (const between of [
      path.serviceAnswered(refused, T0 + sec(1)),
      path.serviceUnasked(refused, T0 + sec(1), 'no socket'),
    ]) {
      const b = path.serviceFailed(between, T0 + sec(2), 'refused', 'RST', s);
      assert.equal(b.service.badSinceMs, T0 + sec(2));
    }
  });

  it('a run that grew stale in silence is over: the next failure begins a new one', () => {
    const refused = path.serviceFailed(fresh, T0, 'refused', 'RST', s);
    const late = T0 + path.serviceStaleMs(s);
    assert.equal(path.serviceFailed(refused, late, 'silent', '', s).service.badSinceMs, late);
  });

  it('a failure takes the replies away that count towards rise', () => {
    const b = path.pingReplied(fresh, T0, 'small', s);
    assert.equal(path.serviceFailed(b, T0, 'silent', '', s).ping.replies, 0);
  });
});

describe('path: session', () => {
  const seen = { uuid: 'u1', alive: true, ageMs: sec(60) };

  it('learns the start from the age once per session', () => {
    const first = path.sessionSeen(fresh, T0, seen, s);
    assert.equal(first.session.startMs, T0 - sec(60));
    const rounded = path.sessionSeen(first, T0 + sec(2), { ...seen, ageMs: sec(63) }, s);
    assert.equal(rounded.session.startMs, T0 - sec(60));
    const other = { uuid: 'u2', alive: true, ageMs: 0 };
    assert.equal(path.sessionSeen(first, T0 + sec(2), other, s).session.startMs, T0 + sec(2));
  });

  it('an entry that is not alive is lapsed, never absent', () => {
    const b = path.sessionSeen(fresh, T0, { ...seen, alive: false }, s);
    assert.deepEqual([b.session.value, b.session.badLists], ['lapsed', 1]);
  });

  it('counts consecutive bad lists from the first, saturating at two', () => {
    let b = fresh;
    for (const i of [0, 2, 4]) b = path.sessionBad(b, T0 + sec(i), 'absent', s);
    assert.deepEqual([b.session.badLists, b.session.badSinceMs], [2, T0]);
  });

  it('no list breaks the run; alive ends it', () => {
    const bad = path.sessionBad(fresh, T0, 'absent', s);
    const gap = path.sessionUnknown(bad);
    assert.deepEqual([gap.session.value, gap.session.badLists], ['unknown', 0]);
    assert.equal(path.sessionUnknown(gap), gap);
    assert.equal(path.sessionSeen(bad, T0, seen, s).session.badLists, 0);
  });

  it('a bad list that grew stale is not continued by the next: lists must be consecutive', () => {
    const bad = path.sessionBad(fresh, T0, 'absent', s);
    const late = T0 + s.session.staleMs;
    const b = path.sessionBad(bad, late, 'absent', s);
    assert.deepEqual([b.session.badLists, b.session.badSinceMs], [1, late]);
  });
});

describe('path: link', () => {
  it('remembers since when it is down, and replies start over', () => {
    const up = path.pingReplied(path.linkSeen(fresh, T0, false, 'eth1'), T0, 'small', s);
    const down = path.linkSeen(up, T0 + 5, true, 'eth1');
    assert.deepEqual(down.link, { down: true, sinceMs: T0 + 5, device: 'eth1' });
    assert.equal(down.ping.replies, 0);
    assert.equal(path.linkSeen(down, T0 + 9, true, 'eth1'), down);
  });

  it('a new interface name alone does not restart the time', () => {
    const down = path.linkSeen(fresh, T0, true, 'eth1');
    const renamed = path.linkSeen(down, T0 + 9, true, 'bond0');
    assert.deepEqual(renamed.link, { down: true, sinceMs: T0, device: 'bond0' });
  });

  it('coming up keeps the replies', () => {
    const b = path.pingReplied(path.linkSeen(fresh, T0, true, 'eth1'), T0, 'small', s);
    assert.equal(path.linkSeen(b, T0 + 1, false, 'eth1').ping.replies, 1);
  });
});

describe('path: what is still asked', () => {
  it('forgets full-size drops and service answers that are no longer asked for, nothing else', () => {
    const on = settings({ probe: { mtu: 9000 } });
    let b = path.pingLost(fresh, T0, 'full', on);
    b = path.serviceFailed(b, T0, 'refused', 'RST', on);
    assert.equal(path.asked(b, on), b);
    const off = settings({ probe: { mtu: 0 }, service: { enabled: false } });
    const after = path.asked(b, off);
    assert.deepEqual([after.full, after.service], [fresh.full, fresh.service]);
    assert.deepEqual(after.ping, b.ping);
  });
});

describe('path: stall and floor', () => {
  it('a stall moves the start of every bad run by its length', () => {
    let b = path.pingLost(fresh, T0, 'small', s);
    b = path.pingLost(b, T0, 'full', s);
    b = path.serviceFailed(b, T0, 'silent', '', s);
    b = path.sessionBad(b, T0, 'absent', s);
    b = path.linkSeen(b, T0, true, 'eth1');
    const after = path.stalled(b, 700);
    const starts = [
      after.ping.firstLossMs,
      after.full.firstDropMs,
      after.service.badSinceMs,
      after.session.badSinceMs,
      after.link.sinceMs,
    ];
    assert.deepEqual(starts, Array(5).fill(T0 + 700));
    assert.equal(after.ping.losses, 1);
  });

  it('up leaves a floor of suspect, a bad verdict its own, unknown the old one', () => {
    const floorAfter = (verdict: 'up' | 'suspect' | 'down' | 'unknown') =>
      path.settleFloor(fresh, { verdict, cause: 'none' }).floor;
    assert.deepEqual(
      [floorAfter('up'), floorAfter('suspect'), floorAfter('down'), floorAfter('unknown')],
      ['suspect', 'suspect', 'down', 'unknown'],
    );
    assert.equal(path.settleFloor(fresh, { verdict: 'unknown', cause: 'unasked' }), fresh);
  });

  it('limits follow the paces: three idle rounds and a wait; four service rounds', () => {
    assert.deepEqual([path.pingStaleMs(s), path.serviceStaleMs(s)], [3500, 4000]);
  });
});
