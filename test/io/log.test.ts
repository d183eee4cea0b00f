/** log: lines, rotation, link and bounds, on real files; a full disk is in log-trouble.test.ts. */

import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createLog, type Log } from '../../src/io/log.ts';
import { localTimestamp, oneLine } from '../../src/io/log-line.ts';
import { childStarter, scratchFolders, source, until } from './scratch.ts';

const LINE =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (ERROR|WARN |INFO |DEBUG) \[\d+\] /;

describe('log', () => {
  const folder = scratchFolders();
  const start = childStarter();

  const make = (at: string, more: { link?: string; maxSize?: number; linesPerSecond?: number }) => {
    const config = { level: 'info' as const, maxSize: more.maxSize ?? 1e6, maxFiles: 3 };
    return createLog(
      { ...config, file: join(at, 'deep/run.log'), link: more.link ?? null },
      { console: false, linesPerSecond: more.linesPerSecond ?? 1000 },
    );
  };
  const linesIn = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
  const written = (log: Log, count: number) => until(() => log.counters().written >= count);

  it('writes one stable line per entry of its level and above', async () => {
    const at = folder();
    const log = make(at, {});
    log.error('path scvm1/data: down');
    log.warn('w');
    log.info('i');
    log.debug('d');
    await log.close();
    log.info('after close');
    const lines = linesIn(join(at, 'deep/run.log'));
    assert.deepEqual(
      lines.map((line) => line.replace(LINE, '$1|')),
      ['ERROR|path scvm1/data: down', 'WARN |w', 'INFO |i'],
    );
    assert.ok(lines.every((line) => line.includes(` [${process.pid}] `)));
    assert.deepEqual(log.counters(), { written: 3, suppressed: 0, dropped: 0, errors: 0 });
  });

  it('timestamp: is local time with its offset, east and west', async () => {
    const code = `const { localTimestamp } = await import('${source('io/log-line.ts')}');
      console.log(localTimestamp(Date.UTC(2026, 0, 1, 19, 4, 5, 678)));`;
    const at = async (zone: string) => start(code, ['env', `TZ=${zone}`]).nextLine();
    assert.equal(await at('Asia/Shanghai'), '2026-01-02T03:04:05.678+08:00');
    assert.equal(await at('America/St_Johns'), '2026-01-01T15:34:05.678-03:30');
    assert.equal(Date.parse(localTimestamp(1_700_000_000_123)), 1_700_000_000_123);
  });

  it('text from outside: cannot forge a line, steer a terminal, or be without end', () => {
    assert.equal(oneLine('a\nb\u001b[2J\u202e'), 'a\\u000ab\\u001b[2J\\u202e');
    assert.equal(oneLine('Schrödinger 路由'), 'Schrödinger 路由');
    assert.match(oneLine('x'.repeat(5000)), /^x{4096} \.\.\. \(904 more characters\)$/);
  });

  it('rotation: keeps max_files files below max_size, the newest under its own name', async () => {
    const at = folder();
    const log = make(at, { maxSize: 2000 });
    for (let i = 0; i < 100; i++) {
      log.info(`entry ${i}`);
      await written(log, i + 1);
    }
    await log.close();
    const file = join(at, 'deep/run.log');
    const all = [`${file}.2`, `${file}.1`, file];
    assert.ok(all.every((name) => statSync(name).size <= 2000));
    assert.ok(!existsSync(`${file}.3`));
    const kept = all.flatMap(linesIn).map((line) => Number(/entry (\d+)$/.exec(line)?.[1]));
    assert.ok(kept.length > 50);
    assert.deepEqual(
      kept,
      kept.map((_, i) => 100 - kept.length + i),
    );
  });

  it('file moved away by somebody else: comes back under its name', async () => {
    const at = folder();
    const file = join(at, 'deep/run.log');
    const log = make(at, {});
    log.info('before');
    await until(() => existsSync(file) && statSync(file).size > 0);
    renameSync(file, `${file}.moved`);
    await until(() => {
      log.info('after');
      return existsSync(file);
    });
    rmSync(join(at, 'deep'), { recursive: true });
    await until(() => {
      log.info('again');
      return existsSync(file);
    });
    await log.close();
  });

  it('link: is made, repaired when it points elsewhere, and follows rotation', async () => {
    const at = folder();
    const link = join(at, 'link.log');
    symlinkSync('/nowhere', link);
    const log = make(at, { link });
    log.info('seen through the link');
    await log.close();
    assert.equal(readlinkSync(link), join(at, 'deep/run.log'));
    assert.match(readFileSync(link, 'utf8'), /seen through the link\n$/);
  });

  it('link: a regular file in its place is left alone', async () => {
    const at = folder();
    const link = join(at, 'link.log');
    writeFileSync(link, 'somebody else');
    const log = make(at, { link });
    log.info('x');
    await log.close();
    assert.ok(lstatSync(link).isFile());
    assert.equal(readFileSync(link, 'utf8'), 'somebody else');
    assert.equal(log.counters().written, 1);
  });

  it('storm: is cut to the budget of its level, with one summary line; errors still pass', async () => {
    const at = folder();
    const log = make(at, { linesPerSecond: 50 });
    for (let i = 0; i < 5000; i++) log.info('flap');
    log.error('the one that matters');
    await until(() => log.counters().written === 52);
    await log.close();
    const lines = linesIn(join(at, 'deep/run.log'));
    assert.equal(lines.filter((line) => line.endsWith('flap')).length, 50);
    assert.equal(lines.filter((line) => line.endsWith('that matters')).length, 1);
    assert.match(
      lines.at(-1) ?? '',
      /WARN {2}\[\d+\] 4950 lines suppressed, more than 50 a second$/,
    );
    assert.equal(log.counters().suppressed, 4950);
  });

  it('file that can never be one: errors are counted, nothing throws, close is quick', async () => {
    const at = folder();
    mkdirSync(join(at, 'deep/run.log'), { recursive: true });
    const log = make(at, {});
    log.info('x');
    await until(() => log.counters().errors > 0);
    const startMs = performance.now();
    await log.close();
    assert.ok(performance.now() - startMs < 1000);
  });
});
