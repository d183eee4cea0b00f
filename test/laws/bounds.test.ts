/** S5 to S7: flapping, record and operator, each obeyed by one hand-made trace, broken by others. */

import assert from 'node:assert/strict';
import { boundedFlapping } from '../../src/laws/s5-bounded-flapping.ts';
import { acknowledgedRecord } from '../../src/laws/s6-acknowledged-record.ts';
import { operatorFirst } from '../../src/laws/s7-operator-first.ts';
import { noMemory } from '../../src/machines/hold.ts';
import type { Pin } from '../../src/machines/model.ts';
import { cluster, links, via } from './cluster.ts';
import { begun, createTape, type Tape } from './tape.ts';

const none: string[] = [];
const home = 'scvm1/data';
const away = 'scvm2/data';

describe('law S5', () => {
  /** Home and away again so many times, with such a memory after each move. */
  function flap(tape: Tape, times: number, everyMs: number, relapses: (n: number) => number): Tape {
    for (let n = 1; n <= times; n += 1) {
      tape
        .pass(everyMs)
        .fact({ type: 'TICK' })
        .set(home, 'return', n)
        .confirm(home, 'return', away);
      const arrived = { servingSinceMs: tape.nowMs(), returned: true };
      tape.save({ ...arrived, relapses: relapses(n - 1) });
      tape.pass(everyMs).fact({ type: 'TICK' }).set(away, 'failover');
      tape.confirm(away, 'failover', home).save({ relapses: relapses(n), returned: true });
    }
    return tape;
  }

  it('is obeyed by as many returns as the budget, each with a relapse', () => {
    const tape = flap(begun(away), 6, 60_000, (n) => n);
    assert.deepEqual(tape.breaches(boundedFlapping), none);
  });

  it('is broken by one return more within the hour, and by any with a budget of 0', () => {
    const over = flap(begun(away), 7, 60_000, (n) => n).breaches(boundedFlapping);
    assert.deepEqual(over.length, 1);
    assert.match(over.join(), /6 preference moves in the last hour and one more ordered/);
    const closed = { ...cluster, switch: { ...cluster.switch, budgetPerHour: 0 } };
    const any = flap(begun(away), 1, 60_000, (n) => n).breaches(boundedFlapping, closed);
    assert.match(any.join(), /0 preference moves/);
  });

  it('counts on through a crash, from the memory', () => {
    const tape = flap(begun(away), 5, 60_000, (n) => n);
    const preferredAtMs = [1, 2, 3, 4, 5, 6].map((n) => tape.nowMs() - n);
    tape.start({ ...noMemory, preferredAtMs }).set(home, 'return');
    assert.match(tape.breaches(boundedFlapping).join(), /6 preference moves/);
  });

  it('is broken by a hold that does not grow, and by relapses forgiven for nothing', () => {
    const same = flap(begun(away), 2, 60_000, () => 1);
    assert.match(same.breaches(boundedFlapping).join(), /hold went from 360000 ms to 360000 ms/);
    const tape = begun(away).save({ relapses: 3, servingSinceMs: 1000 });
    tape.pass(60_000).fact({ type: 'TICK' }).save({ relapses: 1 });
    assert.match(tape.breaches(boundedFlapping).join(), /2 relapses forgiven after 60000 ms/);
  });
});

describe('law S6', () => {
  const ips = ['10.10.85.11', '192.168.85.11'];
  const refresh = (tape: Tape, orderId: number, uuid = 'scvm1-1', clientIps = ips): Tape =>
    tape.order({ type: 'REFRESH_RECORD', orderId, uuid, clientIps, reason: 'owed' });
  const ack = (tape: Tape, orderId: number): Tape =>
    tape.fact({ type: 'RECORD_ACKNOWLEDGED', orderId });
  const refuse = (tape: Tape, orderId: number): Tape =>
    tape.fact({ type: 'RECORD_REFUSED', orderId, error: 'EPERM' });
  const known = (): Tape => ack(refresh(begun(), 1), 1);
  const ticks = (tape: Tape, n: number): Tape => {
    for (let i = 0; i < n; i += 1) tape.pass(1000).fact({ type: 'TICK' });
    return tape;
  };
  const alarm = (tape: Tape): Tape =>
    tape.order({ type: 'RAISE_ALARM', alarm: 'record_unacknowledged', reason: 'owed' });

  it('is obeyed by a refresh after the start, a switch, a new session and new addresses', () => {
    const tape = ticks(known(), 3).set(away, 'failover').confirm(away, 'failover', home);
    ack(refresh(tape, 2), 2).list(undefined, '2');
    ack(refresh(tape, 3, 'scvm1-2'), 3).fact({ type: 'LINKS_READ', byPath: links('10.10.85.99') });
    ack(refresh(tape, 4, 'scvm1-2', ['10.10.85.99', '192.168.85.11']), 4);
    assert.deepEqual(ticks(tape, 60).breaches(acknowledgedRecord), none);
  });

  it('is obeyed by retries and an alarm while the leader refuses', () => {
    const tape = alarm(ticks(refuse(refresh(begun(), 1), 1), 6));
    refuse(refresh(ticks(tape, 4), 2), 2);
    ack(refresh(ticks(tape, 10), 3), 3);
    assert.deepEqual(ticks(tape, 60).breaches(acknowledgedRecord), none);
  });

  it('owes nothing while the local session is unlisted, and nothing in shadow', () => {
    const unlisted = createTape().start().fact({ type: 'LINKS_READ', byPath: links() });
    assert.deepEqual(ticks(unlisted.list(['scvm2']), 60).breaches(acknowledgedRecord), none);
    const shadow = createTape().start(null, true).fact({ type: 'LINKS_READ', byPath: links() });
    assert.deepEqual(ticks(shadow.list(), 60).breaches(acknowledgedRecord), none);
  });

  it('is broken when nothing is ordered at the start, a switch, a new session or address', () => {
    const cases = [
      begun(),
      known().set(away, 'failover').confirm(away, 'failover', home),
      known().list(undefined, '2'),
      known().fact({ type: 'LINKS_READ', byPath: links('10.10.85.99') }),
    ];
    for (const tape of cases) {
      const says = ticks(tape, 5).breaches(acknowledgedRecord);
      assert.equal(says.length, 1, 'a breach that lasts is said once');
      assert.match(says.join(), /is owed and was not ordered/);
    }
  });

  it('is broken when a refused or lost order is not repeated, or stays without an alarm', () => {
    const refused = alarm(refuse(refresh(begun(), 1), 1));
    assert.match(ticks(refused, 25).breaches(acknowledgedRecord).join(), /not asked again/);
    const lost = alarm(refresh(begun(), 1));
    assert.match(ticks(lost, 35).breaches(acknowledgedRecord).join(), /not asked again/);
    const silent = ticks(refresh(begun(), 1), 12).breaches(acknowledgedRecord);
    assert.match(silent.join(), /without the alarm/);
  });

  it('is broken by an acknowledgement of an older order, and by stale addresses', () => {
    const old = alarm(ack(refresh(refresh(begun(), 1), 2), 1));
    assert.match(ticks(old, 35).breaches(acknowledgedRecord).join(), /not asked again/);
    const stale = refresh(begun(), 1, 'scvm1-0').breaches(acknowledgedRecord);
    assert.match(stale.join(), /asked for "scvm1-0 .*" instead of "scvm1-1 /);
  });
});

describe('law S7', () => {
  const pin = (path: string, part: Partial<Pin> = {}): Pin => ({
    path,
    untilMs: null,
    failsafe: false,
    ...part,
  });
  const pinned = (part: Partial<Pin> = {}): Tape =>
    begun(home, { ...noMemory, pin: pin(home, part) });
  const cut = (orderId: number) =>
    ({ type: 'BREAK_CONNECTIONS', orderId, nfsIp: '192.168.33.2', reason: 'moved' }) as const;

  it('is obeyed by the pin that was asked, and by leaving it when failsafe, over or released', () => {
    const tape = begun().well(2000, [via(home)]);
    tape
      .fact({ type: 'PIN_ASKED', ...pin(away) })
      .set(away, 'pin')
      .save({ pin: pin(away) });
    tape
      .well(3000, [via(home)])
      .fact({ type: 'RELEASE_ASKED' })
      .save({ pin: null });
    assert.deepEqual(tape.set(home, 'return').breaches(operatorFirst), none);
    const safe = pinned({ failsafe: true }).replies(home, 3).losses(home, 3).set(away, 'failover');
    assert.deepEqual(safe.save({ pin: null }).breaches(operatorFirst), none);
    const over = pinned({ untilMs: 5000 })
      .well(6000, [via(home)])
      .set(away, 'failover');
    assert.deepEqual(over.save({ pin: null }).breaches(operatorFirst), none);
  });

  it('lets a pin that is over when it arrives end the one that it replaces, and none that lasts', () => {
    const replaced = (untilMs: number) =>
      pinned()
        .well(3000, [via(home)])
        .fact({ type: 'PIN_ASKED', ...pin(away, { untilMs }) })
        .save({ pin: null });
    assert.deepEqual(replaced(2000).breaches(operatorFirst), none);
    assert.match(replaced(60_000).breaches(operatorFirst).join(), /ended by itself/);
  });

  it('lets a switch that was ordered before the pause be counted and its connections broken', () => {
    const tape = begun().set(away, 'failover', 7).fact({ type: 'PAUSE_ASKED' });
    tape.confirm(away, 'failover', home, 7).order(cut(7));
    assert.deepEqual(tape.breaches(operatorFirst), none);
  });

  it('is broken by any switch or cut while paused or in shadow, repeated ones as well', () => {
    const paused = begun().set(away, 'failover', 1).pass(1).fact({ type: 'PAUSE_ASKED' });
    paused.fact({ type: 'TICK' }).set(away, 'failover', 2).fact({ type: 'TICK' });
    paused.set(away, 'failover', 3).order(cut(3));
    assert.deepEqual(paused.breaches(operatorFirst), [
      'failover to scvm2/data ordered while paused',
      'connections broken while paused',
    ]);
    const shadow = createTape()
      .start(null, true)
      .read([via(home)])
      .set(away, 'first');
    assert.match(shadow.breaches(operatorFirst).join(), /while in shadow/);
  });

  it('is broken by leaving a pin that still holds, whatever its path does', () => {
    const left = pinned().replies(home, 3).losses(home, 9).set(away, 'failover');
    assert.match(left.breaches(operatorFirst).join(), /ordered while pinned to scvm1.data/);
    const dropped = pinned()
      .well(3000, [via(home)])
      .save({ pin: null });
    assert.match(dropped.breaches(operatorFirst).join(), /ended by itself/);
  });

  it('is broken by a pin that is not taken, not asked, or kept after its end', () => {
    const deaf = begun()
      .well(3000, [via(home)])
      .fact({ type: 'PIN_ASKED', ...pin(away) });
    assert.match(deaf.breaches(operatorFirst).join(), /was not taken/);
    const own = begun().save({ pin: pin(away) });
    assert.match(own.breaches(operatorFirst).join(), /pinned to scvm2.data unasked/);
    const kept = pinned({ untilMs: 5000 }).well(9000, [via(home)]);
    assert.match(kept.breaches(operatorFirst).join(), /is kept \d+ ms after its end/);
  });
});
