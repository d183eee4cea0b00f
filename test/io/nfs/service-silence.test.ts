import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServiceProbe, type ServiceProbeOptions } from '../../../src/io/nfs/service.ts';
import { clock, createFactLog, type FactLog, loopback, stall } from './fact-log.ts';
import { answer, ignore, type OnCall, record, reply, startRpcServer } from './rpc-server.ts';

describe('service probe: silence', () => {
  let log: FactLog;
  const cleanups: (() => unknown)[] = [];

  beforeEach(() => {
    log = createFactLog();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(host: string, onCall: OnCall) {
    const server = await startRpcServer(host, onCall);
    cleanups.push(() => server.close());
    return server;
  }

  function probe(ip: string, port: number, more: Partial<ServiceProbeOptions> = {}) {
    const targets = [{ path: 'scvm1/data', ip }];
    const report = log.report;
    const made = createServiceProbe({ targets, port, intervalMs: 500, report, clock, ...more });
    cleanups.push(() => made.close());
    return made;
  }

  async function spawnServer(host: string, delayMs: number) {
    const script = new URL('./rpc-server.ts', import.meta.url).pathname;
    const args = ['--import', 'tsx', script, host, '0', String(delayMs)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanups.push(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    return { child, port: Number(String(line)) };
  }

  it('is reported once per interval while calls are not answered, on a new connection each', async () => {
    const ip = loopback();
    const server = await serve(ip, ignore);
    const asked = probe(ip, server.port);
    const startMs = clock.nowMs();
    const first = await log.next('SERVICE_SILENT');
    const second = await log.next('SERVICE_SILENT', 1);
    assert.ok(first.waitedMs >= 495, `${first.waitedMs}`);
    assert.ok(first.atMs - startMs < 900);
    assert.ok(second.atMs - first.atMs >= 495);
    await log.next('SERVICE_SILENT', 2);
    assert.ok(server.accepted() >= 3);
    assert.ok(server.sockets.size <= 2, 'the old connections are gone');
    assert.equal(asked.counters().silent, 3);
  });

  it('is never shorter than 500 ms, however short the interval', async () => {
    const ip = loopback();
    const server = await serve(ip, ignore);
    const asked = probe(ip, server.port, { intervalMs: 100 });
    asked.pace({ 'scvm1/data': 'fast' });
    assert.ok((await log.next('SERVICE_SILENT')).waitedMs >= 495);
  });

  it('ends when a half-open connection is replaced by one that is served', async () => {
    const ip = loopback();
    const server = await serve(ip, (socket, xid, nth, nthSocket) => {
      if (nthSocket > 1 || nth < 3) answer(socket, xid, nth, nthSocket);
    });
    probe(ip, server.port);
    await log.next('SERVICE_SILENT');
    await log.next('SERVICE_ANSWERED', 3);
    assert.deepEqual(
      log.facts.map((fact) => fact.type),
      ['SERVICE_ANSWERED', 'SERVICE_ANSWERED', 'SERVICE_SILENT', 'SERVICE_ANSWERED'],
    );
    assert.equal(server.accepted(), 2);
  });

  it('is reported of a process that is stopped, and ends when it goes on', async () => {
    const ip = loopback();
    const { child, port } = await spawnServer(ip, 0);
    probe(ip, port);
    await log.next('SERVICE_ANSWERED');
    child.kill('SIGSTOP');
    const silent = await log.next('SERVICE_SILENT');
    // Its kernel still accepts connections: only an answer counts.
    const again = await log.next('SERVICE_SILENT', log.facts.indexOf(silent) + 1);
    child.kill('SIGCONT');
    await log.next('SERVICE_ANSWERED', log.facts.indexOf(again));
    assert.equal(log.count('SERVICE_REFUSED'), 0);
  });

  it('is not ended by a reply with a wrong xid, which is counted', async () => {
    const ip = loopback();
    const server = await serve(ip, (socket, xid) => {
      socket.write(record(reply.success((xid + 1) >>> 0)));
    });
    const asked = probe(ip, server.port);
    await log.next('SERVICE_SILENT');
    assert.equal(log.facts.length, 1);
    assert.equal(asked.counters().strays, 1);
  });

  it('is not reported when this process stood still while the answer arrived', async () => {
    const ip = loopback();
    const { port } = await spawnServer(ip, 150);
    const asked = probe(ip, port);
    await log.next('SERVICE_ANSWERED');
    // Somewhere in these rounds the call is in flight when the loop stops for longer than the wait.
    for (let round = 0; round < 4; round += 1) {
      stall(900);
      await log.next('SERVICE_ANSWERED', log.facts.length);
    }
    assert.equal(log.count('SERVICE_SILENT'), 0);
    assert.ok(asked.counters().discardedRounds > 0);
  });

  it('is counted anew after a stall: the wait starts again', async () => {
    const ip = loopback();
    const server = await serve(ip, ignore);
    const asked = probe(ip, server.port);
    while (server.accepted() === 0) await new Promise(setImmediate);
    stall(900);
    const endMs = clock.nowMs();
    const silent = await log.next('SERVICE_SILENT');
    assert.ok(silent.atMs - endMs >= 495, `${silent.atMs - endMs} ms after the stall`);
    assert.equal(asked.counters().discardedRounds, 1);
  });

  it('takes the answer to a discarded round for late: counted, without a fact', async () => {
    const ip = loopback();
    const held: (() => void)[] = [];
    const server = await serve(ip, (socket, xid) => {
      held.push(() => socket.write(record(reply.success(xid))));
    });
    const asked = probe(ip, server.port, { intervalMs: 5000 });
    while (held.length < 1) await new Promise(setImmediate);
    asked.discardRound();
    while (held.length < 2) await new Promise(setImmediate);
    for (const release of held) release();
    await log.next('SERVICE_ANSWERED');
    assert.equal(log.facts.length, 1);
    assert.equal(asked.counters().strays, 1);
    assert.equal(asked.counters().discardedRounds, 1);
  });
});
