/** Which settings an experiment has, by number, and what is compared. */

import assert from 'node:assert/strict';
import { digestOf } from '../../src/tune/digest.ts';
import { batchAt, batchCount } from '../../src/tune/job.ts';
import { firstRung, nextRung, workload } from '../../src/tune/rungs.ts';
import { spaceOf } from '../../src/tune/space.ts';
import { good, MINIMAL, SMALL } from './texts.ts';

const GRID = SMALL.replace(/ranges:[\s\S]*/, '').concat(
  'ranges: { timers.back_to_normal: [0s, 180s], timers.relapse_factor: [1, 2, 3] }\n',
);
const DRAWN = SMALL.replace(/ranges:[\s\S]*/, '').concat(
  'ranges: { timers.back_to_normal: { from: 1s, to: 600s, scale: log }, timers.relapse_factor: [1, 2] }\n' +
    'search: { method: random, settings: 40 }\n',
);
const HALVED = DRAWN.replace('method: random', 'method: halving, rungs: [1, 2], keep: 0.3');

describe('settings of an experiment', () => {
  it('a grid: every combination once, the last key fastest, the baseline found among them', () => {
    const space = spaceOf(good(GRID));
    const pairs = Array.from({ length: space.settings }, (_, i) =>
      Object.values(space.subject(i).values).join(),
    );
    assert.deepEqual(pairs, ['0s,1', '0s,2', '0s,3', '180s,1', '180s,2', '180s,3']);
    assert.equal(space.baseline, 4);
    assert.equal(space.count, 7);
    assert.equal(space.subject(6).policy, 'old-tool');
    assert.deepEqual(space.kept, [4, 6]);
    assert.throws(() => space.subject(7), RangeError);
  });

  it('a baseline outside of the grid is a subject of its own', () => {
    const space = spaceOf(good(`${GRID}baseline: { timers.back_to_normal: 7s }\n`));
    assert.equal(space.baseline, 6);
    assert.deepEqual(space.subject(6).values, {
      'timers.back_to_normal': '7s',
      'timers.relapse_factor': 2,
    });
    assert.equal(space.subject(7).policy, 'old-tool');
  });

  it('where settings are drawn, the baseline is none of them, whatever was drawn', () => {
    const lists = GRID.concat('search: { method: random, settings: 9 }\n');
    const space = spaceOf(good(lists));
    assert.deepEqual([space.settings, space.baseline, space.count], [9, 9, 11]);
  });

  it('drawn: the same for the same seed, others for another, all within their ranges', () => {
    const values = (text: string): string[] => {
      const space = spaceOf(good(text));
      return Array.from({ length: space.settings }, (_, i) =>
        JSON.stringify(space.subject(i).values),
      );
    };
    assert.deepEqual(values(DRAWN), values(DRAWN));
    assert.notDeepEqual(values(DRAWN), values(DRAWN.replace('seed: 3', 'seed: 4')));
    const seconds = values(DRAWN).map((v) => Number.parseInt(/"(\d+)m?s"/.exec(v)?.[1] ?? '', 10));
    assert.ok(seconds.every((s) => s >= 1));
    assert.ok(new Set(values(DRAWN)).size > 35, 'they spread');
  });

  it('a million settings are made when they are asked for', () => {
    const text = MINIMAL.replace(/ranges:.*/, '').concat(
      'ranges: { timers.dwell: { from: 1s, to: 1000s, step: 1s }, timers.forgive: { from: 1s, to: 1000s, step: 1s } }\n',
    );
    const space = spaceOf(good(text));
    assert.equal(space.settings, 1_000_000);
    assert.deepEqual(space.subject(999_999).values, {
      'timers.dwell': '1000s',
      'timers.forgive': '1000s',
    });
  });
});

describe('batches', () => {
  it('cover every run of a rung exactly once', () => {
    const e = good(GRID);
    const rung = firstRung(e);
    const runs = Array.from({ length: batchCount(e, rung) }, (_, i) => batchAt(e, rung, i))
      .flatMap((batch) => batch.jobs)
      .map((j) => `${j.subject} ${j.mix} ${j.replication}`);
    assert.equal(runs.length, 7 * 2 * 3);
    assert.equal(new Set(runs).size, runs.length);
    assert.throws(() => batchAt(e, rung, batchCount(e, rung)), RangeError);
  });
});

describe('successive halving', () => {
  it('keeps the cheaper share, the baseline and the old tool, and gives them what is missing', () => {
    const e = good(HALVED);
    const first = firstRung(e);
    assert.deepEqual([first.from, first.to, first.subjects.length], [0, 1, 42]);
    const second = nextRung(e, first, (subject) => -subject);
    assert.ok(second);
    assert.deepEqual([second.from, second.to], [1, 2]);
    // 40 rivals x 0.3 = 12: those with the highest numbers, by this cost.
    const best = Array.from({ length: 12 }, (_, i) => 28 + i);
    assert.deepEqual(second.subjects, [...best, 40, 41]);
    assert.deepEqual(
      workload(e).map((r) => [r.subjects, r.replications]),
      [
        [42, 1],
        [14, 1],
        [6, 1],
      ],
    );
  });

  it('decides equal costs by number', () => {
    const e = good(HALVED);
    const second = nextRung(e, firstRung(e), () => 1);
    assert.deepEqual(
      second?.subjects.slice(0, 12),
      Array.from({ length: 12 }, (_, i) => i),
    );
  });
});

describe('digest of an experiment', () => {
  it('differs by everything that changes a row, and by nothing else', () => {
    const of = (text: string): string => digestOf(good(text));
    const same = [
      SMALL.replace('Small', 'Other words'),
      `${SMALL}prices: { switch: 9 }\n`,
      SMALL.replace('weight: 3', 'weight: 4'),
      `# note\n${SMALL}`,
    ];
    const others = [
      SMALL.replace('seed: 3', 'seed: 4'),
      SMALL.replace('replications: 3', 'replications: 4'),
      SMALL.replace('span: 1d, weight: 3', 'span: 3d, weight: 3'),
      SMALL.replace('60s', '61s'),
      `${SMALL}fixed: { timers.dwell: 3s }\n`,
      `${SMALL}cluster: { scvms: 4 }\n`,
    ];
    for (const text of same) assert.equal(of(text), of(SMALL), text);
    const all = [SMALL, ...others].map(of);
    assert.equal(new Set(all).size, all.length);
    assert.notEqual(
      of(HALVED),
      of(`${HALVED}prices: { switch: 9 }\n`),
      'prices decide who goes on',
    );
  });
});
