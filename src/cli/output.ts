/**
 * What every verb shares about printing and leaving: exit codes, `--json`, colours only on a
 * terminal, and output that ends well when the reader goes away (`reroute history | head`).
 */

import pc from 'picocolors';

/** BEHAVIOUR: 0 done, 1 failed, 2 wrong usage or configuration. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

export const colours = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** One line on standard error; the caller returns the exit code. */
export function fail(text: string, code: number = FAILED): number {
  process.stderr.write(`reroute: ${text}\n`);
  return code;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader closed the pipe: nothing is wrong with us.
  if (error.code === 'EPIPE') process.exit(DONE);
  throw error;
});
