/** control: the socket between the command line and the daemon, over a real Unix socket. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { askControl } from '../../src/io/control-client.ts';
import { type Control, type ControlHandlers, createControl } from '../../src/io/control-server.ts';
import { childStarter, scratchFolders, source, until } from './scratch.ts';

const done = { ok: true as const, says: 'done' };

describe('control', () => {
  const folder = scratchFolders();
  const start = childStarter();
  const warned: string[] = [];
  const open: Control[] = [];
  const asked: unknown[] = [];
  const handlers: ControlHandlers = {
    status: () => ({ state: 'Normal' }),
    why: () => {
      throw new Error('a programming error');
    },
    history: async (n) => ({ n }),
    pin: (request) => {
      asked.push(request);
      return done;
    },
    release: () => ({ ok: false, says: 'nothing is pinned', code: 'not_pinned' }),
    pause: () => done,
    resume: () => done,
    reload: () => new Promise(() => undefined),
    metrics: () => 'reroute_up 1\n',
  };
  const log = { warn: (text: string) => warned.push(text) };

  const serve = async (socket = join(folder(), 'c.sock')): Promise<string> => {
    const answer = await createControl({ socket, handlers, log });
    assert.ok(answer.ok, answer.ok ? '' : answer.problem);
    open.push(answer.control);
    return socket;
  };
  const problemOf = async (socket: string): Promise<string> => {
    const answer = await createControl({ socket, handlers, log });
    assert.ok(!answer.ok);
    return answer.problem;
  };
  const clientProblem = async (socket: string, path = '/status', timeoutMs = 5000) => {
    const method = path === '/reload' ? 'POST' : 'GET';
    const reply = await askControl(socket, method, path, undefined, timeoutMs);
    assert.ok(!reply.ok);
    return reply.problem;
  };

  afterEach(async () => {
    for (const control of open.splice(0)) await control.close();
  });

  it('answers each route with its handler', async () => {
    const socket = await serve();
    const ask = async (method: 'GET' | 'POST', path: string, body?: object) => {
      const reply = await askControl(socket, method, path, body);
      assert.ok(reply.ok);
      return [reply.status, reply.body];
    };
    assert.deepEqual(await ask('GET', '/status'), [200, { state: 'Normal' }]);
    assert.deepEqual(await ask('GET', '/history'), [200, { n: 50 }]);
    assert.deepEqual(await ask('GET', '/history?n=7'), [200, { n: 7 }]);
    assert.deepEqual(await ask('GET', '/metrics'), [200, 'reroute_up 1\n']);
    for (const verb of ['/pause', '/resume'])
      assert.deepEqual(await ask('POST', verb), [200, done]);
    const refusal = { ok: false, says: 'nothing is pinned', code: 'not_pinned' };
    assert.deepEqual(await ask('POST', '/release'), [409, refusal]);
    const request = { target: 'scvm2', for_ms: 7_200_000, failsafe: true };
    assert.deepEqual(await ask('POST', '/pin', request), [200, done]);
    assert.deepEqual(asked.splice(0), [request]);
  });

  it('refuses what its schema does not know, and never calls the handler', async () => {
    const socket = await serve();
    const cases: ['GET' | 'POST', string, object | undefined, number, RegExp][] = [
      ['POST', '/pin', undefined, 400, /target: /],
      ['POST', '/pin', { targt: 'a' }, 400, /Unrecognized key: "targt"/],
      ['POST', '/pin', { target: 'a', for_ms: 2 ** 31 }, 400, /for_ms: /],
      ['POST', '/pin', { target: 'a', for_ms: 0.5 }, 400, /for_ms: /],
      ['POST', '/pin', { target: 'x'.repeat(20_000) }, 413, /too large/],
      ['POST', '/pause', { now: true }, 400, /Unrecognized key: "now"/],
      ['GET', '/history?n=0', undefined, 400, /n: /],
      ['GET', '/history?n=all', undefined, 400, /n: /],
      ['GET', '/pin', undefined, 404, /no GET \/pin here/],
      ['POST', '/nope?a=b', undefined, 404, /no POST \/nope here/],
    ];
    for (const [method, path, body, status, says] of cases) {
      const reply = await askControl(socket, method, path, body);
      assert.ok(reply.ok);
      assert.equal(reply.status, status, path);
      assert.match(JSON.stringify(reply.body).replaceAll('\\"', '"'), says);
    }
    assert.deepEqual(asked, []);
  });

  it('handler that throws: is answered with 500 and logged, the server goes on', async () => {
    const socket = await serve();
    const reply = await askControl(socket, 'GET', '/why');
    assert.ok(reply.ok && reply.status === 500);
    assert.match(warned.splice(0).join(), /GET \/why failed: a programming error/);
    assert.ok((await askControl(socket, 'GET', '/status')).ok);
  });

  it('socket: belongs to its owner alone, and is gone after close', async () => {
    const socket = await serve();
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    await open.pop()?.close();
    assert.ok(!existsSync(socket));
    assert.match(await clientProblem(socket), /^no daemon is running .*reroute run --config F$/);
  });

  it('second daemon on the same socket: is refused, the first keeps answering', async () => {
    const socket = await serve();
    assert.match(await problemOf(socket), /another daemon answers there/);
    assert.ok((await askControl(socket, 'GET', '/status')).ok);
  });

  it('stale socket of a killed daemon: is told by the client, replaced by the server', async () => {
    const socket = join(folder(), 'c.sock');
    const child = start(
      `(await import('node:net')).createServer().listen('${socket}', () => console.log('up'));`,
    );
    await child.nextLine();
    child.process.kill('SIGKILL');
    await child.ended;
    assert.ok(existsSync(socket));
    assert.match(await clientProblem(socket), /the daemon is gone/);
    await serve(socket);
    assert.ok((await askControl(socket, 'GET', '/status')).ok);
  });

  it('file that is no socket, path too long, folder missing: are told and left alone', async () => {
    const at = folder();
    const file = join(at, 'file');
    writeFileSync(file, 'precious');
    assert.match(await problemOf(file), /not a socket stands there/);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
    assert.match(await problemOf(join(at, 'x'.repeat(120))), /longer than the 103 bytes/);
    assert.match(await problemOf(join(at, 'missing/c.sock')), /ENOENT|EACCES/);
  });

  it('daemon that stands still: the client gives up after its timeout', async () => {
    const socket = await serve();
    assert.match(await clientProblem(socket, '/reload', 100), /did not answer within 100 ms/);
    const deaf = join(folder(), 'deaf.sock');
    const server = createServer().listen(deaf);
    await new Promise((resolve) => server.once('listening', resolve));
    assert.match(await clientProblem(deaf, '/status', 100), /did not answer within 100 ms/);
    server.close();
  });

  it('no right to the socket: the client says so', async () => {
    const socket = await serve();
    const child = start(
      `const { askControl } = await import('${source('io/control-client.ts')}');
       console.log((await askControl('${socket}', 'GET', '/status')).problem);`,
      ['setpriv', '--reuid=65534', '--clear-groups'],
    );
    assert.match(await child.nextLine(), /^no right to use the socket .* run as root/);
  });

  it('close: breaks idle, half-sent and waiting requests at once', async () => {
    const socket = await serve();
    const callers = ['', 'POST /pin HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{'].map(
      (text) => {
        const caller = connect({ path: socket });
        caller.on('error', () => caller.destroy());
        caller.resume();
        caller.write(text);
        return caller;
      },
    );
    const waiting = clientProblem(socket, '/reload');
    await until(() => callers.every((caller) => !caller.connecting));
    const startMs = performance.now();
    await open.pop()?.close();
    assert.ok(performance.now() - startMs < 500);
    assert.match(await waiting, /ended while it was asked|is gone|no daemon/);
    await until(() => callers.every((caller) => caller.destroyed));
  });
});
