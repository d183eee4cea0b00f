/**
 * Runs one short command of the lab (ip, nft, tee) with argument arrays, a deadline and bounded
 * output. Not for programs that live on: those are children.ts.
 */

import { spawn } from 'node:child_process';

const MAX_OUTPUT = 1 << 20;
const DEADLINE_MS = 15_000;

export interface Outcome {
  /** Exit code; null when killed at the deadline or when it could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never rejects: a command that cannot be started is an outcome with `code` null. */
export function run(
  file: string,
  args: readonly string[],
  input = '',
  deadlineMs = DEADLINE_MS,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    const deadline = setTimeout(() => {
      stderr += `\nkilled after ${deadlineMs} ms`;
      child.kill('SIGKILL');
    }, deadlineMs);
    const done = (code: number | null) => {
      clearTimeout(deadline);
      resolve({ code, stdout, stderr });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(0, MAX_OUTPUT);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, MAX_OUTPUT);
    });
    // A child that ends before it has read its input breaks the pipe; its exit code tells why.
    child.stdin.on('error', (error) => {
      stderr += `\nstdin: ${error.message}`;
    });
    child.once('error', (error) => {
      stderr += error.message;
      done(null);
    });
    child.once('close', done);
    child.stdin.end(input);
  });
}

/** Its standard output; rejects with the command and its complaint when it fails. */
export async function must(file: string, args: readonly string[], input = ''): Promise<string> {
  const outcome = await run(file, args, input);
  if (outcome.code !== 0) {
    const why = outcome.stderr.trim() || `exit code ${outcome.code}`;
    throw new Error(`${[file, ...args].join(' ')}: ${why}`);
  }
  return outcome.stdout;
}

/** One `ip -batch` call inside a namespace (or outside any): all lines, or an error. */
export function ipBatch(namespace: string | null, lines: readonly string[]): Promise<string> {
  const where = namespace === null ? [] : ['-n', namespace];
  return must('ip', [...where, '-batch', '-'], `${lines.join('\n')}\n`);
}
