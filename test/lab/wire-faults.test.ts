/**
 * Faults of the wire and of power: each does what it says, to nothing else, and is undone.
 */

import assert from 'node:assert/strict';
import { openStand, type Stand, until } from './stand.ts';

describe('lab wire faults', function () {
  this.timeout(120_000);
  let stand: Stand;
  before(async () => {
    stand = await openStand(2);
  });
  after(() => stand?.close());

  const DATA1 = '10.10.85.15';

  /** Replies to `count` pings of `bytes` payload. */
  async function replies(host: string, ip: string, bytes = 56, count = 1): Promise<number> {
    const sent = ['-q', '-C', String(count), '-p', '20', '-t', '200', '-b', String(bytes), '-M'];
    const child = stand.lab.exec(host, 'fping', [...sent, ip], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    // fping -C prints one word per probe: its RTT, or "-".
    const words = text.trim().split(' : ')[1]?.trim().split(/\s+/) ?? [];
    return words.filter((word) => word !== '-').length;
  }
  const carrier = async (host: string, device: string) =>
    (await stand.output(host, 'ip', '-o', 'link', 'show', 'dev', device)).text;

  it('power-off: nothing answers, no FIN or RST gets out, the host keeps its links', async () => {
    const reader = "const s=require('net').connect(2049,'192.168.33.2');".concat(
      "s.on('connect',()=>console.log('connected'));s.on('close',()=>console.log('closed'));",
      "s.on('error',e=>console.log(e.code))",
    );
    const child = stand.lab.exec('host1', process.execPath, ['-e', reader], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until(
      async () => said,
      (text) => text === 'connected\n',
    );
    await stand.lab.fault('power-off scvm1');
    assert.equal(await replies('host1', DATA1), 0);
    assert.equal(await replies('host1', '10.10.85.16'), 1);
    assert.match(await carrier('host1', 'nfs'), /LOWER_UP/);
    assert.match(await carrier('host1', 'storage'), /LOWER_UP/);
    assert.equal(said, 'connected\n', 'a goodbye got out');
    child.kill('SIGKILL');
    await assert.rejects(stand.lab.fault('power-off scvm1'), /off already/);
    await assert.rejects(stand.lab.fault('kill-access scvm1'), /scvm1 is off/);
    const mac = async () =>
      /link\/ether (\S+)/.exec(await carrier('scvm1', 'storage'))?.[1] ?? 'none';
    await stand.lab.fault('power-on scvm1');
    await until(
      () => stand.write('host1', '192.168.33.2'),
      ([answer]) => answer?.server === 'scvm1',
    );
    assert.equal(await mac(), '02:52:02:01:00:01', 'it came back with its old MAC');
  });

  it('power-off in the middle of a boot leaves the SCVM off', async () => {
    await stand.lab.fault('power-off scvm1');
    await stand.lab.fault('power-on scvm1');
    await stand.lab.fault('power-off scvm1');
    assert.match(stand.lab.status(), /scvm1 power off, access down/);
    assert.equal(await replies('host1', DATA1), 0);
    await stand.lab.fault('power-on scvm1');
    await until(
      () => replies('host1', DATA1),
      (count) => count === 1,
    );
  });

  it('link-down: the host loses carrier and keeps its route, link-up brings it back', async () => {
    await stand.lab.fault('foreign-route host1 scvm1');
    await stand.lab.fault('link-down host1 storage');
    assert.match(await carrier('host1', 'storage'), /NO-CARRIER/);
    assert.equal(await replies('host1', DATA1), 0);
    assert.equal(await replies('host1', '192.168.85.15'), 1);
    const { text } = await stand.output('host1', 'ip', 'route', 'show', '192.168.33.2');
    assert.match(text, /via 10\.10\.85\.15 dev storage.*linkdown/);
    await stand.lab.fault('link-up host1 storage');
    await until(
      () => replies('host1', DATA1),
      (count) => count === 1,
    );
    await stand.lab.fault('delete-route host1');
  });

  it('a pulled cable stays pulled over a power cycle', async () => {
    await stand.lab.fault('link-down scvm2 storage');
    await stand.lab.fault('power-off scvm2');
    await stand.lab.fault('power-on scvm2');
    await until(
      () => replies('host1', '192.168.85.16'),
      (count) => count === 1,
    );
    assert.equal(await replies('host1', '10.10.85.16'), 0);
    await stand.lab.fault('link-up scvm2 storage');
    await until(
      () => replies('host1', '10.10.85.16'),
      (count) => count === 1,
    );
  });

  it('isolate: carrier stays, nothing passes, off undoes it', async () => {
    await stand.lab.fault('isolate host1 storage');
    assert.match(await carrier('host1', 'storage'), /LOWER_UP/);
    assert.equal(await replies('host1', DATA1), 0);
    assert.equal(await replies('host2', DATA1), 1);
    await stand.lab.fault('isolate host1 storage off');
    assert.equal(await replies('host1', DATA1), 1);
  });

  it('loss: the given part of the frames is lost, and none after 0%', async () => {
    await stand.lab.fault('loss scvm1 storage 50%');
    const got = await replies('host1', DATA1, 56, 100);
    assert.ok(got >= 20 && got <= 80, `${got} of 100 came back`);
    assert.equal(await replies('host1', '192.168.85.15', 56, 20), 20);
    await stand.lab.fault('loss scvm1 storage 0%');
    assert.equal(await replies('host1', DATA1, 56, 20), 20);
  });

  it('mtu: packets over the limit vanish in silence, packets at it pass', async () => {
    assert.equal(await replies('host1', DATA1, 1472), 1);
    await stand.lab.fault('mtu scvm1 storage 1400');
    assert.equal(await replies('host1', DATA1, 1372), 1, '1400 bytes pass');
    assert.equal(await replies('host1', DATA1, 1373), 0, '1401 bytes vanish');
    await stand.lab.fault('loss scvm1 storage 10%');
    await stand.lab.fault('loss scvm1 storage 0%');
    assert.equal(await replies('host1', DATA1, 1373), 0, 'another fault leaves it in place');
    await stand.lab.fault('mtu scvm1 storage off');
    assert.equal(await replies('host1', DATA1, 1472), 1);
  });

  it('duplicate: two MAC addresses answer ARP for one data IP, until off', async () => {
    const owner = async () => {
      await stand.output('host2', 'ip', 'neigh', 'flush', 'to', DATA1);
      await replies('host2', DATA1);
      const { text } = await stand.output('host2', 'ip', 'neigh', 'show', 'to', DATA1);
      return /lladdr (\S+)/.exec(text)?.[1] ?? 'none';
    };
    assert.equal(await owner(), '02:52:02:01:00:01');
    await stand.lab.fault('duplicate scvm1');
    await until(owner, (mac) => mac === '02:52:0d:01:00:01');
    await stand.lab.fault('duplicate scvm1 off');
    assert.equal(await owner(), '02:52:02:01:00:01');
  });

  it('heal undoes everything that stands, and an unknown name is refused', async () => {
    await assert.rejects(
      stand.lab.fault('power-off scvm9'),
      /no "scvm9" here; one of scvm1, scvm2/,
    );
    await stand.lab.fault('loss host1 all 100%');
    await stand.lab.fault('link-down scvm1 mgmt');
    await stand.lab.fault('rest scvm1 garbage');
    await stand.lab.fault('kill-access scvm2');
    await stand.lab.fault('heal');
    // One line for the lab, its leader, two SCVMs and the routes of two hosts: no fault stands.
    assert.equal(stand.lab.status().split('\n').length, 6, stand.lab.status());
    for (const ip of [DATA1, '192.168.85.15']) {
      await until(
        () => replies('host1', ip),
        (count) => count === 1,
      );
    }
  });
});
