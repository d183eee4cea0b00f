/**
 * A chunk process that restarts again and again: in production each restart made an away-and-back
 * switch within seconds, and one of them stalled an Oracle RAC guest until it rebooted itself.
 */

import assert from 'node:assert/strict';
import { openStand, type Stand } from './stand.ts';

describe('daemon: flapping', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('restart loop of the local service: few moves, each relapse doubles the hold', async () => {
    const daemon = stand.run({
      overrides: {
        service: { service_hold: '500ms' },
        timers: { back_to_normal: '1500ms', return_guard: '1s', dwell: '1s' },
      },
    });
    await daemon.settled();
    const { journal } = daemon;
    const atMs = await stand.fault('restart-loop scvm1 6s 2s');
    const restarts = () =>
      stand.lab.truth.events.filter(
        (e) =>
          e.type === 'process' &&
          e.what === 'scvm1 access' &&
          e.state === 'ended' &&
          e.atMs > atMs - 2000,
      ).length;
    await stand.truth('process', () => restarts() >= 5, atMs, 60_000);
    const moves = journal.orders('NOTE_SWITCH');
    const { hold } = await daemon.status();
    // Away and back once per restart would be 9 or 10.
    assert.ok(
      moves.length >= 1 && moves.length <= 5,
      `${moves.length} moves in ${restarts()} restarts`,
    );
    assert.ok(hold.relapses >= 1, `${hold.relapses} relapses`);
    assert.ok(hold.holdMs >= 1500 * 2 ** hold.relapses, `hold ${hold.holdMs} ms`);
    await stand.fault('restart-loop scvm1 off');
    await stand.served(() => true, moves.at(-1)?.atMs ?? 0);
    await daemon.stop();
  });
});
