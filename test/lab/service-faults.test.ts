/**
 * Faults of the services: the access process, the REST front, insight's view, and who is served
 * where.
 */

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startClient } from '../../src/lab/passengers.ts';
import type { Truth } from '../../src/lab/truth.ts';
import { openStand, SHORT, type Stand, until } from './stand.ts';

describe('lab service faults', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand(2, { timings: { ...SHORT, answerMs: 100 } });
  });
  after(() => stand?.close());

  const URL1 = 'http://10.10.85.15/api/v3/sessions';
  const list = () => stand.http('host1', 'GET', URL1);
  const count = (fits: (event: Truth) => boolean) => stand.lab.truth.events.filter(fits).length;

  it('kill-access: the port is refused while the VM answers', async () => {
    await stand.lab.fault('kill-access scvm1');
    const [answer] = await stand.write('host1', '192.168.33.2');
    assert.equal(answer?.error, 'ECONNREFUSED');
    assert.equal((await stand.output('host1', 'fping', '10.10.85.15')).code, 0);
    await stand.lab.fault('start-access scvm1');
    await until(
      () => stand.write('host1', '192.168.33.2'),
      ([again]) => again?.server === 'scvm1',
    );
  });

  it('freeze-access: the port is open and silent, thaw-access brings the same session back', async () => {
    const [before] = await stand.sessions();
    await stand.lab.fault('freeze-access scvm1');
    const [answer] = await stand.write('host1', '192.168.33.2');
    assert.equal(answer?.error, 'silent');
    await until(
      () => stand.sessions(),
      ([row]) => row?.alive === false,
    );
    await stand.lab.fault('thaw-access scvm1');
    const [after] = await until(
      () => stand.sessions(),
      ([row]) => row?.alive === true,
    );
    assert.equal(after?.uuid, before?.uuid);
  });

  it('restart-loop: the service dies again and again, off leaves it up', async () => {
    const deaths = () =>
      count((e) => e.type === 'process' && e.what === 'scvm2 access' && e.state === 'ended');
    const start = deaths();
    await stand.lab.fault('restart-loop scvm2 1500ms 200ms');
    await until(
      async () => deaths(),
      (now) => now >= start + 2,
    );
    await stand.lab.fault('restart-loop scvm2 off');
    await until(
      () => stand.write('host2', '192.168.33.2'),
      ([answer]) => answer?.server === 'scvm2',
    );
    assert.match(stand.lab.status(), /scvm2 power on, access running$/m);
  });

  it('rest: every mode fails a caller in its own way, at one front only', async () => {
    const good = await list();
    assert.equal(JSON.parse(good.text ?? '').ec, 'EOK');
    const expected: Record<string, (a: Awaited<ReturnType<typeof list>>) => boolean> = {
      garbage: (a) => a.status === 200 && !isJson(a.text),
      html: (a) => a.status === 200 && /<html>/.test(a.text ?? ''),
      empty: (a) => JSON.parse(a.text ?? '').data.length === 0,
      reset: (a) => a.error === 'ECONNRESET' || a.error === 'UND_ERR_SOCKET',
      hang: (a) => a.error === 'TimeoutError',
      slow: (a) => a.error === 'TimeoutError',
      ok: (a) => JSON.parse(a.text ?? '').ec === 'EOK',
    };
    for (const [mode, fits] of Object.entries(expected)) {
      await stand.lab.fault(`rest scvm1 ${mode}`);
      const answer = await list();
      assert.ok(fits(answer), `${mode}: ${JSON.stringify(answer)}`);
      assert.equal((await stand.sessions('10.10.85.16')).length, 2);
    }
  });

  it('insight: exports what it hears, and forgets it after its ttl', async () => {
    const metrics = async () =>
      (await stand.http('host2', 'GET', 'http://10.10.85.16:10700/metrics')).text ?? '';
    assert.match(await metrics(), /server_status\{_data_ip="10\.10\.85\.15"\} 1\.000000/);
    const beat = {
      hypervisor_ip: '192.168.85.11',
      local_scvm_data_ip: '10.10.85.15',
      local_scvm_manage_ip: '192.168.85.15',
      nfs_target_ip: '10.10.85.16',
      ttl: 2,
    };
    const url = 'http://10.10.85.16:10700/api/v1/ioreroute';
    assert.equal((await stand.http('host1', 'PUT', url, { ...beat, ttl: 'no' })).status, 400);
    assert.equal((await stand.http('host1', 'PUT', url, beat)).status, 200);
    assert.match(await metrics(), /server_status\{_data_ip="10\.10\.85\.15"\} 2\.000000/);
    await stand.http('host1', 'PUT', url, { ...beat, nfs_target_ip: '10.10.85.15' });
    await until(metrics, (text) => /_data_ip="10\.10\.85\.15"\} 0\.0/.test(text));
    await until(metrics, (text) => /_data_ip="10\.10\.85\.15"\} 1\.0/.test(text));
  });

  it('a login elsewhere revokes every recorded address of the same hypervisor', async () => {
    const [row] = await stand.sessions();
    const url = `http://10.10.85.16/api/v2/zbs_session/session/${row?.uuid}`;
    await stand.http('host1', 'PUT', url, { client_ips: ['10.10.85.11', '192.168.85.11'] });
    const client = startClient(stand.lab, 'host1');
    const seen = (server: string, after = 0) =>
      stand.lab.truth.next(
        (e) => e.type === 'client' && e.host === 'host1' && e.server === server && e.atMs > after,
        10_000,
      );
    await seen('scvm1');
    await stand.lab.fault('foreign-route host1 scvm2');
    // Its connection from 192.168.33.1 hangs; only a login from another address frees it.
    await stand.write('host1', '192.168.33.2');
    const revoked = await stand.lab.truth.next(
      (e) => e.type === 'revoked' && e.scvm === 'scvm1' && e.clients.includes('192.168.33.1'),
      5000,
    );
    assert.ok(revoked.type === 'revoked' && revoked.clients.includes('10.10.85.11'));
    client.kill('SIGKILL');
    await stand.lab.fault('delete-route host1');
    const served = stand.lab.truth.events.find((e) => e.type === 'served' && e.scvm === 'scvm1');
    assert.ok(served?.type === 'served' && served.host === 'host1' && served.answered > 0);
  });

  it('a client whose request was acknowledged and never answered hangs until it is cut off', async () => {
    await stand.lab.fault('foreign-route host1 scvm2');
    const client = startClient(stand.lab, 'host1');
    const { truth } = stand.lab;
    const later = (afterMs: number) => (e: Truth) => e.type === 'client' && e.atMs > afterMs;
    await until(
      async () => count((e) => e.type === 'client' && e.server === 'scvm2'),
      (seen) => seen > 0,
    );
    // Frozen first: its kernel acknowledges the last request, and nobody answers it.
    await stand.lab.fault('freeze-access scvm2');
    await sleep(300);
    await stand.lab.fault('power-off scvm2');
    const offMs = truth.events.at(-1)?.atMs ?? 0;
    await stand.lab.fault('foreign-route host1 scvm1');
    // That nothing happens can only be seen by waiting.
    await sleep(2500);
    assert.equal(count(later(offMs)), 0, 'it came back by itself');
    const cut = await stand.output('host1', 'ss', '-4', '-t', '-K', 'dst', '192.168.33.2');
    assert.equal(cut.code, 0);
    const moved = await truth.next(
      (e) => later(offMs)(e) && e.type === 'client' && e.event === 'moved',
      5000,
    );
    assert.ok(moved.type === 'client' && moved.server === 'scvm1', JSON.stringify(moved));
    client.kill('SIGKILL');
    await stand.lab.fault('power-on scvm2');
  });
});

function isJson(text: string | undefined): boolean {
  try {
    JSON.parse(text ?? '');
    return true;
  } catch {
    return false;
  }
}
