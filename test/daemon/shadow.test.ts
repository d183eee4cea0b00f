/**
 * Beside the old tool: `run --shadow` sees and decides as ever and touches nothing. And what the
 * verbs print about a real failover, for people and for scripts.
 */

import assert from 'node:assert/strict';
import { HOME, openStand, type Stand } from './stand.ts';

describe('daemon: shadow, and what the verbs print', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('run --shadow: would switch, but never an order carried out, a record or a heartbeat', async () => {
    const daemon = stand.run({ args: ['--shadow'] });
    const { journal } = daemon;
    await journal.until(() => journal.state('access') === 'Normal', 'Normal');
    await stand.fault('kill-access scvm1');
    const would = await journal.order('NOTE_WOULD_SWITCH');
    assert.equal(would.kind, 'failover');
    const [history, pin, status] = await Promise.all([
      daemon.cli('history'),
      daemon.cli('route', 'scvm2'),
      daemon.cli('status'),
    ]);
    assert.match(history.stdout, /would switch to scvm[23]\/data \(failover\), /);
    assert.equal(pin.code, 1);
    assert.match(pin.stderr, /shadow/);
    assert.match(status.stdout, /SHADOW/);
    for (const type of ['SET_ROUTE', 'REFRESH_RECORD', 'BREAK_CONNECTIONS'] as const) {
      assert.deepEqual(journal.orders(type), [], type);
    }
    const said = stand.lab.truth.events.filter(
      (e) =>
        e.atMs > daemon.startedAtMs &&
        (e.type === 'record' || (e.type === 'heartbeat' && e.hypervisorIp === '10.10.85.11')),
    );
    assert.deepEqual(said, []);
    assert.equal(stand.table()[0]?.gateway, HOME);
    await daemon.stop();
  });

  it('status, why and history: the facts of a failover, as text and as JSON', async () => {
    const daemon = stand.run();
    await daemon.settled();
    await stand.fault('kill-access scvm1');
    const away = await daemon.journal.order('NOTE_SWITCH');
    await daemon.journal.until(
      () =>
        daemon.journal.state('access') === 'Rerouted' && daemon.journal.state('record') !== null,
      'Rerouted',
    );
    const target = away.to;
    const [status, why, history, statusJson, whyJson, historyJson] = await Promise.all([
      daemon.cli('status'),
      daemon.cli('why'),
      daemon.cli('history', '-n', '100'),
      daemon.cli('status', '--json'),
      daemon.cli('why', '--json'),
      daemon.cli('history', '--json', '-n', '100'),
    ]);
    const all = [status, why, history, statusJson, whyJson, historyJson];
    assert.deepEqual(
      all.map((x) => [x.code, x.stderr]),
      all.map(() => [0, '']),
    );
    assert.match(status.stdout, /^host1 {2}Rerouted/m);
    assert.match(
      status.stdout,
      new RegExp(`target +${target}, home is scvm1/data +192.168.33.2/32`),
    );
    assert.match(status.stdout, /scvm1\/data +10\.10\.85\.15 +down .*service refused/);
    assert.match(why.stdout, new RegExp(`Rerouted: the route leads to ${target}`));
    assert.match(why.stdout, new RegExp(`switched: scvm1/data -> ${target} \\(failover\\)`));
    assert.match(why.stdout, /return home: stopped by home_up \(scvm1\/data is down/);
    assert.match(history.stdout, new RegExp(`switched: scvm1/data -> ${target} \\(failover\\)`));
    assert.match(history.stdout, /path scvm1\/data: up -> suspect, service refused/);

    const answer = JSON.parse(statusJson.stdout);
    assert.equal(answer.state, 'Rerouted');
    assert.equal(answer.target, target);
    assert.equal(answer.table.entries[0].gateway, answer.gateway);
    assert.equal(answer.pid, daemon.pid);
    const reasons = JSON.parse(whyJson.stdout);
    assert.ok(reasons.chain.some((n: { line: string }) => n.line.startsWith('switched: ')));
    assert.equal(
      reasons.moves.find((m: { move: string }) => m.move === 'return home').stoppedBy.name,
      'home_up',
    );
    const events = JSON.parse(historyJson.stdout);
    const switched = events.find((e: { type: string }) => e.type === 'NOTE_SWITCH');
    assert.equal(switched.to, target);
    // Wall-clock time of the switch, from a monotonic one: within the life of this test.
    assert.ok(Math.abs(switched.wallMs - Date.now()) < 60_000);
    await daemon.stop();
  });
});
