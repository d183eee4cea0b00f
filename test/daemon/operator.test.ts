/**
 * The operator first: a pin is obeyed and kept, refused with a reason when it cannot be, ends when
 * he said, and outlives the daemon; paused means that nothing moves.
 */

import assert from 'node:assert/strict';
import { gatewayOf, HOME, openStand, type Stand } from './stand.ts';

describe('daemon: operator', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('route scvm2: obeyed, kept while home is well and over a restart, released by --auto', async () => {
    const first = stand.run();
    await first.settled();
    const pinned = await first.cli('route', 'scvm2');
    assert.deepEqual([pinned.code, pinned.stdout], [0, 'pinned to scvm2/data\n']);
    await stand.tableHolds(gatewayOf(2));
    const arrived = await first.journal.order('NOTE_SWITCH', (o) => o.kind === 'pin');
    await stand.served('scvm2', arrived.atMs);
    // Longer than the hold of 4 s: a LOOP would be home by then.
    await first.journal.fact('PING_REPLIED', (f) => f.atMs > arrived.atMs + 5000);
    assert.equal(first.journal.orders('SET_ROUTE').length, 1);
    const status = await first.cli('status');
    assert.match(status.stdout, /steering Route to scvm2\/data/);
    await first.stop();

    const second = stand.run({ dir: first.dir });
    await second.journal.until(() => second.journal.verdict('scvm1/data') === 'up', 'home up');
    await second.journal.fact('PING_REPLIED', (f) => f.atMs > second.startedAtMs + 5500);
    assert.deepEqual(second.journal.orders('SET_ROUTE'), []);
    assert.equal((await second.status()).pin?.path, 'scvm2/data');
    const released = await second.cli('route', '--auto');
    assert.deepEqual([released.code, released.stdout], [0, 'released from scvm2/data\n']);
    await stand.tableHolds(HOME);
    await second.stop();
  });

  it('route --for 3s: ends by itself', async () => {
    const daemon = stand.run();
    await daemon.settled();
    assert.equal((await daemon.cli('route', gatewayOf(3, 'manage'), '--for', '3s')).code, 0);
    const pinned = await daemon.journal.fact('PIN_ASKED');
    assert.equal(pinned.path, 'scvm3/manage');
    await stand.tableHolds(gatewayOf(3, 'manage'));
    const isLoop = (o: { region: string; to: string }) =>
      o.region === 'steering' && o.to === 'Loop';
    const ended = await daemon.journal.order('NOTE_TRANSITION', isLoop);
    const lasted = ended.atMs - pinned.atMs;
    assert.ok(lasted >= 3000 && lasted < 5000, `the pin lasted ${lasted} ms`);
    await stand.tableHolds(HOME);
    // Home was well all the time: moves of our own making are no fault of its.
    assert.equal((await daemon.status()).hold.relapses, 0);
    await daemon.stop();
  });

  it('a target that is not up, unknown, or badly written: refused with the reason', async () => {
    const daemon = stand.run();
    await daemon.settled();
    await stand.fault('kill-access scvm2');
    await daemon.journal.order('NOTE_VERDICT', (o) => o.path === 'scvm2/data' && o.to === 'down');
    const [down, unknown, bad] = await Promise.all([
      daemon.cli('route', 'scvm2'),
      daemon.cli('route', 'scvm9', '--json'),
      daemon.cli('route', 'scvm3', '--for', 'long'),
    ]);
    assert.equal(down.code, 1);
    assert.match(down.stderr, /scvm2\/data is down \(service refused .*up now: scvm1\/data/);
    assert.equal(unknown.code, 1);
    const answer: unknown = JSON.parse(unknown.stdout);
    assert.ok(answer && typeof answer === 'object' && 'code' in answer);
    assert.equal(answer.code, 'UNKNOWN_TARGET');
    assert.equal(bad.code, 2);
    assert.deepEqual(daemon.journal.facts('PIN_ASKED'), []);
    assert.deepEqual(daemon.journal.orders('SET_ROUTE'), []);
    await daemon.stop();
  });

  it('pause: a dead target is reported and not left; resume: it is left', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    assert.equal((await daemon.cli('pause')).code, 0);
    await stand.fault('kill-access scvm1');
    const would = await journal.order('NOTE_WOULD_SWITCH');
    assert.equal(would.kind, 'failover');
    const alarm = await journal.order('RAISE_ALARM', (o) => o.alarm === 'target_down');
    assert.match(alarm.reason, /paused/);
    assert.deepEqual(journal.orders('SET_ROUTE'), []);
    assert.equal(stand.table()[0]?.gateway, HOME);
    assert.equal((await daemon.cli('resume')).code, 0);
    const away = await journal.order('NOTE_SWITCH');
    assert.equal(away.kind, 'failover');
    await daemon.stop();
  });
});
