/** S1 to S4: each obeyed by one hand-made trace and broken by others. */

import assert from 'node:assert/strict';
import { oneRoute } from '../../src/laws/s1-one-route.ts';
import { noBlindSwitch } from '../../src/laws/s2-no-blind-switch.ts';
import { leaderAway } from '../../src/laws/s3-leader-away.ts';
import { noEarlyReturn } from '../../src/laws/s4-no-early-return.ts';
import { noMemory } from '../../src/machines/hold.ts';
import { cluster, scvms, session, via } from './cluster.ts';
import { begun, createTape, type Tape } from './tape.ts';

const none: string[] = [];
const fullSize = { ...cluster, probe: { ...cluster.probe, mtu: 1500 } };

describe('law S1', () => {
  const foreign = { ...via('scvm3/data'), metric: 50, protocol: 'static' };

  it('is obeyed by a replace, also beside a foreign entry that goes right after', () => {
    const tape = createTape()
      .table('other', [via('scvm1/data')])
      .table('controller', [via('scvm2/data')])
      .table('other', [via('scvm2/data'), foreign])
      .table('controller', [via('scvm1/data'), foreign])
      .table('controller', [via('scvm1/data')])
      .table('other', []);
    assert.deepEqual(tape.breaches(oneRoute), none);
  });

  it('knows what stood there from a read table', () => {
    const tape = createTape()
      .start()
      .read([via('scvm1/data'), foreign]);
    tape.table('controller', [via('scvm2/data'), foreign]);
    assert.deepEqual(tape.breaches(oneRoute), none);
  });

  it('is broken by an entry beside the old one, and by a moment without any', () => {
    const two = createTape().table('controller', [via('scvm1/data')]);
    two.table('controller', [via('scvm1/data'), { ...via('scvm2/data'), metric: 1 }]);
    assert.match(two.breaches(oneRoute).join(), /left 2 entries of its own/);
    const zero = createTape()
      .table('other', [via('scvm1/data')])
      .table('controller', []);
    assert.match(zero.breaches(oneRoute).join(), /left 0 entries/);
  });
});

describe('law S2', () => {
  const onto = 'scvm2/data';

  it('is obeyed by a switch onto a path that answers', () => {
    const tape = begun().replies(onto, 2).set(onto, 'failover');
    assert.deepEqual(tape.breaches(noBlindSwitch), none);
  });

  const wrong = {
    'a path never asked': begun(),
    'a lost ping': begun().replies(onto, 2).losses(onto),
    'one reply after a loss': begun().losses(onto).replies(onto, 1),
    'an old reply': begun().replies(onto, 2).pass(4000).fact({ type: 'TICK' }),
    'a refused service': begun()
      .fact({ type: 'SERVICE_REFUSED', path: onto, error: 'reset' })
      .replies(onto, 2),
    'a lost full-size frame': begun()
      .fact({ type: 'RELOADED', settings: fullSize })
      .replies(onto, 2)
      .fact({ type: 'PING_LOST', path: onto, size: 'full', waitedMs: 100 }),
    'an interface that is down': begun()
      .replies(onto, 2)
      .fact({ type: 'LINKS_READ', byPath: { [onto]: { device: 'eth1', up: false, source: '' } } }),
    'a new daemon that knows nothing yet': begun().replies(onto, 2).start(),
  };
  for (const [name, tape] of Object.entries(wrong)) {
    it(`is broken by a switch onto ${name}`, () => {
      assert.match(
        tape.set(onto, 'pin').breaches(noBlindSwitch).join(),
        /pin onto scvm2.data, but/,
      );
    });
  }

  it('is broken by a session that lists deny for long enough', () => {
    const tape = begun();
    for (let i = 0; i < 4; i += 1) tape.replies(onto, 8).list(['scvm1', 'scvm3']);
    assert.match(tape.set(onto, 'failover').breaches(noBlindSwitch).join(), /do not show/);
  });

  it('is broken by a gateway that is not the path', () => {
    const tape = begun().replies(onto, 2);
    const gateway = '10.10.85.99';
    const base = { type: 'SET_ROUTE', orderId: 1, path: onto, kind: 'first' } as const;
    tape.order({ ...base, nfsIp: '192.168.33.2', gateway, remove: [], also: [], reason: 'x' });
    assert.match(tape.breaches(noBlindSwitch).join(), /instead of 10\.10\.85\.16/);
  });
});

describe('law S3', () => {
  const home = 'scvm1/data';

  it('is obeyed by a failover after losses, and after lists that deny the session for 6 s', () => {
    const lost = begun().replies(home, 3).losses(home, 3).set('scvm2/data', 'failover');
    assert.deepEqual(lost.breaches(leaderAway), none);
    const denied = begun().replies(home, 3);
    for (let i = 0; i < 4; i += 1) denied.replies(home, 8).list(['scvm2', 'scvm3']);
    assert.deepEqual(denied.set('scvm2/data', 'failover').breaches(leaderAway), none);
  });

  it('is broken by a failover on an empty list, a failed one, or one denial', () => {
    const failed = { type: 'SESSIONS_FAILED', error: 'away' } as const;
    for (const tape of [
      begun().replies(home, 3).list([]).replies(home, 40).list([]),
      begun().replies(home, 3).fact(failed).replies(home, 40).fact(failed),
      begun().replies(home, 3).list(['scvm2']),
      begun().replies(home, 3).list(['scvm2']).replies(home, 30).list([]).list(['scvm2']),
    ]) {
      const says = tape.set('scvm2/data', 'failover').breaches(leaderAway).join();
      assert.match(says, /left scvm1.data with no evidence/);
    }
  });

  it('is broken by losses that a good time followed', () => {
    const tape = begun().losses(home, 3).replies(home, 9).set('scvm2/data', 'failover');
    assert.match(tape.breaches(leaderAway).join(), /no evidence/);
  });
});

describe('law S4', () => {
  const away = 'scvm2/data';
  const back = (tape = begun(away).losses('scvm1/data')) => tape;

  it('is obeyed by a return after the hold, and by an old session that was never seen bad', () => {
    const served = back()
      .replies(away, 2)
      .well(180_000, [via(away)])
      .set('scvm1/data', 'return');
    assert.deepEqual(served.breaches(noEarlyReturn), none);
    const vouched = begun(away).replies('scvm1/data', 2).set('scvm1/data', 'return');
    assert.deepEqual(vouched.breaches(noEarlyReturn), none);
  });

  it('counts the age that the cluster gives the last session, whatever our clock slept through', () => {
    const restarted = (tape: Tape, uuid: string, ageMs: number): Tape => {
      const sessions = scvms.map((name) => session(name, true, `${name}-${uuid}`, ageMs));
      return tape.pass(3000).fact({ type: 'SESSIONS_LISTED', sessions, from: 'leader' });
    };
    const slept = (tape: Tape): string[] =>
      restarted(restarted(tape.replies('scvm1/data', 2), '2', 1000), '3', 200_000)
        .set('scvm1/data', 'return')
        .breaches(noEarlyReturn);
    assert.deepEqual(slept(begun(away)), none);
    assert.match(slept(back()).join(), /home was well for \d+ ms of its hold of 180000 ms/);
    const young = restarted(begun(away).replies('scvm1/data', 2), '2', 170_000);
    const early = young.set('scvm1/data', 'return').breaches(noEarlyReturn);
    assert.match(early.join(), /well for 172000 ms/);
  });

  it('is obeyed by going home at once from a target that fails, and by a pin', () => {
    const fled = back().replies('scvm1/data', 2).losses(away, 3).set('scvm1/data', 'failover');
    assert.deepEqual(fled.breaches(noEarlyReturn), none);
    const pinned = back().replies('scvm1/data', 2).replies(away, 2).set('scvm1/data', 'pin');
    assert.deepEqual(pinned.breaches(noEarlyReturn), none);
  });

  it('is broken by a return 2 s early, and by one that forgets a relapse', () => {
    const early = back()
      .well(178_000, [via(away)])
      .set('scvm1/data', 'return');
    assert.match(early.breaches(noEarlyReturn).join(), /178000 ms of its hold of 180000 ms/);
    const relapsed = begun(away, { ...noMemory, relapses: 1 }).losses('scvm1/data');
    relapsed.well(200_000, [via(away)]).set('scvm1/data', 'return');
    assert.match(relapsed.breaches(noEarlyReturn).join(), /hold of 360000 ms, relapses=1/);
  });

  it('is broken by a failover or repair onto home that nothing justifies', () => {
    for (const kind of ['failover', 'repair'] as const) {
      const tape = back()
        .well(5000, [via(away)])
        .set('scvm1/data', kind);
      assert.match(tape.breaches(noEarlyReturn).join(), /although no fact speaks against/);
    }
  });

  it('is broken, once, by repeating a failover onto home after the target has recovered', () => {
    const tape = back().replies('scvm1/data', 2).replies(away, 2).losses(away, 3);
    for (let n = 1; n <= 3; n += 1) {
      tape.set('scvm1/data', 'failover', n);
      tape.fact({ type: 'ROUTE_REFUSED', orderId: n, error: 'EPERM' }).replies(away, 9);
    }
    assert.deepEqual(tape.breaches(noEarlyReturn), [
      'failover onto home, although no fact speaks against scvm2/data',
    ]);
  });

  it('is broken by repeating a return over a bad signal of home', () => {
    const tape = back()
      .well(181_000, [via(away)])
      .set('scvm1/data', 'return');
    tape.fact({ type: 'ROUTE_REFUSED', orderId: 1, error: 'EPERM' });
    tape.losses('scvm1/data').replies('scvm1/data', 2).replies(away).set('scvm1/data', 'return', 2);
    assert.match(tape.breaches(noEarlyReturn).join(), /return repeated/);
  });

  it('is obeyed by repeating a return over a bad signal of home that has no hold to serve', () => {
    const timers = { ...cluster.timers, backToNormalMs: 0 };
    const tape = back()
      .well(181_000, [via(away)])
      .set('scvm1/data', 'return');
    tape.fact({ type: 'ROUTE_REFUSED', orderId: 1, error: 'EPERM' });
    tape.losses('scvm1/data').replies('scvm1/data', 2).replies(away).set('scvm1/data', 'return', 2);
    assert.deepEqual(tape.breaches(noEarlyReturn, { ...cluster, timers }), none);
  });
});
