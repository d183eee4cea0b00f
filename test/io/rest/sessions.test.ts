import assert from 'node:assert/strict';
import {
  createSessionPoll,
  type SessionAims,
  type SessionPoll,
} from '../../../src/io/rest/sessions.ts';
import { clock, createFactLog, type FactLog, loopback } from '../nfs/fact-log.ts';
import {
  entry,
  type Handler,
  type HttpServer,
  hang,
  says,
  sessionsBody,
  startHttpServer,
} from './http-server.ts';

const scvms = ['10.10.85.15', '10.10.85.16'];
const good = says(sessionsBody(...scvms.map((ip) => entry(ip))));

describe('session poll', () => {
  let log: FactLog;
  const cleanups: (() => unknown)[] = [];

  beforeEach(() => {
    log = createFactLog();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** One server per handler, each on its own address, all on one port; null: nobody listens. */
  async function cluster(...handlers: (Handler | null)[]) {
    const servers: HttpServer[] = [];
    const ips: string[] = [];
    let port = 0;
    for (const handler of handlers) {
      const ip = loopback();
      const server = await startHttpServer(ip, handler ?? hang, port);
      cleanups.push(() => server.close());
      port = server.port;
      servers.push(server);
      ips.push(ip);
    }
    for (const [index, handler] of handlers.entries()) {
      if (handler === null) await servers[index]?.close();
    }
    return { servers, ips, port, asked: () => servers.map((server) => server.seen.length) };
  }

  function poll(ips: string[], port: number, more: Partial<SessionAims> = {}): SessionPoll {
    const made = createSessionPoll({
      servers: () => ips,
      scheme: 'http',
      port,
      token: null,
      ca: null,
      pollIntervalMs: 60_000,
      timeoutMs: 2000,
      knownDataIps: scvms,
      report: log.report,
      clock,
      ...more,
    });
    cleanups.push(() => made.close());
    return made;
  }

  it('reports a fresh valid list with the server that gave it, at once and per interval', async () => {
    const { ips, port, servers, asked } = await cluster(good, good);
    poll(ips, port, { pollIntervalMs: 200, token: 'tok' });
    const first = await log.next('SESSIONS_LISTED');
    const second = await log.next('SESSIONS_LISTED', 1);
    assert.equal(first.from, ips[0]);
    assert.deepEqual(
      first.sessions.map(({ ip, ageMs }) => [ip, ageMs]),
      [
        ['10.10.85.15', 200_500],
        ['10.10.85.16', 200_500],
      ],
    );
    assert.ok(second.atMs - first.atMs > 150 && second.atMs - first.atMs < 1000);
    assert.deepEqual(asked(), [2, 0]);
    assert.equal(servers[0]?.seen[0]?.url, '/api/v3/sessions');
    assert.equal(servers[0]?.seen[0]?.headers.authorization, 'Bearer tok');
    assert.equal(servers[0]?.connections(), 1);
  });

  it('counts entries it keeps out', async () => {
    const [ip = ''] = scvms;
    const list = [entry(ip), entry(ip, { alive: false }), entry('10.10.85.99')];
    const { ips, port } = await cluster(says(sessionsBody(...list)));
    const asked = poll(ips, port);
    const { sessions } = await log.next('SESSIONS_LISTED');
    assert.deepEqual(
      sessions.map((session) => session.alive),
      [true],
    );
    const { duplicateEntries, unknownEntries, listed } = asked.counters();
    assert.deepEqual([duplicateEntries, unknownEntries, listed], [1, 1, 1]);
  });

  it('loses no time by a server that refuses, and remembers the one that answered', async () => {
    const { ips, port, asked } = await cluster(null, good);
    const polls = poll(ips, port, { hedgeMs: 1500 });
    const startMs = clock.nowMs();
    assert.equal((await log.next('SESSIONS_LISTED')).from, ips[1]);
    assert.ok(clock.nowMs() - startMs < 1000);
    polls.pollNow();
    assert.equal((await log.next('SESSIONS_LISTED', 1)).from, ips[1]);
    assert.deepEqual(asked(), [0, 2]);
    assert.equal(polls.counters().asked, 3);
  });

  it('loses one hedge by a server that hangs, and gives the hanging request up', async () => {
    const { ips, port, servers } = await cluster(hang, good);
    const startMs = clock.nowMs();
    poll(ips, port, { timeoutMs: 60_000, hedgeMs: 100 });
    assert.equal((await log.next('SESSIONS_LISTED')).from, ips[1]);
    assert.ok(clock.nowMs() - startMs < 2000);
    while ((servers[0]?.sockets.size ?? 0) > 0) await new Promise(setImmediate);
  });

  it('takes no invalid list: the next server is asked at once', async () => {
    const broken = entry('10.10.85.15', { alive: 'yes' });
    const { ips, port } = await cluster(
      says('<html>502</html>'),
      says('{"ec":"ENOLEADER"}'),
      says(sessionsBody(broken)),
      good,
    );
    const startMs = clock.nowMs();
    poll(ips, port, { hedgeMs: 1500 });
    assert.equal((await log.next('SESSIONS_LISTED')).from, ips[3]);
    assert.ok(clock.nowMs() - startMs < 1400);
  });

  it('reports one failure with the error of every server when nobody gives a list', async () => {
    const { ips, port } = await cluster(null, says('<html>'), says('{"ec":"E1"}'), hang);
    poll(ips, port, { timeoutMs: 600 });
    const { error } = await log.next('SESSIONS_FAILED');
    assert.match(error, new RegExp(`${ips[0]}: connection refused \\(ECONNREFUSED\\); `));
    assert.match(error, new RegExp(`${ips[1]}: HTML or XML instead of JSON; `));
    assert.match(error, new RegExp(`${ips[2]}: ec E1 instead of EOK; `));
    assert.match(error, new RegExp(`${ips[3]}: no whole answer within \\d+ ms$`));
    assert.equal(log.facts.length, 1);
  });

  it('has at most three requests in flight and ends at its timeout when all hang', async () => {
    const { ips, port, asked } = await cluster(hang, hang, hang, hang, hang);
    const startMs = clock.nowMs();
    poll(ips, port, { timeoutMs: 500, hedgeMs: 10 });
    const { error, atMs } = await log.next('SESSIONS_FAILED');
    assert.ok(atMs - startMs > 490 && atMs - startMs < 2000);
    assert.deepEqual(asked(), [1, 1, 1, 0, 0]);
    assert.match(error, /; 2 not asked$/);
  });

  it('reaches the management addresses after one failed poll when all storage ones hang', async () => {
    const storage = Array.from({ length: 6 }, () => hang);
    const manage = [null, hang, good, good, good, good];
    const { ips, port } = await cluster(...storage, ...manage);
    const polls = poll(ips, port, { timeoutMs: 400, hedgeMs: 50, pollIntervalMs: 400 });
    const { from } = await log.next('SESSIONS_LISTED');
    assert.ok(ips.indexOf(from) >= 6, 'by its management address');
    assert.equal(log.count('SESSIONS_FAILED'), 1);
    polls.pollNow();
    const next = await log.next('SESSIONS_LISTED', log.facts.length);
    assert.equal(next.from, from);
  });

  it('bounds the error of a large cluster', async () => {
    const ips = Array.from({ length: 60 }, () => loopback());
    poll(ips, 9);
    const { error } = await log.next('SESSIONS_FAILED');
    assert.ok(error.length < 1100);
    assert.match(error, /; and \d+ more$/);
  });

  it('says so when there is nobody to ask', async () => {
    poll([], 9);
    assert.equal((await log.next('SESSIONS_FAILED')).error, 'no server to ask');
  });

  it('polls once more, not at the same time, when told to during a poll', async () => {
    const held: (() => void)[] = [];
    const { ips, port, asked } = await cluster((response, seen) => {
      held.push(() => good(response, seen));
    });
    const polls = poll(ips, port, { timeoutMs: 5000 });
    while (held.length === 0) await new Promise(setImmediate);
    for (let n = 0; n < 5; n += 1) polls.pollNow();
    assert.deepEqual(asked(), [1]);
    held.pop()?.();
    await log.next('SESSIONS_LISTED');
    while (held.length === 0) await new Promise(setImmediate);
    held.pop()?.();
    await log.next('SESSIONS_LISTED', 1);
    assert.deepEqual(asked(), [2]);
    assert.equal(polls.counters().polls, 2);
  });

  it('gives the poll in flight up when retargeted or closed, without a fact', async () => {
    const { ips, port, asked } = await cluster(hang, good);
    const [hanging = '', answering = ''] = ips;
    const polls = poll([hanging], port);
    while (asked()[0] === 0) await new Promise(setImmediate);
    const aims = { scheme: 'http', port, token: null, ca: null } as const;
    const times = { pollIntervalMs: 100, timeoutMs: 2000 };
    polls.retarget({ ...aims, ...times, servers: () => [answering], knownDataIps: [] });
    assert.deepEqual((await log.next('SESSIONS_LISTED')).sessions, []);
    assert.equal(log.facts.length, 1);
    polls.close();
    polls.pollNow();
    assert.equal(polls.counters().failed, 0);
  });
});
