/**
 * Somebody else writes the host's routing table: the entry is deleted, doubled, or two were there
 * before the daemon began. The kernel's own notifications are the witness.
 */

import assert from 'node:assert/strict';
import { NFS_IP } from '../../src/lab/plan.ts';
import { gatewayOf, HOME, openStand, type Stand, untilTruth } from './stand.ts';

describe('daemon: the routing table in other hands', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('route deleted by hand: back within a second', async () => {
    const daemon = stand.run();
    await daemon.settled();
    for (let n = 1; n <= 3; n += 1) {
      const seen = stand.lab.truth.events.length;
      await stand.fault('delete-route host1');
      const since = () =>
        stand.lab.truth.events
          .slice(seen)
          .flatMap((e) => (e.type === 'route' && e.host === 'host1' ? [e] : []));
      const isGone = (e: { change: string }) => e.change.startsWith('Deleted');
      const isBack = () => since().some(isGone) && stand.table()[0]?.gateway === HOME;
      await untilTruth(stand.lab, isBack, 'gone and back', 5000);
      const gone = since().find(isGone);
      const back = since().find((e) => !isGone(e));
      assert.ok(gone && back);
      assert.ok(back.atMs - gone.atMs < 1000, `back after ${back.atMs - gone.atMs} ms`);
    }
    await daemon.journal.until(
      () => daemon.journal.orders('NOTE_SWITCH').filter((o) => o.kind === 'repair').length >= 3,
      'a repair for each',
    );
    await daemon.stop();
  });

  it('our entry replaced by a foreign one: taken back', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const seen = stand.lab.truth.events.length;
    await stand.fault('foreign-route host1 scvm2');
    await untilTruth(
      stand.lab,
      () => stand.lab.truth.events.slice(seen).some((e) => e.type === 'route'),
      'the foreign entry',
      5000,
    );
    await stand.tableHolds(HOME);
    assert.equal(stand.table()[0]?.protocol, '133');
    await daemon.stop();
  });

  it('a foreign entry of another metric beside ours: one entry again', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const seen = stand.lab.truth.events.length;
    await stand.fault('foreign-route host1 scvm2 metric 50');
    const own = () => stand.lab.truth.events.slice(seen).filter((e) => e.type === 'route');
    await untilTruth(
      stand.lab,
      () => own().some((e) => e.type === 'route' && /^Deleted .* metric 50/.test(e.change)),
      'the foreign entry is deleted',
      5000,
    );
    await stand.tableHolds(HOME);
    await daemon.stop();
  });

  it('two entries there before the start: one after the warm-up, and no switch', async () => {
    await stand.fault('foreign-route host1 scvm3 metric 7');
    await untilTruth(stand.lab, () => stand.table().length === 2, 'two entries', 5000);
    const daemon = stand.run();
    await stand.tableHolds(HOME);
    await daemon.settled();
    const moves = daemon.journal.orders('NOTE_SWITCH').filter((o) => o.kind !== 'repair');
    assert.deepEqual(moves, []);
    await daemon.stop();
  });

  it('no entry at the start: home', async () => {
    await stand.ip('host1', 'route', 'del', `${NFS_IP}/32`);
    await untilTruth(stand.lab, () => stand.table().length === 0, 'no entry', 5000);
    const daemon = stand.run();
    await daemon.settled();
    await stand.tableHolds(HOME);
    const [first] = daemon.journal.orders('NOTE_SWITCH');
    assert.equal(first?.kind, 'first');
    await daemon.stop();
  });

  it('an unknown gateway at the start: home, in one step', async () => {
    const foreign = gatewayOf(50);
    await stand.ip('host1', 'route', 'replace', `${NFS_IP}/32`, 'via', foreign);
    await untilTruth(stand.lab, () => stand.table()[0]?.gateway === foreign, 'the entry', 5000);
    const daemon = stand.run();
    await stand.tableHolds(HOME);
    await daemon.settled();
    await daemon.stop();
  });
});
