/**
 * An experiment over workers and a real Redis: the same bytes as on one machine, whatever dies. The
 * Redis keeps nothing on disk, so that stopping it loses everything it had: the hardest case.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { letterSchema, openLetter, PREFIX, QUEUE } from '../../src/tune/crew/letters.ts';
import { reroute } from '../cli/program.ts';
import { scratchFolders, until } from '../io/scratch.ts';
import { finishedIn, ROOT, resultsIn, starter } from './program.ts';
import { LONGER, SMALL } from './texts.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

describe('reroute tune --queue', function () {
  this.timeout(180_000);
  const folder = scratchFolders();
  const start = starter();
  let [port, url, at, file] = [0, '', '', ''];
  let server: ChildProcess | null = null;

  const startRedis = async (): Promise<void> => {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', at];
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    server = child;
    const probe = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    probe.on('error', () => assert.equal(child.exitCode, null, 'redis-server ended'));
    await probe.ping();
    probe.disconnect();
  };
  const stopRedis = async (): Promise<void> => {
    const child = server;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  const worker = (root?: string) => start(['worker', '--queue', url, '--concurrency', '1'], root);

  before(async () => {
    at = folder();
    file = join(at, 'x.yaml');
    writeFileSync(file, LONGER);
    port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    await startRedis();
    const local = await reroute('tune', file, '-o', join(at, 'local'), '--workers', '2');
    assert.equal(local.code, 0, local.err);
  });
  after(stopRedis);

  it('two workers, one killed with -9 in the middle and started again: the local bytes', async () => {
    const first = worker();
    const other = worker();
    const to = join(at, 'killed');
    const run = start(['tune', file, '-o', to, '--queue', url]);
    await until(() => finishedIn(to) > 3, 60_000);
    first.process.kill('SIGKILL');
    await first.ended;
    const again = worker();
    assert.equal((await run.ended).code, 0, run.err());
    assert.deepEqual(resultsIn(to), resultsIn(join(at, 'local')));
    assert.equal(finishedIn(to), finishedIn(join(at, 'local')), 'nothing lost, nothing twice');
    for (const w of [other, again]) w.process.kill('SIGTERM');
    const [a, b] = await Promise.all([other.ended, again.ended]);
    assert.deepEqual([a.code, b.code], [0, 0], 'a worker ends when it is asked to');
    const done = [other, again].map((w) => Number(/(\d+) batches done/.exec(w.out())?.[1]));
    assert.ok(
      done.every((n) => n > 0),
      `both worked: ${done}`,
    );
  });

  it('a Redis that is stopped, empty when it comes back: waited for, the local bytes', async () => {
    const w = worker();
    const to = join(at, 'stopped');
    const run = start(['tune', file, '-o', to, '--queue', url]);
    await until(() => finishedIn(to) > 3, 60_000);
    await stopRedis();
    await until(() => run.err().includes('went away'), 30_000);
    await startRedis();
    assert.equal((await run.ended).code, 0, run.err());
    assert.match(run.err(), /went away: waiting for it; finished work is kept/);
    assert.match(run.err(), /is back/);
    assert.deepEqual(resultsIn(to), resultsIn(join(at, 'local')));
    w.process.kill('SIGTERM');
    assert.equal((await w.ended).code, 0, w.err());
  });

  it('a coordinator that is stopped goes on with --resume, without the queue as well', async () => {
    const w = worker();
    const to = join(at, 'resumed');
    const run = start(['tune', file, '-o', to, '--queue', url]);
    await until(() => finishedIn(to) > 3, 60_000);
    run.process.kill('SIGINT');
    assert.equal((await run.ended).code, 1, run.err());
    w.process.kill('SIGTERM');
    await w.ended;
    const kept = finishedIn(to);
    assert.ok(kept > 3 && kept < finishedIn(join(at, 'local')));
    const again = await reroute('tune', file, '-o', to, '--workers', '2', '--resume');
    assert.equal(again.code, 0, again.err);
    assert.deepEqual(resultsIn(to), resultsIn(join(at, 'local')));
  });

  it('a worker of another version gives back what it was given and ends; others do it', async () => {
    const root = folder();
    for (const name of ['bin', 'dist', 'package.json']) {
      cpSync(join(ROOT, name), join(root, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeFileSync(join(root, 'package.json'), JSON.stringify({ ...about, version: '9.9.9' }));
    const small = join(at, 'small.yaml');
    writeFileSync(small, SMALL);
    const run = start(['tune', small, '-o', join(at, 'versions'), '--queue', url]);
    const wrong = worker(root);
    assert.deepEqual(await wrong.ended, { code: 1, signal: null });
    assert.match(
      wrong.err(),
      /version \S+ against 9\.9\.9.*install the same reroute here and there/,
    );
    assert.match(wrong.out(), /0 batches done/);
    const right = worker();
    assert.equal((await run.ended).code, 0, run.err());
    const local = await reroute('tune', small, '-o', join(at, 'small'), '--workers', '1');
    assert.equal(local.code, 0);
    assert.deepEqual(resultsIn(join(at, 'versions')), resultsIn(join(at, 'small')));
    right.process.kill('SIGTERM');
    await right.ended;
  });

  it('a Redis that is not there, or no Redis at all: a clear error at once', async () => {
    const nobody = `redis://user:secret@127.0.0.1:${await freePort()}`;
    for (const args of [['worker'], ['tune', file, '-o', join(at, 'nobody'), '--yes']]) {
      const { code, err } = await reroute(...args, '--queue', nobody);
      assert.equal(code, 1);
      assert.match(err, /redis:\/\/user:\*\*\*@127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/);
      assert.doesNotMatch(err, /secret/);
    }
    const { code, err } = await reroute('worker', '--queue', 'http://x');
    assert.equal(code, 2);
    assert.match(err, /"http:\/\/" is not Redis: write redis:\/\/host:6379/);
  });

  it('what somebody else puts into the queue is not done, and hurts no worker', async () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    const queue = new Queue(QUEUE, { connection: redis, prefix: PREFIX });
    const w = worker();
    const job = await queue.add('batch', { form: 1, build: 'x', rm: '-rf' });
    const other = await queue.add('batch', 'text');
    await until(() => w.process.exitCode !== null || w.out().includes('batches done'), 30_000);
    assert.match(w.err(), /an unknown build/);
    assert.equal(await job.isWaiting(), true, 'given back');
    await job.remove();
    const next = worker();
    const deadline = Date.now() + 30_000;
    while (!(await other.isFailed())) assert.ok(Date.now() < deadline, 'it was not refused');
    next.process.kill('SIGTERM');
    assert.equal((await next.ended).code, 0);
    await queue.close();
    redis.disconnect();
  });
});

describe('letters of the queue', () => {
  const build = { version: '1.0.0', code: '0123456789abcdef', engine: '11.3' };
  const letter = {
    form: 1,
    build,
    digest: '0123456789abcdef',
    experiment: SMALL,
    batch: { id: '0-1', jobs: [{ subject: 0, mix: 0, replication: 0 }] },
  };

  it('a whole one of the same program is opened', () => {
    const opened = openLetter(letter, build);
    assert.ok(opened.ok);
    assert.deepEqual(opened.letter, letter);
  });

  it('one of another form, version, code or engine is foreign, and says what differs', () => {
    const others: readonly (readonly [object, RegExp])[] = [
      [{ form: 2 }, /form 2, this worker reads form 1/],
      [{ build: { ...build, version: '2.0.0' } }, /version 2\.0\.0 against 1\.0\.0/],
      [{ build: { ...build, code: 'ffffffffffffffff' } }, /other code/],
      [{ build: { ...build, engine: '12.0' } }, /V8 12\.0 against 11\.3/],
      [{ build: null }, /unknown build/],
    ];
    for (const [change, says] of others) {
      const opened = openLetter({ ...letter, ...change }, build);
      assert.ok(!opened.ok && opened.foreign);
      assert.match(opened.says, says);
    }
  });

  it('bounds everything in it', () => {
    const job = { subject: 0, mix: 0, replication: 0 };
    const bad: object[] = [
      { digest: '../../etc' },
      { experiment: 'x'.repeat((1 << 20) + 1) },
      { batch: { id: '0-1', jobs: [] } },
      { batch: { id: '0-1', jobs: Array.from({ length: 257 }, () => job) } },
      { batch: { id: '0-1', jobs: [{ ...job, subject: -1 }] } },
      { batch: { id: '0-1', jobs: [{ ...job, replication: 1.5 }] } },
      { batch: { id: 'x', jobs: [job] } },
      { more: 1 },
    ];
    for (const change of bad) {
      const opened = openLetter({ ...letter, ...change }, build);
      assert.ok(!opened.ok && !opened.foreign, JSON.stringify(change).slice(0, 80));
      assert.equal(letterSchema.safeParse({ ...letter, ...change }).success, false);
    }
    assert.ok(!openLetter('text', build).ok);
  });
});
