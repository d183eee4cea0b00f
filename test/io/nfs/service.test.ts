import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  createServiceProbe,
  type ServiceProbe,
  type ServiceProbeOptions,
} from '../../../src/io/nfs/service.ts';
import { clock, createFactLog, type FactLog, loopback } from './fact-log.ts';
import { answer, ignore, type OnCall, record, reply, startRpcServer } from './rpc-server.ts';

describe('service probe', () => {
  let log: FactLog;
  const cleanups: (() => unknown)[] = [];

  beforeEach(() => {
    log = createFactLog();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(host: string, onCall: OnCall, port = 0) {
    const server = await startRpcServer(host, onCall, port);
    cleanups.push(() => server.close());
    return server;
  }

  function probe(ip: string, port: number, more: Partial<ServiceProbeOptions> = {}): ServiceProbe {
    const targets = [{ path: 'scvm1/data', ip }];
    const report = log.report;
    const made = createServiceProbe({ targets, port, intervalMs: 200, report, clock, ...more });
    cleanups.push(() => made.close());
    return made;
  }

  async function spawnServer(host: string, port = 0): Promise<[ChildProcess, number]> {
    const script = new URL('./rpc-server.ts', import.meta.url).pathname;
    const args = ['--import', 'tsx', script, host, String(port)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanups.push(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    return [child, Number(String(line))];
  }

  it('reports an answer per interval over one connection', async () => {
    const ip = loopback();
    const server = await serve(ip, answer);
    const asked = probe(ip, server.port);
    for (let seen = 0; seen < 3; seen += 1) await log.next('SERVICE_ANSWERED', seen);
    assert.equal(server.accepted(), 1);
    const [first, second, third] = log.facts;
    assert.ok(first?.type === 'SERVICE_ANSWERED' && second && third);
    assert.equal(first.path, 'scvm1/data');
    assert.ok(first.rttMs > 0 && first.rttMs < 200, `rtt ${first.rttMs}`);
    assert.ok(third.atMs - first.atMs > 300, `${third.atMs - first.atMs} ms for two intervals`);
    const { connects, answered, open, silent } = asked.counters();
    assert.deepEqual(
      { connects, answered, open, silent },
      {
        connects: 1,
        answered: 3,
        open: 1,
        silent: 0,
      },
    );
  });

  it('asks faster at the fast pace and slower again after it', async () => {
    const ip = loopback();
    const server = await serve(ip, answer);
    const asked = probe(ip, server.port, { intervalMs: 60_000 });
    await log.next('SERVICE_ANSWERED');
    asked.pace({ 'scvm1/data': 'fast', 'scvm9/data': 'fast' });
    asked.retarget({ targets: [{ path: 'scvm1/data', ip }], port: server.port, intervalMs: 400 });
    for (let seen = 1; seen < 4; seen += 1) await log.next('SERVICE_ANSWERED', seen);
    const [, second, , fourth] = log.facts;
    assert.ok(second && fourth && fourth.atMs - second.atMs < 700);
    asked.pace({ 'scvm1/data': 'steady' });
    for (let seen = 4; seen < 6; seen += 1) await log.next('SERVICE_ANSWERED', seen);
    const [fifth, sixth] = log.facts.slice(4);
    assert.ok(fifth && sixth && sixth.atMs - fifth.atMs > 350);
    assert.equal(server.accepted(), 1);
  });

  it('reports the death of the serving process at once, and its return', async () => {
    const ip = loopback();
    const [child, port] = await spawnServer(ip);
    probe(ip, port, { intervalMs: 2000 });
    await log.next('SERVICE_ANSWERED');
    const killedMs = clock.nowMs();
    child.kill('SIGKILL');
    const refused = await log.next('SERVICE_REFUSED');
    // RST or FIN instead of a refusal: the new connection still met the dying process's backlog.
    assert.match(refused.error, /ECONNREFUSED|ECONNRESET|FIN/);
    assert.ok(refused.atMs - killedMs < 1000, 'not at the next call');
    await serve(ip, answer, port);
    await log.next('SERVICE_ANSWERED', log.facts.indexOf(refused));
    assert.equal(log.count('SERVICE_SILENT'), 0);
  });

  /**
   * In the lab each switch made the new SCVM's login revoke this host everywhere else, which ended
   * the probes' connections too: home looked refused, and every switch counted as a relapse.
   */
  it('a connection that is ended by a service that answers the next one is no refusal', async () => {
    const ip = loopback();
    const server = await serve(ip, answer);
    const asked = probe(ip, server.port, { intervalMs: 5000 });
    await log.next('SERVICE_ANSWERED');
    for (const socket of server.sockets) socket.resetAndDestroy();
    await log.next('SERVICE_ANSWERED', 1);
    assert.deepEqual(
      log.facts.map((fact) => fact.type),
      ['SERVICE_ANSWERED', 'SERVICE_ANSWERED'],
    );
    assert.equal(asked.counters().connects, 2);
  });

  it('is not spun by a far end that closes every connection after its answer', async () => {
    const ip = loopback();
    const server = await serve(ip, (socket, xid) => socket.end(record(reply.success(xid))));
    probe(ip, server.port, { intervalMs: 300 });
    const first = await log.next('SERVICE_REFUSED');
    let at = 0;
    for (let seen = 0; seen < 6; seen += 1) {
      at = log.facts.indexOf(await log.next('SERVICE_REFUSED', at)) + 1;
    }
    const spanMs = (log.facts[at - 1]?.atMs ?? 0) - first.atMs;
    assert.ok(spanMs > 500, `6 refusals in ${spanMs} ms`);
  });

  it('reports refused per interval while nobody listens', async () => {
    const ip = loopback();
    const server = await serve(ip, answer);
    await server.close();
    probe(ip, server.port);
    const first = await log.next('SERVICE_REFUSED');
    assert.equal(first.error, 'connection refused (ECONNREFUSED)');
    const second = await log.next('SERVICE_REFUSED', 1);
    assert.ok(second.atMs - first.atMs > 150);
  });

  const refusals: readonly (readonly [string, OnCall, RegExp])[] = [
    ['PROG_UNAVAIL', (to, xid) => to.write(record(reply.accepted(xid, 1))), /PROG_UNAVAIL/],
    ['PROG_MISMATCH', (to, xid) => to.write(record(reply.accepted(xid, 2, 4, 4))), /4 to 4/],
    ['a denied call', (to, xid) => to.write(record(reply.denied(xid, 1, 5))), /AUTH_ERROR 5/],
    ['an HTTP server', (to) => to.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /not an NFS service/],
    ['a huge fragment header', (to) => to.write(reply.words(0x7fffffff)), /2147483647 bytes/],
    [
      'a flood of replies to no call',
      (to) => to.write(Buffer.concat(Array.from({ length: 300 }, () => record(reply.success(5))))),
      /257 replies to no call/,
    ],
  ];
  for (const [name, onCall, text] of refusals) {
    it(`reports ${name} as refused, with its text`, async () => {
      const ip = loopback();
      const server = await serve(ip, onCall);
      probe(ip, server.port);
      assert.match((await log.next('SERVICE_REFUSED')).error, text);
      await log.next('SERVICE_REFUSED', 1);
      assert.equal(log.count('SERVICE_ANSWERED'), 0);
    });
  }

  it('understands replies that come byte by byte and in fragments', async () => {
    const ip = loopback();
    const server = await serve(ip, (socket, xid) => {
      for (const byte of record(reply.success(xid), 3, 0, 9)) socket.write(Buffer.of(byte));
    });
    const asked = probe(ip, server.port);
    await log.next('SERVICE_ANSWERED', 1);
    assert.equal(asked.counters().refused, 0);
  });

  it('reports could-not-ask when the socket cannot be made', async () => {
    const ip = loopback();
    probe(ip, 2049, {
      connect: (host, port) => connect({ host, port, localAddress: '192.0.2.1' }),
    });
    const fact = await log.next('SERVICE_UNASKED');
    assert.equal(fact.error, 'could not connect (EADDRNOTAVAIL)');
    assert.ok((await log.next('SERVICE_UNASKED', 1)).atMs - fact.atMs > 150);
  });

  it('keeps the connection of a target that stays, drops the others, asks the new ones', async () => {
    const [stays, goes, comes] = [loopback(), loopback(), loopback()];
    const server = await serve(stays, answer);
    const gone = await serve(goes, ignore, server.port);
    await serve(comes, answer, server.port);
    const port = server.port;
    const targets = [
      { path: 'a', ip: stays },
      { path: 'b', ip: goes },
    ];
    const asked = probe(stays, port, { targets });
    await log.next('SERVICE_ANSWERED');
    const [dropped] = gone.sockets;
    assert.ok(dropped);
    const closed = once(dropped, 'close');
    const next = [
      { path: 'a', ip: stays },
      { path: 'c', ip: comes },
    ];
    asked.retarget({ targets: next, port, intervalMs: 200 });
    await closed;
    for (let at = 1; ; ) {
      const fact = await log.next('SERVICE_ANSWERED', at);
      if (fact.path === 'c') break;
      at = log.facts.indexOf(fact) + 1;
    }
    assert.equal(server.accepted(), 1);
    assert.equal(asked.counters().targets, 2);
  });

  it('reports nothing after close, and closes its connections', async () => {
    const ip = loopback();
    const server = await serve(ip, answer);
    const asked = probe(ip, server.port);
    await log.next('SERVICE_ANSWERED');
    const [socket] = server.sockets;
    assert.ok(socket);
    asked.close();
    const before = log.facts.length;
    await once(socket, 'close');
    assert.equal(log.facts.length, before);
    assert.equal(asked.counters().targets, 0);
  });

  it('may be closed and retargeted from within a report', async () => {
    const ip = loopback();
    const server = await serve(ip, (socket, xid) => {
      const one = record(reply.success(xid));
      socket.write(Buffer.concat(Array.from({ length: 300 }, () => one)));
    });
    const asked = probe(ip, server.port, {
      report(fact) {
        log.report(fact);
        asked.close();
      },
    });
    await log.next('SERVICE_ANSWERED');
    while (server.sockets.size > 0) await new Promise(setImmediate);
    assert.equal(log.facts.length, 1);
    assert.equal(asked.counters().strays, 0);
  });
});
