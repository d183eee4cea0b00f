/**
 * A routing tool that hangs, put over the real one for one daemon only: `ip netns exec` gave that
 * daemon a mount namespace of its own, so a bind mount inside it is seen by nobody else.
 */

import assert from 'node:assert/strict';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './daemon.ts';

const REAL = '/usr/sbin/ip';

export interface FakeIp {
  /** Pids of every fake that ran, and of the child that each waits for. */
  ran(): number[];
  /** The real tool again. */
  remove(): Promise<void>;
}

/**
 * `hang`: never does anything. `set, then hang`: a `route replace` reaches the kernel, its caller
 * never hears of it; everything else hangs.
 */
export async function hangIp(
  pid: number,
  dir: string,
  mode: 'hang' | 'set, then hang',
): Promise<FakeIp> {
  const own = readlinkSync(`/proc/${pid}/ns/mnt`);
  assert.notEqual(own, readlinkSync('/proc/self/ns/mnt'), 'the daemon shares our mounts');
  const real = join(dir, 'real-ip');
  const fake = join(dir, 'fake-ip');
  const pids = join(dir, 'fake-pids');
  await copyFile(REAL, real);
  const act = mode === 'hang' ? '' : `case "$*" in "route replace "*) ${real} "$@" ;; esac\n`;
  writeFileSync(fake, `#!/bin/sh\n${act}sleep 600 &\necho "$$ $!" >> ${pids}\nwait\n`, {
    mode: 0o755,
  });
  writeFileSync(pids, '');
  const inside = ['-t', String(pid), '-m'];
  await output('nsenter', ...inside, 'mount', '--bind', fake, REAL);
  killBatch(pid);
  return {
    ran: () => readFileSync(pids, 'utf8').split(/\s+/).filter(Boolean).map(Number),
    // Lazily: a fake that still runs keeps its file busy.
    remove: async () => void (await output('nsenter', ...inside, 'umount', '--lazy', REAL)),
  };
}

/** Ends the daemon's kept-open `ip -batch`, if it has one just now: the next one is the fake. */
function killBatch(pid: number): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/);
  for (const child of children.map(Number)) {
    if (commandOf(child).includes('-batch')) process.kill(child, 'SIGKILL');
  }
}

/** The command line of a process; empty when it is gone or a zombie. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // ENOENT or ESRCH: it is gone.
    return '';
  }
}
