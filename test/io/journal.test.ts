/** journal: what is written comes back exactly, over segments, starts and cuts. */

import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { monotonicClock } from '../../src/io/clock.ts';
import { createJournal, type Journal, segmentName } from '../../src/io/journal.ts';
import { type JournalLine, readJournal, tailJournal } from '../../src/io/journal-read.ts';
import type { Fact } from '../../src/machines/events.ts';
import type { Order } from '../../src/machines/orders.ts';
import { everyFact, settings } from './facts.ts';
import { scratchFolders } from './scratch.ts';

const tick = (atMs: number): Fact => ({ type: 'TICK', atMs });
const alarm: Order = { type: 'RAISE_ALARM', alarm: 'blind', reason: '4 of 4 paths down' };

describe('journal', () => {
  const folder = scratchFolders();
  const warned: string[] = [];

  const make = (dir: string, header: () => object = () => ({}), maxSize = 1e6, maxFiles = 5) =>
    createJournal({
      dir,
      maxSize,
      maxFiles,
      header,
      clock: monotonicClock(),
      log: { warn: (text) => warned.push(text) },
    });
  const factsOf = (lines: readonly JournalLine[]): Fact[] =>
    lines.flatMap((line) => (line.kind === 'fact' ? [line.fact] : []));
  const kindsOf = (dir: string): string[] =>
    [...readJournal(dir, { onBroken: 'continue' })].map((line) =>
      line.kind === 'problem' ? line.problem : line.kind,
    );
  const record = async (journal: Journal, facts: readonly Fact[]) => {
    for (const fact of facts) journal.fact(fact);
    await journal.close();
  };

  it('every fact of the alphabet comes back as it was', async () => {
    const dir = folder();
    await record(make(dir), everyFact);
    const lines = [...readJournal(dir)];
    assert.deepEqual(factsOf(lines), everyFact);
    assert.equal(lines.length, everyFact.length + 1);
  });

  it('orders and notes come back with their time; the header carries version and clocks', async () => {
    const dir = folder();
    const journal = make(dir, () => ({ version: '0.1.0', settings }));
    journal.note('begun', 1, { shadow: false });
    journal.fact(tick(5));
    journal.order(alarm, 5);
    await journal.close();
    const [header, note, fact, order] = readJournal(dir);
    assert.ok(header?.kind === 'header' && Math.abs(header.wallMs - Date.now()) < 60_000);
    assert.deepEqual(header.body, { version: '0.1.0', settings });
    assert.ok(note?.kind === 'note' && note.what === 'begun' && note.details.shadow === false);
    assert.equal(fact?.kind, 'fact');
    assert.ok(order?.kind === 'order' && order.atMs === 5);
    assert.deepEqual(order.order, alarm);
    assert.deepEqual(journal.counters(), { lines: 4, dropped: 0, errors: 0 });
  });

  it('segments: begin with the state before their first fact, never between fact and orders', async () => {
    const dir = folder();
    let applied = 0;
    const journal = make(dir, () => ({ applied }), 1000, 1000);
    for (let i = 0; i < 200; i++) {
      journal.fact(tick(i));
      applied++;
      for (let o = 0; o < i % 5; o++) journal.order(alarm, i);
      if (i % 20 === 0) await journal.flush();
    }
    await journal.close();
    const names = readdirSync(dir).sort();
    assert.ok(names.length > 20);
    assert.deepEqual(
      names,
      names.map((_, i) => segmentName(i + 1)),
    );
    for (const name of names) {
      assert.ok(statSync(join(dir, name)).size < 2000);
      const [header, first] = readJournal(join(dir, name));
      assert.ok(header?.kind === 'header' && first?.kind === 'fact', name);
      assert.equal(header.body.applied, first.fact.atMs);
    }
    assert.deepEqual(
      factsOf([...readJournal(dir)]).map((fact) => fact.atMs),
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  it('segments: the oldest go beyond max_files, foreign files stay', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'journal-keep.txt'), 'mine');
    const journal = make(dir, undefined, 500, 3);
    for (let i = 0; i < 200; i++) {
      journal.fact(tick(i));
      await journal.flush();
    }
    await journal.close();
    const names = readdirSync(dir).sort();
    assert.equal(names.length, 4);
    assert.equal(names.pop(), 'journal-keep.txt');
    const facts = factsOf([...readJournal(dir)]);
    assert.equal(facts.at(-1)?.atMs, 199);
  });

  it('restart: goes on in the newest segment with a header; a cut line is told as cut', async () => {
    const dir = folder();
    await record(make(dir), [tick(1)]);
    const file = join(dir, segmentName(1));
    appendFileSync(file, '{"k":"f","type":"TI');
    assert.deepEqual(kindsOf(dir), ['header', 'fact', 'cut']);
    await record(make(dir), [tick(2)]);
    assert.deepEqual(kindsOf(dir), ['header', 'fact', 'cut', 'header', 'fact']);
    assert.deepEqual(readdirSync(dir), [segmentName(1)]);
  });

  it('broken line: is told with its number; reading stops there or goes on, as asked', async () => {
    const dir = folder();
    await record(make(dir), [tick(1), tick(2), tick(3)]);
    const file = join(dir, segmentName(1));
    for (const bad of [
      'rubbish',
      '{"k":"f","type":"TICK"}',
      '{"k":"f","type":"NEW","atMs":1}',
      '7',
    ]) {
      const lines = readFileSync(file, 'utf8').split('\n');
      lines[2] = bad;
      writeFileSync(file, lines.join('\n'));
      const stopped = [...readJournal(file)];
      assert.equal(stopped.length, 3, bad);
      const last = stopped[2];
      assert.ok(last?.kind === 'problem' && last.problem === 'broken' && last.line === 3);
      assert.deepEqual(kindsOf(dir), ['header', 'fact', 'broken', 'fact']);
    }
  });

  it('another format: is a clear error; a missing or empty folder too', () => {
    const dir = folder();
    const only = (path: string) => {
      const [line, ...more] = readJournal(path);
      assert.ok(line?.kind === 'problem' && more.length === 0);
      return `${line.problem}: ${line.text}`;
    };
    assert.match(only(dir), /unreadable: no journal here/);
    assert.match(only(join(dir, 'missing')), /unreadable: ENOENT/);
    writeFileSync(join(dir, segmentName(1)), '{"v":3,"kind":"header"}\n{"k":"f"}\n');
    assert.match(only(dir), /version: journal format 3, this program reads format 2; read it with/);
  });

  it('tail: gives the newest entries that are not facts, oldest first, over segments', async () => {
    const dir = folder();
    const journal = make(dir, undefined, 400_000, 100);
    for (let i = 0; i < 20_000; i++) {
      journal.fact(tick(i));
      if (i % 1000 === 999) journal.note('mark', i, { text: 'ü'.repeat(300) });
    }
    await journal.close();
    assert.ok(readdirSync(dir).length > 1);
    const marks = await tailJournal(dir, 5, { keep: (entry) => entry.kind === 'note' });
    assert.deepEqual(
      marks.map((entry) => (entry.kind === 'note' ? entry.atMs : -1)),
      [15_999, 16_999, 17_999, 18_999, 19_999],
    );
    assert.ok((await tailJournal(dir, 1000)).every((entry) => entry.kind !== 'fact'));
    assert.deepEqual(await tailJournal(join(dir, 'missing'), 5), []);
    assert.deepEqual(await tailJournal(dir, 5, { maxBytes: 100 }), []);
  });

  it('folder that cannot be made: is told once, counted, and nothing is thrown', async () => {
    const dir = join(folder(), 'file', 'journal');
    writeFileSync(join(dir, '..'), '');
    warned.length = 0;
    const journal = make(dir);
    journal.fact(tick(1));
    await journal.flush();
    await journal.flush();
    await journal.close();
    assert.ok(journal.counters().errors >= 2);
    assert.equal(warned.filter((text) => /cannot open/.test(text)).length, 1);
  });

  it('header that throws and entries that are no JSON: are told, the rest is kept', async () => {
    const dir = folder();
    mkdirSync(dir, { recursive: true });
    const journal = make(dir, () => {
      throw new Error('no state');
    });
    journal.fact(tick(1));
    journal.note('odd', 2, { value: 1n });
    journal.fact(tick(3));
    await journal.close();
    assert.deepEqual(kindsOf(dir), ['header', 'fact', 'note', 'fact']);
  });
});
