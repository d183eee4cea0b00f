/**
 * The process: one per host, gone quickly with the route left, a new configuration without a
 * restart, and exit codes that a script can rely on.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './daemon.ts';
import { HOME, openStand, type Stand } from './stand.ts';

describe('daemon: process', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  beforeEach(() => stand.reset());
  after(() => stand?.release());

  it('a second daemon is refused with the pid of the first, which goes on undisturbed', async () => {
    const first = stand.run();
    await first.settled();
    const second = stand.run({ dir: first.dir });
    const { code, stderr } = await second.exited;
    assert.equal(code, 1);
    assert.match(stderr, /reroute service is already running, process \d+ exit actively/);
    assert.match(stderr, new RegExp(`held by process ${first.pid}\\b`));
    second.journal.close();
    assert.equal((await first.status()).pid, first.pid);
    assert.equal(first.journal.facts('STARTED').length, 1);
    await first.stop();
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`${signal}: the route stays, exit code 0, quickly`, async () => {
      const daemon = stand.run();
      await daemon.settled();
      const changes = () => stand.lab.truth.events.filter((e) => e.type === 'route').length;
      const before = changes();
      const beganMs = performance.now();
      const ended = await daemon.stop(signal);
      const tookMs = performance.now() - beganMs;
      assert.deepEqual([ended.code, ended.signal], [0, null]);
      assert.ok(tookMs < 2000, `it took ${tookMs} ms`);
      assert.equal(changes(), before);
      assert.deepEqual(
        stand.table().map((e) => e.gateway),
        [HOME],
      );
    });
  }

  it('reload: a good file changes a timer, a bad one nothing, and says every problem', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { journal } = daemon;
    assert.equal((await daemon.status()).hold.holdMs, 4000);
    daemon.configure({ timers: { back_to_normal: '9s' } });
    const done = await daemon.cli('reload');
    assert.deepEqual([done.code, done.stdout], [0, `reloaded ${daemon.configFile}\n`]);
    assert.equal((await daemon.status()).hold.holdMs, 9000);

    daemon.configure({ timers: { back_to_normal: '7s' } });
    daemon.signal('SIGHUP');
    await journal.until(() => journal.facts('RELOADED').length === 2, 'SIGHUP reloads');
    assert.equal((await daemon.status()).hold.holdMs, 7000);

    daemon.configure({ timers: { back_to_normal: 'soon' }, probe: { fall: 0 }, colour: 'red' });
    const socket = join(daemon.dir, 'sock');
    const refused = await runCli('reload', '--socket', socket);
    assert.equal(refused.code, 1);
    for (const place of [/timers\.back_to_normal/, /probe\.fall/, /colour/]) {
      assert.match(refused.stderr, place);
    }
    daemon.signal('SIGHUP');
    assert.equal((await daemon.status()).hold.holdMs, 7000);
    assert.equal(journal.facts('RELOADED').length, 2);
    assert.deepEqual(journal.orders('SET_ROUTE'), []);
    await daemon.stop();
  });

  it('exit codes: no daemon 1, no or bad configuration 2, each in one clear message', async () => {
    const daemon = stand.run();
    await daemon.settled();
    await daemon.stop();
    const bad = join(daemon.dir, 'bad.yaml');
    writeFileSync(bad, 'scvms: []\nprofile: quick\n');
    const [none, absent, invalid, notRun, usage] = await Promise.all([
      daemon.cli('status'),
      runCli('status', '--config', '/nowhere/reroute.yaml'),
      runCli('check', bad),
      runCli('run', '--config', bad),
      runCli('rout', 'scvm1'),
    ]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /no daemon is running for this configuration .*reroute run/);
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /\/nowhere\/reroute\.yaml/);
    for (const { code, stderr } of [invalid, notRun]) {
      assert.equal(code, 2);
      assert.match(stderr, /scvms/);
      assert.match(stderr, /profile/);
    }
    assert.equal(usage.code, 2);
  });
});
