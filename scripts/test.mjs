/**
 * `npm test`: installs what is missing, checks format, lint and types, builds, and runs every test.
 * The machines' tests run under coverage, because every branch of the decision must be tested.
 * Tests that only compute run beside those that wait for a real network, with less priority, and
 * are shown after them.
 * Ends with one line alone, `N passed, N failed`, and exits non-zero on any failure or when
 * nothing ran.
 */

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installPackages, installTools, root, run } from './ready.mjs';

installPackages();
installTools({ tests: true });
build();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'reroute-test-'));
const failures = [];

/** Runs a program to its end; returns its exit code. `file`: where its output goes, if not here. */
function ended(command, args, env, file) {
  const out = file === undefined ? 'inherit' : openSync(file, 'a');
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', out, out],
    env: { ...process.env, ...env },
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code) => {
      if (out !== 'inherit') closeSync(out);
      resolve(code ?? 1);
    });
  });
}

/** Runs mocha with a reporter that leaves its counts in a file. `before`: what it runs under. */
async function mocha(name, before, args, file) {
  const counts = join(folder, `${name}.json`);
  const reporter = ['--reporter', join(root, 'scripts', 'counting-reporter.cjs')];
  const [command, ...rest] = [...before, bin('mocha'), ...reporter, ...args];
  if ((await ended(command, rest, { MOCHA_COUNTS: counts }, file)) !== 0) failures.push(name);
  try {
    return JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    failures.push(`${name} left no counts`);
    return { passed: 0, failed: 0, failures: [] };
  }
}

const COVERAGE = [
  bin('c8'),
  '--include=src/machines/**',
  '--reporter=text-summary',
  '--check-coverage',
  '--branches=100',
  '--lines=100',
];
/** Nothing in these folders waits for a clock, a network or a child process that does. */
const COMPUTING = ['config', 'laws', 'sim', 'replay', 'diagram'];

async function computing(file) {
  const machines = await mocha(
    'machines',
    ['nice', '-n', '10', ...COVERAGE],
    ['test/machines/**/*.test.ts'],
    file,
  );
  const folders = COMPUTING.map((name) => `test/${name}/**/*.test.ts`);
  return [machines, await mocha('computing', ['nice', '-n', '10'], folders, file)];
}

async function everything() {
  const file = join(folder, 'computing.txt');
  const beside = computing(file);
  const others = [...COMPUTING, 'machines'].flatMap((name) => ['--ignore', `test/${name}/**`]);
  const waiting = await mocha('waiting', [], [...others, 'test/**/*.test.ts']);
  const computed = await beside;
  process.stdout.write(readFileSync(file, 'utf8'));
  return [waiting, ...computed];
}

for (const [name, ...command] of [
  ['format and lint', bin('biome'), 'check', '--error-on-warnings', '.'],
  ['types', bin('tsc'), '--noEmit'],
  ['types of the pages', bin('tsc'), '-p', 'tsconfig.web.json'],
]) {
  if (run(command[0], command.slice(1)) !== 0) failures.push(name);
}
const chosen = process.argv.slice(2);
const results = chosen.length > 0 ? [await mocha('chosen', [], chosen)] : await everything();
rmSync(folder, { recursive: true, force: true });

const passed = results.reduce((n, r) => n + r.passed, 0);
const failed = results.reduce((n, r) => n + r.failed, 0);
if (passed === 0) failures.push('no test ran');
for (const name of failures) process.stdout.write(`not green: ${name}\n`);
// Once more at the end, where they are found: what ran beside was shown long after it failed.
for (const one of results.flatMap((r) => r.failures)) process.stdout.write(`failed: ${one}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length > 0 || failed > 0 ? 1 : 0;
