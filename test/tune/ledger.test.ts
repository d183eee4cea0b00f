/** The ledger of finished work: what a cut, a broken line or another program's file does to it. */

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '../../src/tune/build.ts';
import { createCourse } from '../../src/tune/course.ts';
import { digestOf } from '../../src/tune/digest.ts';
import { type Batch, type BatchResult, batchAt, batchCount } from '../../src/tune/job.ts';
import { headOf, type Opened, openLedger } from '../../src/tune/ledger.ts';
import { firstRung } from '../../src/tune/rungs.ts';
import { scratchFolders } from '../io/scratch.ts';
import { rowWith } from './rows.ts';
import { good, SMALL } from './texts.ts';

const build: Build = { version: '1.0.0', code: '0123456789abcdef', engine: '11.3' };
const e = good(SMALL);
const head = headOf(digestOf(e), build);
const resultOf = ({ id, jobs }: Batch): BatchResult => ({
  id,
  rows: jobs.map((job) => rowWith({ switches: job.subject + 1 / 3, outage_ms: job.replication })),
});
const all = Array.from({ length: batchCount(e, firstRung(e)) }, (_, i) =>
  resultOf(batchAt(e, firstRung(e), i)),
);

function opened(file: string, mine = head): { answer: Opened; results: BatchResult[] } {
  const results: BatchResult[] = [];
  return { answer: openLedger(file, mine, (r) => results.push(r)), results };
}

function written(file: string, results: readonly BatchResult[]): void {
  const { answer } = opened(file);
  assert.ok(answer.ok);
  for (const result of results) answer.ledger.append(result);
  answer.ledger.close();
}

describe('ledger', () => {
  const folder = scratchFolders();
  const fresh = (): string => join(folder(), 'ledger.ndjson');

  it('gives back what was written, bit for bit, in the order of the file', () => {
    assert.ok(all.length >= 4);
    const file = fresh();
    written(file, all);
    const { answer, results } = opened(file);
    assert.ok(answer.ok);
    answer.ledger.close();
    assert.deepEqual(results, all);
    assert.deepEqual(answer.broken, []);
  });

  it('cut at any byte of its last line: the lines before it are kept, and it goes on whole', () => {
    const file = fresh();
    written(file, all.slice(0, 2));
    const before = readFileSync(file).length;
    written(file, all.slice(2, 3));
    const after = readFileSync(file).length;
    for (const size of [before + 1, Math.floor((before + after) / 2), after - 1]) {
      truncateSync(file, size);
      written(file, all.slice(2, 3));
      const { answer, results } = opened(file);
      assert.ok(answer.ok);
      answer.ledger.close();
      assert.deepEqual(results, all.slice(0, 3), `cut at ${size}`);
    }
  });

  it('a broken line is named and its batch is done again, the others are kept', () => {
    const file = fresh();
    written(file, all.slice(0, 3));
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = lines[2]?.replace('"rows":[[', '"rows":[["x",') ?? '';
    writeFileSync(file, lines.join('\n'));
    const { answer, results } = opened(file);
    assert.ok(answer.ok);
    answer.ledger.close();
    assert.deepEqual(answer.broken, [3]);
    assert.deepEqual(results, [all[0], all[2]]);
  });

  it('a line of 3 MiB is one broken line, not a full memory', () => {
    const file = fresh();
    written(file, all.slice(0, 1));
    appendFileSync(file, `${'x'.repeat(3 << 20)}\n`);
    written(file, all.slice(1, 2));
    const { answer, results } = opened(file);
    assert.ok(answer.ok);
    answer.ledger.close();
    assert.deepEqual(answer.broken, [3]);
    assert.deepEqual(results, all.slice(0, 2));
  });

  it('megabytes without an end of line at the end of the file are cut off', () => {
    const file = fresh();
    written(file, all.slice(0, 1));
    const size = readFileSync(file).length;
    appendFileSync(file, 'x'.repeat(3 << 20));
    written(file, []);
    assert.equal(readFileSync(file).length, size);
  });

  it('of another experiment or program it is refused, with what differs, and left as it is', () => {
    const file = fresh();
    written(file, all);
    const text = readFileSync(file, 'utf8');
    const refused: readonly (readonly [ReturnType<typeof headOf>, RegExp])[] = [
      [headOf('0000000000000000', build), /another experiment/],
      [headOf(head.digest, { ...build, version: '1.0.1' }), /version 1\.0\.0 against 1\.0\.1/],
      [headOf(head.digest, { ...build, code: 'ffffffffffffffff' }), /other code/],
      [headOf(head.digest, { ...build, engine: '12.4' }), /V8 11\.3 against 12\.4/],
    ];
    for (const [mine, says] of refused) {
      const { answer } = opened(file, mine);
      assert.ok(!answer.ok);
      assert.match(answer.problem, says);
    }
    writeFileSync(join(file, '..', 'other'), 'no ledger\n');
    const { answer } = opened(join(file, '..', 'other'));
    assert.ok(!answer.ok && /no ledger of finished work/.test(answer.problem));
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  it('in use by another, it is refused', () => {
    const file = fresh();
    const first = opened(file).answer;
    assert.ok(first.ok);
    const second = opened(file).answer;
    assert.ok(!second.ok && /in use/.test(second.problem));
    first.ledger.close();
    const third = opened(file).answer;
    assert.ok(third.ok);
    third.ledger.close();
  });
});

describe('course of an experiment', () => {
  it('takes results in any order, each once, and is done after the last', () => {
    const course = createCourse(e, () => 0);
    for (const result of [...all].reverse()) {
      assert.equal(course.accept(result), 'new');
      if (course.rung() !== null) assert.equal(course.accept(result), 'known');
    }
    assert.equal(course.rung(), null);
    assert.equal(course.table.count, 4 * 2 * 3);
    assert.deepEqual([...course.pending()], []);
  });

  it('tells what is left: exactly the batches without a result', () => {
    const course = createCourse(e, () => 0);
    const [first, second] = all;
    assert.ok(first && second);
    course.accept(second);
    const ids = [...course.pending()].map((b) => b.id);
    assert.deepEqual(
      ids,
      all.map((r) => r.id).filter((id) => id !== second.id),
    );
  });

  it('refuses what is no result of this experiment', () => {
    const course = createCourse(e, () => 0);
    const rows = all[0]?.rows ?? [];
    for (const id of ['x', '0-99999', '1-0', '0--1']) {
      assert.equal(typeof course.accept({ id, rows }), 'object', id);
    }
    assert.equal(typeof course.accept({ id: '0-0', rows: rows.slice(1) }), 'object');
    assert.equal(course.table.count, 0);
  });

  it('with halving the next rung begins when the last result of the one before is there', () => {
    const halved = good(`${SMALL}search: { method: halving, rungs: [1], keep: 0.4 }\n`);
    // Subjects 0s, 60s and the kept 180s and old tool: of two rivals one goes on.
    const course = createCourse(halved, (_table, subject) => -subject);
    const doRung = (): void => {
      for (const batch of [...course.pending()])
        assert.equal(course.accept(resultOf(batch)), 'new');
    };
    assert.deepEqual(course.rung()?.subjects, [0, 1, 2, 3]);
    doRung();
    assert.deepEqual(course.rung()?.subjects, [1, 2, 3]);
    doRung();
    assert.equal(course.rung(), null);
    assert.equal(course.table.count, 4 * 2 + 3 * 2 * 2);
  });
});
