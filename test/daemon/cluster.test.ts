/**
 * What the cluster says, or fails to say: a leader that is away, and session lists that are
 * garbage, late or missing. None of it moves a healthy path.
 */

import assert from 'node:assert/strict';
import { openStand, type Stand } from './stand.ts';

describe('daemon: what the cluster says', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('leader away for 25 s: nothing moves', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const atMs = await stand.fault('leader-away 25s');
    const back = stand.truth('leader', (e) => e.scvm !== null, atMs, 40_000);
    await journal.order('RAISE_ALARM', (o) => o.alarm === 'sessions_unavailable');
    const { atMs: backMs } = await back;
    assert.ok(backMs - atMs > 24_000, `the leader was back after ${backMs - atMs} ms`);
    await journal.fact(
      'SESSIONS_LISTED',
      (f) => f.atMs > backMs && f.sessions.length === 3,
      20_000,
    );
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'sessions_unavailable');
    await stand.served('scvm1', backMs);
    assert.deepEqual(journal.orders('SET_ROUTE'), []);
    assert.ok(!journal.orders('NOTE_VERDICT').some((o) => o.to === 'down'));
    await daemon.stop();
  });

  it('every REST front broken in every way: nothing moves, an alarm after stale_after', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    const rounds = [
      ['garbage', 'html', 'hang'],
      ['reset', 'slow', 'huge'],
      ['empty', 'empty', 'empty'],
    ];
    let firstMs = 0;
    for (const modes of rounds) {
      let atMs = 0;
      for (const [i, mode] of modes.entries())
        atMs = await stand.fault(`rest scvm${i + 1} ${mode}`);
      if (firstMs === 0) firstMs = atMs;
      // The first list after the change may have been asked for before it.
      const polls = () =>
        [...journal.facts('SESSIONS_FAILED'), ...journal.facts('SESSIONS_LISTED')].filter(
          (f) => f.atMs > atMs,
        );
      await journal.until(() => polls().length >= 3, `three polls of ${modes}`, 20_000);
      await daemon.status();
    }
    const alarm = await journal.order('RAISE_ALARM', (o) => o.alarm === 'sessions_unavailable');
    const lastGood = journal
      .facts('SESSIONS_LISTED')
      .findLast((f) => f.sessions.length > 0 && f.atMs < alarm.atMs);
    const afterMs = alarm.atMs - (lastGood?.atMs ?? 0);
    assert.ok(afterMs >= 5000 && afterMs < 10_000, `alarm ${afterMs} ms after the last good list`);
    assert.ok(alarm.reason.length > 10, alarm.reason);
    await stand.fault('heal');
    await journal.order('CLEAR_ALARM', (o) => o.alarm === 'sessions_unavailable');
    assert.deepEqual(journal.orders('SET_ROUTE'), []);
    await daemon.stop();
  });
});
