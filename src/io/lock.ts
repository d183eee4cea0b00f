/**
 * One daemon per host: an exclusive flock(2) on the lock file, held for the life of the process.
 *
 * The kernel drops the lock when its holder dies, however it dies, so there is no stale lock; what
 * the file *says* (the holder's pid) is only for people. The file is never removed: unlinking a
 * lock file lets two processes hold locks on two files of the same name.
 */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { fcntlSync, flockSync, constants as lockConstants } from 'fs-ext';
import { errorCode, errorText } from './errno.ts';

export type LockAnswer =
  /** `release` is harmless when called twice; `warning`: locked, but the pid was not written. */
  | { ok: true; release(): void; warning: string | null }
  /** `holderPid` is null when another holds it and cannot be named, or nobody does. */
  | { ok: false; holderPid: number | null; error: string };

/** Attempts when the file is replaced under us between open and lock. */
const OPEN_ATTEMPTS = 3;
const PID_TEXT_MAX = 16;

/** Takes the lock or says at once why not; never waits, never throws for what the file is. */
export function takeLock(file: string): LockAnswer {
  for (let attempt = 1; attempt <= OPEN_ATTEMPTS; attempt++) {
    let fd: number;
    try {
      fd = openLockFile(file);
    } catch (error) {
      return { ok: false, holderPid: null, error: `lock file ${file}: ${openTrouble(error)}` };
    }
    const answer = lockOpenFile(file, fd);
    if (answer === 'replaced') continue;
    return answer;
  }
  return { ok: false, holderPid: null, error: `lock file ${file}: replaced again and again` };
}

function openLockFile(file: string): number {
  // NOFOLLOW: a link planted in a shared folder must not make us write elsewhere. NONBLOCK: a
  // FIFO or device there must not hold us up. 0600: whoever may open the file may also lock it.
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  return openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
}

function lockOpenFile(file: string, fd: number): LockAnswer | 'replaced' {
  try {
    const about = fstatSync(fd);
    if (!about.isFile() || about.nlink > 1) {
      closeSync(fd);
      const error = `lock file ${file}: not a plain file of its own (other type or hard link)`;
      return { ok: false, holderPid: null, error };
    }
    // Children must not inherit it: they would keep the lock beyond our death.
    fcntlSync(fd, 'setfd', lockConstants.FD_CLOEXEC);
    flockSync(fd, 'exnb');
    if (about.nlink === 0 || lstatSync(file).ino !== about.ino) {
      closeSync(fd);
      return 'replaced';
    }
  } catch (error) {
    const code = errorCode(error);
    const holderPid = code === 'EAGAIN' ? readHolder(fd) : null;
    closeSync(fd);
    if (code === 'ENOENT') return 'replaced';
    return { ok: false, holderPid, error: lockTrouble(file, error, holderPid) };
  }
  const warning = writeHolder(file, fd);
  let held = true;
  return {
    ok: true,
    warning,
    release() {
      if (!held) return;
      held = false;
      closeSync(fd);
    },
  };
}

function lockTrouble(file: string, error: unknown, holderPid: number | null): string {
  if (errorCode(error) !== 'EAGAIN') return `lock file ${file}: ${errorText(error)}`;
  const holder = holderPid === null ? 'holder unknown' : `held by process ${holderPid}`;
  return (
    `lock file is locked, reroute service is already running, ` +
    `process ${process.pid} exit actively (${file}, ${holder})`
  );
}

/** A full disk must not keep the daemon from starting: the lock is the kernel's, not the text. */
function writeHolder(file: string, fd: number): string | null {
  try {
    fchmodSync(fd, 0o600);
    ftruncateSync(fd);
    writeSync(fd, `${process.pid}\n`, 0);
    return null;
  } catch (error) {
    return `lock file ${file}: locked, but the pid was not written: ${errorText(error)}`;
  }
}

/** The pid in the file, if that process exists: a holder that just began has not written yet. */
function readHolder(fd: number): number | null {
  const text = Buffer.alloc(PID_TEXT_MAX);
  try {
    const length = readSync(fd, text, 0, PID_TEXT_MAX, 0);
    const match = /^([1-9]\d{0,8})\n/.exec(text.toString('latin1', 0, length));
    if (match === null) return null;
    const pid = Number(match[1]);
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else. Anything else: nobody to name.
    return errorCode(error) === 'EPERM' ? pidOf(text) : null;
  }
}

const pidOf = (text: Buffer): number => Number.parseInt(text.toString('latin1'), 10);

function openTrouble(error: unknown): string {
  switch (errorCode(error)) {
    case 'ELOOP':
      return 'is a symbolic link; remove it or name a real file as lock_file';
    case 'ENOENT':
      return 'its folder does not exist; make it or name another lock_file';
    case 'EISDIR':
      return 'is a folder; name a file as lock_file';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `cannot be written (${errorText(error)}); run as root or name another lock_file`;
    default:
      return errorText(error);
  }
}
