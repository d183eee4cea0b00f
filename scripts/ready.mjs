/**
 * Makes a fresh clone ready: npm packages, the system's tools (as root on Debian), the build. Each
 * step is done only when something is missing or older than its source. Node alone, because it
 * runs before anything is installed.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program with our output; returns its exit code. */
export function run(file, args, env = {}) {
  const done = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (done.error) throw done.error;
  return done.status ?? 1;
}

function must(file, args, what) {
  if (run(file, args) === 0) return;
  process.stderr.write(`${what} failed: see above\n`);
  process.exit(1);
}

/** Newest change below a folder, ms since 1970; 0 if there is none. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    const at = entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    return Math.max(latest, at);
  }, 0);
}

export function installPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which
  // npm itself leaves out where a registry does not show them.
  must('npm', ['install', '--no-audit', '--no-fund'], 'npm install');
}

/** What the daemon and the lab run. */
const TOOLS = [
  { file: 'ip', package: 'iproute2' },
  { file: 'ss', package: 'iproute2' },
  { file: 'nft', package: 'nftables' },
  { file: 'setpriv', package: 'util-linux' },
  { file: 'arping', package: 'iputils-arping' },
];
/** What tests and benchmarks need beside them. */
const TEST_TOOLS = [
  { file: 'fping', package: 'fping' },
  { file: 'openssl', package: 'openssl' },
  { file: '/usr/bin/chromium', package: 'chromium' },
  { file: 'redis-server', package: 'redis-server' },
];

const PLACES = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

const isThere = ({ file }) =>
  file.startsWith('/') ? existsSync(file) : PLACES.some((place) => existsSync(join(place, file)));

/** Installs the system's tools as root on Debian; elsewhere names exactly what is missing. */
export function installTools({ tests = false } = {}) {
  const missing = [...TOOLS, ...(tests ? TEST_TOOLS : [])].filter((tool) => !isThere(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.package))];
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    const files = missing.map((tool) => tool.file).join(', ');
    process.stderr.write(`missing: ${files}; on Debian: apt-get install ${packages.join(' ')}\n`);
    return;
  }
  run('apt-get', ['update', '-qq']);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env) !== 0) {
    process.stderr.write(`could not install ${packages.join(' ')}: see above\n`);
  }
}

export function build() {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const sources = Math.max(
    newest(join(root, 'src')),
    statSync(join(root, 'tsconfig.build.json')).mtimeMs,
  );
  const stamp = join(root, 'dist', 'cli', 'main.js');
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources) return;
  must(tsc, ['-p', 'tsconfig.build.json'], 'the build');
  must(process.execPath, [join(root, 'scripts', 'bundle.mjs')], 'bundling the pages');
}

export function version() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}
