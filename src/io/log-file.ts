/**
 * Where log lines go: the log file with its rotation and the link to it, and standard output.
 * Logging never stops rerouting: nothing here throws or waits, and what cannot be written is
 * counted and said once.
 *
 * Rotation keeps `file` the newest, then `file.1`, `file.2` ... as logrotate(8) names them. The
 * file is opened anew by its name at most once a second of writing, so a log that was moved away
 * or deleted by somebody else comes back.
 */

import { lstat, mkdir, readlink, rename, symlink, truncate, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { type AppendFile, createAppendFile } from './append-file.ts';
import { errorCode, errorText } from './errno.ts';

export interface LogFileOptions {
  readonly file: string;
  readonly link: string | null;
  /** Rotation size, bytes. */
  readonly maxSize: number;
  /** Files kept, the newest included, >= 1. */
  readonly maxFiles: number;
  /** Called once for each kind of trouble. */
  readonly onTrouble: (text: string) => void;
}

export interface LogFile {
  /** False: the line was lost; the loss is written to the log when it works again. */
  push(line: string): boolean;
  errorCount(): number;
  close(): Promise<void>;
}

const MAX_PENDING_BYTES = 256 * 1024;
const REOPEN_MS = 1000;

export function createLogFile(options: LogFileOptions): LogFile {
  const { file, link, maxSize, maxFiles, onTrouble } = options;
  let sizeBytes = 0;
  let openedAtMs = 0;
  let linkTold = false;

  const prepareFolderAndLink = async (): Promise<void> => {
    await mkdir(dirname(file), { recursive: true });
    const problem = link === null ? null : await pointLink(link, file);
    if (problem !== null && !linkTold) {
      linkTold = true;
      onTrouble(problem);
    }
  };

  const appendFile: AppendFile = createAppendFile({
    path: file,
    maxPendingBytes: MAX_PENDING_BYTES,
    flushDelayMs: 0,
    onTrouble,
    onOpen: (bytes) => {
      sizeBytes = bytes + appendFile.pendingBytes();
    },
  });

  return {
    push(line) {
      const nowMs = performance.now();
      const bytes = Buffer.byteLength(line) + 1;
      const pendingBytes = appendFile.pendingBytes();
      // Not with much waiting: while the disk refuses, turns would pile up.
      const isFull = sizeBytes > 0 && sizeBytes + bytes > maxSize;
      if (isFull && pendingBytes < MAX_PENDING_BYTES / 2) {
        appendFile.turn(file, () => shiftFiles(file, maxFiles));
        sizeBytes = 0;
      } else if (pendingBytes === 0 && (openedAtMs === 0 || nowMs - openedAtMs > REOPEN_MS)) {
        openedAtMs = nowMs;
        appendFile.turn(file, prepareFolderAndLink);
      }
      sizeBytes += bytes;
      return appendFile.push(line);
    },
    errorCount: () => appendFile.errorCount(),
    close: () => appendFile.close(),
  };
}

/** file -> file.1 -> file.2 ...; the oldest is overwritten. Where the folder forbids renaming, the
 * file is emptied instead: losing old lines is the lesser harm than filling the disk. */
async function shiftFiles(file: string, maxFiles: number): Promise<void> {
  try {
    for (let age = maxFiles - 1; age >= 1; age--) {
      const from = age === 1 ? file : `${file}.${age - 1}`;
      await rename(from, `${file}.${age}`).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
    }
    if (maxFiles <= 1) await truncate(file);
  } catch (error) {
    await truncate(file);
    throw error;
  }
}

/**
 * Makes or repairs the symbolic link. A link that points elsewhere is replaced in one step;
 * anything that is not a link is somebody's file and stays.
 * @returns what is wrong, or null.
 */
async function pointLink(link: string, file: string): Promise<string | null> {
  const wanted = resolve(file);
  if (resolve(link) === wanted) return null;
  try {
    const about = await lstat(link).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (about !== null && !about.isSymbolicLink()) {
      return `log link ${link}: a file that is not ours stands there; left alone`;
    }
    if (about !== null && (await readlink(link)) === wanted) return null;
    const made = `${link}.new`;
    await unlink(made).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    await symlink(wanted, made);
    await rename(made, link);
    return null;
  } catch (error) {
    return `log link ${link}: ${errorText(error)}`;
  }
}

/** More than this waiting in standard output: its reader stands still; lines are lost. */
const CONSOLE_PENDING_BYTES = 256 * 1024;

/** Standard output as a bounded sink. A reader that is gone or stands still costs only lines. */
export function consoleSink(lost: () => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (process.stdout.writable && process.stdout.writableLength < CONSOLE_PENDING_BYTES) {
        process.stdout.write(line);
      } else {
        lost();
      }
      done();
    },
  });
}
