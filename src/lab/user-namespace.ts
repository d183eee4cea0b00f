/**
 * The lab without root: runs this same command again inside a user namespace of its own
 * (user_namespaces(7)), where it is root over fresh network and mount namespaces. `ip netns` keeps
 * its names in /run/netns, so /run becomes a private tmpfs there; the lab's files then live under
 * the temporary directory, where other terminals of the same user find its socket.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from './commands.ts';
import { mayBuild } from './tools.ts';

const INNER = 'REROUTE_LAB_INNER';

/** Where an unprivileged user's labs are; refuses a directory that somebody else made. */
function ownLabsDir(): string {
  const uid = process.getuid?.() ?? 0;
  const dir = join(tmpdir(), `reroute-lab-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = statSync(dir);
  if (owner !== uid || (mode & 0o077) !== 0) throw new Error(`${dir} is not ours alone`);
  return dir;
}

/** Makes `reroute lab fault|status|down` of an unprivileged user find labs; no effect on root. */
export function useOwnLabsDir(): void {
  if (process.getuid?.() !== 0) process.env.REROUTE_LAB_DIR ??= ownLabsDir();
}

/**
 * Makes sure that this process may build a lab. Null: it may, go on. A number: the whole command
 * ran inside a user namespace and ended with this exit code. Rejects with a message for a person
 * when there is no way.
 */
export async function enterLabRights(argv: readonly string[]): Promise<number | null> {
  if (process.env[INNER] === '1') {
    delete process.env[INNER];
    await must('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run']);
    // The outer process going away (even by SIGKILL) means Ctrl-C for this one.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.channel?.unref();
    return null;
  }
  if (mayBuild()) return null;
  const namespaces = ['-Urnm', '--map-root-user'];
  const trial = await run('unshare', [...namespaces, 'true']);
  if (trial.code !== 0) {
    throw new Error(
      'the lab needs root, or user namespaces, and this system allows neither here ' +
        `(${trial.stderr.trim() || 'unshare failed'}); run it with sudo`,
    );
  }
  const inner = spawn('unshare', [...namespaces, process.execPath, ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [INNER]: '1', REROUTE_LAB_DIR: ownLabsDir() },
  });
  // Ctrl-C reaches both; the inner one cleans up and this one must live to report its end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => inner.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    inner.once('error', reject);
    inner.once('exit', (code) => resolve(code ?? 1));
  });
}
