/** What an output directory holds: raw rows that can be read back, tables, and the report. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Experiment } from '../../src/tune/experiment.ts';
import { writeResults } from '../../src/tune/output/results.ts';
import { figure, tick } from '../../src/tune/report/words.ts';
import { COLUMN_NAMES } from '../../src/tune/row.ts';
import { spaceOf } from '../../src/tune/space.ts';
import type { Table } from '../../src/tune/table.ts';
import { seedOf } from '../../src/tune/world.ts';
import { scratchFolders } from '../io/scratch.ts';
import { tableWith } from './rows.ts';
import { good, SMALL } from './texts.ts';

const origin = { version: '1.2.3', digest: '0123456789abcdef' };
const e = good(`${SMALL.replace('title: Small', 'title: Is <b>180 s</b> & more right?')}`);

/** Uneven numbers with fractions, so that rounding anywhere would show. */
const made = (x: Experiment): Table =>
  tableWith(x, ({ subject, mix, replication }) => ({
    outage_ms: 1000 * (subject + 1) * (mix + 1) + replication / 3,
    worst_outage_ms: 500 + subject,
    switches: subject === 3 ? 400 : 3 + replication,
    away_ms: 3_600_000 * (subject + 1),
    returns: mix,
    return_ms: 1234.5 * mix,
  }));

describe('results of an experiment', () => {
  const folder = scratchFolders();
  let at = '';
  const read = (name: string): string => readFileSync(join(at, name), 'utf8');
  before(() => {
    at = folder();
    writeResults(at, e, made(e), origin);
  });

  it('rows.parquet: every run with its setting, its seed and every number, bit for bit', async () => {
    const file = await asyncBufferFromFile(join(at, 'rows.parquet'));
    const rows = await parquetReadObjects({ file });
    const expected = [...made(e).rows()].map(({ job, row }) => {
      const { policy, values } = spaceOf(e).subject(job.subject);
      const mix = e.mixes[job.mix]?.name ?? 'quiet-month';
      const seconds = Number.parseInt(String(values['timers.back_to_normal']), 10);
      return {
        subject: job.subject,
        policy,
        'timers.back_to_normal_ms': 1000 * seconds,
        mix,
        replication: job.replication,
        seed: BigInt(seedOf(e, mix, job.replication)),
        ...Object.fromEntries(COLUMN_NAMES.map((name, i) => [name, row[i]])),
      };
    });
    assert.equal(rows.length, 4 * 2 * 3);
    assert.deepEqual(rows, expected);
    const { key_value_metadata: about } = await parquetMetadataAsync(file);
    const experiment = about?.find(({ key }) => key === 'experiment')?.value ?? '';
    assert.deepEqual(JSON.parse(experiment), JSON.parse(JSON.stringify(e)));
  });

  it('comparison.csv: one row per subject and mix, and one for all; as wide as its head', () => {
    const [head = '', ...lines] = read('comparison.csv').trimEnd().split('\n');
    assert.equal(lines.length, 4 * 3);
    const width = head.split(',').length;
    assert.ok(lines.every((line) => line.split(',').length === width));
    const column = (name: string): number => head.split(',').indexOf(name);
    const first = (lines[0] ?? '').split(',');
    assert.deepEqual(first.slice(0, 5), ['0', 'chart', '0s', 'restart-loop', '3']);
    // 1 s, 1.000333 s and 1.000667 s of outage.
    assert.equal(first[column('outage')], '1.00033');
    assert.equal(first[column('outage_vs_baseline')], '-2');
    const baseline = (lines[6] ?? '').split(',');
    assert.equal(baseline[2], '180s');
    assert.equal(baseline[column('outage_vs_baseline')], '', 'nothing against itself');
    assert.equal(first[column('return')], '', 'there was no return');
  });

  it('summary.json: the advice, the measures of each subject under each mix', () => {
    const summary = JSON.parse(read('summary.json'));
    assert.equal(summary.digest, origin.digest);
    assert.equal(summary.subjects.length, 4);
    const tool = summary.subjects.find((s: { policy: string }) => s.policy === 'old-tool');
    assert.equal(tool.under['nested-lab'].switches.mean, 400);
    assert.equal(tool.under.all.switches.difference.mean, 396);
    assert.equal(summary.advice.chosen, 0);
    assert.match(summary.answer, /^Write back_to_normal 0s\.$/);
    assert.ok(
      summary.reasons.some((r: string) => /Against the old tool: .*396 fewer switches/.test(r)),
    );
  });

  it('report.html: asks nothing of a network and runs nothing', () => {
    const page = read('report.html');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    assert.equal(
      policy,
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    );
    assert.doesNotMatch(
      page,
      /<script|javascript:|\son\w+=|<iframe|<link|<img|@import|url\((?!#p\d)/i,
    );
    assert.deepEqual(page.match(/(?:src|href|action)="[^"#]/g), null);
    assert.doesNotMatch(page, /https?:\/\/(?!www\.w3\.org\/)/);
  });

  it('report.html: text of the file is text, never markup', () => {
    const page = read('report.html');
    assert.ok(page.includes('<h1>Is &lt;b&gt;180 s&lt;/b&gt; &amp; more right?</h1>'));
    assert.doesNotMatch(page, /<b>180 s<\/b>/);
  });

  it('report.html: a picture for each measure, its numbers behind it, all in the theme', () => {
    const page = read('report.html');
    const pictures = page.match(/<svg /g)?.length ?? 0;
    // 2 trade-offs in two sizes, 6 curves and 4 differences of the key, 4 for each of 2 mixes.
    assert.equal(pictures, 4 + 10 + 8);
    const figures = page.match(/<figure/g)?.length ?? 0;
    assert.equal(figures, pictures - 2);
    assert.ok((page.match(/<summary>Numbers/g)?.length ?? 0) === figures);
    assert.doesNotMatch(page, /#0101/, 'a mark was left without its colour');
    assert.doesNotMatch(page, /NaN|undefined|Infinity|\[object/);
    assert.match(page, /prefers-color-scheme:dark/);
    assert.match(page, /name="viewport"/);
  });

  it('the same rows make the same bytes, also a second time in one process', () => {
    const again = folder();
    writeResults(again, e, made(e), origin);
    for (const name of ['rows.parquet', 'comparison.csv', 'summary.json', 'report.html']) {
      assert.ok(readFileSync(join(at, name)).equals(readFileSync(join(again, name))), name);
    }
  });

  it('drawn settings and one replication give a report as well, without intervals', () => {
    const text = SMALL.replace('replications: 3', 'replications: 1').replace(/ranges:[\s\S]*/, '');
    const x = good(
      `${text}ranges: { timers.back_to_normal: { from: 1s, to: 600s, scale: log }, service.enabled: [true, false] }
search: { method: random, settings: 30 }\n`,
    );
    const where = folder();
    writeResults(where, x, made(x), origin);
    const page = readFileSync(join(where, 'report.html'), 'utf8');
    assert.match(page, /30 settings drawn at random/);
    assert.doesNotMatch(page, /NaN|undefined|Infinity/);
  });
});

describe('numbers in the report', () => {
  it('three digits, no exponent, thousands apart', () => {
    const shown = [0, 0.012345, 1.2345, 45.678, 789.4, 12345.6, -3.21, 1e-9, null].map(figure);
    assert.deepEqual(shown, [
      '0',
      '0.0123',
      '1.23',
      '45.7',
      '789',
      '12\u202f346',
      '\u22123.21',
      '0',
      '\u2013',
    ]);
  });

  it('at an axis as short as they are exact', () => {
    assert.deepEqual([0, 50, 0.5, 1200, -20, 0.25].map(tick), [
      '0',
      '50',
      '0.5',
      '1\u202f200',
      '\u221220',
      '0.25',
    ]);
  });
});
