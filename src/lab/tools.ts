/**
 * What the lab needs of its machine: tools, rights, kernel features. Says what is missing in words
 * that a person can act on; installs only when asked to.
 */

import { accessSync, constants, readFileSync } from 'node:fs';
import { run } from './commands.ts';

/** Command -> Debian package. */
const TOOLS: Readonly<Record<string, string>> = { ip: 'iproute2', nft: 'nftables' };

function isInPath(command: string): boolean {
  const dirs = (process.env.PATH ?? '').split(':');
  return [...dirs, '/usr/sbin', '/sbin'].some((dir) => {
    try {
      accessSync(`${dir}/${command}`, constants.X_OK);
      return true;
    } catch {
      // Not here; the next directory may have it.
      return false;
    }
  });
}

export interface LabTools {
  readonly ok: boolean;
  /** Debian packages to install. */
  readonly missingPackages: readonly string[];
  /** One line for a person; empty when ok. */
  readonly says: string;
}

export function checkLabTools(): LabTools {
  const commands = Object.keys(TOOLS).filter((command) => !isInPath(command));
  const missingPackages = commands.map((command) => TOOLS[command] ?? command);
  if (commands.length === 0) return { ok: true, missingPackages, says: '' };
  return {
    ok: false,
    missingPackages,
    says:
      `the lab needs ${commands.join(' and ')}; ` +
      `on Debian: apt-get install ${missingPackages.join(' ')}`,
  };
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    // No such file: some other system.
    return false;
  }
}

/** Installs what is missing, as root on Debian; otherwise rejects with what to do by hand. */
export async function installLabTools(): Promise<readonly string[]> {
  const { ok, missingPackages, says } = checkLabTools();
  if (ok) return [];
  if (process.getuid?.() !== 0 || !isDebian()) throw new Error(says);
  const env = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'];
  for (const args of [['update'], ['install', '--no-install-recommends', ...missingPackages]]) {
    const outcome = await run('env', [...env, ...args], '', 300_000);
    if (outcome.code !== 0) throw new Error(`${says}\n${outcome.stderr.trim()}`);
  }
  return missingPackages;
}

/** True when this process may build namespaces and links: CAP_SYS_ADMIN and CAP_NET_ADMIN. */
export function mayBuild(): boolean {
  const bits = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const held = BigInt(`0x${bits ?? '0'}`);
  const has = (bit: bigint) => ((held >> bit) & 1n) === 1n;
  return has(21n) && has(12n);
}
