/** Reads and checks the configuration file that a verb was given, or says every problem of it. */

import { hostname } from 'node:os';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse.ts';
import { type ConfigProblem, formatProblem } from '../config/problems.ts';
import { readConfigFile } from '../io/config-file.ts';

export const DEFAULT_CONFIG = '/etc/reroute.yaml';

export type Loaded =
  | { readonly ok: true; readonly config: Config; readonly notes: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[]; readonly text: string };

/** `hostNetworks`: CIDRs of this host's interfaces, if its networks are to be compared. */
export async function loadConfig(file: string, hostNetworks?: readonly string[]): Promise<Loaded> {
  const read = await readConfigFile(file);
  if (!read.ok) return { ok: false, problems: [], text: read.problem };
  const parsed = parseConfig(read.text, {
    hostname: hostname(),
    ...(hostNetworks ? { hostNetworks } : {}),
  });
  if (parsed.ok) return parsed;
  const text = parsed.problems.map((p) => formatProblem(p, file)).join('\n');
  return { ok: false, problems: parsed.problems, text };
}
