/**
 * Commands with a deadline, run for real.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explainFailure, runCommand } from '../../src/io/command.ts';

const shell = (script: string) => ['-c', script];

/** False too for a zombie that its new parent has not reaped yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilDead(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('command', () => {
  it('gives what a command printed, in the C locale and without our environment', async () => {
    process.env.REROUTE_TEST_SECRET = 'x';
    const result = await runCommand('/bin/sh', shell('echo out; echo err >&2; env'), {
      deadlineMs: 5000,
      env: { EXTRA: '1' },
    });
    delete process.env.REROUTE_TEST_SECRET;
    assert.ok(result.ok);
    assert.match(result.stdout, /^out\n/);
    assert.match(result.stdout, /^LC_ALL=C$/m);
    assert.match(result.stdout, /^EXTRA=1$/m);
    assert.doesNotMatch(result.stdout, /SECRET/);
    assert.equal(result.stderr, 'err\n');
  });

  it('tells an exit code, with the text of stderr first', async () => {
    const result = await runCommand('/bin/sh', shell('echo no way >&2; exit 3'), {
      deadlineMs: 5000,
    });
    assert.ok(!result.ok);
    assert.deepEqual([result.reason, result.code, result.signal], ['exit', 3, null]);
    assert.equal(explainFailure(result, 5000), 'no way');
  });

  it('tells a missing program and a wrong argument as spawn failures, never by rejecting', async () => {
    const missing = await runCommand('/nonexistent/ip', [], { deadlineMs: 5000 });
    assert.ok(!missing.ok);
    assert.equal(missing.reason, 'spawn');
    assert.match(missing.stderr, /ENOENT/);
    const wrong = await runCommand('/bin/echo', ['a\0b'], { deadlineMs: 5000 });
    assert.ok(!wrong.ok);
    assert.equal(wrong.reason, 'spawn');
  });

  // The routing command that never returned kept the old loop standing for almost 4 hours.
  it('kills a hung command and its children at the deadline', async () => {
    const script = 'sleep 1000 & echo $! $$; trap "" TERM INT HUP; wait; sleep 1000';
    const result = await runCommand('/bin/sh', shell(script), { deadlineMs: 200 });
    assert.ok(!result.ok);
    assert.equal(result.reason, 'deadline');
    assert.ok(result.tookMs >= 195 && result.tookMs < 3000, `took ${result.tookMs} ms`);
    assert.match(explainFailure(result, 200), /deadline of 200 ms/);
    const [child = 0, parent = 0] = result.stdout.trim().split(' ').map(Number);
    assert.ok(child > 0 && parent > 0);
    await untilDead(child);
    await untilDead(parent);
  });

  it('settles at the deadline although a stranger keeps the output pipe open', async () => {
    // The grandchild leaves the process group, so the kill does not reach it.
    const script = 'setsid sleep 3 & echo started';
    const result = await runCommand('/bin/sh', shell(script), { deadlineMs: 300 });
    assert.ok(!result.ok);
    assert.equal(result.reason, 'deadline');
    assert.ok(result.tookMs < 2500, `took ${result.tookMs} ms`);
  });

  it('kills a command that prints more than its bound', async () => {
    const result = await runCommand('/bin/sh', shell('while :; do echo garbage; done'), {
      deadlineMs: 10_000,
      maxOutputBytes: 10_000,
    });
    assert.ok(!result.ok);
    assert.equal(result.reason, 'output');
    assert.ok(result.stdout.length <= 10_000);
  });

  it('does not call an answered command hung because this process itself stood still', async () => {
    const running = runCommand('/bin/echo', ['done'], { deadlineMs: 150 });
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs);
    const result = await running;
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.stdout, 'done\n');
  });
});
