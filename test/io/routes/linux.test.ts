/**
 * The Linux routing table against a real kernel, each test in a network namespace of its own.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createLinuxRoutes } from '../../../src/io/routes/linux.ts';
import type { RouteHand, RouteOptions } from '../../../src/io/routes/table.ts';
import {
  createNamespace,
  createRecorder,
  type Namespace,
  NFS_IP,
  type Recorder,
  realClock,
  setRoute,
} from './namespace.ts';

describe('routes on linux', () => {
  let ns: Namespace;
  let seen: Recorder;
  let hands: RouteHand[];

  function open(options: Partial<RouteOptions> = {}): RouteHand {
    const hand = createLinuxRoutes({
      nfsIp: NFS_IP,
      commandDeadlineMs: 2000,
      report: seen.report,
      clock: realClock,
      ipFile: ns.ipFile,
      ssFile: ns.ssFile,
      ...options,
    });
    hands.push(hand);
    return hand;
  }

  const tableNow = () => ns.ip(`route show table main exact ${NFS_IP}/32`).trim();

  beforeEach(() => {
    ns = createNamespace();
    seen = createRecorder();
    hands = [];
  });
  afterEach(() => {
    for (const hand of hands) hand.close();
    ns.destroy();
  });

  it('sets: adds, replaces and sets again, and reads back the one entry', async () => {
    const hand = open({ watch: false });
    for (const [id, gateway] of [
      [1, '10.10.85.15'],
      [2, '192.168.85.16'],
      [3, '192.168.85.16'],
    ] as const) {
      hand.set(setRoute(id, gateway));
      const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === id);
      const device = gateway.startsWith('10.') ? 'eth0' : 'eth1';
      assert.deepEqual(entries, [{ gateway, device, metric: 0, protocol: '133', plain: true }]);
    }
    assert.match(tableNow(), /^192.168.33.2 via 192.168.85.16 dev eth1 proto 133\s*$/);
  });

  it('sets: shows neither two entries nor none to a reader over 200 switches', async () => {
    ns.ip(`route replace ${NFS_IP}/32 via 10.10.85.15 proto 133`);
    const hand = open({ watch: false });
    // A reader of its own that asks the kernel as fast as it can.
    const reader = spawn(ns.ipFile, ['-j', '-force', '-batch', '-'], { stdio: 'pipe' });
    const ask = () => reader.stdin.write(`route show table main exact ${NFS_IP}/32\n`);
    const counts = new Map<number, number>();
    const monitor = spawn(ns.ipFile, ['-4', '-o', 'monitor', 'route']);
    const deletions: string[] = [];
    createInterface(monitor.stdout).on('line', (line) => {
      if (/^Deleted.*192\.168\.33\.2/.test(line)) deletions.push(line);
    });
    createInterface(reader.stdout).on('line', (line) => {
      const length = (JSON.parse(line) as unknown[]).length;
      counts.set(length, (counts.get(length) ?? 0) + 1);
      if (reader.stdin.writable) ask();
    });
    ask();
    try {
      for (let id = 1; id <= 200; id += 1) {
        const gateway = id % 2 === 0 ? '10.10.85.15' : '10.10.85.16';
        hand.set(setRoute(id, gateway));
        const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === id);
        assert.deepEqual(
          entries.map((entry) => entry.gateway),
          [gateway],
        );
      }
    } finally {
      reader.stdin.end();
      await once(reader, 'exit');
      monitor.kill();
      await once(monitor, 'exit');
    }
    assert.deepEqual([...counts.keys()], [1], `readings by length: ${[...counts]}`);
    assert.ok((counts.get(1) ?? 0) > 200, 'the reader looked more often than the route moved');
    assert.deepEqual(deletions, []);
  });

  it('sets: carries out orders that come at once in the order they came', async () => {
    const hand = open({ watch: false });
    for (let id = 1; id <= 20; id += 1) hand.set(setRoute(id, `10.10.85.${20 + id}`));
    await seen.next('ROUTE_READ', (fact) => fact.orderId === 20);
    const order = seen.facts.map((fact) => (fact.type === 'ROUTE_READ' ? fact.orderId : fact));
    assert.deepEqual(
      order,
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    assert.match(tableNow(), /via 10.10.85.40 /);
  });

  it('sets: refuses orders beyond the queue bound instead of growing', async () => {
    const hand = open({ watch: false });
    for (let id = 1; id <= 80; id += 1) hand.set(setRoute(id, '10.10.85.15'));
    const refused = await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 80);
    assert.match(refused.error, /64 orders wait/);
    await seen.next('ROUTE_READ', (fact) => fact.orderId === 65);
  });

  it('sets: adds the further routes first and removes the named foreign ones after', async () => {
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.99 metric 5 proto static`);
    ns.ip(`route add blackhole ${NFS_IP}/32 metric 7`);
    ns.ip(`route add ${NFS_IP}/32 metric 8 nexthop via 10.10.85.15 nexthop via 10.10.85.16`);
    ns.ip(`route add ${NFS_IP}/32 tos 0x10 via 10.10.85.17`);
    ns.ip(`route add ${NFS_IP}/32 dev eth1 metric 9`);
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.98 proto boot`);
    const hand = open({ watch: false });
    hand.read(1);
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.equal(entries.length, 6);
    assert.equal(entries.filter((entry) => entry.plain).length, 3);
    const kept = entries.filter((entry) => entry.metric === 5);
    const remove = entries.filter((entry) => entry.metric !== 5);
    const also = [{ dst: '10.10.85.16', gateway: '192.168.85.16' }];
    hand.set(setRoute(2, '10.10.85.16', remove, also));
    const after = await seen.next('ROUTE_READ', (fact) => fact.orderId === 2);
    assert.deepEqual(
      after.entries.map((entry) => [entry.gateway, entry.metric, entry.protocol]),
      [
        ['10.10.85.16', 0, '133'],
        ['10.10.85.99', 5, 'static'],
      ],
    );
    assert.deepEqual(after.entries[1], kept[0]);
    assert.match(ns.ip('route show 10.10.85.16'), /via 192.168.85.16 dev eth1 proto 133/);
  });

  it('sets: leaves the wanted entry alone when it stands second and the first is removed', async () => {
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.99 proto static`);
    ns.ip(`route append ${NFS_IP}/32 via 10.10.85.16 proto 133`);
    const hand = open({ watch: false });
    hand.read(1);
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.equal(entries.length, 2);
    hand.set(setRoute(2, '10.10.85.16', entries));
    const after = await seen.next('ROUTE_READ', (fact) => fact.orderId === 2);
    assert.deepEqual(
      after.entries.map((entry) => entry.gateway),
      ['10.10.85.16'],
    );
  });

  it("refuses with the tool's words when the gateway cannot be reached, and reads on", async () => {
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.15 proto 133`);
    const hand = open({ watch: false });
    hand.set(setRoute(1, '172.16.9.9'));
    const { error } = await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 1);
    assert.match(error, /Nexthop has invalid gateway|Network is unreachable/);
    const { entries } = await seen.next('ROUTE_READ');
    assert.deepEqual(
      entries.map((entry) => entry.gateway),
      ['10.10.85.15'],
    );
  });

  it('clears only the entries with our protocol number', async () => {
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.15 proto 133`);
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.16 metric 5 proto static`);
    ns.ip('route add 10.10.85.16/32 via 192.168.85.16 proto 133');
    ns.ip('route add 10.99.0.0/16 via 192.168.85.16 proto 133');
    const cleared = await open({ watch: false }).clear();
    assert.deepEqual(cleared, {
      ok: true,
      removed: [
        '10.10.85.16/32 via 192.168.85.16 dev eth1',
        `${NFS_IP}/32 via 10.10.85.15 dev eth0`,
      ],
    });
    assert.match(tableNow(), /^192.168.33.2 via 10.10.85.16 dev eth0 proto static metric 5\s*$/);
    assert.match(ns.ip('route show'), /10.99.0.0\/16/);
  });
});
