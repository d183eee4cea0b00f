import assert from 'node:assert/strict';
import { createInsight, type InsightAims } from '../../../src/io/rest/insight.ts';
import type { OrderOf } from '../../../src/machines/orders.ts';
import { clock, loopback } from '../nfs/fact-log.ts';
import { type Handler, type HttpServer, hang, says, startHttpServer } from './http-server.ts';

function to(ip: string | null, path: string | null = 'scvm2/data'): OrderOf<'REPORT_TO'> {
  return { type: 'REPORT_TO', ip, path, reason: 'switched' };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('insight heartbeat', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(handler: Handler, port = 0): Promise<HttpServer & { ip: string }> {
    const ip = loopback();
    const server = await startHttpServer(ip, handler, port);
    cleanups.push(() => server.close());
    return { ...server, ip };
  }

  function aims(port: number, more: Partial<InsightAims> = {}): InsightAims {
    return {
      enabled: true,
      port,
      path: '/api/v1/ioreroute',
      intervalMs: 60_000,
      localDataIp: '10.10.85.15',
      localManageIp: '192.168.85.15',
      hypervisorIp: () => '192.168.85.11',
      ...more,
    };
  }

  function insight(port: number, more: Partial<InsightAims> = {}) {
    const made = createInsight({ ...aims(port, more), clock });
    cleanups.push(() => made.close());
    return made;
  }

  it('PUTs the body at once to the ordered address, and again every interval', async () => {
    const server = await serve(says(''));
    const beats = insight(server.port, { intervalMs: 100 });
    assert.deepEqual(beats.status(), {
      ip: null,
      lastOkMs: null,
      lastError: null,
      sent: 0,
      failed: 0,
    });
    beats.reportTo(to(server.ip));
    await until(() => server.seen.length >= 3 && beats.status().lastOkMs !== null);
    const [seen] = server.seen;
    assert.deepEqual([seen?.method, seen?.url], ['PUT', '/api/v1/ioreroute']);
    assert.deepEqual(JSON.parse(seen?.body ?? ''), {
      hypervisor_ip: '192.168.85.11',
      local_scvm_data_ip: '10.10.85.15',
      local_scvm_manage_ip: '192.168.85.15',
      nfs_target_ip: server.ip,
      ttl: 9,
    });
    assert.equal(beats.status().failed, 0);
    assert.equal(beats.status().ip, server.ip);
  });

  it('follows a new order at once, even with a heartbeat in flight, and stops at null', async () => {
    const old = await serve(hang);
    const next = await serve(says(''), old.port);
    const beats = insight(old.port);
    beats.reportTo(to(old.ip));
    await until(() => old.seen.length === 1);
    beats.reportTo(to(next.ip));
    await until(() => beats.status().lastOkMs !== null && old.sockets.size === 0);
    beats.reportTo(to(null, null));
    beats.retarget(aims(old.port, { intervalMs: 10 }));
    assert.equal(beats.status().ip, null);
    assert.deepEqual([old.seen.length, next.seen.length, beats.status().sent], [1, 1, 2]);
    assert.equal(beats.status().failed, 0);
  });

  it('counts failures and goes on, never two at a time', async () => {
    let calls = 0;
    const server = await serve((response, seen) => {
      calls += 1;
      if (calls > 2) says('')(response, seen);
      else if (calls === 2) says('', 500)(response, seen);
    });
    const beats = insight(server.port, { intervalMs: 150 });
    beats.reportTo(to(server.ip));
    await until(() => beats.status().failed === 1);
    assert.equal(beats.status().lastError, `${server.ip}: no whole answer within 150 ms`);
    assert.equal(calls, 1);
    await until(() => beats.status().failed === 2);
    assert.equal(beats.status().lastError, `${server.ip}: status 500`);
    await until(() => beats.status().lastOkMs !== null);
    assert.equal(beats.status().lastError, null);
    assert.equal(beats.status().sent, 3);
  });

  it('names the target as told, which with RDMA is not the gateway', async () => {
    const server = await serve(says(''));
    const beats = insight(server.port, { nfsTargetIp: (order) => `of ${order.path}` });
    beats.reportTo(to(server.ip));
    await until(() => server.seen.length === 1);
    assert.equal(JSON.parse(server.seen[0]?.body ?? '').nfs_target_ip, 'of scvm2/data');
  });

  it('sends nothing while this host has no known address, or when not enabled', async () => {
    const server = await serve(says(''));
    const beats = insight(server.port, { hypervisorIp: () => null });
    beats.reportTo(to(server.ip));
    await until(() => beats.status().failed === 1);
    assert.equal(beats.status().lastError, 'this host has no known address');
    beats.retarget(aims(server.port, { enabled: false }));
    assert.equal(beats.status().sent, 0);
    beats.retarget(aims(server.port));
    await until(() => beats.status().lastOkMs !== null);
    assert.equal(server.seen.length, 1);
  });
});
