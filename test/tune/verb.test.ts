/** `reroute tune`, as its user runs it: the same bytes at any number of workers, and no work lost. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reroute } from '../cli/program.ts';
import { scratchFolders, until } from '../io/scratch.ts';
import { finishedIn, ROOT, resultsIn, starter } from './program.ts';
import { LONGER, SMALL } from './texts.ts';

describe('reroute tune', function () {
  this.timeout(120_000);
  const folder = scratchFolders();
  const start = starter();
  const written = (text: string): { file: string; to: (name: string) => string } => {
    const at = folder();
    const file = join(at, 'x.yaml');
    writeFileSync(file, text);
    return { file, to: (name) => join(at, name) };
  };

  it('gives the same bytes in its own thread, in one and in three', async () => {
    const { file, to } = written(SMALL);
    const all: Record<string, string>[] = [];
    for (const workers of ['0', '1', '3']) {
      const { code, out, err } = await reroute(
        'tune',
        file,
        '-o',
        to(workers),
        '--workers',
        workers,
      );
      assert.equal(code, 0, err);
      assert.match(out, /^(Write|Keep) back_to_normal/);
      assert.match(out, /24 runs; .*report\.html$/m);
      all.push(resultsIn(to(workers)));
    }
    assert.ok(!Object.values(all[0] ?? {}).includes('missing'));
    assert.deepEqual(all[1], all[0]);
    assert.deepEqual(all[2], all[0]);
    assert.equal(readFileSync(join(to('0'), 'experiment.yaml'), 'utf8'), SMALL);
  });

  it('stopped by Ctrl-C, then killed, then left to its end: the same bytes, nothing done twice', async () => {
    const { file, to } = written(LONGER);
    const whole = await reroute('tune', file, '-o', to('whole'), '--workers', '2');
    assert.equal(whole.code, 0, whole.err);
    const cut = to('cut');

    const run = start(['tune', file, '-o', cut, '--workers', '1']);
    await until(() => finishedIn(cut) > 2, 60_000);
    run.process.kill('SIGINT');
    assert.deepEqual(await run.ended, { code: 1, signal: null });
    assert.match(
      run.err(),
      /stopped with \d+ runs finished, all of them kept; go on with --resume/,
    );
    const first = finishedIn(cut);
    assert.ok(first > 2 && first < finishedIn(to('whole')), `${first} batches`);
    assert.ok(!existsSync(join(cut, 'report.html')));

    const second = start(['tune', file, '-o', cut, '--workers', '1', '--resume']);
    await until(() => finishedIn(cut) > first + 2, 60_000);
    second.process.kill('SIGKILL');
    await second.ended;
    assert.ok(finishedIn(cut) < finishedIn(to('whole')));

    const last = await reroute('tune', file, '-o', cut, '--workers', '2', '--resume');
    assert.equal(last.code, 0, last.err);
    assert.deepEqual(resultsIn(cut), resultsIn(to('whole')));
    assert.equal(finishedIn(cut), finishedIn(to('whole')));
  });

  it('a directory that exists is refused before anything is done, and left as it is', async () => {
    const { file, to } = written(SMALL);
    mkdirSync(to('mine'));
    writeFileSync(join(to('mine'), 'thesis.txt'), 'all I have');
    const refused = await reroute('tune', file, '-o', to('mine'));
    assert.equal(refused.code, 2);
    assert.match(refused.err, /exists: add --resume to go on where it stood, or give another/);
    const resumed = await reroute('tune', file, '-o', to('mine'), '--resume');
    assert.equal(resumed.code, 2);
    assert.match(resumed.err, /has no ledger\.ndjson: nothing in it can be resumed/);
    assert.deepEqual(readdirSync(to('mine')), ['thesis.txt']);
    assert.equal((await reroute('tune', file, '-o', file)).code, 2, 'a file is no directory');
    const crowd = await reroute('tune', file, '-o', to('crowd'), '--workers', '257');
    assert.equal(crowd.code, 2);
    assert.match(crowd.err, /--workers: at most 256/);
  });

  it('--resume of a changed experiment is refused, and nothing is mixed', async () => {
    const { file, to } = written(SMALL);
    assert.equal((await reroute('tune', file, '-o', to('a'), '--workers', '0')).code, 0);
    const before = resultsIn(to('a'));
    writeFileSync(file, SMALL.replace('seed: 3', 'seed: 4'));
    const refused = await reroute('tune', file, '-o', to('a'), '--resume');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /belongs to another experiment/);
    assert.deepEqual(resultsIn(to('a')), before);
  });

  it('a million settings without a terminal are refused with an estimate, and nothing is made', async () => {
    const text = SMALL.replace(/ranges:[\s\S]*/, '').concat(
      'ranges: { timers.dwell: { from: 1s, to: 1000s, step: 1s }, timers.forgive: { from: 1s, to: 1000s, step: 1s } }\n',
    );
    const { file, to } = written(text.replace('replications: 3', 'replications: 1'));
    const { code, err } = await reroute('tune', file, '-o', to('much'));
    assert.equal(code, 2);
    assert.match(
      err,
      /^1000000 settings, 200000\d runs, \d+ host-days simulated: about [\d.]+ (h|days|years) on \d+ core/m,
    );
    assert.match(err, /say --yes to start it, or write fewer/);
    assert.ok(!existsSync(to('much')));
  });

  it('a bad experiment: every problem with its line, exit 2, nothing made', async () => {
    const { file, to } = written(
      SMALL.replace('[0s, 60s, 180s]', '[]').replace('seed: 3', 'seeds: 3'),
    );
    const { code, err } = await reroute('tune', file, '-o', to('none'));
    assert.equal(code, 2);
    assert.match(err, /x\.yaml:2:1: CFG_UNKNOWN_KEY: seeds/);
    assert.match(err, /x\.yaml:8:26: TUNE_EMPTY: ranges\.timers\.back_to_normal/);
    assert.ok(!existsSync(to('none')));
    const missing = await reroute('tune', to('no.yaml'));
    assert.equal(missing.code, 2);
    assert.match(missing.err, /does not exist/);
  });

  it('a full disk: a clear error, finished work kept, and --resume goes on when there is room', () => {
    const { file, to } = written(LONGER);
    mkdirSync(to('disk'));
    // Everything in one mount namespace: the small disk fills up, then it is given room.
    const script = `mount -t tmpfs -o size=20k tmpfs ${to('disk')}
node ${ROOT}/bin/reroute tune ${file} -o ${to('disk')}/r --workers 1 2>&1; echo "exit $?"
wc -l < ${to('disk')}/r/ledger.ndjson
mount -o remount,size=20m ${to('disk')}
node ${ROOT}/bin/reroute tune ${file} -o ${to('disk')}/r --workers 1 --resume 2>&1; echo "exit $?"
cp -r ${to('disk')}/r ${to('copy')}`;
    const said = execFileSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}` },
    });
    assert.match(
      said,
      /the disk is full: ENOSPC.*everything finished is kept; go on with --resume/,
    );
    const [, first, lines, second] = /exit (\d)\n\s*(\d+)\n[\s\S]*exit (\d)/.exec(said) ?? [];
    assert.equal(first, '1', said);
    assert.ok(Number(lines) > 2, said);
    assert.equal(second, '0', said);
    assert.ok(!Object.values(resultsIn(to('copy'))).includes('missing'));
    assert.ok(!readdirSync(to('copy')).some((name) => name.endsWith('.new')));
  });
});
