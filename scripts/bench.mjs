/**
 * `npm run bench [name …]`: runs the benchmarks one after the other (they disturb each other),
 * prints their tables with the machine's description, and with --write keeps them, dated, in
 * docs/bench.md. Root is needed: they build network namespaces.
 */

import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { build, installPackages, installTools, root, run } from './ready.mjs';

if (!process.env.REROUTE_BENCH_INNER) {
  installPackages();
  installTools({ tests: true });
  build();
  const args = ['--import', 'tsx', join(root, 'scripts', 'bench.mjs'), ...process.argv.slice(2)];
  process.exit(run(process.execPath, args, { REROUTE_BENCH_INNER: '1' }));
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
  const { run: bench } = await import(join(root, 'bench', `${name}.ts`));
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
