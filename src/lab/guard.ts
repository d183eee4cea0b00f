/**
 * Starts the lab's guardian (programs/guardian.ts) and holds the pipe whose end tells it that the
 * supervisor died.
 */

import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openForOutput, programArgs } from './children.ts';

export interface Guardian {
  readonly pid: number;
  /** After an orderly stop: lets it go and waits for its end. */
  dismiss(): Promise<void>;
}

export function startGuardian(name: string, runDir: string): Guardian {
  const output = openForOutput(join(runDir, 'guardian.out'));
  const child = spawn(process.execPath, [...programArgs('guardian'), name, runDir], {
    detached: true,
    stdio: ['pipe', output, output],
    cwd: '/',
  });
  closeSync(output);
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) throw new Error('the guardian could not be started');
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A guardian that died before us must not take us with it through a broken pipe.
  stdin.on('error', () => undefined);
  child.unref();
  return {
    pid,
    dismiss() {
      child.ref();
      stdin.end();
      return ended;
    },
  };
}
