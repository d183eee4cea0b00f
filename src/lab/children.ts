/**
 * Starts the lab's own Node programs inside a namespace and keeps hold of them. From TypeScript
 * sources they run through tsx, from `dist` as plain JavaScript. `ip netns exec` replaces itself
 * by the program, so the child's pid is the program's pid and the IPC channel stays connected; a
 * program exits by itself when that channel closes.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromProgram, ToProgram } from './wire.ts';

const START_DEADLINE_MS = 30_000;

/** Absolute, since a child's working directory is not ours to choose. */
function loaderUrl(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}

/** Arguments for `process.execPath` that run src/lab/programs/<program>. */
export function programArgs(program: string): string[] {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = new URL(`./programs/${program}${fromSource ? '.ts' : '.js'}`, import.meta.url);
  const loader = fromSource ? ['--import', loaderUrl()] : [];
  return [...loader, fileURLToPath(file)];
}

/** A file descriptor for a child's output, appended to; close it after the spawn. */
export function openForOutput(file: string): number {
  return openSync(file, 'a', 0o600);
}

export interface Child {
  readonly pid: number;
  readonly what: string;
  /** Resolves at the program's `ready`; rejects when it ends or stays silent before that. */
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  isRunning(): boolean;
  send(message: ToProgram): void;
  kill(signal: NodeJS.Signals): void;
}

export interface ProgramStart {
  /** For messages and the process list, e.g. `scvm1 access`. */
  readonly what: string;
  readonly program: 'access' | 'meta';
  readonly namespace: string;
  /** Passed as one JSON argument. */
  readonly settings: unknown;
  /** Descriptor for its stdout and stderr. */
  readonly outputFd: number;
  onSaid(message: FromProgram): void;
}

/** What our own programs send; anything else on the channel is not theirs and is dropped. */
function isFromProgram(message: unknown): message is FromProgram {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return message.type === 'ready' || message.type === 'truth' || message.type === 'beat';
}

/** Wraps what spawn returned; throws when there is no process (ip or node not found). */
function pidOf(child: ChildProcess, what: string): number {
  if (child.pid === undefined) throw new Error(`${what} could not be started`);
  return child.pid;
}

export function startProgram(start: ProgramStart): Child {
  const args = [...programArgs(start.program), JSON.stringify(start.settings)];
  const child = spawn('ip', ['netns', 'exec', start.namespace, process.execPath, ...args], {
    stdio: ['ignore', start.outputFd, start.outputFd, 'ipc'],
  });
  let running = true;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      running = false;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const ready = new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`${start.what} is not ready after ${START_DEADLINE_MS} ms`)),
      START_DEADLINE_MS,
    );
    exited.then(() => {
      clearTimeout(deadline);
      reject(new Error(`${start.what} ended before it was ready; see its output file`));
    });
    child.on('message', (message: unknown) => {
      if (!isFromProgram(message)) return;
      if (message.type === 'ready') {
        clearTimeout(deadline);
        resolve();
      }
      start.onSaid(message);
    });
  });
  // Whoever powers a node off during its boot does not wait for `ready` any more.
  ready.catch(() => undefined);
  return {
    pid: pidOf(child, start.what),
    what: start.what,
    ready,
    exited,
    isRunning: () => running,
    send(message) {
      // A send can meet a child that has just been killed; its exit is seen by `exited`.
      if (running && child.connected) child.send(message, () => undefined);
    },
    kill(signal) {
      if (running) child.kill(signal);
    },
  };
}
