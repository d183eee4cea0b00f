/**
 * What the tests of src/io stand on: a folder of their own, child processes that run a piece of
 * TypeScript and talk by lines, and waiting for a condition instead of for a time.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'mocha';

/** URL of a source file, to import in a child. */
export const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** A fresh folder; removed with all the others when the tests of the file are done. */
export function scratchFolders(): () => string {
  const made: string[] = [];
  after(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), `rr${process.pid}-`));
    made.push(folder);
    return folder;
  };
}

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The next line of its standard output; rejects when it ends first. */
  nextLine(): Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts children and kills those that still live when the tests of the file are done. */
export function childStarter(): (code: string, command?: readonly string[]) => Child {
  const started: ChildProcess[] = [];
  after(() => {
    for (const child of started) child.kill('SIGKILL');
  });
  return (code, command = []) => {
    const [file = process.execPath, ...before] = [...command, process.execPath];
    const args = [...before, '--import', 'tsx', '--input-type=module', '-e', code];
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once('close', (exitCode, signal) => resolve({ code: exitCode, signal }));
    });
    return {
      pid: child.pid ?? -1,
      process: child,
      ended,
      async nextLine() {
        const next = await lines.next();
        if (next.done) throw new Error('the child ended before its next line');
        return next.value;
      },
    };
  };
}

/** Resolves when `isTrue` holds; rejects after `deadlineMs`. */
export async function until(isTrue: () => boolean, deadlineMs = 8000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
