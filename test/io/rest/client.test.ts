import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type ClientOptions, createClient, MAX_BODY_BYTES } from '../../../src/io/rest/client.ts';
import { clock, loopback } from '../nfs/fact-log.ts';
import { type Handler, hang, says, startHttpServer } from './http-server.ts';

const token = 'secret.token-0123456789';
const tlsFile = (name: string) => readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8');
const tls = { key: tlsFile('server.key'), cert: tlsFile('server.pem') };

/** Closed by an end or by a reset: both are closed. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    // A reset comes as an error first; `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}

describe('rest client', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(handler: Handler, host = loopback(), secure?: typeof tls) {
    const server = await startHttpServer(host, handler, 0, secure);
    cleanups.push(() => server.close());
    return { ...server, host };
  }

  /** A TCP server that is no HTTP server. */
  async function raw(onSocket: (socket: Socket) => void) {
    const host = loopback();
    const server: Server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => onSocket(socket));
      cleanups.push(() => socket.destroy());
    });
    server.listen(0, host);
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return { host, port: address.port };
  }

  function client(port: number, more: Partial<ClientOptions> = {}) {
    const made = createClient({ scheme: 'http', port, token: null, ca: null, ...more });
    cleanups.push(() => made.close());
    return made;
  }

  function get(to: { host: string; port: number }, timeoutMs = 5000, more = {}) {
    const asked = { method: 'GET', ip: to.host, path: '/x', timeoutMs } as const;
    return client(to.port, more).ask(asked);
  }

  async function errorOf(answer: ReturnType<typeof get>): Promise<string> {
    const got = await answer;
    assert.ok(!got.ok);
    assert.ok(!got.error.includes(token) && !/\n/.test(got.error) && got.error.length <= 200);
    return got.error;
  }

  it('gives the body as it came, whatever its content type, and sends the token', async () => {
    const server = await serve(says('{"a": 1}', 200, 'text/html'));
    const answer = await get(server, 5000, { token: ` ${token}\n` });
    assert.deepEqual(answer, { ok: true, body: '{"a": 1}' });
    assert.equal(server.seen[0]?.headers.authorization, `Bearer ${token}`);
    assert.equal(server.seen[0]?.headers['accept-encoding'], 'identity');
  });

  it('sends a PUT with its JSON text, on one kept-open connection', async () => {
    const server = await serve(says('{}'));
    const asker = client(server.port);
    const ask = { method: 'PUT', ip: server.host, path: '/p', body: '{"b":2}' } as const;
    for (let n = 0; n < 3; n += 1) assert.ok((await asker.ask({ ...ask, timeoutMs: 5000 })).ok);
    const [seen] = server.seen;
    assert.equal(seen?.method, 'PUT');
    assert.equal(seen?.body, '{"b":2}');
    assert.match(seen?.headers['content-type'] ?? '', /^application\/json/);
    assert.equal(seen?.headers.authorization, undefined);
    assert.equal(server.connections(), 1);
  });

  it('speaks https to a server whose certificate the CA signed', async () => {
    const server = await serve(says('{}'), '127.0.0.1', tls);
    const ca = tlsFile('ca.pem');
    assert.deepEqual(await get(server, 5000, { scheme: 'https', ca }), { ok: true, body: '{}' });
  });

  it('refuses a certificate that nobody trusted signed, or for another address', async () => {
    const server = await serve(says('{}'), '127.0.0.1', tls);
    const untrusted = await errorOf(get(server, 5000, { scheme: 'https', token }));
    assert.match(untrusted, /CERT|SIGNED|ISSUER|LEAF/);
    const elsewhere = await serve(says('{}'), loopback(), tls);
    const ca = tlsFile('ca.pem');
    assert.match(await errorOf(get(elsewhere, 5000, { scheme: 'https', ca })), /ALTNAME_INVALID/);
    assert.equal(server.seen.length + elsewhere.seen.length, 0);
  });

  it('does not follow a redirect', async () => {
    const target = await serve(says('{}'));
    const server = await serve((response) =>
      response.writeHead(302, { location: `http://${target.host}:${target.port}/` }).end(),
    );
    assert.equal(await errorOf(get(server)), 'redirect (status 302) is not followed');
    assert.equal(target.seen.length, 0);
  });

  it('names another status', async () => {
    assert.equal(await errorOf(get(await serve(says('{}', 503)))), 'status 503');
  });

  it('never asks through a proxy of the environment', async () => {
    const proxy = await serve(says('{"proxied":true}'));
    const server = await serve(says('{}'));
    const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy'];
    const before = names.map((name) => [name, process.env[name]] as const);
    cleanups.push(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    for (const name of names) process.env[name] = `http://${proxy.host}:${proxy.port}`;
    assert.deepEqual(await get(server), { ok: true, body: '{}' });
    assert.equal(proxy.connections(), 0);
  });

  it('cuts a body of 100 MB early, announced or not', async () => {
    for (const announced of [true, false]) {
      let sent = 0;
      const server = await serve((response) => {
        if (announced) response.setHeader('content-length', 100 * 1024 * 1024);
        const chunk = Buffer.alloc(64 * 1024, 32);
        const more = (): void => {
          for (; sent < 100 * 1024 * 1024 && !response.destroyed; sent += chunk.length) {
            if (!response.write(chunk)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
      });
      const before = process.memoryUsage.rss();
      assert.equal(await errorOf(get(server)), `body of more than ${MAX_BODY_BYTES} bytes`);
      assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were sent`);
      assert.ok(process.memoryUsage.rss() - before < 64 * 1024 * 1024);
    }
  });

  it('takes a body of exactly 1 MiB', async () => {
    const answer = await get(await serve(says('x'.repeat(MAX_BODY_BYTES))));
    assert.ok(answer.ok && answer.body.length === MAX_BODY_BYTES);
  });

  it('does not unfold a compressed body', async () => {
    const zipped: Handler = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not even gzip');
    assert.deepEqual(await get(await serve(zipped)), { ok: true, body: 'not even gzip' });
  });

  const slow: readonly (readonly [string, Handler])[] = [
    ['a server that says nothing', hang],
    ['a server that stops after its headers', (response) => response.writeHead(200).write('[')],
    [
      'a body that trickles',
      (response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ];
  for (const [name, handler] of slow) {
    it(`ends at its deadline for ${name}, and closes the connection`, async () => {
      const server = await serve(handler);
      const startMs = clock.nowMs();
      assert.equal(await errorOf(get(server, 300)), 'no whole answer within 300 ms');
      assert.ok(clock.nowMs() - startMs < 2000);
      const [socket] = server.sockets;
      if (socket) await closed(socket);
    });
  }

  it('ends at its deadline for headers that trickle', async () => {
    const server = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    assert.equal(await errorOf(get(server, 300)), 'no whole answer within 300 ms');
  });

  it('names a refused connection, a reset, and a reset within the body', async () => {
    const gone = await serve(hang);
    await gone.close();
    assert.equal(await errorOf(get(gone)), 'connection refused (ECONNREFUSED)');
    const reset = await raw((socket) => socket.resetAndDestroy());
    assert.equal(await errorOf(get(reset)), 'connection reset (ECONNRESET)');
    const cut = await serve((response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('{');
      setImmediate(() => response.destroy());
    });
    assert.match(await errorOf(get(cut)), /connection reset/);
  });

  it('names what is not HTTP, and headers without end', async () => {
    const ssh = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    assert.match(await errorOf(get(ssh)), /Parse Error.*HPE_/);
    const endless = await raw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}`);
    });
    assert.match(await errorOf(get(endless)), /HPE_HEADER_OVERFLOW/);
  });

  it('ends when told to', async () => {
    const server = await serve(hang);
    const abort = new AbortController();
    const asked = { method: 'GET', ip: server.host, path: '/x', timeoutMs: 60_000 } as const;
    const answer = client(server.port).ask({ ...asked, signal: abort.signal });
    while (server.seen.length === 0) await new Promise(setImmediate);
    abort.abort();
    assert.equal(await errorOf(answer), 'given up (ERR_CANCELED)');
    const late = client(server.port).ask({ ...asked, signal: abort.signal });
    assert.equal(await errorOf(late), 'given up (ERR_CANCELED)');
  });

  it('names a token that no header can carry, without sending anything', async () => {
    const server = await serve(says('{}'));
    assert.match(await errorOf(get(server, 5000, { token: 'a\nb' })), /^the token has characters/);
    assert.equal(server.seen.length, 0);
  });
});
