/** lock: one daemon per host, held by the kernel; real processes hold it and die. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../src/io/lock.ts';
import { childStarter, scratchFolders, source } from './scratch.ts';

const holderCode = (file: string): string =>
  `const { takeLock } = await import('${source('io/lock.ts')}');
   const lock = takeLock(${JSON.stringify(file)});
   console.log(JSON.stringify(lock));
   setInterval(() => undefined, 1000);`;

describe('lock', () => {
  const folder = scratchFolders();
  const start = childStarter();

  it('is taken, names its holder in the file, and is free again after release', () => {
    const file = join(folder(), 'lock');
    const first = takeLock(file);
    assert.ok(first.ok && first.warning === null);
    assert.equal(readFileSync(file, 'utf8'), `${process.pid}\n`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    first.release();
    first.release();
    const second = takeLock(file);
    assert.ok(second.ok);
    second.release();
  });

  it('second daemon: is refused with the pid of the holder and the old message', async () => {
    const file = join(folder(), 'lock');
    const holder = start(holderCode(file));
    assert.match(await holder.nextLine(), /"ok":true/);
    const answer = takeLock(file);
    assert.ok(!answer.ok);
    assert.equal(answer.holderPid, holder.pid);
    assert.match(
      answer.error,
      /^lock file is locked, reroute service is already running, process \d+ exit actively/,
    );
    assert.match(answer.error, new RegExp(`held by process ${holder.pid}\\)`));
    holder.process.kill('SIGKILL');
    await holder.ended;
    const after = takeLock(file);
    assert.ok(after.ok, 'the kernel releases the lock of a killed holder');
    assert.equal(readFileSync(file, 'utf8'), `${process.pid}\n`);
    after.release();
  });

  it('is not inherited by children that outlive the daemon', async () => {
    const file = join(folder(), 'lock');
    const lock = takeLock(file);
    assert.ok(lock.ok);
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('spawn', resolve));
    const open = readdirSync(`/proc/${child.pid}/fd`).map((fd) =>
      readlinkSync(`/proc/${child.pid}/fd/${fd}`),
    );
    child.kill('SIGKILL');
    assert.ok(!open.includes(file));
    lock.release();
  });

  it('stale content: a longer text of a dead holder is replaced', () => {
    const file = join(folder(), 'lock');
    writeFileSync(file, '999999999\nand more text of another time\n', { mode: 0o644 });
    const lock = takeLock(file);
    assert.ok(lock.ok);
    assert.equal(readFileSync(file, 'utf8'), `${process.pid}\n`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    lock.release();
  });

  it('holder that has not written its pid: stale or foreign text names nobody', () => {
    for (const text of ['', '999999999\n', 'hello\n', '12', '-1\n', '0\n']) {
      const file = join(folder(), 'lock');
      const lock = takeLock(file);
      assert.ok(lock.ok);
      writeFileSync(file, text);
      const answer = takeLock(file);
      assert.ok(!answer.ok && answer.holderPid === null, JSON.stringify(text));
      assert.match(answer.error, /holder unknown/);
      lock.release();
    }
  });

  it('refuses what is not a file of its own, and leaves it alone', () => {
    const at = folder();
    const precious = join(at, 'precious');
    writeFileSync(precious, 'text');
    symlinkSync(precious, join(at, 'symlink'));
    linkSync(precious, join(at, 'hardlink'));
    mkdirSync(join(at, 'folder'));
    execFileSync('mkfifo', [join(at, 'fifo')]);
    const cases: [string, RegExp][] = [
      ['symlink', /symbolic link/],
      ['hardlink', /hard link/],
      ['folder', /is a folder/],
      ['fifo', /not a plain file/],
      ['missing/lock', /folder does not exist/],
    ];
    for (const [name, expected] of cases) {
      const answer = takeLock(join(at, name));
      assert.ok(!answer.ok && answer.holderPid === null, name);
      assert.match(answer.error, expected);
    }
    assert.equal(readFileSync(precious, 'utf8'), 'text');
  });

  it('unwritable folder: says so with a remedy', async () => {
    const at = folder();
    chmodSync(at, 0o555);
    const child = start(holderCode(join(at, 'lock')), [
      'setpriv',
      '--reuid=65534',
      '--clear-groups',
    ]);
    assert.match(await child.nextLine(), /"ok":false.*EACCES.*run as root/);
  });
});
