/** The past in a page's memory: every question of a scrub, answered as a plain reckoning would. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createTape } from '../../src/web/browser/console/tape.ts';
import { foldAll } from '../../src/web/fold.ts';
import type { Base, Entry, Stretch, Timeline } from '../../src/web/shapes.ts';

const NOTHING: Base = { regions: {}, target: null, verdicts: {}, alarms: [] };
const STATES = ['Normal', 'Degraded.Doubting', 'Rerouted', 'BackToNormal.Holding'];

const entryAt = (wallMs: number, n: number): Entry => {
  const at = { wallMs, atMs: wallMs };
  const reason = `number ${n}`;
  switch (n % 5) {
    case 0:
      return {
        ...at,
        type: 'NOTE_VERDICT',
        path: `scvm${n % 3}/data`,
        from: 'up',
        to: 'down',
        reason,
      };
    case 1:
      return { ...at, type: 'RAISE_ALARM', alarm: 'target_down', reason };
    case 2:
      return { ...at, type: 'CLEAR_ALARM', alarm: 'target_down', reason };
    case 3: {
      const kind = 'failover' as const;
      return {
        ...at,
        type: 'NOTE_SWITCH',
        orderId: n,
        from: null,
        to: `scvm${n % 3}/data`,
        kind,
        reason,
      };
    }
    default: {
      const to = STATES[n % STATES.length] ?? '';
      return {
        ...at,
        type: 'NOTE_TRANSITION',
        region: 'access',
        from: '',
        to,
        event: 'TICK',
        reason,
      };
    }
  }
};

function stretchOf(fromMs: number, gaps: readonly number[], isStart = true): Stretch {
  let wallMs = fromMs;
  const entries = gaps.map((gap, n) => {
    wallMs += gap;
    return entryAt(wallMs, n);
  });
  return { fromMs, fromAtMs: fromMs, toMs: wallMs + 1000, isStart, base: NOTHING, entries };
}

const timelineOf = (stretches: readonly Stretch[], gaps: Timeline['gaps'] = []): Timeline => ({
  stretches,
  gaps,
  cutBeforeMs: null,
  toAtMs: 0,
});

describe('console tape', () => {
  it('at: what stood at a time is what the entries up to it come to', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 900 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 2_000_000 }), (list, at) => {
        const stretch = stretchOf(1000, list);
        const tape = createTape();
        tape.load(timelineOf([stretch]));
        const then = tape.at(1000 + at);
        const plain = foldAll(
          NOTHING,
          stretch.entries.filter((e) => e.wallMs <= 1000 + at),
        );
        assert.deepEqual(then, { known: true, base: plain });
      }),
      { numRuns: 60 },
    );
  });

  it('at: before the journal and in a gap it says why nobody knows', () => {
    const tape = createTape();
    const says = 'no daemon wrote here';
    const gap = { fromMs: 5000, toMs: 9000, why: 'no daemon', says } as const;
    tape.load(timelineOf([stretchOf(1000, [100]), stretchOf(9000, [100])], [gap]));
    assert.deepEqual(tape.at(999), {
      known: false,
      says: 'the journal does not reach back to this time',
    });
    assert.deepEqual(tape.at(7000), { known: false, says });
    assert.ok(tape.at(9000).known);
  });

  it('append: goes on where the timeline ended, on the clock of its stretch', () => {
    const tape = createTape();
    const stretch = { ...stretchOf(10_000, [100, 100]), fromAtMs: 500 };
    tape.load(timelineOf([stretch]));
    tape.append([{ ...entryAt(0, 3), atMs: 1500, wallMs: 99 }]);
    assert.equal(tape.before(Number.POSITIVE_INFINITY, 1, () => true)[0]?.wallMs, 11_000);
    assert.deepEqual(tape.at(11_000).known && tape.at(11_000), {
      known: true,
      base: foldAll(NOTHING, [...stretch.entries, entryAt(0, 3)]),
    });
  });

  it('before and after: the nearest that fit, over stretches, newest first', () => {
    const tape = createTape();
    tape.load(timelineOf([stretchOf(0, [10, 10, 10]), stretchOf(1000, [10, 10, 10], false)]));
    const times = (list: readonly Entry[]) => list.map((e) => e.wallMs);
    assert.deepEqual(times(tape.before(1010, 3, () => true)), [1010, 30, 20]);
    const verdicts = (e: Entry): boolean => e.type === 'NOTE_VERDICT';
    assert.deepEqual(times(tape.before(5000, 9, verdicts)), [1010, 10]);
    assert.equal(tape.after(30, () => true)?.wallMs, 1010);
    assert.equal(
      tape.after(1030, () => true),
      null,
    );
  });

  it('lastOf: what a search through every entry finds, for each region and time', () => {
    const tape = createTape();
    tape.load(timelineOf([stretchOf(0, Array(40).fill(10)), stretchOf(1000, [10, 10], false)]));
    const from = (state: string) => (e: { readonly from: string }) => e.from !== state;
    let found = 0;
    for (const at of [-1, 0, 5, 10, 155, 400, 999, 1010, 5000]) {
      for (const region of ['access', 'route', 'record', 'steering']) {
        for (const fits of [() => true, from('Normal'), () => false]) {
          const plain = tape.before(at, 1, (e) => {
            return e.type === 'NOTE_TRANSITION' && e.region === region && fits(e);
          })[0];
          assert.deepEqual(tape.lastOf(region, at, fits), plain ?? null, `${region} ${at}`);
          if (plain) found += 1;
        }
      }
    }
    assert.ok(found > 5, `${found} were found at all`);
  });

  it('runs: the strip hides nothing worse behind something milder, however short it was', () => {
    const tape = createTape();
    const brief = [
      entryAt(3_600_000, 4),
      { ...entryAt(7_200_000, 4), to: 'Rerouted' },
      { ...entryAt(7_200_050, 4), to: 'Normal' },
    ] as Entry[];
    const stretch = { ...stretchOf(0, []), toMs: 86_400_000, entries: brief };
    tape.load(timelineOf([stretch]));
    const runs = tape.runs(0, 86_400_000, 1000);
    assert.equal(runs.filter((r) => r.state === 'Rerouted').length, 1);
    assert.ok(runs.length <= 1000);
    const [first, last] = [runs[0], runs.at(-1)];
    assert.deepEqual([first?.fromMs, first?.state, last?.toMs], [0, 'unknown', 86_400_000]);
    for (const [i, run] of runs.entries()) {
      assert.equal(run.fromMs, i === 0 ? 0 : runs[i - 1]?.toMs);
    }
  });

  it('a page that stays open for weeks forgets whole stretches, oldest first', () => {
    const tape = createTape();
    const many = Array.from({ length: 30_000 }, () => 1);
    tape.load(timelineOf([stretchOf(0, many), stretchOf(1e6, [1], false)]));
    assert.equal(tape.fromMs(), 0);
    tape.append(Array.from({ length: 11_000 }, (_, n) => entryAt(2e6 + n, n)));
    assert.equal(tape.fromMs(), 1e6);
    assert.equal(tape.cutBeforeMs(), 1e6);
  });
});
