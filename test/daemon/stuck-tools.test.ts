/**
 * `esxcfg-route -l` never returned once; the loop stood still for almost 4 hours while the process
 * looked alive and held the lock. Here the routing tool hangs, the daemon dies in the middle of a
 * switch, or may not write the table.
 */

import assert from 'node:assert/strict';
import { commandOf, hangIp } from './fake-ip.ts';
import { HOME, openStand, type Stand, untilTruth } from './stand.ts';

describe('daemon: tools that hang, death in a switch, no rights', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('ip hangs: killed with its children, reported, retried; the loop lives; then it switches', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const fake = await hangIp(daemon.pid, daemon.dir, 'hang');
    const alarm = await journal.order('RAISE_ALARM', (o) => o.alarm === 'route_unreadable');
    assert.match(alarm.reason, /killed at its deadline of 1000 ms/);
    await stand.fault('kill-access scvm1');
    const set = await journal.order('SET_ROUTE');
    const refused = await journal.fact('ROUTE_REFUSED', (f) => f.orderId === set.orderId);
    assert.match(refused.error, /killed at its deadline of 1000 ms/);
    const again = await journal.order('SET_ROUTE', (o) => o.orderId !== set.orderId);
    assert.equal(again.path, set.path);
    // What was killed is gone with its children; only the newest may still be within its time.
    const hung = fake.ran();
    await journal.fact('ROUTE_UNREADABLE', (f) => f.atMs > again.atMs);
    await journal.fact('ROUTE_REFUSED', (f) => f.orderId === again.orderId);
    const left = hung.filter((pid) => /sleep 600|fake-ip|sbin\/ip/.test(commandOf(pid)));
    assert.deepEqual(left, []);
    const askedMs = performance.now();
    const status = await daemon.status();
    assert.ok(performance.now() - askedMs < 1000, 'the loop answers');
    assert.match(status.alarms.route_unconfirmed ?? '', /killed at its deadline/);
    assert.equal(status.target, 'scvm1/data', 'an order is not a fact');
    assert.equal(stand.table()[0]?.gateway, HOME);

    await fake.remove();
    const done = await journal.order('NOTE_SWITCH');
    assert.equal(done.to, set.path);
    await stand.served((name) => name !== 'scvm1', done.atMs);
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'route_unconfirmed');
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'route_unreadable');
    await daemon.stop();
  });

  it('SIGKILL before the route was set: the next run makes the one needed switch', async () => {
    const first = stand.run();
    await first.settled();
    await hangIp(first.pid, first.dir, 'hang');
    await stand.fault('kill-access scvm1');
    const set = await first.journal.order('SET_ROUTE');
    await first.stop('SIGKILL');
    assert.equal(stand.table()[0]?.gateway, HOME);

    const second = stand.run({ dir: first.dir });
    const done = await second.journal.order('NOTE_SWITCH');
    assert.equal(done.to, set.path);
    await stand.served((name) => name !== 'scvm1', done.atMs);
    assert.equal(second.journal.orders('SET_ROUTE').length, 1);
    await second.stop();
  });

  it('SIGKILL after the route was set, before it was known: the next run adopts it', async () => {
    const first = stand.run();
    await first.settled();
    await hangIp(first.pid, first.dir, 'set, then hang');
    await stand.fault('kill-access scvm1');
    await untilTruth(
      stand.lab,
      () => stand.table()[0]?.gateway !== HOME,
      'the kernel has the new route',
      15_000,
    );
    await first.stop('SIGKILL');
    assert.deepEqual(first.journal.orders('NOTE_SWITCH'), []);
    const found = stand.table()[0]?.gateway;

    const second = stand.run({ dir: first.dir });
    await second.journal.until(
      () => second.journal.state('access') === 'Rerouted',
      'the route that was found serves',
    );
    await second.journal.fact('PING_REPLIED', (f) => f.atMs > second.startedAtMs + 4000);
    assert.deepEqual(second.journal.orders('SET_ROUTE'), []);
    assert.equal((await second.status()).gateway, found);
    await second.stop();
  });

  it('without CAP_NET_ADMIN: the refusal is an alarm, the route stays, the process lives', async () => {
    const caps = ['--bounding-set=-net_admin', '--inh-caps=-net_admin'];
    const daemon = stand.run({ wrapper: ['setpriv', ...caps] });
    const { journal } = daemon;
    await daemon.settled();
    await stand.fault('kill-access scvm1');
    const refused = await journal.fact('ROUTE_REFUSED');
    assert.match(refused.error, /Operation not permitted/);
    const alarm = await journal.order('RAISE_ALARM', (o) => o.alarm === 'route_unconfirmed');
    assert.match(alarm.reason, /Operation not permitted/);
    await journal.order('SET_ROUTE', (o) => o.orderId > refused.orderId);
    const status = await daemon.status();
    assert.equal(status.target, 'scvm1/data');
    assert.deepEqual(
      stand.table().map((e) => e.gateway),
      [HOME],
    );
    const shown = await daemon.cli('status');
    assert.match(shown.stdout, /ALARM +route_unconfirmed: .*Operation not permitted/);
    assert.equal((await daemon.stop()).code, 0);
  });
});
