/**
 * The socket's own life: it must come back by itself, be inherited by nobody, and say clearly why
 * it cannot be opened.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openIcmpSocket, rawSocketProblem } from '../../../src/io/icmp/socket.ts';
import { createNet, type Net } from './netns.ts';
import { type PingFact, planFor, startProbing } from './probing.ts';

const isReplied = (fact: PingFact): boolean => fact.type === 'PING_REPLIED';
const icmpFolder = fileURLToPath(new URL('../../../src/io/icmp', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** What rawSocketProblem says in a process with these spawn options. */
function problemIn(folder: string, options: { uid?: number; gid?: number }): string {
  const module = JSON.stringify(join(folder, 'socket.ts'));
  const script = `import(${module}).then((it) => console.log(it.rawSocketProblem()))`;
  const env = { ...process.env, TSX_DISABLE_CACHE: '1' };
  const child = spawnSync(process.execPath, ['--import', tsx, '-e', script], {
    ...options,
    env,
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  return child.stdout.trim();
}

describe('raw socket', () => {
  it('has no problem to tell when it can be opened', () => {
    assert.equal(rawSocketProblem(), null);
  });

  it('names the missing right when it may not be opened', () => {
    const problem = problemIn(icmpFolder, { uid: 65534, gid: 65534 });
    assert.equal(
      problem,
      'cannot open a raw ICMP socket: Operation not permitted (needs root or CAP_NET_RAW)',
    );
  });

  it('names the remedy when the add-on is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rr-icmp-'));
    try {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      cpSync(icmpFolder, folder, { recursive: true });
      // The package is there, its native part was never built: what npm leaves without a compiler.
      const bare = join(folder, 'node_modules', 'raw-socket');
      mkdirSync(bare, { recursive: true });
      for (const file of ['package.json', 'index.js']) {
        cpSync(
          new URL(`../../../node_modules/raw-socket/${file}`, import.meta.url),
          join(bare, file),
        );
      }
      assert.match(problemIn(folder, {}), /raw-socket add-on is not built \(npm rebuild/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is not inherited by children', () => {
    const ignore = (): void => undefined;
    const before = ownSockets();
    const socket = openIcmpSocket({ onPacket: ignore, onBroken: ignore });
    try {
      const [own] = ownSockets().filter((name) => !before.includes(name));
      assert(own !== undefined);
      const child = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
      assert(!child.stdout.includes(own), child.stdout);
    } finally {
      socket.close();
    }
  });
});

function ownSockets(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const name = readlinkSync(`/proc/self/fd/${fd}`);
      return name.startsWith('socket:') ? [name] : [];
    } catch {
      // The listing's own descriptor.
      return [];
    }
  });
}

describe('prober: socket', () => {
  let net: Net;
  beforeEach(() => {
    net = createNet();
  });
  afterEach(() => net.close());

  it('opens its socket anew when the descriptor is gone', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2']));
    await probing.next(isReplied);
    probing.send({ do: 'closeDescriptor' });
    const [fact] = await probing.next((it) => !isReplied(it));
    assert(fact?.type === 'PING_UNSENT' && fact.error === 'Bad file descriptor');
    await probing.next(isReplied, 2);
    assert.equal((await probing.counters()).socketReopened, 1);
    assert.equal((await probing.sockets()).length, 1);
  });

  // With an error pending on the socket, polling ends and the package closes itself without a word.
  it('opens its socket anew when polling fails', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2', '10.9.0.3']));
    await probing.next(isReplied, 2);
    probing.send({ do: 'receiveErrors' });
    await probing.counters();
    net.filter(net.far, 'input', 'ip daddr 10.9.0.3 reject with icmp host-unreachable');
    while ((await probing.counters()).socketReopened === 0) await probing.next(() => true);
    await probing.next((fact) => fact.path === 'p2' && isReplied(fact), 3);
    await probing.next((fact) => fact.type === 'PING_LOST' && fact.hint !== undefined, 2);
    const { socketReopened } = await probing.counters();
    assert.equal(socketReopened, 1);
    assert(probing.facts.every((fact) => fact.path === 'p3' || fact.type !== 'PING_LOST'));
  });

  it('opens its socket anew once, judging on, when it hears nothing for long', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2'], { intervalMs: 500 }));
    await probing.next(isReplied);
    const before = await probing.sockets();
    net.filter(net.far, 'input', 'icmp type echo-request drop');
    await probing.next((fact) => fact.type === 'PING_LOST', 13);
    const { socketReopened, discarded } = await probing.counters();
    assert.deepEqual({ socketReopened, discarded }, { socketReopened: 1, discarded: 0 });
    assert.notDeepEqual(await probing.sockets(), before);
    net.filter(net.far, 'input', '');
    await probing.next(isReplied);
  });
});
