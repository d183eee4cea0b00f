/**
 * The lab's networks against the picture of DOMAIN section 1: who reaches whom, by which network,
 * and who answers for the address that every SCVM owns.
 */

import assert from 'node:assert/strict';
import { openStand, type Stand } from './stand.ts';

describe('lab topology', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  after(() => stand?.close());

  const DATA = ['10.10.85.15', '10.10.85.16', '10.10.85.17'];
  const MANAGE = ['192.168.85.15', '192.168.85.16', '192.168.85.17'];

  it('every host pings every SCVM by the storage and the management network', async () => {
    for (const host of ['host1', 'host2', 'host3']) {
      const { text, code } = await stand.output(
        host,
        ...(['fping', '-a', '-r0', '-t1000'] as const),
        ...DATA,
        ...MANAGE,
        '192.168.33.2',
      );
      assert.equal(code, 0, `${host} reached only ${text}`);
    }
  });

  it('every SCVM answers for itself on both networks, the local one on the private', async () => {
    for (const n of [1, 2, 3]) {
      const answers = await stand.write(`host${n}`, ...DATA, ...MANAGE, '192.168.33.2');
      const servers = answers.map((answer) => answer.server);
      const all = ['scvm1', 'scvm2', 'scvm3'];
      assert.deepEqual(servers, [...all, ...all, `scvm${n}`]);
      assert.equal(answers.at(-1)?.source, '192.168.33.1');
    }
  });

  it('a /32 host route decides who answers, and from which of our addresses we ask', async () => {
    const cases = [
      ['10.10.85.15', 'scvm1', '10.10.85.11'],
      ['10.10.85.16', 'scvm2', '10.10.85.11'],
      ['192.168.85.17', 'scvm3', '192.168.85.11'],
    ] as const;
    for (const [via, server, source] of cases) {
      await stand.lab.fault(`foreign-route host1 ${via}`);
      const [answer] = await stand.write('host1', '192.168.33.2');
      assert.deepEqual(answer, { address: '192.168.33.2', server, source });
    }
    assert.match(await stand.lab.fault('delete-route host1'), /^1 deleted/);
    const [answer] = await stand.write('host1', '192.168.33.2');
    assert.equal(answer?.server, 'scvm1');
  });

  it('no SCVM answers ARP for the common address on the storage network', async () => {
    const route = ['192.168.33.2/32', 'dev', 'storage'];
    await stand.output('host1', 'ip', 'route', 'add', ...route);
    const [answer] = await stand.write('host1', '192.168.33.2');
    assert.equal(answer?.server, undefined);
    await stand.output('host1', 'ip', 'route', 'del', ...route);
  });

  it('the private networks of two hosts never meet', async () => {
    await stand.lab.fault('kill-access scvm2');
    const [answer] = await stand.write('host2', '192.168.33.2');
    assert.equal(answer?.error, 'ECONNREFUSED');
    await stand.lab.fault('start-access scvm2');
  });

  it('route changes reach the ground truth as the kernel announced them', async () => {
    await stand.lab.fault('foreign-route host2 scvm3');
    const said = await stand.lab.truth.next(
      (event) => event.type === 'route' && event.host === 'host2',
      5000,
    );
    assert.match(JSON.stringify(said), /192\.168\.33\.2 via 10\.10\.85\.17 dev storage/);
    await stand.lab.fault('delete-route host2');
  });

  it('the configuration for a host names its own SCVM local and keeps to its directory', () => {
    const text = stand.lab.configFor('host2', { probe: { fall: 2 }, log: { level: 'debug' } });
    assert.match(text, /name: scvm2\n\s+local: true\n\s+data_ip: 10\.10\.85\.16/);
    assert.match(text, /fall: 2/);
    assert.match(text, /level: debug/);
    assert.ok(text.includes(`${stand.lab.runDir}/host2/scvm_failure.log`));
  });
});
