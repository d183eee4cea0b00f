/** L1 to L3: each obeyed by one hand-made trace and broken by others. */

import assert from 'node:assert/strict';
import { reach } from '../../src/laws/l1-reach.ts';
import { homeAgain } from '../../src/laws/l2-home.ts';
import { settled } from '../../src/laws/l3-settled.ts';
import { noMemory } from '../../src/machines/hold.ts';
import { cluster, via } from './cluster.ts';
import { begun, createTape, type Tape } from './tape.ts';

const none: string[] = [];
const home = 'scvm1/data';
const away = 'scvm2/data';

/** The others answer, `home` loses every ping, for so many seconds. */
function losing(tape: Tape, seconds: number): Tape {
  for (let i = 0; i < seconds; i += 1) tape.losses(home, 4).well(1000, [via(home)], [home]);
  return tape;
}

describe('law L1', () => {
  const working = (): Tape => begun().well(5000, [via(home)]);

  it('is obeyed by a switch in time, and by staying while nothing else is well', () => {
    const tape = losing(working(), 1).set(away, 'failover').confirm(away, 'failover', home);
    assert.deepEqual(tape.well(60_000, [via(away)], [home]).breaches(reach), none);
    const alone = working();
    for (let i = 0; i < 60; i += 1) alone.losses(home, 4);
    assert.deepEqual(alone.breaches(reach), none);
  });

  it('counts the warm-up on after a stall: nobody looked meanwhile', () => {
    const stalled = (): Tape =>
      createTape().start().read([]).pass(30_000).fact({ type: 'STALLED', stalledMs: 30_000 });
    const slow = { ...cluster, timers: { ...cluster.timers, warmUpMs: 4000 } };
    assert.deepEqual(stalled().well(8000, []).breaches(reach, slow), none);
    assert.match(stalled().well(11_000, []).breaches(reach, slow).join(), /there is no target/);
  });

  it('is broken, once, by staying on a target that is proven down', () => {
    const says = losing(working(), 30).breaches(reach);
    assert.equal(says.length, 1);
    assert.match(says.join(), /scvm1.data: \d+ pings lost in a row .* is well .* no switch/);
  });

  it('is broken by staying on a refused service, and by having no target', () => {
    const refused = working();
    for (let i = 0; i < 20; i += 1) {
      refused.fact({ type: 'SERVICE_REFUSED', path: home, error: 'reset' });
      refused.replies(home, 2).well(1000, [via(home)], [home]);
    }
    assert.match(refused.breaches(reach).join(), /service refused for/);
    const lost = createTape().start().read([]).well(20_000, []);
    assert.match(lost.breaches(reach).join(), /there is no target/);
  });

  it('asks nothing while paused, warming up, or while commands fail and are retried', () => {
    assert.deepEqual(losing(working().fact({ type: 'PAUSE_ASKED' }), 30).breaches(reach), none);
    const failing = losing(working(), 1);
    for (let n = 1; n < 20; n += 1) {
      failing.set(away, 'failover', n);
      failing.fact({ type: 'ROUTE_REFUSED', orderId: n, error: 'EPERM' });
      losing(failing, 2);
    }
    assert.deepEqual(failing.breaches(reach), none);
  });

  it('is broken by retries that end, and by a route that arrived and is not counted', () => {
    const ends = losing(working(), 1).set(away, 'failover');
    ends.fact({ type: 'ROUTE_REFUSED', orderId: 1, error: 'EPERM' });
    assert.match(losing(ends, 30).breaches(reach).join(), /no switch to it/);
    const there = losing(working(), 1)
      .set(away, 'failover')
      .read([via(away)], 1);
    assert.match(there.breaches(reach).join(), /leads to scvm2.data as ordered/);
  });

  it('is broken by a removed route that is not put back', () => {
    const says = working().well(30_000, []).breaches(reach);
    assert.match(says.join(), /the table does not lead to scvm1.data, which is well/);
  });

  it('asks for no repair of a table that cannot be read: it is unknown, not empty', () => {
    const tape = working().read([]);
    for (let n = 0; n < 30; n += 1) {
      tape.fact({ type: 'ROUTE_UNREADABLE', error: 'garbage', orderId: null });
      for (const id of [home, away]) tape.replies(id, 2);
    }
    assert.deepEqual(tape.breaches(reach), none);
  });

  it('is broken by a pin that is not obeyed', () => {
    const pin = { path: away, untilMs: null, failsafe: false };
    const tape = begun(home, { ...noMemory, pin }).well(30_000, [via(home)]);
    assert.match(tape.breaches(reach).join(), /pinned to scvm2.data, not obeyed/);
  });
});

describe('law L2', () => {
  const bound = 180_000 + 120_000 + 30_000;
  const waiting = (memory = noMemory): Tape => begun(away, memory).losses(home);

  it('is obeyed by a return when all is served, and asks none while the budget is spent', () => {
    const tape = waiting()
      .well(bound, [via(away)])
      .set(home, 'return');
    tape.confirm(home, 'return', away).well(100_000, [via(home)]);
    assert.deepEqual(tape.breaches(homeAgain), none);
    const spent = { ...noMemory, preferredAtMs: [1, 2, 3, 4, 5, 6] };
    assert.deepEqual(
      waiting(spent)
        .well(bound * 3, [via(away)])
        .breaches(homeAgain),
      none,
    );
  });

  it('waits as long as relapses say, and not at all while paused', () => {
    const relapsed = waiting({ ...noMemory, relapses: 2 }).well(2 * bound, [via(away)]);
    assert.deepEqual(relapsed.breaches(homeAgain), none);
    const paused = waiting()
      .fact({ type: 'PAUSE_ASKED' })
      .well(2 * bound, [via(away)]);
    assert.deepEqual(paused.breaches(homeAgain), none);
  });

  it('is broken, once, by staying away', () => {
    const says = waiting()
      .well(bound + 20_000, [via(away)])
      .breaches(homeAgain);
    assert.equal(says.length, 1);
    assert.match(says.join(), /home is well for \d+ ms with relapses=0, the route is on scvm2/);
  });
});

describe('law L3', () => {
  const quiet = (tape = begun()): Tape => tape.well(200_000, [via(home)]);
  const lost = { type: 'REFRESH_RECORD', orderId: 9, uuid: 'scvm1-1', clientIps: [] } as const;

  it('is obeyed by silence, and by orders that answer a change', () => {
    const tape = quiet().losses(home, 3).set(away, 'failover').confirm(away, 'failover', home);
    assert.deepEqual(tape.order({ ...lost, reason: 'moved' }).breaches(settled), none);
    const returned = begun(away)
      .well(200_000, [via(away)])
      .order({ ...lost, reason: 'first' });
    assert.deepEqual(returned.set(home, 'return').breaches(settled), none);
  });

  it('is broken by a switch, a refresh or an alarm out of nothing', () => {
    const alarm = { type: 'RAISE_ALARM', alarm: 'blind', reason: 'x' } as const;
    for (const tape of [
      quiet().set(away, 'failover'),
      quiet().order({ ...lost, reason: 'once more' }),
      quiet().order(alarm),
      begun(away)
        .well(200_000, [via(away)])
        .set('scvm3/data', 'failover'),
    ]) {
      assert.match(tape.breaches(settled).join(), /although nothing changed for \d+ ms/);
    }
  });

  it('is broken by a repair of a table that agrees or was not read', () => {
    const agrees = begun().replies(home, 2).set(home, 'repair');
    assert.match(agrees.breaches(settled).join(), /repair of a table that leads to scvm1.data/);
    const unread = createTape().start().replies(home, 2).set(home, 'repair');
    assert.match(unread.breaches(settled).join(), /was not read/);
    assert.deepEqual(begun().read([]).set(home, 'repair').breaches(settled), none);
  });

  it('allows a repair that was due when the table agreed again, and none on that news', () => {
    const moved = (event: string) => {
      const where = { region: 'route', from: 'Settled', to: 'Switching.Installing' } as const;
      return { type: 'NOTE_TRANSITION', ...where, event, reason: 'the table held []' } as const;
    };
    const again = (event: string) =>
      begun()
        .read([])
        .read([via(home)])
        .order(moved(event))
        .set(home, 'repair');
    assert.deepEqual(again('TICK').breaches(settled), none);
    assert.match(again('ROUTE_READ').breaches(settled).join(), /leads to scvm1.data/);
    const late = again('TICK').fact({ type: 'TICK' }).set(home, 'repair');
    assert.match(late.breaches(settled).join(), /leads to scvm1.data/);
    const before = begun()
      .read([])
      .order(moved('TICK'))
      .read([via(home)])
      .set(home, 'repair');
    assert.match(before.breaches(settled).join(), /leads to scvm1.data/, 'due a step before');
  });
});
