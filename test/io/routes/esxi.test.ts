/**
 * The ESXi hand against the sample of the tool's output and a stand-in program that keeps a table
 * file. Shows the commands and their order; not that a real ESXi behaves so.
 */

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEsxiRoutes, parseEsxiTable } from '../../../src/io/routes/esxi.ts';
import { openRoutes } from '../../../src/io/routes/open.ts';
import type { RouteHand, RouteOptions } from '../../../src/io/routes/table.ts';
import { createRecorder, NFS_IP, type Recorder, realClock, setRoute } from './namespace.ts';

const SAMPLE = `VMkernel Routes:
Network          Netmask          Gateway          Interface
10.0.85.21       255.255.255.255  10.0.85.121      vmk1
192.168.33.2     255.255.255.255  10.0.85.121      vmk1
10.0.85.0        255.255.255.0    Local Subnet     vmk1
192.168.33.0     255.255.255.0    Local Subnet     vmk2
192.168.80.0     255.255.240.0    Local Subnet     vmk0
default          0.0.0.0          192.168.80.1     vmk0
`;

describe('routes on esxi', () => {
  let folder: string;
  let tool: string;
  let seen: Recorder;
  let hand: RouteHand;

  const calls = () => readFileSync(`${tool}.calls`, 'utf8').trim().split('\n');
  const options = (): RouteOptions => ({
    nfsIp: NFS_IP,
    commandDeadlineMs: 5000,
    report: seen.report,
    clock: realClock,
    esxcfgFile: tool,
    watch: false,
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `rr${process.pid}esxi-`));
    tool = join(folder, 'esxcfg-route');
    copyFileSync(new URL('./esxcfg-route.sh', import.meta.url), tool);
    writeFileSync(`${tool}.table`, SAMPLE.replace(/ +/g, ' '));
    seen = createRecorder();
    hand = createEsxiRoutes(options());
  });
  afterEach(() => {
    hand.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('parses the sample: host routes, local subnets and the default', () => {
    const table = parseEsxiTable(SAMPLE);
    assert.ok(table.ok);
    assert.equal(table.routes.length, 6);
    assert.deepEqual(table.routes[1], {
      network: NFS_IP,
      netmask: '255.255.255.255',
      gateway: '10.0.85.121',
      device: 'vmk1',
    });
    assert.equal(table.routes[2]?.gateway, null);
  });

  it('parses nothing else: an empty, cut or foreign text is an error', () => {
    const cut = SAMPLE.slice(0, SAMPLE.indexOf('255.255.240.0'));
    for (const text of ['', 'VMkernel Routes:\n', 'no such host\n', cut]) {
      assert.equal(parseEsxiTable(text).ok, false, JSON.stringify(text));
    }
  });

  it('sets: deletes the old entry, adds the new one, reads back', async () => {
    hand.set(setRoute(1, '10.0.85.122'));
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.deepEqual(entries, [
      { gateway: '10.0.85.122', device: 'vmk1', metric: 0, protocol: 'esxi', plain: true },
    ]);
    assert.deepEqual(calls(), [
      '-l',
      `-d ${NFS_IP}/32 10.0.85.121`,
      `-a ${NFS_IP}/32 10.0.85.122`,
      '-l',
    ]);
  });

  it('sets: changes nothing when the wanted entry stands alone', async () => {
    hand.set(setRoute(1, '10.0.85.121', [], [{ dst: '10.0.85.21', gateway: '10.0.85.121' }]));
    await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.deepEqual(calls(), ['-l', '-l']);
  });

  it('sets: puts the old entry back when the new one is refused', async () => {
    writeFileSync(`${tool}.unreachable`, '10.0.85.122');
    hand.set(setRoute(1, '10.0.85.122'));
    const { error } = await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 1);
    assert.match(error, /Network unreachable 10.0.85.122; put back 10.0.85.121/);
    const { entries } = await seen.next('ROUTE_READ');
    assert.deepEqual(
      entries.map((entry) => entry.gateway),
      ['10.0.85.121'],
    );
  });

  it('reads once a second by itself', async () => {
    const watching = createEsxiRoutes({ ...options(), watch: true });
    await seen.next('ROUTE_READ', (fact) => fact.orderId === null);
    watching.close();
  });

  // `esxcfg-route -l` never returned, and the loop stood still for almost 4 hours.
  it('kills a hanging tool at the deadline: unreadable, refused, nothing changed', async () => {
    writeFileSync(tool, '#!/bin/sh\nsleep 1000\n');
    const hung = createEsxiRoutes({ ...options(), commandDeadlineMs: 200 });
    hung.read(1);
    const unread = await seen.next('ROUTE_UNREADABLE', (fact) => fact.orderId === 1);
    assert.match(unread.error, /killed at its deadline of 200 ms/);
    hung.set(setRoute(2, '10.0.85.122'));
    await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 2);
    hung.close();
  });

  it('keeps connections, and says that it always will', async () => {
    hand.breakConnections({ type: 'BREAK_CONNECTIONS', orderId: 1, nfsIp: NFS_IP, reason: 'test' });
    assert.equal((await seen.next('CONNECTIONS_KEPT')).supported, false);
  });

  it('clears the entries of the NFS address and no other', async () => {
    const removed = [`${NFS_IP}/32 via 10.0.85.121`];
    assert.deepEqual(await hand.clear(), { ok: true, removed });
    const table = parseEsxiTable(readFileSync(`${tool}.table`, 'utf8'));
    assert.ok(table.ok);
    assert.equal(table.routes.length, 5);
  });

  it('is what the platform esxi opens', async () => {
    const opened = openRoutes('esxi', options());
    opened.read(1);
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.equal(entries[0]?.protocol, 'esxi');
    opened.close();
  });
});
