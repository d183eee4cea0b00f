/** `reroute lab …`: a real cluster in network namespaces, with the daemon on every host of it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hostStorageIp, parseCluster, type Cluster as Shorthand } from '../config/import.ts';
import { SAMPLE_CLUSTER } from '../lab/plan.ts';
import { checkLabTools, installLabTools } from '../lab/tools.ts';
import { enterLabRights, useOwnLabsDir } from '../lab/user-namespace.ts';
import { commandLab, endLab, type LabRun, runLab } from '../lab/verb.ts';
import { DONE, fail, print, WRONG_USAGE } from './output.ts';

export interface LabOptions {
  readonly name: string;
  readonly cluster?: string;
  readonly script?: string;
  readonly daemons: boolean;
  readonly clients: boolean;
}

const program = fileURLToPath(new URL('../../bin/reroute', import.meta.url));

const complain = (line: string): void => void fail(line);

export async function lab(options: LabOptions): Promise<number> {
  const cluster = readCluster(options.cluster);
  if (typeof cluster === 'string') return fail(cluster, WRONG_USAGE);
  const entered = await ready();
  if (entered !== null) return entered;
  return runLab({
    name: options.name,
    cluster,
    scriptFile: options.script ?? null,
    daemon: options.daemons ? [process.execPath, program] : null,
    clients: options.clients,
    print,
    complain,
  });
}

/** Tools and rights for a lab; a number is the exit code of what ran instead. */
export async function ready(): Promise<number | null> {
  try {
    if (!checkLabTools().ok) await installLabTools();
    return await enterLabRights(process.argv.slice(1));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The cluster of a shorthand file, or the shipped one; a text is what is wrong with the file. */
export function readCluster(file: string | undefined): LabRun['cluster'] | string {
  if (file === undefined) return SAMPLE_CLUSTER;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return `${file} cannot be read: ${error instanceof Error ? error.message : error}`;
  }
  const parsed = parseCluster(text);
  if (!parsed.ok) return parsed.problems.map((p) => `${file}:${p.line}: ${p.says}`).join('\n');
  return labCluster(parsed.cluster);
}

function labCluster(short: Shorthand): LabRun['cluster'] {
  const hosts = short.hosts.map((h) => ({ ...h, storageIp: hostStorageIp(short, h) }));
  return { ...SAMPLE_CLUSTER, hosts, scvms: short.scvms };
}

/** `lab status` and `lab fault …`: ask the lab of another terminal. */
export function labCommand(name: string, words: readonly string[]): Promise<number> {
  useOwnLabsDir();
  return commandLab(name, words.join(' '), print, complain);
}

export function labDown(name: string): Promise<number> {
  useOwnLabsDir();
  return endLab(name, print);
}

export { DONE };
