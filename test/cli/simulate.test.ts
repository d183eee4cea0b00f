/** `reroute simulate` as its user runs it: one seed, many seeds, on and off, and wrong usage. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reroute } from './program.ts';

const program = fileURLToPath(new URL('../../bin/reroute', import.meta.url));

describe('reroute simulate', function () {
  // A bound for a busy machine.
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'reroute-simulate-'));
  const file = (name: string, text?: string): string => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    return path;
  };
  after(() => rmSync(folder, { recursive: true }));

  it('--seed prints what was drawn first, and the same bytes each time', async () => {
    const runs = await Promise.all([
      reroute('simulate', '--seed', '7'),
      reroute('simulate', '--seed', '7'),
    ]);
    assert.equal(runs[0].code, 0);
    assert.equal(runs[0].out, runs[1].out);
    assert.match(runs[0].out, /^seed 7\n {2}cluster \d/);
  });

  it('--write keeps the run as a golden dialogue', async () => {
    const golden = file('golden.txt');
    const { code } = await reroute('simulate', '--seed', '7', '--write', golden);
    assert.equal(code, 0);
    assert.match(readFileSync(golden, 'utf8'), /seed 7\n/);
  });

  it('--seeds is the same with no thread and with three', async () => {
    const of = (workers: string) =>
      reroute('simulate', '--seeds', '30', '--from', '5', '--workers', workers, '--json');
    const [none, three] = (await Promise.all([of('0'), of('3')])).map(({ code, out }) => {
      assert.equal(code, 0);
      const { tookMs: _took, ...rest } = JSON.parse(out);
      return rest;
    });
    assert.deepEqual(none, three);
    assert.equal(three.next, 35);
    assert.equal(three.complete, true);
  });

  it('ended by SIGINT it says where to go on, and --resume ends as if it had never stopped', async () => {
    const progress = file('progress.json');
    const args = ['simulate', '--seeds', '1000000', '--workers', '1', '--resume', progress];
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    // The first progress is kept after some seconds.
    const watcher = watch(folder);
    for await (const { filename } of watcher) if (filename === 'progress.json') break;
    child.kill('SIGINT');
    assert.equal(await ended, 1);
    const { next } = JSON.parse(readFileSync(progress, 'utf8'));
    assert.match(out, new RegExp(`the next seed is ${next}: go on by the same with --resume`));

    const seeds = String(next + 20);
    const resumed = await reroute('simulate', '--seeds', seeds, '--resume', progress);
    assert.equal(resumed.code, 0);
    const whole = await reroute('simulate', '--seeds', seeds, '--json');
    const { tookMs: _took, complete, ...rest } = JSON.parse(whole.out);
    assert.equal(complete, true);
    assert.deepEqual(JSON.parse(readFileSync(progress, 'utf8')), rest);
  });

  it('a progress file that is none, or of another run, is named and left alone', async () => {
    const broken = file('broken.json', '{"version":2');
    const other = file('other.json', '{"version":1}');
    for (const path of [broken, other]) {
      const text = readFileSync(path, 'utf8');
      const { code, err } = await reroute('simulate', '--seeds', '9', '--resume', path);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`${path} (cannot be read|is no progress file)`));
      assert.equal(readFileSync(path, 'utf8'), text);
    }
    const mine = file('mine.json');
    await reroute('simulate', '--seeds', '2', '--workers', '0', '--resume', mine);
    const { code, err } = await reroute(
      'simulate',
      '--seeds',
      '4',
      '--hosts',
      '2',
      '--resume',
      mine,
    );
    assert.equal(code, 2);
    assert.match(err, /other --hosts/);
  });

  const wrong: readonly (readonly [string[], RegExp])[] = [
    [[], /--seed N for one run, --seeds N for many, --explore or --mutants/],
    [['--seed', '1', '--seeds', '2'], /--seed N for one run/],
    [['--seed', '-1'], /whole/],
    [['--seed', '1', '--workers', '2'], /--workers goes with --seeds/],
    [['--seeds', '1', '--hosts', '65'], /from 1 to 64/],
    [['--seeds', '1', '--write', 'x'], /--write goes with --seed/],
    [['--seed', '1', '--scvms', '2'], /--scvms goes with --explore/],
    [['--explore', '--seed', '1'], /--seed goes with seeds/],
    [['--explore', '--scvms', '4'], /write 2 or 3/],
    [['--mutants', 'guard,bug'], /write guard, gate, action, transition/],
    [['--mutants', '--lockstep'], /goes without/],
  ];
  for (const [args, says] of wrong) {
    it(`${args.join(' ') || 'without options'}: says what to write, exit 2`, async () => {
      const { code, out, err } = await reroute('simulate', ...args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, says);
      assert.equal(existsSync('x'), false);
    });
  }
});
