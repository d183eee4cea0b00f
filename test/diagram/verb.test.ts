/** `reroute diagram` as its user runs it: files, exit codes and messages. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chart, copy, without } from './fixture.ts';

const START = `const { runCli } = await import('./src/cli/main.ts');
process.exitCode = await runCli(process.argv.slice(1));`;

const SEVERAL = `const { runCli } = await import('./src/cli/main.ts');
const codes = [];
for (const args of JSON.parse(process.argv[1])) codes.push(await runCli(['diagram', ...args]));
process.stdout.write(JSON.stringify(codes));`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const reroute = (...args: string[]): Ended => started(START, ['diagram', ...args]);

/** Several command lines, because starting costs more than refusing; `out` is their exit codes. */
const inOneProcess = (lines: readonly string[][]): Ended =>
  started(SEVERAL, [JSON.stringify(lines)]);

function started(script: string, args: readonly string[]): Ended {
  const node = ['--import', 'tsx', '--input-type=module', '-e', script, '--', ...args];
  const done = spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 90_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('reroute diagram', function () {
  this.timeout(120_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'reroute-diagram-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes one region as SVG to standard output', () => {
    const { code, out, err } = reroute('--region', 'steering');
    assert.equal(code, 0, err);
    assert.match(out, /^<svg [\s\S]*data-state="steering.Paused"[\s\S]*<\/svg>\n$/);
    assert.doesNotMatch(out, /data-state="access"/);
  });

  it('writes HTML that asks for nothing outside itself', () => {
    const file = join(folder, 'steering.html');
    assert.equal(reroute('-r', 'steering', '-f', 'html', '-o', file).code, 0);
    const html = readFileSync(file, 'utf8');
    assert.match(html, /default-src 'none'/);
    assert.deepEqual(
      html
        .replaceAll('xmlns="http://www.w3.org/2000/svg"', '')
        .match(/https?:|src=|href=|url\(|@import/g),
      null,
    );
    assert.match(html, /prefers-color-scheme: dark/);
  });

  it('writes PNG', () => {
    const file = join(folder, 'evidence.png');
    const { code, err } = reroute('-r', 'evidence', '-f', 'png', '-o', file);
    assert.equal(code, 0, err);
    assert.equal(readFileSync(file).toString('latin1', 1, 4), 'PNG');
  });

  it('shows the delays of the configuration it is given', () => {
    const file = join(folder, 'own.yaml');
    const example = readFileSync('examples/balanced.yaml', 'utf8');
    writeFileSync(file, example.replace(/#back_to_normal: 180s/, 'back_to_normal: 300s'));
    const { code, out, err } = reroute('-r', 'access', '-f', 'mermaid', '-c', file);
    assert.equal(code, 0, err);
    assert.match(out, /after 5 min/);
  });

  it('compares with a chart written before', () => {
    const old = join(folder, 'old.json');
    writeFileSync(old, JSON.stringify(without(copy(), (t) => t.guard === 'mayPin')));
    const { code, out, err } = reroute('--diff', old, '-f', 'json');
    assert.equal(code, 0, err);
    const { changes } = JSON.parse(out);
    assert.equal(changes.length, 1);
    assert.match(changes[0].after, /mayPin/);
  });

  it('refuses what it does not know with 2, and says what there is', () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['--format', 'gif'], /no format gif; there are svg/],
      [['--region', 'nowhere'], /no region nowhere; there are all, evidence/],
      [['--diff', join(folder, 'none.json')], /none.json cannot be read/],
      [['--diff', 'package.json'], /package.json: not a chart/],
      [['--diff', 'docs/chart/chart.json', '-f', 'dot'], /--diff has no format dot/],
      [['--config', join(folder, 'none.yaml')], /none.yaml/],
    ];
    const { out, err } = inOneProcess(cases.map(([args]) => args));
    assert.deepEqual(JSON.parse(out), Array(cases.length).fill(2), err);
    for (const [, says] of cases) assert.match(err, says);
  });

  it('ends with 1 when the file cannot be written', () => {
    const file = join(folder, 'missing', 'chart.json');
    const { code, err } = reroute('-f', 'json', '-o', file);
    assert.equal(code, 1);
    assert.match(err, /chart.json cannot be written/);
  });

  it('writes the same twice', () => {
    const twice = [1, 2].map(() => reroute('-f', 'json').out);
    assert.equal(twice[0], twice[1]);
    assert.deepEqual(JSON.parse(twice[0] ?? ''), JSON.parse(JSON.stringify(chart)));
  });
});
