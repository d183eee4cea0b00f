/**
 * `npm run bench [name …]`: runs the benchmarks one after the other (they disturb each other),
 * prints their tables with the machine's description, and with --write keeps them, dated, in
 * docs/bench.md. Root is needed: they build network namespaces.
 */

import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, installPackages, installTools, root, run } from './ready.mjs';

installPackages();
installTools({ tests: true });
build();
const compiled = compile();

/**
 * As the daemon runs, as plain JavaScript: a loader that compiles on the way makes functions slower.
 * What the code looks for beside `src` is linked there.
 */
function compile() {
  const folder = join(root, '.cache', 'bench');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'bin', 'dist', 'examples']) {
    if (!existsSync(join(folder, name))) symlinkSync(join(root, name), join(folder, name));
  }
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  if (run(tsc, ['-p', join(root, 'tsconfig.bench.json')]) !== 0) process.exit(1);
  return folder;
}

const words = process.argv.slice(2);
const write = words.includes('--write');
const wanted = words.filter((w) => !w.startsWith('--'));
const known = readdirSync(join(root, 'bench'))
  .filter((f) => f.endsWith('.ts'))
  .map((f) => f.slice(0, -3));
const unknown = wanted.filter((w) => !known.includes(w));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}\n`);
  process.exit(2);
}

const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
const date = new Date().toISOString().slice(0, 10);
const out = [
  '# Benchmarks',
  '',
  `Measured on ${date} by \`npm run bench\` on: ${machine}. Shared and noisy: read medians and ratios.`,
];
process.stdout.write(`${machine}\n`);
for (const name of known.filter((k) => wanted.length === 0 || wanted.includes(k))) {
  const { run: bench } = await import(pathToFileURL(join(compiled, 'bench', `${name}.js`)).href);
  if (!bench) continue;
  for (const { title, rows } of [await bench()].flat()) {
    const table = tableOf(rows);
    process.stdout.write(`\n${title}\n${table.join('\n')}\n`);
    out.push('', `## ${title}`, '', ...table);
  }
}
if (write) writeFileSync(join(root, 'docs', 'bench.md'), `${out.join('\n')}\n`);

/** Numbers as they are read: whole, or with at most three digits behind the point. */
function shown(value) {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(3) : String(value);
}

/** Rows are objects with the same keys; the keys are the head. */
function tableOf(rows) {
  const head = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => head.map((key) => shown(row[key])));
  const widths = head.map((key, i) => Math.max(key.length, ...cells.map((c) => c[i].length)));
  const line = (c) => `| ${c.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((w) => '-'.repeat(w))), ...cells.map(line)];
}
