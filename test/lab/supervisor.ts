/**
 * A lab in a process of its own, as `reroute lab` runs it, for tests that end that process:
 * arguments are the lab's name, the number of machines, and optionally a script.
 */

import { enterLabRights } from '../../src/lab/user-namespace.ts';
import { runLab } from '../../src/lab/verb.ts';
import { clusterOf } from './stand.ts';

const args = process.argv.slice(1);
const [, name = '', count = '1', scriptFile = null] = args;

async function main(): Promise<number> {
  const inner = await enterLabRights([...process.execArgv, ...args]);
  if (inner !== null) return inner;
  const cluster = clusterOf(Number(count));
  const print = (line: string) => console.log(line);
  return runLab({ name, cluster, scriptFile, daemon: null, clients: false, print });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.log(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
