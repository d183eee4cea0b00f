/**
 * docs/tuning/experiments.md says what the code does: every key, mix, file and problem code. And
 * the heavy packages of experiments stay out of every other verb's way.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { FILES } from '../../src/tune/output/folder.ts';
import { TUNE_PROBLEMS } from '../../src/tune/problems.ts';
import { experimentSchema, keysAt } from '../../src/tune/schema.ts';
import { isMixName, MIX_NAMES, mixSays } from '../../src/tune/world.ts';
import { importsOf, sourcesOf } from '../sources.ts';

const ROOT = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/tuning/experiments.md', ROOT), 'utf8');

/** The tables of the page, as rows of cells, by the head of their first column. */
function table(head: string): string[][] {
  const rows = page.split('\n').map((line) =>
    line
      .split('|')
      .map((c) => c.trim())
      .slice(1, -1),
  );
  const first = rows.findIndex(([cell]) => cell === head);
  const end = rows.findIndex((cells, i) => i > first && cells.length === 0);
  return rows.slice(first + 2, end);
}
const words = (head: string): string[] =>
  table(head).map(([cell = '']) => cell.replaceAll('`', ''));

describe('docs/tuning/experiments.md', () => {
  it('has one row per key of the schema', () => {
    const keys = Object.keys(experimentSchema.shape).flatMap((key) => {
      const inner = keysAt([key]);
      if (key === 'mixes')
        return ['mixes.NAME', ...keysAt([key, 'x']).map((k) => `mixes.NAME.${k}`)];
      return inner.length === 0 ? [key] : inner.map((k) => `${key}.${k}`);
    });
    assert.ok(keys.length > 15);
    assert.deepEqual(words('key'), keys);
  });

  it('has one row per problem code, with the words of the catalogue', () => {
    const rows = table('code').map(([code = '', says]) => [code.replaceAll('`', ''), says]);
    assert.deepEqual(rows, Object.entries(TUNE_PROBLEMS));
  });

  it('has one row per fault mix, in the words of the simulator', () => {
    const rows = table('mix').map(([name = '', says]) => [name.replaceAll('`', ''), says]);
    assert.deepEqual(
      rows,
      MIX_NAMES.map((name) => [name, isMixName(name) ? mixSays(name) : '']),
    );
  });

  it('has one row per file of the output directory', () => {
    assert.deepEqual(words('file').sort(), Object.values(FILES).sort());
  });

  for (const name of ['README.md', 'experiments.md']) {
    it(`${name}: every link leads to a file`, () => {
      const at = new URL(`docs/tuning/${name}`, ROOT);
      const links = [...readFileSync(at, 'utf8').matchAll(/\]\(([^)\s#]+)/g)].map(
        (m) => m[1] ?? '',
      );
      assert.ok(links.length > 0);
      for (const link of links.filter((l) => !/^[a-z]+:/.test(l))) {
        assert.ok(existsSync(new URL(link, at)), link);
      }
    });
  }
});

describe('packages of experiments', () => {
  const HEAVY = [
    'bullmq',
    'ioredis',
    'piscina',
    'echarts',
    'hyparquet-writer',
    'cli-progress',
    'csv-stringify',
    'jstat',
  ];
  const isHeavy = (from: string): boolean =>
    HEAVY.some((p) => from === p || from.startsWith(`${p}/`));
  const sources = sourcesOf('src');

  it('are imported by src/tune and the verbs tune and worker only', () => {
    const users = sources.filter((s) => importsOf(s).some(({ from }) => isHeavy(from)));
    assert.ok(users.length >= HEAVY.length);
    for (const { file } of users) assert.match(file, /^src\/(tune\/|cli\/tune)/);
  });

  it('are loaded when these verbs are asked for, not by the command line itself', () => {
    // From main.ts over static imports, as node would load them.
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = sources.find((s) => s.file === file);
      if (!source) return;
      const text = source.text.replace(/await import\([^)]*\)/g, '');
      for (const i of importsOf({ file, text })) {
        assert.ok(!isHeavy(i.from), `${file} loads ${i.from}`);
        if (i.file !== null && !i.typeOnly) visit(i.file);
      }
    };
    visit('src/cli/main.ts');
    visit('src/daemon.ts');
    assert.ok(seen.size > 20, `${seen.size} files were followed`);
    assert.ok(![...seen].some((file) => file.startsWith('src/tune/')));
  });
});
