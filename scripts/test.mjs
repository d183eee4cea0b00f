/**
 * `npm test`: installs what is missing, checks format, lint and types, builds, and runs every test.
 * The machines' tests run under coverage, because every branch of the decision must be tested.
 * Ends with one line alone, `N passed, N failed`, and exits non-zero on any failure or when
 * nothing ran.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installPackages, installTools, root, run } from './ready.mjs';

installPackages();
installTools({ tests: true });
build();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'reroute-test-'));
const failures = [];

function step(name, file, args, env = {}) {
  if (run(file, args, env) !== 0) failures.push(name);
}

/** Runs mocha with a reporter that leaves its counts in a file. */
function mocha(name, wrapper, args) {
  const counts = join(folder, `${name}.json`);
  const [file, ...before] = wrapper;
  const reporter = ['--reporter', join(root, 'scripts', 'counting-reporter.cjs')];
  const rest = [...before, bin('mocha'), ...reporter, ...args];
  step(name, file ?? bin('mocha'), file ? rest : rest.slice(1), { MOCHA_COUNTS: counts });
  try {
    return JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    failures.push(`${name} left no counts`);
    return { passed: 0, failed: 0 };
  }
}

step('format and lint', bin('biome'), ['check', '--error-on-warnings', '.']);
step('types', bin('tsc'), ['--noEmit']);
const coverage = [
  bin('c8'),
  '--include=src/machines/**',
  '--reporter=text-summary',
  '--check-coverage',
  '--branches=100',
  '--lines=100',
];
const chosen = process.argv.slice(2);
const results =
  chosen.length > 0
    ? [mocha('chosen', [], chosen)]
    : [
        mocha('machines', coverage, ['test/machines/**/*.test.ts']),
        mocha('everything else', [], ['--ignore', 'test/machines/**', 'test/**/*.test.ts']),
      ];
rmSync(folder, { recursive: true, force: true });

const passed = results.reduce((n, r) => n + r.passed, 0);
const failed = results.reduce((n, r) => n + r.failed, 0);
if (passed === 0) failures.push('no test ran');
for (const name of failures) process.stderr.write(`not green: ${name}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failures.length > 0 || failed > 0 ? 1 : 0;
