/** `reroute check` and `reroute import`: configurations in, problems or YAML out. */

import { networkInterfaces } from 'node:os';
import { formatProblem } from '../config/problems.ts';
import { loadConfig } from './load-config.ts';
import { DONE, fail, print, printJson, WRONG_USAGE } from './output.ts';

export interface CheckOptions {
  readonly json?: boolean;
  /** Compare with this machine's networks as well. */
  readonly here?: boolean;
}

export async function check(file: string, options: CheckOptions): Promise<number> {
  const loaded = await loadConfig(file, options.here ? ownNetworks() : undefined);
  if (options.json) {
    const { ok } = loaded;
    const list = ok ? loaded.notes : loaded.problems;
    const unreadable = !ok && list.length === 0 ? { problem: loaded.text } : {};
    printJson({ ok, file, [ok ? 'notes' : 'problems']: list, ...unreadable });
    return ok ? DONE : WRONG_USAGE;
  }
  if (!loaded.ok) return fail(loaded.text, WRONG_USAGE);
  for (const note of loaded.notes) print(formatProblem(note, file));
  const { settings } = loaded.config;
  print(
    `${file}: good; home is ${settings.paths[0]?.id}, ${settings.paths.length} paths, profile ${loaded.config.profile}`,
  );
  return DONE;
}

/** CIDRs of this machine's IPv4 interfaces. */
export function ownNetworks(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .flatMap((a) => (a.family === 'IPv4' && a.cidr ? [a.cidr] : []));
}
