import assert from 'node:assert/strict';
import {
  createRecordWriter,
  type RecordAims,
  type RecordWriter,
} from '../../../src/io/rest/record.ts';
import type { OrderOf } from '../../../src/machines/orders.ts';
import { clock, createFactLog, type FactLog, loopback } from '../nfs/fact-log.ts';
import { type Handler, type HttpServer, hang, says, startHttpServer } from './http-server.ts';

const ok = says('{"ec":"EOK","error":{},"data":null}');

function order(orderId: number, uuid = 'a1-b2'): OrderOf<'REFRESH_RECORD'> {
  const clientIps = ['10.10.85.11', '192.168.85.11'];
  return { type: 'REFRESH_RECORD', orderId, uuid, clientIps, reason: 'route changed' };
}

describe('record writer', () => {
  let log: FactLog;
  const cleanups: (() => unknown)[] = [];

  beforeEach(() => {
    log = createFactLog();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(handler: Handler, port = 0): Promise<HttpServer & { ip: string }> {
    const ip = loopback();
    const server = await startHttpServer(ip, handler, port);
    cleanups.push(() => server.close());
    return { ...server, ip };
  }

  function writer(ips: string[], port: number, more: Partial<RecordAims> = {}): RecordWriter {
    const servers = () => ips;
    const aims = { servers, scheme: 'http', port, token: null, ca: null, timeoutMs: 1000 } as const;
    const made = createRecordWriter({ ...aims, report: log.report, clock, ...more });
    cleanups.push(() => made.close());
    return made;
  }

  it('acknowledges when a server says EOK to the PUT', async () => {
    const server = await serve(ok);
    const writes = writer([server.ip], server.port, { token: 'tok' });
    writes.refresh(order(7));
    assert.equal(log.facts.length, 0);
    assert.equal((await log.next('RECORD_ACKNOWLEDGED')).orderId, 7);
    const [seen] = server.seen;
    assert.equal(seen?.method, 'PUT');
    assert.equal(seen?.url, '/api/v2/zbs_session/session/a1-b2');
    assert.deepEqual(JSON.parse(seen?.body ?? ''), {
      client_ips: ['10.10.85.11', '192.168.85.11'],
    });
    assert.equal(seen?.headers.authorization, 'Bearer tok');
    const { orders, acknowledged, refused, asked } = writes.counters();
    assert.deepEqual([orders, acknowledged, refused, asked], [1, 1, 0, 1]);
  });

  const noes: readonly (readonly [string, Handler, RegExp])[] = [
    ['another ec', says('{"ec":"ESESSION"}'), /: ec ESESSION instead of EOK$/],
    ['a bare 200', says(''), /: empty body instead of JSON$/],
    ['HTML', says('<html>'), /: HTML or XML instead of JSON$/],
    ['status 500', says('{"ec":"EOK"}', 500), /: status 500$/],
    ['silence', hang, /: no whole answer within \d+ ms$/],
  ];
  for (const [name, handler, text] of noes) {
    it(`is refused by ${name}`, async () => {
      const server = await serve(handler);
      writer([server.ip], server.port, { timeoutMs: 300 }).refresh(order(8));
      const fact = await log.next('RECORD_REFUSED');
      assert.match(fact.error, text);
      assert.equal(fact.orderId, 8);
      assert.equal(log.facts.length, 1);
    });
  }

  it('asks the next server when one refuses or hangs', async () => {
    const hanging = await serve(hang);
    const last = await serve(ok, hanging.port);
    const ips = [loopback(), hanging.ip, last.ip];
    writer(ips, hanging.port, { timeoutMs: 5000, hedgeMs: 100 }).refresh(order(9));
    assert.equal((await log.next('RECORD_ACKNOWLEDGED')).orderId, 9);
    assert.equal(hanging.seen.length, 1);
  });

  it('gives an older order up for a newer one, and answers both', async () => {
    const server = await serve((response, seen) => {
      if (seen.url.endsWith('/new')) ok(response, seen);
    });
    const writes = writer([server.ip], server.port, { timeoutMs: 8000 });
    writes.refresh(order(1, 'old'));
    while (server.seen.length === 0) await new Promise(setImmediate);
    writes.refresh(order(2, 'new'));
    assert.equal((await log.next('RECORD_ACKNOWLEDGED')).orderId, 2);
    const refused = await log.next('RECORD_REFUSED');
    assert.deepEqual([refused.orderId, refused.error], [1, 'given up: order 2 is newer']);
  });

  it('asks nobody with a uuid that is none', async () => {
    const server = await serve(ok);
    writer([server.ip], server.port).refresh(order(3, '../../v1/reboot'));
    assert.match((await log.next('RECORD_REFUSED')).error, /uuid is not/);
    assert.equal(server.seen.length, 0);
  });

  it('asks the new servers after a retarget', async () => {
    const old = await serve(hang);
    const server = await serve(ok);
    const writes = writer([old.ip], old.port, { timeoutMs: 8000 });
    writes.refresh(order(4));
    while (old.seen.length === 0) await new Promise(setImmediate);
    const aims = { scheme: 'http', port: server.port, token: null, ca: null } as const;
    writes.retarget({ ...aims, servers: () => [server.ip], timeoutMs: 1000 });
    const refused = await log.next('RECORD_REFUSED');
    assert.deepEqual([refused.orderId, refused.error], [4, 'given up: the configuration changed']);
    writes.refresh(order(5));
    assert.equal((await log.next('RECORD_ACKNOWLEDGED')).orderId, 5);
  });

  it('reports nothing after close', async () => {
    const server = await serve(hang);
    const writes = writer([server.ip], server.port, { timeoutMs: 60_000 });
    writes.refresh(order(6));
    while (server.sockets.size === 0) await new Promise(setImmediate);
    writes.close();
    writes.refresh(order(7));
    while (server.sockets.size > 0) await new Promise(setImmediate);
    assert.equal(log.facts.length, 0);
  });
});
