/** The built program as a child that can be watched and killed, and the results it leaves. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after } from 'mocha';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Running {
  readonly process: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts programs, and kills what still lives when the tests of the file are done. */
export function starter(): (args: readonly string[], root?: string) => Running {
  const started: ChildProcess[] = [];
  after(() => {
    for (const child of started) child.kill('SIGKILL');
  });
  return (args, root = ROOT) => {
    const child = spawn(process.execPath, [join(root, 'bin/reroute'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    return { process: child, out: () => out, err: () => err, ended };
  };
}

/** Finished batches in an output directory. */
export function finishedIn(folder: string): number {
  const file = join(folder, 'ledger.ndjson');
  if (!existsSync(file)) return 0;
  return Math.max(0, readFileSync(file, 'utf8').split('\n').length - 2);
}

/** The results by name, as digests; `missing` where there is none. */
export function resultsIn(folder: string): Record<string, string> {
  const names = ['rows.parquet', 'comparison.csv', 'summary.json', 'report.html'];
  const digest = (name: string): string => {
    const file = join(folder, name);
    if (!existsSync(file)) return 'missing';
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  };
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}
