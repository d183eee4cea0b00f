/**
 * Life and death of a lab: whatever ends its supervisor, no namespace and no process stays, and
 * two labs do not know of each other.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programArgs } from '../../src/lab/children.ts';
import { namespacesOf } from '../../src/lab/cleanup.ts';
import { askLab } from '../../src/lab/door.ts';
import { downLab } from '../../src/lab/down.ts';
import { isAlive, type ProcessMark, readRunRecord } from '../../src/lab/run-record.ts';
import { openStand, temporaryDir, uniqueName, until } from './stand.ts';

describe('lab life', function () {
  this.timeout(120_000);
  const dir = temporaryDir();
  const started: { child: ChildProcess; name: string }[] = [];
  after(async () => {
    for (const { child, name } of started) {
      child.kill('SIGKILL');
      await downLab(name, join(dir, name));
    }
    rmSync(dir, { recursive: true, force: true });
  });

  interface Run {
    readonly name: string;
    readonly runDir: string;
    readonly child: ChildProcess;
    /** Its exit code; null after a signal. */
    readonly ended: Promise<number | null>;
    said(): string;
  }

  function supervise(more: readonly string[] = [], uid?: number): Run {
    const name = uniqueName();
    const file = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
    const [flag = '', loader = ''] = programArgs('access');
    const args = [flag, loader, file, name, '1', ...more];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, REROUTE_LAB_DIR: dir },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    started.push({ child, name });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { name, runDir: join(dir, name), child, ended, said: () => text };
  }

  const isUp = (one: Run) =>
    until(
      async () => one.said(),
      (text) => text.includes('access running'),
      30_000,
    );

  /** Every process of a running lab, its guardian too. */
  async function processesOf(one: Run): Promise<ProcessMark[]> {
    const marks = readRunRecord(one.runDir)?.processes ?? [];
    assert.ok(marks.length >= 4 && marks.every(isAlive), JSON.stringify(marks));
    return marks;
  }

  async function nothingLeft(one: Run, marks: readonly ProcessMark[]): Promise<void> {
    await until(
      () => namespacesOf(one.name),
      (spaces) => spaces.length === 0,
    );
    await until(
      async () => marks.filter(isAlive),
      (alive) => alive.length === 0,
    );
    assert.equal(readRunRecord(one.runDir), null);
  }

  it('SIGKILL of the supervisor: its guardian removes everything', async () => {
    const one = supervise();
    await isUp(one);
    assert.equal((await namespacesOf(one.name)).length, 3);
    const marks = await processesOf(one);
    one.child.kill('SIGKILL');
    await nothingLeft(one, marks);
  });

  it('SIGINT in the middle of a script: everything is removed, the exit code is 1', async () => {
    const script = join(dir, 'script.txt');
    writeFileSync(script, 'at 1ms freeze-access scvm1\nend 60s\n');
    const one = supervise([script]);
    await isUp(one);
    const marks = await processesOf(one);
    await until(
      async () => one.said(),
      (text) => text.includes('freeze-access scvm1: the access service of scvm1 stands still'),
    );
    one.child.kill('SIGINT');
    assert.equal(await one.ended, 1);
    await nothingLeft(one, marks);
  });

  it('supervisor and guardian both killed: down removes what they left', async () => {
    const one = supervise();
    await isUp(one);
    const marks = await processesOf(one);
    const guardian = marks.find(({ what }) => what === 'guardian');
    assert.ok(guardian);
    process.kill(guardian.pid, 'SIGKILL');
    one.child.kill('SIGKILL');
    await one.ended;
    assert.equal((await namespacesOf(one.name)).length, 3);
    const did = await downLab(one.name, one.runDir);
    assert.equal(did.filter((line) => line.startsWith('removed namespace')).length, 3);
    await nothingLeft(one, marks);
    assert.deepEqual(await downLab(one.name, one.runDir), []);
  });

  it('another terminal: status, fault and down work through the socket', async () => {
    const one = supervise();
    await isUp(one);
    const marks = await processesOf(one);
    const ask = (command: string) => askLab(one.name, command, one.runDir);
    assert.match((await ask('status')).text, /leader scvm1\nscvm1 power on, access running/);
    assert.deepEqual(await ask('fault power-off scvm7'), {
      ok: false,
      text: 'no "scvm7" here; one of scvm1',
    });
    assert.equal((await ask('fault  kill-access scvm1')).ok, true);
    assert.match((await ask('status')).text, /scvm1 power on, access down/);
    assert.equal((await ask('nonsense')).ok, false);
    assert.deepEqual(await downLab(one.name, one.runDir), [`lab ${one.name} stopped`]);
    assert.equal(await one.ended, 0);
    await nothingLeft(one, marks);
    assert.equal((await ask('status')).text, `no lab "${one.name}" is running`);
  });

  it('two labs at once: same addresses, nothing shared, one name only once', async () => {
    const a = await openStand(1);
    const b = await openStand(1);
    try {
      await assert.rejects(
        openStand(1, { name: a.lab.name, runDir: a.lab.runDir }),
        /is running already/,
      );
      await a.lab.fault('power-off scvm1');
      const [here] = await a.write('host1', '10.10.85.15');
      const [there] = await b.write('host1', '10.10.85.15');
      assert.notEqual(here?.server, 'scvm1');
      assert.equal(there?.server, 'scvm1');
      const lines = readFileSync(join(b.lab.runDir, 'truth.ndjson'), 'utf8').trim().split('\n');
      assert.equal(lines.length, b.lab.truth.events.length);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
    assert.deepEqual(await namespacesOf(a.lab.name), []);
  });

  it('without root: runs in a user namespace, or says clearly why it cannot', async () => {
    const nobody = 65_534;
    const one = supervise([], nobody);
    const text = await until(
      async () => one.said(),
      (said) => /access running|needs root/.test(said),
      30_000,
    );
    if (text.includes('needs root')) {
      assert.equal(await one.ended, 1);
      return;
    }
    assert.deepEqual(await namespacesOf(one.name), [], 'it is not in our /run/netns');
    // Its own directory is named after the user; ours is of no use inside.
    const ownDir = join(tmpdir(), `reroute-lab-${nobody}`, one.name);
    assert.ok(text.includes(ownDir));
    const marks = readRunRecord(ownDir)?.processes ?? [];
    assert.ok(marks.length >= 4);
    one.child.kill('SIGKILL');
    await until(
      async () => marks.filter(isAlive),
      (alive) => alive.length === 0,
    );
    await until(
      async () => readRunRecord(ownDir),
      (record) => record === null,
    );
    rmSync(ownDir, { recursive: true });
  });
});
