/** The verdict table of BEHAVIOUR.md section 1, row by row, with its counts and times. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noBeliefs, perceive, rejudge } from '../../src/machines/beliefs.ts';
import {
  explainVerdict,
  judge,
  nextChangeMs,
  serviceNow,
  sessionWord,
} from '../../src/machines/judge.ts';
import * as path from '../../src/machines/path.ts';
import { min, sec, settings, T0 } from './fixture.ts';
import { evidenceStreams } from './streams.ts';

const s = settings({ probe: { mtu: 9000 } });
type Belief = path.PathBelief;

const replied = (b: Belief, atMs = T0): Belief =>
  path.pingReplied(path.pingReplied(b, atMs, 'small', s), atMs, 'small', s);
const well = replied(path.noBelief);
const at = (b: Belief, ms = 0) => {
  const { verdict, cause } = judge(b, T0 + ms, s);
  return `${verdict} ${cause}`;
};
const refused = (b: Belief, ms = 0) => path.serviceFailed(b, T0 + ms, 'refused', 'RST', s);
const silent = (b: Belief, ms = 0) => path.serviceFailed(b, T0 + ms, 'silent', 'no answer', s);
const alive = (ageMs: number) => ({ uuid: 'u', alive: true, ageMs });

describe('judge: the table', () => {
  it('reply, service up, session stable or young: up', () => {
    const up = path.serviceAnswered(well, T0);
    for (const age of [0, min(60)]) {
      assert.equal(at(path.sessionSeen(up, T0, alive(age), s)), 'up none');
    }
  });

  it('reply, service up, session unknown: up, the leader being away moves nobody', () => {
    assert.equal(at(path.serviceAnswered(well, T0)), 'up none');
    const bad = path.sessionBad(path.serviceAnswered(well, T0), T0, 'absent', s);
    assert.equal(at(replied(path.sessionUnknown(bad))), 'up none');
  });

  it('session lapsed or absent: suspect, down only by consecutive fresh lists for session_lost', () => {
    for (const value of ['lapsed', 'absent'] as const) {
      let b = replied(path.sessionBad(well, T0, value, s));
      assert.equal(at(b), 'suspect session');
      b = replied(path.sessionBad(b, T0 + 2000, value, s), T0 + 5999);
      assert.equal(at(b, 5999), 'suspect session');
      assert.equal(at(b, 6000), 'down session');
    }
  });

  it('one bad list alone never confirms, however long ago it came', () => {
    const b = replied(path.sessionBad(well, T0, 'absent', s), T0 + 9999);
    assert.equal(at(b, 9999), 'suspect session');
    assert.equal(at(b, 10_000), 'up none', 'stale after stale_after');
  });

  it('service refused or silent: suspect at once, down after service_hold', () => {
    for (const fail of [refused, silent]) {
      const b = replied(fail(fail(well), 1999), T0 + 1999);
      assert.equal(at(b, 1999), 'suspect service');
      assert.equal(at(b, 2000), 'down service');
    }
  });

  it('loss: suspect at the first, whatever service and session say', () => {
    const sound = path.sessionSeen(path.serviceAnswered(well, T0), T0, alive(0), s);
    assert.equal(at(path.pingLost(sound, T0, 'small', s)), 'suspect ping');
  });

  it('loss: down needs fall losses AND a span of confirm_min', () => {
    let b = path.pingLost(well, T0, 'small', s);
    b = path.pingLost(b, T0 + 499, 'small', s);
    assert.equal(at(b, 3000), 'suspect ping', 'two of three, long past confirm_min');
    const quick = path.pingLost(path.pingLost(b, T0, 'small', s), T0, 'small', s);
    assert.equal(at(quick, 499), 'suspect ping', 'all three, inside confirm_min');
    assert.equal(at(quick, 500), 'down ping');
  });

  it('nothing known: unknown, even with a good service or a bad list', () => {
    assert.equal(at(path.noBelief), 'unknown unasked');
    assert.equal(at(path.serviceAnswered(path.noBelief, T0)), 'unknown unasked');
    assert.equal(at(path.sessionBad(path.noBelief, T0, 'absent', s)), 'unknown unasked');
    assert.equal(at(path.pingUnsent(well, T0, 'small')), 'unknown unasked');
  });

  it('silence of the service proves nothing while our own pings cannot be sent; a refusal does', () => {
    assert.equal(at(silent(path.noBelief)), 'unknown unasked');
    assert.equal(at(refused(path.noBelief)), 'suspect service');
  });

  it('full-size frames that were dropped mean nothing once they are no longer asked for', () => {
    const b = path.pingLost(well, T0, 'full', s);
    assert.equal(judge(b, T0, settings()).verdict, 'up');
  });

  it('full-size frames dropped while small pings pass: suspect mtu, down after fall', () => {
    let b = path.pingLost(well, T0, 'full', s);
    assert.equal(at(b), 'suspect mtu');
    b = path.pingLost(path.pingLost(b, T0 + 100, 'full', s), T0 + 200, 'full', s);
    assert.equal(at(b, 499), 'suspect mtu');
    assert.equal(at(b, 500), 'down mtu');
    assert.equal(at(path.pingReplied(b, T0 + 600, 'full', s), 600), 'up none');
  });

  it('interface down: suspect at once, down after confirm_min', () => {
    const b = path.linkSeen(well, T0, true, 'eth1');
    assert.equal(at(b, 499), 'suspect link');
    assert.equal(at(b, 500), 'down link');
  });

  it('the worst signal decides: a proven one before an earlier doubt', () => {
    const doubted = path.pingLost(refused(refused(well), 1000), T0 + 1990, 'small', s);
    assert.equal(at(doubted, 1995), 'suspect ping');
    assert.equal(at(doubted, 2000), 'down service');
  });

  it('with the service probe off its old answers count for nothing', () => {
    const off = settings({ service: { enabled: false } });
    assert.deepEqual(judge(replied(refused(well)), T0, off), { verdict: 'up', cause: 'none' });
  });
});

describe('judge: rise and staleness', () => {
  const settle = (b: Belief, ms: number): Belief => path.settleFloor(b, judge(b, T0 + ms, s));

  it('a path that was never up stays unknown until rise replies in a row', () => {
    const one = path.pingReplied(path.noBelief, T0, 'small', s);
    assert.equal(at(one), 'unknown rising');
    assert.equal(at(path.pingReplied(one, T0, 'small', s)), 'up none');
  });

  it('down stays down while anything speaks against it, then until rise replies', () => {
    let b = well;
    for (const ms of [0, 250, 500]) b = settle(path.pingLost(b, T0 + ms, 'small', s), ms);
    assert.equal(at(b, 500), 'down ping');
    b = settle(path.pingReplied(b, T0 + 600, 'small', s), 600);
    assert.equal(at(b, 600), 'down rising');
    assert.equal(at(refused(b, 650), 650), 'down service', 'a fresh doubt does not lift it');
    assert.equal(at(path.pingReplied(b, T0 + 700, 'small', s), 700), 'up none');
  });

  it('a suspect path rises from suspect', () => {
    const lost = settle(path.pingLost(well, T0, 'small', s), 0);
    assert.equal(at(path.pingReplied(lost, T0 + 50, 'small', s), 50), 'suspect rising');
  });

  it('replies stop counting after three idle rounds and one wait', () => {
    assert.equal(at(well, 3499), 'up none');
    assert.equal(at(well, 3500), 'unknown unasked');
  });

  it('losses stop counting as well: silence of our own prober is not a failure', () => {
    let b = well;
    for (const ms of [0, 250, 400]) b = path.pingLost(b, T0 + ms, 'small', s);
    assert.equal(at(b, 3899), 'down ping');
    assert.equal(at(b, 3900), 'unknown unasked');
  });

  it('a refused service is unknown after four rounds in silence', () => {
    const b = replied(refused(well), T0 + 3000);
    assert.equal(serviceNow(b, T0 + 3999, s), 'refused');
    assert.equal(serviceNow(b, T0 + 4000, s), 'unknown');
    assert.equal(at(b, 4000), 'up none');
  });

  it('a stall adds no failure: the run is as long as what was observed', () => {
    let b = well;
    for (const ms of [0, 100, 200]) b = path.pingLost(b, T0 + ms, 'small', s);
    assert.equal(at(path.stalled(b, 400), 600), 'suspect ping');
    assert.equal(at(path.stalled(b, 400), 900), 'down ping');
  });
});

describe('judge: when the verdict may change by itself', () => {
  it('nextChangeMs is never late: between facts nothing changes before it', () => {
    fc.assert(
      fc.property(evidenceStreams(40), fc.integer({ min: 1, max: 12_000 }), (facts, laterMs) => {
        let b = noBeliefs(s, T0);
        let nowMs = T0;
        for (const fact of facts) {
          b = perceive(b, fact, s);
          nowMs = fact.atMs;
        }
        b = rejudge(b, nowMs, s);
        for (const { belief } of b.paths) {
          const next = nextChangeMs(belief, nowMs, s);
          const later = Math.min(nowMs + laterMs, Math.ceil(next) - 1);
          if (later <= nowMs) continue;
          assert.deepEqual(judge(belief, later, s), judge(belief, nowMs, s));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never, for a path of which nothing was heard', () => {
    assert.equal(nextChangeMs(path.noBelief, T0, s), Number.POSITIVE_INFINITY);
  });

  it('names the end of each run and of each signal', () => {
    const lost = path.pingLost(well, T0, 'small', s);
    assert.equal(nextChangeMs(lost, T0, s), T0 + 500);
    assert.equal(nextChangeMs(lost, T0 + 500, s), T0 + 3500);
    assert.equal(nextChangeMs(path.pingLost(well, T0, 'full', s), T0, s), T0 + 500);
    assert.equal(nextChangeMs(refused(well), T0, s), T0 + 2000);
    assert.equal(nextChangeMs(silent(well), T0 + 3500, s), T0 + 4000);
    const absent = path.sessionBad(well, T0, 'absent', s);
    assert.equal(nextChangeMs(absent, T0 + 3500, s), T0 + 6000);
    assert.equal(nextChangeMs(absent, T0 + 6000, s), T0 + 10_000);
  });
});

describe('judge: words and numbers', () => {
  const says = (b: Belief, ms = 0) => explainVerdict(b, judge(b, T0 + ms, s), T0 + ms, s);

  it('calls a session stable once it is as old as the base hold', () => {
    const young = path.sessionSeen(well, T0, alive(s.timers.backToNormalMs - sec(1)), s);
    assert.equal(sessionWord(young, T0, s), 'young');
    assert.equal(sessionWord(young, T0 + sec(1), s), 'stable');
    assert.equal(sessionWord(young, T0 + s.session.staleMs, s), 'unknown');
    const ageless = { ...young, session: { ...young.session, startMs: null } };
    assert.equal(sessionWord(ageless, T0, s), 'alive');
  });

  it('every cause carries the numbers it was compared with', () => {
    const lost = path.pingLost(well, T0, 'small', s);
    const absent = path.sessionBad(well, T0, 'absent', s);
    const twice = replied(path.sessionBad(absent, T0 + 2000, 'absent', s), T0 + 2000);
    const expected: [string, RegExp][] = [
      [says(well), /service unknown, session unknown/],
      [says(path.noBelief), /3500 ms/],
      [says(path.linkSeen(well, T0, true, 'eth1'), 120), /eth1 .*120 ms.*confirm_min=500 ms/],
      [says(lost, 70), /1 of 3 .*70 ms, fall=3/],
      [says(path.pingLost(well, T0, 'full', s), 30), /1 full-size .*30 ms.*fall=3/],
      [says(refused(well), 40), /refused \(RST\) for 40 ms, service_hold=2000 ms/],
      [says(replied(absent), 50), /absent for 50 ms in 1 fresh lists, session_lost=6000 ms/],
      [says(twice, 2000), /absent for 2000 ms in 2 or more fresh lists/],
      [says(path.pingReplied(path.noBelief, T0, 'small', s)), /1 of 2 replies.*rise=2/],
    ];
    for (const [text, pattern] of expected) assert.match(text, pattern);
  });
});
