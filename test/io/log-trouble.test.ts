/**
 * log and journal on a disk that refuses. The children mount a tiny tmpfs in a mount namespace of
 * their own. The story: a winston File transport met one ENOSPC and was silent for good, without
 * an event, also after the disk had room again.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { childStarter, scratchFolders, source } from './scratch.ts';

const privateMount = ['unshare', '-m', '--propagation', 'private'];

/** Runs on a 1 MiB tmpfs, filled to the last block: freed, it must hold all that the log kept back. */
const fullDisk = (at: string, body: string): string => `
  const { execFileSync } = await import('node:child_process');
  const fs = await import('node:fs');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '${at}'], { stdio: 'inherit' });
  const fill = () => {
    const fd = fs.openSync('${at}/ballast', 'a');
    try { for (;;) fs.writeSync(fd, Buffer.alloc(4096)); } catch (e) { if (e.code !== 'ENOSPC') throw e; }
    fs.closeSync(fd);
  };
  const free = () => fs.rmSync('${at}/ballast');
  const until = async (f) => { while (!f()) await new Promise((r) => setTimeout(r, 5)); };
  ${body}`;

describe('log and journal in trouble', () => {
  const folder = scratchFolders();
  const start = childStarter();

  it('log: survives a full disk, loses nothing that fits its buffer, and says it once', async () => {
    const at = folder();
    const child = start(
      `const told = [];
       const write = process.stderr.write.bind(process.stderr);
       process.stderr.write = (text) => { told.push(text); return true; };
       ${fullDisk(
         at,
         `const { createLog } = await import('${source('io/log.ts')}');
          const log = createLog({ file: '${at}/l.log', link: null, level: 'info', maxSize: 1e6, maxFiles: 2 }, { console: false, linesPerSecond: 1e6 });
          log.info('first');
          await until(() => fs.existsSync('${at}/l.log') && fs.statSync('${at}/l.log').size > 0);
          fill();
          for (let i = 0; i < 200; i++) log.info('entry ' + i + ' ' + 'x'.repeat(100));
          await until(() => log.counters().errors >= 2);
          free();
          await until(() => fs.readFileSync('${at}/l.log', 'utf8').includes('entry 199 '));
          await log.close();
          const lines = fs.readFileSync('${at}/l.log', 'utf8').trimEnd().split('\\n');
          console.log(JSON.stringify({ lines: lines.length, whole: lines.every((l) => /^20.*(x{100}|first)$/.test(l)), told, counters: log.counters() }));`,
       )}`,
      privateMount,
    );
    const seen = JSON.parse(await child.nextLine());
    assert.equal(seen.lines, 201);
    assert.ok(seen.whole, 'no line is torn where the disk refused');
    assert.equal(seen.told.length, 1, seen.told.join());
    assert.match(seen.told[0], /WARN .*log: cannot write .*ENOSPC/);
    assert.equal(seen.counters.dropped, 0);
  });

  it('log: beyond its buffer lines are dropped and counted, memory stays bounded', async () => {
    const at = folder();
    const child = start(
      fullDisk(
        at,
        `const { createLog } = await import('${source('io/log.ts')}');
         const log = createLog({ file: '${at}/l.log', link: null, level: 'info', maxSize: 1e6, maxFiles: 2 }, { console: false, linesPerSecond: 1e6 });
         log.info('first');
         await until(() => fs.existsSync('${at}/l.log') && fs.statSync('${at}/l.log').size > 0);
         fill();
         for (let i = 0; i < 5000; i++) log.info('x'.repeat(1000));
         await until(() => log.counters().errors >= 1 && log.counters().dropped > 4000);
         free();
         await until(() => { log.info('room'); return fs.readFileSync('${at}/l.log', 'utf8').includes('log lines were lost'); });
         await log.close();
         console.log('counted ' + /(\\d+) log lines were lost/.exec(fs.readFileSync('${at}/l.log', 'utf8'))[1], log.counters().dropped);`,
      ),
      [...privateMount, 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh'],
    );
    const [, told, dropped] = /^counted (\d+) (\d+)$/.exec(await child.nextLine()) ?? [];
    assert.ok(Number(told) > 4000 && Number(told) <= Number(dropped));
  });

  it('journal: after a full disk a gap mark and a header stand where lines were lost', async () => {
    const at = folder();
    const child = start(
      fullDisk(
        at,
        `const { createJournal } = await import('${source('io/journal.ts')}');
         const { readJournal } = await import('${source('io/journal-read.ts')}');
         const { monotonicClock } = await import('${source('io/clock.ts')}');
         const warned = [];
         const journal = createJournal({ dir: '${at}/j', maxSize: 1e6, maxFiles: 3, maxPendingBytes: 20000, header: () => ({ next: n }), clock: monotonicClock(), log: { warn: (t) => warned.push(t) } });
         let n = 0;
         const tick = () => { journal.fact({ type: 'TICK', atMs: n }); n++; };
         tick();
         await until(() => fs.existsSync('${at}/j/journal-000001.ndjson') && fs.statSync('${at}/j/journal-000001.ndjson').size > 0);
         fill();
         await until(() => { for (let i = 0; i < 50; i++) tick(); return journal.counters().errors >= 1 && journal.counters().dropped >= 500; });
         free();
         await until(() => { tick(); return fs.readFileSync('${at}/j/journal-000001.ndjson', 'utf8').includes('"gap"'); });
         await journal.close();
         let expected = 0, problems = 0, gaps = 0, headers = 0;
         for (const e of readJournal('${at}/j', { onBroken: 'continue' })) {
           if (e.kind === 'gap') { gaps++; expected += e.dropped; }
           if (e.kind === 'header') { headers++; if (e.body.next !== expected) problems++; }
           if (e.kind === 'fact' && e.fact.atMs !== expected++) problems++;
           if (e.kind === 'problem') problems++;
         }
         console.log(JSON.stringify({ all: expected === n, problems, gaps, headers, warned: warned.length, dropped: journal.counters().dropped }));`,
      ),
      privateMount,
    );
    const seen = JSON.parse(await child.nextLine());
    assert.ok(seen.all, JSON.stringify(seen));
    assert.equal(seen.problems, 0);
    assert.equal(seen.warned, 1);
    assert.ok(seen.gaps >= 1 && seen.headers === seen.gaps + 1 && seen.dropped >= 500);
  });

  it('console: a reader that stands still or is gone neither stops nor ends the daemon', async () => {
    const at = folder();
    const code = `const { createLog } = await import('${source('io/log.ts')}');
      const log = createLog({ file: '${join(at, 'l.log')}', link: null, level: 'info', maxSize: 1e8, maxFiles: 2 }, { console: true, linesPerSecond: 1e6 });
      for (let i = 0; i < 500; i++) log.info('x'.repeat(4000));
      setTimeout(async () => { const held = process.stdout.writableLength; await log.close(); process.exit(held < 300_000 ? 0 : 3); }, 200);`;
    const run = (then: (child: ReturnType<typeof spawn>) => void): Promise<number | null> => {
      const args = ['--import', 'tsx', '--input-type=module', '-e', code];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      then(child);
      return new Promise((resolve) => child.once('exit', resolve));
    };
    assert.equal(await run((child) => child.stdout?.pause()), 0);
    assert.equal(await run((child) => child.stdout?.destroy()), 0);
  });
});
