/**
 * docs/tuning/experiments.md says what the code does: every key, mix, file and problem code. And
 * the heavy packages of experiments stay out of every other verb's way.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { digestOf } from '../../src/tune/digest.ts';
import { FILES } from '../../src/tune/output/folder.ts';
import { TUNE_PROBLEMS } from '../../src/tune/problems.ts';
import { figure } from '../../src/tune/report/words.ts';
import { experimentSchema, keysAt } from '../../src/tune/schema.ts';
import { isMixName, MIX_NAMES, mixSays } from '../../src/tune/world.ts';
import { importsOf, sourcesOf } from '../sources.ts';
import { good } from './texts.ts';

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

describe('docs/tuning/README.md: the answer', () => {
  const answer = readFileSync(new URL('docs/tuning/README.md', ROOT), 'utf8');
  const at = 'docs/tuning/back-to-normal/';
  const summary = JSON.parse(readFileSync(new URL(`${at}summary.json`, ROOT), 'utf8'));

  /** `180s growing`, `60s fixed`, `old tool`. */
  function subjectOf(name: string) {
    const [hold, kind] = name.split(' ');
    const factor = kind === 'fixed' ? 1 : 2;
    const found = summary.subjects.find((s: { policy: string; values: Record<string, unknown> }) =>
      name === 'old tool'
        ? s.policy === 'old-tool'
        : s.policy === 'chart' &&
          s.values['timers.back_to_normal'] === hold &&
          s.values['timers.relapse_factor'] === factor,
    );
    assert.ok(found, name);
    return found.under;
  }

  for (const [measure, head] of [
    ['outage', 'I/O outage, s'],
    ['switches', 'Switches'],
    ['away', 'Time away from home, %'],
  ] as const) {
    it(`its table of ${measure} has the numbers of summary.json`, () => {
      const rows = answer.split('\n').map((l) =>
        l
          .split('|')
          .map((c) => c.trim())
          .slice(1, -1),
      );
      const first = rows.findIndex(([cell]) => cell === head);
      const names = rows[first]?.slice(1) ?? [];
      const shown = rows.slice(first + 2, first + 10);
      assert.deepEqual(
        shown.map(([mix]) => mix),
        [...summary.experiment.mixes.map((m: { name: string }) => m.name), 'all'],
      );
      for (const [mix = '', ...cells] of shown) {
        const expected = names.map((n) => figure(subjectOf(n)[mix][measure].mean));
        assert.deepEqual(
          cells,
          expected.map((text) => text.replaceAll('\u202f', ' ')),
          mix,
        );
      }
    });
  }

  it('its sentences have them as well', () => {
    const base = subjectOf('180s growing');
    const loop = 'restart-loop';
    const minute = subjectOf('60s growing')[loop].outage.difference;
    const two = subjectOf('120s growing')[loop];
    const fixed = subjectOf('180s fixed');
    const tool = subjectOf('old tool');
    const ofTool = tool.all.outage.difference;
    const r = Math.round;
    const tenth = (n: number): string => n.toFixed(1);
    const claims = [
      `of the ${r(base.all.outage.mean)} s that 180 s has`,
      `60 s costs ${r(minute.mean)} s more outage (${r(minute.low)} to ${r(minute.high)})`,
      `measured (${r(-two.outage.difference.low)} less to ${r(two.outage.difference.high)} more)`,
      `${tenth(two.switches.difference.mean)} switches more (${tenth(two.switches.difference.low)} to ${tenth(two.switches.difference.high)})`,
      `${r(fixed[loop].outage.mean)} s of outage in 30 days of restart loops, against ${r(base[loop].outage.mean)} s`,
      `${r(tool.all.outage.mean)} s in 30 days, ${r(ofTool.mean)} s more (${r(ofTool.low)} to ${r(ofTool.high)})`,
      `makes ${r(tool['leader-failovers'].switches.mean)} switches in 30 days of leader failovers`,
      `for ${r(fixed['nested-lab'].outage.difference.mean)} s more outage (${r(fixed['nested-lab'].outage.difference.low)} to ${r(fixed['nested-lab'].outage.difference.high)})`,
    ];
    const text = answer.replace(/\s+/g, ' ');
    for (const claim of claims) assert.ok(text.includes(claim), claim);
    for (const name of ['60s growing', '600s growing']) {
      assert.ok(Math.abs(subjectOf(name).all.outage.difference.mean) < 4, name);
    }
  });

  it('belongs to examples/tune/back-to-normal.yaml as it is', () => {
    const text = readFileSync(new URL('examples/tune/back-to-normal.yaml', ROOT), 'utf8');
    assert.equal(summary.digest, digestOf(good(text)));
    assert.equal(readFileSync(new URL(`${at}experiment.yaml`, ROOT), 'utf8'), text);
    const report = readFileSync(new URL(`${at}report.html`, ROOT), 'utf8');
    assert.ok(report.includes(`experiment ${summary.digest}`));
  });
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

  it('are imported by src/tune and the verbs that work for long only', () => {
    const users = sources.filter((s) => importsOf(s).some(({ from }) => isHeavy(from)));
    assert.ok(users.length >= HEAVY.length);
    for (const { file } of users) assert.match(file, /^src\/(tune\/|cli\/(tune|simulate)\/)/);
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
