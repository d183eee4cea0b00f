/** console server: who may ask what, in which form, and what everybody else is told. */

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { exampleSettings } from '../../src/diagram/example.ts';
import { graphOf } from '../../src/diagram/walk.ts';
import { loadAssets } from '../../src/web/assets.ts';
import { hostsOf } from '../../src/web/policy.ts';
import { ask } from './request.ts';
import { openStage, type Stage } from './stage.ts';

describe('console server', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    stage.allUp();
  });
  afterEach(() => stage.close());

  const own = (): string => new URL(stage.url).host;
  const wish = (
    what: string,
    over: { headers?: Record<string, string>; body?: string; token?: string } = {},
  ) =>
    ask(`${stage.url}/api/${what}`, {
      method: 'POST',
      body: over.body ?? '{}',
      headers: {
        'content-type': 'application/json',
        origin: stage.url,
        authorization: `Bearer ${over.token ?? stage.token}`,
        ...over.headers,
      },
    });
  const pinned = () => stage.loop.state().snapshot.context.memory.pin;
  const paused = () => stage.loop.state().snapshot.context.memory.paused;

  it('page: served compressed as the browser takes it, asked again each time, with a strict policy', async () => {
    for (const [path, type] of [
      ['/', 'text/html; charset=utf-8'],
      ['/console.js', 'text/javascript; charset=utf-8'],
      ['/console.css', 'text/css; charset=utf-8'],
    ] as const) {
      const plain = await ask(stage.url + path);
      const small = await ask(stage.url + path, { headers: { 'accept-encoding': 'gzip, br' } });
      const old = await ask(stage.url + path, { headers: { 'accept-encoding': 'gzip' } });
      assert.equal(plain.status, 200);
      assert.equal(plain.headers['content-type'], type);
      assert.equal(small.headers['content-encoding'], 'br');
      assert.deepEqual(brotliDecompressSync(small.body), plain.body);
      assert.deepEqual(gunzipSync(old.body), plain.body);
      const etag = String(plain.headers.etag);
      const again = await ask(stage.url + path, { headers: { 'if-none-match': etag } });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
      assert.equal(plain.headers['cache-control'], 'no-cache');
    }
  });

  it('page: the chart in it has every state of the chart, and no other', async () => {
    const html = (await ask(stage.url)).body.toString();
    const drawn = [...html.matchAll(/<rect [^>]*data-state="([^"]+)"/g)].map((m) => m[1]);
    const states = graphOf(exampleSettings()).states.map((s) => s.id);
    const shown = states.filter((id) => !id.startsWith('evidence'));
    assert.deepEqual(drawn.toSorted(), shown.toSorted());
    for (const id of shown)
      assert.ok(html.includes(`<li data-of="${id}">`), `${id} has no purpose`);
  });

  it('page: everything together weighs less than 400 kB compressed', () => {
    const files = [...loadAssets().byUrl.values()];
    const sum = (of: 'brotli' | 'gzip') => files.reduce((bytes, f) => bytes + f[of].length, 0);
    assert.ok(sum('brotli') > 10_000 && sum('gzip') < 400_000, `${sum('brotli')} ${sum('gzip')}`);
  });

  it('every answer carries the policy: nothing inline, nothing from elsewhere, no frames', async () => {
    const answers = [
      await ask(`${stage.url}/`),
      await ask(`${stage.url}/api/hello`),
      await ask(`${stage.url}/nowhere`),
      await ask(`${stage.url}/`, { headers: { host: 'evil.example' } }),
      await wish('pause', { token: 'wrong' }),
    ];
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'; style-src 'self'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  });

  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1', '127.0.0.1:1']) {
    it(`host ${JSON.stringify(host)}: refused before anything is shown (DNS rebinding)`, async () => {
      for (const path of ['/', '/api/hello', '/api/timeline', '/api/stream']) {
        const answer = await ask(stage.url + path, { headers: { host } });
        assert.equal(answer.status, 421, path);
        assert.equal(answer.json().code, 'wrong_host');
      }
      const answer = await wish('pause', { headers: { host } });
      assert.equal(answer.status, 421);
      assert.equal(paused(), false);
    });
  }

  it('hosts: loopback names with the port, and without it only where the port is 80', () => {
    const names = [...hostsOf('::1', 9470)];
    assert.deepEqual(names, ['[::1]:9470', '127.0.0.1:9470', 'localhost:9470']);
    assert.ok(hostsOf('127.0.0.1', 80).has('localhost'));
  });

  for (const [what, headers] of [
    ['another page', { origin: 'http://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['the same name over https', { origin: 'https://127.0.0.1:9470' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another site, as its browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site, as its browser says', { 'sec-fetch-site': 'same-site' }],
  ] as const) {
    it(`a wish from ${what}: refused, even with the right token`, async () => {
      const answer = await wish('pause', { headers });
      assert.equal(answer.status, 403);
      assert.equal(answer.json().code, 'wrong_origin');
      assert.equal(paused(), false);
    });
  }

  it('a question from a page of another site: refused; the page itself may be followed to', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site };
      for (const path of ['/api/hello', '/%61pi/hello', '/api/stream', '/api/timeline']) {
        const answer = await ask(stage.url + path, { headers });
        assert.deepEqual([answer.status, answer.json().code], [403, 'wrong_origin'], path);
      }
      assert.equal((await ask(`${stage.url}/`, { headers })).status, 200);
    }
    const typed = await ask(`${stage.url}/api/hello`, { headers: { 'sec-fetch-site': 'none' } });
    assert.equal(typed.status, 200);
  });

  it('a wish without an origin: refused', async () => {
    const answer = await ask(`${stage.url}/api/pause`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.token}` },
    });
    assert.deepEqual([answer.status, answer.json().code], [403, 'wrong_origin']);
  });

  it('a wish without a token or with a wrong one: refused, told in the log, the token never', async () => {
    const none = await wish('pin', { body: '{"target":"scvm2"}', headers: { authorization: '' } });
    assert.deepEqual([none.status, none.json().code], [401, 'no_token']);
    const wrong = await wish('pin', { body: '{"target":"scvm2"}', token: `${stage.token}x` });
    assert.deepEqual([wrong.status, wrong.json().code], [401, 'wrong_token']);
    assert.equal(pinned(), null);
    const log = stage.log.join('\n');
    assert.match(log, /console: \/api\/pin refused: wrong token/);
    assert.ok(!log.includes(stage.token));
  });

  it('many wrong tokens: all refused, a bounded number of lines, and the right one is not kept out', async () => {
    for (let n = 0; n < 30; n += 1) assert.equal((await wish('pause', { token: 'x' })).status, 401);
    assert.equal(paused(), false);
    assert.equal(stage.log.filter((line) => line.includes('wrong token')).length, 10);
    assert.equal((await wish('pause')).status, 200);
    assert.equal(paused(), true);
  });

  it('refusals: of another host, another origin and without a token are in the log', async () => {
    await ask(stage.url, { headers: { host: 'evil.example' } });
    await wish('pause', { headers: { origin: 'http://evil.example' } });
    await wish('pause', { headers: { authorization: '' } });
    const log = stage.log.join('\n');
    assert.match(log, /refused: this console is not called "evil.example"/);
    assert.match(log, /\/api\/pause refused: asked from another page \(http:\/\/evil.example\)/);
    assert.match(log, /\/api\/pause refused: give the token/);
  });

  it('wishes with the right token: pin, release, pause, resume do what they say', async () => {
    const pin = await wish('pin', {
      body: JSON.stringify({ target: 'scvm2', for_ms: 60_000, failsafe: true }),
    });
    assert.deepEqual([pin.status, pin.json().says], [200, 'pinned to scvm2/data']);
    assert.equal(pinned()?.path, 'scvm2/data');
    assert.equal(pinned()?.failsafe, true);
    assert.equal((await wish('release')).json().says, 'released from scvm2/data');
    assert.equal(pinned(), null);
    assert.equal((await wish('pause')).status, 200);
    assert.equal(paused(), true);
    const refused = await wish('pin', { body: '{"target":"scvm2"}' });
    assert.deepEqual([refused.status, refused.json().code], [409, 'PAUSED']);
    assert.equal((await wish('resume')).json().says, 'resumed');
    assert.match(stage.log.join('\n'), /console: \/api\/pin \{"target":"scvm2",.*pinned to scvm2/);
  });

  for (const [what, body, status, says] of [
    ['not JSON', '{"target"', 400, /JSON/],
    ['an unknown key', '{"target":"scvm2","force":true}', 400, /force/],
    ['a time no timer can hold', '{"target":"scvm2","for_ms":2147483648}', 400, /for_ms/],
    ['no target', '{}', 400, /target/],
    ['an oversized body', `{"target":"${'x'.repeat(10_000)}"}`, 413, /4096 bytes/],
    ['a target that is not configured', '{"target":"scvm99"}', 409, /scvm99/],
  ] as const) {
    it(`pin with ${what}: refused, nothing changes`, async () => {
      const answer = await wish('pin', { body });
      assert.equal(answer.status, status, answer.body.toString());
      assert.equal(answer.json().ok, false);
      assert.match(String(answer.json().says), says);
      assert.equal(pinned(), null);
    });
  }

  it('another content type than JSON: refused, as a form of a foreign page would be', async () => {
    const answer = await wish('pause', { headers: { 'content-type': 'text/plain' } });
    assert.equal(answer.status, 415);
    assert.equal(paused(), false);
  });

  it('asking changes nothing: no fact comes of status, why and a scene', () => {
    const before = stage.loop.facts();
    const state = stage.loop.state();
    const { atMs } = stage.handlers.status() as { atMs: number };
    stage.handlers.why();
    assert.equal(stage.loop.facts(), before);
    assert.equal(stage.loop.state(), state);
    assert.ok(atMs > state.snapshot.context.nowMs, 'it is not seen as it stands now');
  });

  it('moment: asks for whole ms, and answers a time before the journal with the reason', async () => {
    for (const query of ['', '?at=soon', '?at=-1', '?at=1e99', '?at=1&x=2']) {
      assert.equal((await ask(`${stage.url}/api/moment${query}`)).status, 400, query);
    }
    const early = await ask(`${stage.url}/api/moment?at=1000`);
    assert.deepEqual(early.json(), {
      ok: false,
      says: 'the journal does not reach back to that time',
    });
  });

  it('token: in a file that only its owner reads, new at each start', async () => {
    const file = join(stage.journalDir, '..', 'console-token');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readFileSync(file, 'utf8').trim(), stage.token);
    const other = await openStage();
    assert.notEqual(other.token, stage.token);
    await other.close();
  });

  it('an address that is taken: the daemon goes on without its console, and says so', async () => {
    await assert.rejects(
      openStage({ port: Number(new URL(stage.url).port) }),
      new RegExp(`console 127\\.0\\.0\\.1:${new URL(stage.url).port} is off: .*EADDRINUSE`),
    );
    assert.equal((await ask(`${stage.url}/api/hello`, { headers: { host: own() } })).status, 200);
  });
});
