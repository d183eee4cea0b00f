/**
 * Where the system's tools are. Fixed absolute places instead of PATH: an unset or changed PATH
 * once turned a command into "None/..." and the old daemon never started.
 */

import { existsSync } from 'node:fs';

const PLACES: Readonly<Record<Tool, readonly string[]>> = {
  ip: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'],
  ss: ['/usr/bin/ss', '/bin/ss', '/usr/sbin/ss', '/sbin/ss'],
  setpriv: ['/usr/bin/setpriv', '/bin/setpriv'],
  arping: ['/usr/bin/arping', '/usr/sbin/arping', '/sbin/arping'],
  'esxcfg-route': ['/sbin/esxcfg-route', '/bin/esxcfg-route'],
};

export type Tool = 'ip' | 'ss' | 'setpriv' | 'arping' | 'esxcfg-route';

/** Absolute path of the tool; null if it is in none of the known places. */
export function findTool(tool: Tool): string | null {
  return PLACES[tool].find((place) => existsSync(place)) ?? null;
}

/** Absolute path of the tool, or its first known place: running that says "ENOENT" by itself. */
export function toolFile(tool: Tool): string {
  return findTool(tool) ?? PLACES[tool][0] ?? tool;
}
