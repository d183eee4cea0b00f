/**
 * Appends lines to a file without ever blocking, throwing, or growing in memory: what the log and
 * the journal stand on. Not a stream: after an error a Node stream is dead (a winston File
 * transport on a full disk went silent for good, without an event), while this keeps what it
 * holds, tries again, and goes on at the very byte where the disk refused.
 *
 * One operation is in flight at a time, on the thread pool. Lines wait in memory up to a bound;
 * beyond it they are refused, and the caller says how many were lost when there is room again.
 */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, errorText } from './errno.ts';

export interface AppendFile {
  /** Queues one line (without its newline). False: no room, the line is gone. */
  push(line: string): boolean;
  /**
   * Lines pushed from here on go to `path`. When that point is reached the old file is closed,
   * `prepare` runs (renames, pruning; its failure is trouble, not an end), then `path` is opened.
   */
  turn(path: string, prepare?: () => Promise<void>): void;
  /** Bytes that wait in memory. */
  pendingBytes(): number;
  /** Failed operations so far. */
  errorCount(): number;
  /** Resolves when all is written, or at the first trouble, or after `deadlineMs`. */
  flush(deadlineMs?: number): Promise<void>;
  /** Flushes as above, closes the file, and refuses lines from then on. */
  close(deadlineMs?: number): Promise<void>;
}

export interface AppendFileOptions {
  readonly path: string;
  /** Lines are refused beyond this many waiting bytes. */
  readonly maxPendingBytes: number;
  /** Wait for company before a write, ms; 0: at once. */
  readonly flushDelayMs: number;
  /** Wait after trouble, ms. */
  readonly retryMs?: number;
  /** First time each kind of trouble (errno) occurs. */
  readonly onTrouble: (text: string) => void;
  /** The file was opened and holds this many bytes. */
  readonly onOpen?: (sizeBytes: number) => void;
}

type Waiting = string | { readonly path: string; readonly prepare?: () => Promise<void> };

/** Bytes per write: large enough to be cheap, small enough not to hold a core. */
const WRITE_BYTES = 256 * 1024;
const NEWLINE = 0x0a;
export const CLOSE_DEADLINE_MS = 150;

export function createAppendFile(options: AppendFileOptions): AppendFile {
  const { maxPendingBytes, flushDelayMs, retryMs = 1000, onTrouble, onOpen } = options;
  const waiting: Waiting[] = [];
  const idlers = new Set<() => void>();
  const told = new Set<string>();
  let path = options.path;
  let file: FileHandle | null = null;
  let unwritten: Buffer = Buffer.alloc(0);
  let pendingBytes = 0;
  let errorCount = 0;
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  let closed = false;

  const isIdle = (): boolean => waiting.length === 0 && unwritten.length === 0;

  const trouble = (doing: string, error: unknown): void => {
    errorCount++;
    const kind = `${doing} ${errorCode(error)}`;
    if (told.has(kind)) return;
    told.add(kind);
    onTrouble(`cannot ${doing} ${path}: ${errorText(error)}`);
  };

  const shut = async (): Promise<void> => {
    const old = file;
    file = null;
    try {
      await old?.close();
    } catch (error) {
      trouble('close', error);
    }
  };

  const openPath = async (): Promise<void> => {
    const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
    // NONBLOCK and the type check: a FIFO without a reader would hold a pool thread for ever.
    const handle = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o640);
    try {
      const about = await handle.stat();
      if (!about.isFile()) throw new Error('not a regular file');
      if (unwritten.length === 0) await endCutLine(handle, about.size);
      file = handle;
      onOpen?.(about.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  };

  /** Lines up to the next turn, as one buffer of at most about WRITE_BYTES. */
  const gather = (): void => {
    const lines: string[] = [];
    let bytes = 0;
    while (bytes < WRITE_BYTES && typeof waiting[lines.length] === 'string') {
      const line = String(waiting[lines.length]);
      lines.push(line);
      bytes += line.length + 1;
    }
    waiting.splice(0, lines.length);
    unwritten = Buffer.from(`${lines.join('\n')}\n`);
  };

  const step = async (): Promise<void> => {
    const next = waiting[0];
    if (unwritten.length === 0 && typeof next === 'object') {
      await shut();
      path = next.path;
      waiting.shift();
      try {
        await next.prepare?.();
      } catch (error) {
        trouble('rotate', error);
      }
      return;
    }
    if (file === null) await openPath();
    if (file === null) return;
    if (unwritten.length === 0) gather();
    const { bytesWritten } = await file.write(unwritten, 0, unwritten.length);
    unwritten = unwritten.subarray(bytesWritten);
    pendingBytes -= bytesWritten;
  };

  const wakeIdlers = (): void => {
    for (const wake of idlers) wake();
    idlers.clear();
  };

  const pump = async (): Promise<void> => {
    timer = null;
    if (busy) return;
    busy = true;
    let waitMs = 0;
    while (!isIdle() && waitMs === 0) {
      try {
        await step();
      } catch (error) {
        trouble(file === null ? 'open' : 'write', error);
        await shut();
        waitMs = retryMs;
      }
    }
    busy = false;
    wakeIdlers();
    if (waitMs > 0 && !closed) wakeUpIn(waitMs);
  };

  const wakeUpIn = (delayMs: number): void => {
    if (timer !== null || busy) return;
    timer = setTimeout(() => void pump(), delayMs);
    timer.unref();
  };

  const flush = async (deadlineMs = CLOSE_DEADLINE_MS): Promise<void> => {
    if (isIdle() && !busy) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, deadlineMs);
      idlers.add(() => {
        clearTimeout(deadline);
        resolve();
      });
      if (timer !== null) clearTimeout(timer);
      void pump();
    });
  };

  return {
    push(line) {
      const bytes = Buffer.byteLength(line) + 1;
      if (closed || pendingBytes + bytes > maxPendingBytes) return false;
      pendingBytes += bytes;
      waiting.push(line);
      wakeUpIn(flushDelayMs);
      return true;
    },
    turn(nextPath, prepare) {
      waiting.push(prepare === undefined ? { path: nextPath } : { path: nextPath, prepare });
    },
    pendingBytes: () => pendingBytes,
    errorCount: () => errorCount,
    flush,
    async close(deadlineMs) {
      if (closed) return;
      closed = true;
      await flush(deadlineMs);
      if (timer !== null) clearTimeout(timer);
      // Still busy: the disk hangs. Waiting longer would hold up the exit.
      if (!busy) await shut();
    },
  };
}

/** A crash or an outsider may have left half a line at the end: do not glue ours to it. */
async function endCutLine(handle: FileHandle, sizeBytes: number): Promise<void> {
  if (sizeBytes === 0) return;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, sizeBytes - 1);
  if (last[0] !== NEWLINE) await handle.write('\n');
}
