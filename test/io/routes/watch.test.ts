/**
 * Noticing foreign changes, and surviving helpers that hang, die or talk nonsense, against a real
 * kernel table.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
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

const BATCH = '-force -batch -';

describe('routes on linux, watching and surviving', () => {
  let ns: Namespace;
  let seen: Recorder;
  let hands: RouteHand[];
  let logged: string[];

  function open(options: Partial<RouteOptions> = {}): RouteHand {
    const hand = createLinuxRoutes({
      nfsIp: NFS_IP,
      commandDeadlineMs: 2000,
      report: seen.report,
      clock: realClock,
      ipFile: ns.ipFile,
      ssFile: ns.ssFile,
      log: (line) => logged.push(line),
      ...options,
    });
    hands.push(hand);
    return hand;
  }

  const gateways = (length: number, ms = 5000) =>
    seen.next('ROUTE_READ', ({ entries }) => entries.length === length, ms, seen.facts.length);

  async function untilPid(text: string): Promise<number> {
    for (;;) {
      const [pid] = ns.pids(text);
      if (pid !== undefined) return pid;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The kept-open tool, once it has answered its handshake: then it answers a read within 50 ms. */
  async function untilBatch(hand: RouteHand): Promise<number> {
    const pid = await untilPid(BATCH);
    hand.read(900);
    await seen.next('ROUTE_READ', (fact) => fact.orderId === 900);
    return pid;
  }

  beforeEach(() => {
    ns = createNamespace();
    seen = createRecorder();
    hands = [];
    logged = [];
  });
  afterEach(() => {
    for (const hand of hands) hand.close();
    ns.destroy();
  });

  it('notices within a second a route added, doubled and deleted by hand', async () => {
    open();
    await gateways(0);
    for (const [command, length] of [
      [`route add ${NFS_IP}/32 via 10.10.85.15`, 1],
      [`route add ${NFS_IP}/32 via 10.10.85.16 metric 5`, 2],
      [`route del ${NFS_IP}/32 via 10.10.85.15`, 1],
      [`route del ${NFS_IP}/32 via 10.10.85.16`, 0],
    ] as const) {
      const noticed = gateways(length, 1000);
      ns.ip(command);
      const { orderId } = await noticed;
      assert.equal(orderId, null);
    }
  });

  it('notices by re-reading alone when no listener runs', async () => {
    // A tool that refuses to monitor: only the re-read each second is left.
    const deaf = ns.script('deaf', `case "$*" in *monitor*) exit 1;; esac; exec ${ns.ipFile} "$@"`);
    open({ ipFile: deaf });
    await gateways(0);
    const noticed = gateways(1, 2500);
    ns.ip(`route add ${NFS_IP}/32 via 10.10.85.15`);
    await noticed;
    assert.ok(logged.some((line) => /ip monitor .* ended/.test(line)));
  });

  // The kernel takes the /32 along without announcing it, and does not bring it back.
  it('notices at once the route that vanished with its link, and that it stays away', async () => {
    open();
    await gateways(0);
    const startMs = performance.now();
    for (let round = 0; round < 5; round += 1) {
      for (const [command, length] of [
        [`route add ${NFS_IP}/32 via 10.10.85.15 proto 133`, 1],
        ['link set eth0 down', 0],
        ['link set eth0 up', 0],
      ] as const) {
        const noticed = gateways(length);
        ns.ip(command);
        await noticed;
      }
    }
    // The re-read each second alone would need five seconds at the least.
    assert.ok(performance.now() - startMs < 3500, 'noticed by the notifications');
  });

  it('listens again after its listener was killed', async () => {
    open();
    const first = await untilPid('monitor');
    process.kill(first, 'SIGKILL');
    let second = first;
    while (second === first || second === undefined) second = await untilPid('monitor');
    assert.ok(logged.some((line) => /ip monitor .* ended \(SIGKILL\)/.test(line)));
  });

  it('confirms by spawning when the kept-open tool hangs, and gets a new one', async () => {
    const hand = open({ watch: false });
    const hung = await untilBatch(hand);
    process.kill(hung, 'SIGSTOP');
    hand.set(setRoute(1, '10.10.85.15'));
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.equal(entries[0]?.gateway, '10.10.85.15');
    assert.ok(logged.some((line) => /did not answer within/.test(line)));
    let fresh = hung;
    while (fresh === hung) fresh = await untilPid(BATCH);
  });

  it('confirms by spawning when the kept-open tool was killed', async () => {
    const hand = open({ watch: false });
    process.kill(await untilBatch(hand), 'SIGKILL');
    hand.set(setRoute(1, '10.10.85.16'));
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 1);
    assert.equal(entries[0]?.gateway, '10.10.85.16');
  });

  // The incident of the 4 hours: a routing command that never returns.
  it('kills a hanging tool with its children, refuses, and leaves the loop alive', async () => {
    const hang = ns.script('hang', `sleep 1000 & : ${ns.name}; wait`);
    const hand = open({ watch: false, ipFile: hang, commandDeadlineMs: 300 });
    let turns = 0;
    const pulse = setInterval(() => {
      turns += 1;
    }, 10);
    hand.set(setRoute(1, '10.10.85.15', [], [{ dst: '10.10.85.15', gateway: '10.10.85.16' }]));
    hand.read(2);
    const refused = await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 1);
    assert.match(refused.error, /killed at its deadline of 300 ms/);
    const unread = await seen.next('ROUTE_UNREADABLE', (fact) => fact.orderId === 2);
    assert.match(unread.error, /killed at its deadline of 300 ms/);
    clearInterval(pulse);
    assert.ok(turns > 20, `${turns} turns of the loop`);
    assert.equal(
      seen.facts.some((fact) => fact.type === 'ROUTE_READ'),
      false,
    );
    hand.close();
    while (ns.pids('/hang').length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('calls garbage, silence and a wrong shape unreadable, never no route', async () => {
    const outputs = [
      'echo "@@@ \\033 rubbish"',
      ':',
      'echo "[{\\"dst\\":7}]"',
      'echo "[{"',
      'echo {}',
    ];
    for (const [at, body] of outputs.entries()) {
      const hand = open({ watch: false, ipFile: ns.script(`fake${at}`, body) });
      hand.read(at);
      await seen.next('ROUTE_UNREADABLE', (fact) => fact.orderId === at);
      hand.close();
    }
    assert.equal(
      seen.facts.some((fact) => fact.type === 'ROUTE_READ'),
      false,
    );
  });

  it('reads and sets with a tool that is too old for JSON', async () => {
    // iproute2 before 4.14, as in CentOS 7's dom0.
    const refuseJson = `for a in "$@"; do case "$a" in -j) echo 'Option "-j" is unknown, try "ip -help".' >&2; exit 255;; esac; done`;
    const hand = open({
      watch: false,
      ipFile: ns.script('old', `${refuseJson}\nexec ${ns.ipFile} "$@"`),
    });
    hand.read(1);
    assert.deepEqual((await seen.next('ROUTE_READ', (fact) => fact.orderId === 1)).entries, []);
    ns.ip(`route add ${NFS_IP}/32 metric 8 nexthop via 10.10.85.15 nexthop via 10.10.85.16`);
    ns.ip(`route add unreachable ${NFS_IP}/32 metric 9 proto static`);
    hand.read(2);
    const { entries } = await seen.next('ROUTE_READ', (fact) => fact.orderId === 2);
    hand.set(setRoute(3, '10.10.85.15', entries.slice(0, 1)));
    const after = await seen.next('ROUTE_READ', (fact) => fact.orderId === 3);
    assert.deepEqual(after.entries, [
      { gateway: '10.10.85.15', device: 'eth0', metric: 0, protocol: '133', plain: true },
      { gateway: null, device: null, metric: 9, protocol: 'static', plain: false },
    ]);
  });

  it("refuses without the right to change routes, in the kernel's words", async () => {
    const drop = 'setpriv --bounding-set=-net_admin';
    const hand = open({
      watch: false,
      ipFile: ns.script('weak', `exec ${drop} /usr/sbin/ip -n ${ns.name} "$@"`),
    });
    hand.set(setRoute(1, '10.10.85.15'));
    const { error } = await seen.next('ROUTE_REFUSED', (fact) => fact.orderId === 1);
    assert.match(error, /Operation not permitted/);
  });

  it('takes its helpers along when it is killed itself', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('./holder.ts', import.meta.url)), ns.ipFile],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(createInterface(child.stdout), 'line');
    await untilPid(BATCH);
    await untilPid('monitor');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = () =>
      execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.startsWith('/usr/sbin/ip') && line.includes(ns.name));
    while (left().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
