/**
 * Sessions over the real REST interface, against DOMAIN section 2: ages, uuids, leases, and a
 * leader that goes away.
 */

import assert from 'node:assert/strict';
import { openStand, type Stand, until } from './stand.ts';

describe('lab sessions', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  after(() => stand?.close());

  const uuids = (rows: readonly { uuid: string }[]) => rows.map((row) => row.uuid);

  it('every SCVM lists all three, alive, whoever leads', async () => {
    for (const of of ['10.10.85.15', '10.10.85.16', '192.168.85.17']) {
      const rows = await stand.sessions(of);
      assert.deepEqual(
        rows.map((row) => [row.ip, row.manage_ip, row.alive]),
        [15, 16, 17].map((n) => [`10.10.85.${n}`, `192.168.85.${n}`, true]),
      );
    }
  });

  it('a restarted access service has a new uuid, a new age and no record', async () => {
    const before = await stand.sessions();
    await until(
      () => stand.sessions(),
      ([, , row]) => (row?.alive_sec ?? 0) >= 1,
    );
    const put = await record(before[2]?.uuid ?? '', ['10.10.85.13', '192.168.85.13']);
    assert.equal(put.ec, 'EOK');
    assert.deepEqual((await stand.sessions())[2]?.local_client_ips, [
      '10.10.85.13',
      '192.168.85.13',
    ]);
    await stand.lab.fault('kill-access scvm3');
    await stand.lab.fault('start-access scvm3');
    const after = await until(
      () => stand.sessions(),
      (rows) => rows[2]?.uuid !== before[2]?.uuid,
    );
    assert.deepEqual(uuids(after).slice(0, 2), uuids(before).slice(0, 2));
    assert.ok((after[2]?.alive_sec ?? 99) < (after[0]?.alive_sec ?? 0), JSON.stringify(after));
    assert.deepEqual(after[2]?.local_client_ips, []);
  });

  it('a record is refused for an unknown session and for a body that is none', async () => {
    const unknown = await record('00000000-0000-4000-8000-000000000000', ['10.10.85.13']);
    assert.equal(unknown.ec, 'ESESSIONNOTFOUND');
    const invalid = await record((await stand.sessions())[0]?.uuid ?? '', ['not an address']);
    assert.equal(invalid.ec, 'EINVAL');
  });

  it('a leader failover keeps uuids, ages and records, and expires nobody', async () => {
    const before = await stand.sessions();
    const first = before[0]?.uuid ?? '';
    assert.equal((await record(first, ['10.10.85.11', '192.168.85.11'])).ec, 'EOK');
    const leader = stand.lab.leader();
    await stand.lab.fault('leader-away 1500ms');
    const away = await stand.http('host1', 'GET', 'http://10.10.85.16/api/v3/sessions');
    assert.equal(JSON.parse(away.text ?? '').ec, 'ENOLEADER');
    await until(
      async () => stand.lab.leader(),
      (name) => name !== null,
    );
    assert.notEqual(stand.lab.leader(), leader);
    const after = await until(
      () => stand.sessions(),
      (rows) => rows.length === 3,
    );
    assert.deepEqual(uuids(after), uuids(before));
    assert.deepEqual(after[0]?.local_client_ips, ['10.10.85.11', '192.168.85.11']);
    assert.ok((after[0]?.alive_sec ?? 0) >= (before[0]?.alive_sec ?? 0) + 1);
    const expired = stand.lab.truth.events.filter(
      (event) => event.type === 'session' && event.state === 'expired',
    );
    assert.deepEqual(expired, []);
  });

  it('a powered-off SCVM is first not alive, then absent; its successor leads', async () => {
    const leader = stand.lab.leader() ?? '';
    const ip = `10.10.85.${14 + Number(leader.slice(4))}`;
    const other = ip === '10.10.85.16' ? '10.10.85.17' : '10.10.85.16';
    await stand.lab.fault(`power-off ${leader}`);
    await until(
      async () => stand.lab.leader(),
      (name) => name !== null && name !== leader,
    );
    const rows = await until(
      () => stand.sessions(other),
      (found) => found.length === 2,
    );
    assert.ok(!rows.some((row) => row.ip === ip), 'a new leader never met the dead one');
    await stand.lab.fault(`power-on ${leader}`);
    await until(
      () => stand.sessions(other),
      (found) => found.length === 3 && found.every((row) => row.alive),
    );
    const follower = ['scvm1', 'scvm2', 'scvm3'].find((name) => name !== stand.lab.leader()) ?? '';
    const lost = `10.10.85.${14 + Number(follower.slice(4))}`;
    const asked = `10.10.85.${14 + Number(stand.lab.leader()?.slice(4))}`;
    await stand.lab.fault(`power-off ${follower}`);
    const find = async () => (await stand.sessions(asked)).find((row) => row.ip === lost);
    assert.equal((await find())?.alive, true, 'the master sees it later');
    await until(find, (row) => row?.alive === false);
    await until(find, (row) => row === undefined);
    await stand.lab.fault(`power-on ${follower}`);
    await until(find, (row) => row?.alive === true);
    // Its session may be alive before its front listens.
    await until(
      () => stand.http('host1', 'GET', `http://${lost}/api/v3/sessions`),
      (answer) => answer.status === 200,
    );
  });

  it('a follower without a leader beyond its jeopardy stops serving, and serves anew', async () => {
    const before = await stand.sessions();
    const expired = () =>
      stand.lab.truth.events.filter((e) => e.type === 'session' && e.state === 'expired').length;
    const earlier = expired();
    await stand.lab.fault('leader-away 30s');
    await until(
      async () => expired(),
      (count) => count === earlier + 3,
    );
    const [refused] = await stand.write('host1', '192.168.33.2');
    assert.equal(refused?.error, 'ECONNREFUSED');
    await stand.lab.fault('heal');
    const after = await until(
      () => stand.sessions(),
      (rows) => rows.length === 3,
    );
    assert.ok(!uuids(after).some((uuid) => uuids(before).includes(uuid)));
    await until(
      () => stand.write('host1', '192.168.33.2'),
      ([answer]) => answer?.server === 'scvm1',
    );
  });

  async function record(uuid: string, ips: readonly string[]): Promise<{ ec: string }> {
    const url = `http://10.10.85.16/api/v2/zbs_session/session/${uuid}`;
    const answer = await stand.http('host1', 'PUT', url, { client_ips: ips });
    return JSON.parse(answer.text ?? '{}');
  }
});
