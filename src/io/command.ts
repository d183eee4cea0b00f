/**
 * Runs one outside command with a hard deadline, and never lets it hold the daemon. It exists
 * because a routing command that never returned once kept a loop standing for almost four hours.
 * The command runs in a process group of its own; at the deadline the whole group is killed, and
 * the promise settles then even if the kernel cannot reap the process (uninterruptible sleep).
 * No shell, a small fixed environment, bounded output. It does not judge what was printed.
 */

import { type ChildProcess, spawn } from 'node:child_process';

export interface CommandOptions {
  /** Time from the start to the kill, ms, > 0. */
  readonly deadlineMs: number;
  /** Bound of stdout and stderr together, bytes; default 1 MiB. More is a failure: 'output'. */
  readonly maxOutputBytes?: number;
  /** Added to the fixed environment (PATH, LC_ALL=C). */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandDone {
  readonly ok: true;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: 0;
}

export interface CommandFailed {
  readonly ok: false;
  /** exit: code not 0, or a signal. spawn: never ran; `stderr` has the system's text. */
  readonly reason: 'exit' | 'deadline' | 'spawn' | 'output';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export type CommandResult = CommandDone | CommandFailed;

/** What every child of ours gets instead of the daemon's own environment. */
const COMMAND_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Starts a child the way all of ours are started: own process group, own small environment, no
 * shell. A string: it could not be started, in the system's words (a missing file is told later,
 * by the child's 'error').
 */
export function startChild(
  file: string,
  args: readonly string[],
  stdin: 'ignore' | 'pipe',
  env: Readonly<Record<string, string>> = {},
): ChildProcess | string {
  try {
    return spawn(file, args, {
      detached: true,
      stdio: [stdin, 'pipe', 'pipe'],
      env: { ...COMMAND_ENV, ...env },
    });
  } catch (cause) {
    // Node throws for the errnos it does not expect of a spawn, such as ENOMEM.
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** SIGKILL to the child's whole process group. The child must have been spawned detached. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is already gone, or (rights dropped meanwhile) only the child itself is ours.
    child.kill('SIGKILL');
  }
}

/** Lets go of a child that may never be reaped, so that it cannot keep this process alive. */
export function abandon(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream?.on('error', ignoreLateError);
    stream?.destroy();
  }
  child.on('error', ignoreLateError);
  child.unref();
}

/** An abandoned child's pipes may still report; its outcome was given already. */
function ignoreLateError(): undefined {
  return undefined;
}

/** One line for a log or a fact: what went wrong with a command, in the tool's own words first. */
export function explainFailure(result: CommandFailed, deadlineMs: number): string {
  if (result.reason === 'deadline') return `killed at its deadline of ${deadlineMs} ms`;
  if (result.reason === 'output') return 'killed, it printed more than its bound';
  const text = result.stderr.trim().split('\n').slice(0, 3).join('; ').slice(0, 300);
  if (text !== '') return text;
  return result.signal === null ? `exit code ${result.code}` : `ended by ${result.signal}`;
}

/** Runs `file` with `args`. Never rejects; settles at `deadlineMs` (plus a loop turn) at the latest. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const startedMs = performance.now();
  const maxOutputBytes = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let outputBytes = 0;

  return new Promise((resolve) => {
    let settled = false;
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    let child: ChildProcess | undefined;

    const texts = () => ({
      stdout: Buffer.concat(out).toString('utf8'),
      stderr: Buffer.concat(err).toString('utf8'),
    });
    const fail = (
      reason: CommandFailed['reason'],
      code: number | null,
      signal: NodeJS.Signals | null,
      stderr?: string,
    ) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      const tookMs = performance.now() - startedMs;
      const said = texts();
      if (child !== undefined && reason !== 'exit') {
        killGroup(child);
        abandon(child);
      }
      resolve({ ok: false, reason, code, signal, ...said, stderr: stderr ?? said.stderr, tookMs });
    };
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > maxOutputBytes) fail('output', null, null);
      else into.push(chunk);
    };

    const started = startChild(file, args, 'ignore', options.env);
    if (typeof started === 'string') {
      fail('spawn', null, null, started);
      return;
    }
    child = started;
    const running = started;
    running.on('error', (cause) => fail('spawn', null, null, cause.message));
    running.stdout?.on('data', collect(out));
    running.stderr?.on('data', collect(err));
    running.on('close', (code, signal) => {
      if (code !== 0) {
        fail(isLate ? 'deadline' : 'exit', code, signal);
      } else if (!settled) {
        settled = true;
        clearTimeout(timer);
        resolve({ ok: true, ...texts(), code });
      }
    });
    timer = setTimeout(() => {
      isLate = true;
      if (running.exitCode === null) killGroup(running);
      // Timers run before the poll phase: after a stall of our own the outcome may be waiting
      // there, and an answered command must not be called hung. Two turns: exit, then close.
      setImmediate(() => setImmediate(() => fail('deadline', null, null)));
    }, options.deadlineMs);
  });
}
