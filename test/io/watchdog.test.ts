/** A stuck main loop ends the process; a stopped process is left alone (real signals). */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const module_ = new URL('../../dist/io/watchdog.js', import.meta.url).href;
const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** Says `ready`, then obeys one word on standard input. */
const program = `
  import { startWatchdog } from ${JSON.stringify(module_)};
  const { watching } = startWatchdog({ limitMs: 1000 });
  process.stdin.on('data', (word) => {
    if (String(word).startsWith('hang')) for (;;);
    if (String(word).startsWith('ask')) process.stdout.write('alive\\n');
  });
  await watching;
  process.stdout.write('ready\\n');
`;

describe('watchdog', () => {
  let child: ChildProcess;
  beforeEach(async () => {
    const args = ['--input-type=module', '-e', program];
    child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    assert.ok(child.stdout);
    await once(child.stdout, 'data');
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  it('a loop that never comes back ends the process, with a word on standard error', async () => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    child.stdin?.write('hang\n');
    const [, signal] = await once(child, 'close');
    assert.equal(signal, 'SIGKILL');
    assert.match(said, /stood still for \d+ ms/);
  });

  it('a process that was stopped as a whole goes on afterwards', async () => {
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    child.kill('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.stdin?.write('ask\n');
    assert.ok(child.stdout);
    const [answer] = await once(child.stdout, 'data');
    assert.equal(String(answer), 'alive\n');
    assert.equal(child.exitCode, null);
  });
});
