/**
 * Breaking TCP connections to the NFS address, with real sockets: two namespaces of which the far
 * one is silenced, so that half-open connections and orphans in FIN-WAIT-1 stand as in the field.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
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
} from './namespace.ts';

describe('routes on linux, breaking connections', () => {
  let ns: Namespace;
  let seen: Recorder;
  let hands: RouteHand[];
  let ends: ChildProcess[];

  function open(options: Partial<RouteOptions> = {}): RouteHand {
    const hand = createLinuxRoutes({
      nfsIp: NFS_IP,
      commandDeadlineMs: 2000,
      report: seen.report,
      clock: realClock,
      ipFile: ns.ipFile,
      ssFile: ns.ssFile,
      watch: false,
      ...options,
    });
    hands.push(hand);
    return hand;
  }

  /** A process in the namespace that speaks lines: see tcp-end.ts. */
  async function end(role: 'serve' | 'connect', first: string): Promise<Interface> {
    const file = fileURLToPath(new URL('./tcp-end.ts', import.meta.url));
    const args = ['netns', 'exec', ns.name, process.execPath, '--import', 'tsx', file, role];
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    ends.push(child);
    const lines = createInterface(child.stdout);
    assert.equal((await once(lines, 'line'))[0], first);
    return lines;
  }

  const order = (orderId: number) =>
    ({ type: 'BREAK_CONNECTIONS', orderId, nfsIp: NFS_IP, reason: 'test' }) as const;
  const broken = (orderId: number) =>
    seen.next('CONNECTIONS_BROKEN', (fact) => fact.orderId === orderId);
  const kept = (orderId: number) =>
    seen.next('CONNECTIONS_KEPT', (fact) => fact.orderId === orderId);

  /** Two half-open connections, one orphan in FIN-WAIT-1 and one SYN-SENT to a silenced server. */
  async function makeStale(): Promise<Interface> {
    ns.ip(`addr add ${NFS_IP}/32 dev lo`);
    await end('serve', 'serving');
    const client = await end('connect', 'connected');
    await once(client, 'line'); // the far end was silenced, the orphan closed, a SYN sent
    return client;
  }

  beforeEach(() => {
    ns = createNamespace();
    seen = createRecorder();
    hands = [];
    ends = [];
  });
  afterEach(() => {
    for (const hand of hands) hand.close();
    for (const child of ends) child.kill('SIGKILL');
    ns.destroy();
  });

  it('breaks half-open ones, unanswered ones and orphans in FIN-WAIT-1, and counts', async () => {
    const client = await makeStale();
    const told = once(client, 'line');
    open().breakConnections(order(1));
    assert.equal((await broken(1)).count, 4);
    assert.match((await told)[0], /ECONNABORTED/);
  });

  it('counts 0 when there is nothing to break', async () => {
    open().breakConnections(order(2));
    assert.equal((await broken(2)).count, 0);
  });

  it('says what the kernel answers when the right is missing', async () => {
    await makeStale();
    const weak = `exec setpriv --bounding-set=-net_admin /usr/bin/ss -N ${ns.name} "$@"`;
    open({ ssFile: ns.script('weak', weak) }).breakConnections(order(3));
    const { error, supported } = await kept(3);
    assert.match(error, /Operation not permitted/);
    assert.equal(supported, true);
  });

  it('says that the kernel cannot when nothing was killed and all still stand', async () => {
    // Without INET_DIAG_DESTROY, `ss -K` gets EOPNOTSUPP per socket, prints nothing and ends with 0.
    await makeStale();
    const silent = `case "$1" in -K) exit 0;; esac; exec ${ns.ssFile} "$@"`;
    open({ ssFile: ns.script('silent', silent) }).breakConnections(order(4));
    const { error, supported } = await kept(4);
    assert.match(error, /4 connections stand.*INET_DIAG_DESTROY/);
    assert.equal(supported, false);
  });

  it('does not believe a listing of sockets that were not killed', async () => {
    // Without sock_diag, `ss` falls back to /proc/net/tcp and only lists.
    await makeStale();
    const lister = `case "$1" in -K) shift;; esac; exec ${ns.ssFile} "$@"`;
    open({ ssFile: ns.script('lister', lister) }).breakConnections(order(5));
    assert.equal((await kept(5)).supported, false);
  });

  it('tells a missing, an old and a hanging tool apart', async () => {
    open({ ssFile: '/nonexistent/ss' }).breakConnections(order(6));
    assert.equal((await kept(6)).supported, false);
    const old = ns.script('old', `echo "ss: invalid option -- 'K'" >&2; exit 255`);
    open({ ssFile: old }).breakConnections(order(7));
    assert.equal((await kept(7)).supported, false);
    const hang = ns.script('hang', 'sleep 1000');
    open({ ssFile: hang, commandDeadlineMs: 200 }).breakConnections(order(8));
    const { error, supported } = await kept(8);
    assert.match(error, /killed at its deadline/);
    assert.equal(supported, true);
  });
});
