/**
 * The main story on a real cluster: the local SCVM dies, I/O goes on elsewhere within seconds,
 * and comes home after its hold; a service that dies under a living VM is given its time.
 */

import assert from 'node:assert/strict';
import { output } from './daemon.ts';
import { gatewayOf, HOME, openStand, type Stand } from './stand.ts';

describe('daemon: away and home', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('local SCVM powered off: client served elsewhere; powered on: home after the hold', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    // A request that TCP acknowledged and nobody will answer: nothing is left to retransmit, so
    // nothing provokes an RST.
    await stand.fault('freeze-access scvm1');
    const { namespace } = stand.lab.hosts[0] ?? {};
    const list = [
      'ip',
      'netns',
      'exec',
      namespace ?? '',
      'ss',
      '-tnH',
      'dst',
      '192.168.33.2',
    ] as const;
    const acknowledged = /^ESTAB\s+0\s+0\s/m;
    let sockets = await output(...list);
    for (let n = 0; n < 50 && !acknowledged.test(sockets); n += 1) sockets = await output(...list);
    assert.match(sockets, acknowledged);
    const off = stand.truth('process', (e) => e.what === 'scvm1 power' && e.state === 'off');
    const faulted = stand.fault('power-off scvm1');
    const { atMs } = await off;
    await faulted;
    const away = await journal.order('NOTE_SWITCH');
    assert.equal(away.kind, 'failover');
    const broken = await journal.fact('CONNECTIONS_BROKEN');
    assert.ok(broken.count >= 1, `${broken.count} connections broken`);
    const server = await stand.served((name) => name !== 'scvm1', atMs, 8000);
    assert.equal(away.to, `${server}/data`);
    const moved = await stand.truth('client', (e) => e.event === 'moved', atMs);
    assert.ok((moved.gapMs ?? 0) < 8000, `the client stood still for ${moved.gapMs} ms`);
    await stand.tableHolds(gatewayOf(Number(server.slice(4))));

    await stand.fault('power-on scvm1');
    const up = await journal.order(
      'NOTE_VERDICT',
      (o) => o.path === 'scvm1/data' && o.to === 'up' && o.atMs > away.atMs,
      30_000,
    );
    const home = await journal.order('SET_ROUTE', (o) => o.kind === 'return', 30_000);
    assert.ok(home.atMs - up.atMs >= 4000, `home after ${home.atMs - up.atMs} ms`);
    assert.equal(home.gateway, HOME);
    await stand.served('scvm1', home.atMs);
    await journal.until(() => journal.state('access') === 'Normal', 'Normal');
    assert.equal(journal.orders('NOTE_SWITCH').length, 2);
    await daemon.stop();
  });

  it('access process killed, VM alive: switched after service_hold, not before', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const atMs = await stand.fault('kill-access scvm1');
    const refused = await journal.fact('SERVICE_REFUSED', (f) => f.path === 'scvm1/data');
    const set = await journal.order('SET_ROUTE');
    assert.ok(set.atMs - refused.atMs >= 2000, `switched after ${set.atMs - refused.atMs} ms`);
    assert.ok(set.atMs - refused.atMs < 5000, `switched after ${set.atMs - refused.atMs} ms`);
    assert.match(set.reason, /service refused .* service_hold=2000 ms/);
    await stand.served((name) => name !== 'scvm1', atMs);
    const status = await daemon.status();
    const home = status.paths.find((p) => p.isHome);
    assert.equal(home?.signals?.ping.value, 'reply');
    assert.equal(home?.verdict, 'down');
    await daemon.stop();
  });

  it('access process restarted within service_hold: nothing moves', async () => {
    const daemon = stand.run({ overrides: { service: { service_hold: '8s' } } });
    await daemon.settled();
    const { journal } = daemon;
    const atMs = await stand.fault('kill-access scvm1');
    await stand.fault('start-access scvm1');
    await journal.order('NOTE_VERDICT', (o) => o.path === 'scvm1/data' && o.to === 'suspect');
    await daemon.settled();
    await stand.served('scvm1', atMs);
    // The restart made a new session: its record was refreshed for it.
    const before = journal.orders('REFRESH_RECORD')[0]?.uuid;
    await journal.order('REFRESH_RECORD', (o) => o.uuid !== before);
    assert.deepEqual(journal.orders('SET_ROUTE'), []);
    await daemon.stop();
  });
});
