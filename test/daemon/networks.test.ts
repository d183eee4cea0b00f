/**
 * Faults of the networks between host and SCVMs: a lost cable, a dark host, loss, frames too long
 * for the path, an address that is there twice.
 */

import assert from 'node:assert/strict';
import { gatewayOf, HOME, openStand, type Stand } from './stand.ts';

describe('daemon: networks', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('storage link down: the management path serves; link back: off it again, then home', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const downMs = await stand.fault('link-down host1 storage');
    const away = await journal.order('NOTE_SWITCH');
    assert.equal(away.to, 'scvm1/manage');
    assert.match(away.reason, /interface storage is down/);
    await stand.tableHolds(gatewayOf(1, 'manage'));
    await journal.order('RAISE_ALARM', (o) => o.alarm === 'on_management');
    await stand.served('scvm1', Math.max(downMs, away.atMs));

    await stand.fault('link-up host1 storage');
    const off = await journal.order('NOTE_SWITCH', (o) => o.from === 'scvm1/manage', 20_000);
    assert.match(off.to, /\/data$/);
    assert.ok(off.atMs - away.atMs >= 2000, 'dwell was kept');
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'on_management');
    await journal.until(() => journal.state('access') === 'Normal', 'Normal', 20_000);
    await stand.tableHolds(HOME);
    await stand.served('scvm1', off.atMs);
    await daemon.stop();
  });

  it('everything down: the route is kept and an alarm says why; light again: nothing moved', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    await stand.fault('isolate host1 storage');
    await stand.fault('isolate host1 mgmt');
    await journal.order('RAISE_ALARM', (o) => o.alarm === 'all_paths_down');
    const { alarms, paths, target } = await daemon.status();
    assert.match(alarms.all_paths_down ?? '', /all 6 paths are down.*the route stays/);
    assert.ok(paths.every((p) => p.verdict === 'down'));
    assert.equal(target, 'scvm1/data');
    const gate = await daemon.cli('why');
    assert.match(gate.stdout, /leave the target: stopped by candidate \(no other path is up\)/);
    assert.deepEqual(
      journal.orders('SET_ROUTE').filter((o) => o.path.endsWith('/down')),
      [],
    );
    const moves = journal.orders('SET_ROUTE').length;
    await stand.fault('heal');
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'all_paths_down');
    await daemon.settled();
    assert.equal(journal.orders('SET_ROUTE').length, moves);
    assert.equal(moves, 0);
    await daemon.stop();
  });

  it('30 % loss at the target: alive, lawful, and served to the end', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const atMs = await stand.fault('loss scvm1 storage 30%');
    const lost = () =>
      journal.facts('PING_LOST').filter((f) => f.path === 'scvm1/data' && f.atMs > atMs).length;
    await journal.until(() => lost() >= 10, '10 lost probes', 40_000);
    const status = await daemon.status();
    assert.ok(status.paths.find((p) => p.isTarget)?.verdict !== 'down');
    assert.ok(journal.orders('NOTE_SWITCH').length <= 3);
    const healedMs = await stand.fault('heal');
    await stand.served(() => true, healedMs, 30_000);
    await daemon.stop();
  });

  it('frames over the MTU vanish while small pings pass: the path is left for that reason', async () => {
    const daemon = stand.run({ overrides: { probe: { mtu: 1500 } } });
    await daemon.settled();
    const { journal } = daemon;
    await stand.fault('mtu scvm1 storage 1400');
    const away = await journal.order('NOTE_SWITCH');
    assert.match(away.reason, /full-size frames of 1500 bytes dropped .* while small pings pass/);
    assert.notEqual(away.to, 'scvm1/data');
    const home = (await daemon.status()).paths.find((p) => p.isHome);
    assert.equal(home?.signals?.ping.value, 'reply');
    await daemon.stop();
  });

  it('two machines with one address: an alarm names both', async () => {
    await stand.fault('duplicate scvm1');
    const daemon = stand.run();
    const seen = await daemon.journal.fact('DUPLICATE_SEEN', () => true, 40_000);
    assert.equal(seen.path, 'scvm1/data');
    assert.ok(seen.macs.length >= 2);
    await daemon.journal.order('RAISE_ALARM', (o) => o.alarm === 'duplicate_address');
    assert.match((await daemon.status()).alarms.duplicate_address ?? '', /scvm1\/data: 02:52/);
    await daemon.stop();
  });
});
