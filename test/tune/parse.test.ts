/** An experiment file: what a good one becomes, and every problem of a bad one at once. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseExperiment } from '../../src/tune/parse.ts';
import { formatTuneProblem, type TuneProblem } from '../../src/tune/problems.ts';
import { good, MINIMAL, SMALL } from './texts.ts';

const problemsOf = (text: string): readonly TuneProblem[] => {
  const parsed = parseExperiment(text);
  return parsed.ok ? [] : parsed.problems;
};
const short = (text: string): string[] => problemsOf(text).map((p) => `${p.code} ${p.place}`);

/** The minimal experiment with a line instead of, or beside, its own. */
function changed(key: string, line: string): string {
  const lines = MINIMAL.split('\n').filter((l) => !l.startsWith(`${key}:`));
  return `${lines.join('\n')}${line}\n`;
}

describe('experiment file', () => {
  it('a good one: every value in ms, counts and normal form, defaults filled in, frozen', () => {
    const e = good(SMALL);
    assert.deepEqual(e.mixes, [
      { name: 'restart-loop', spanMs: 86_400_000, weight: 3 },
      { name: 'nested-lab', spanMs: 14_400_000, weight: 1 },
    ]);
    assert.deepEqual(e.ranges, [
      { key: 'timers.back_to_normal', kind: 'list', values: ['0s', '60s', '180s'] },
    ]);
    assert.deepEqual(e.baseline, { 'timers.back_to_normal': '180s' });
    assert.deepEqual(e.cluster, { scvms: 3, hosts: 1, zones: 1, access: false });
    assert.deepEqual(e.policies, ['chart', 'old-tool']);
    assert.deepEqual(e.search, { method: 'grid' });
    assert.equal(e.profile, 'balanced');
    assert.ok(Object.isFrozen(e.mixes[0]));
  });

  for (const file of readdirSync(new URL('../../examples/tune/', import.meta.url))) {
    it(`examples/tune/${file} is good`, () => {
      const text = readFileSync(new URL(`../../examples/tune/${file}`, import.meta.url), 'utf8');
      assert.deepEqual(problemsOf(text), []);
    });
  }

  it('a range by steps, by count and by ratio gives the values it says', () => {
    const valuesOf = (range: string) => {
      const [r] = good(changed('ranges', `ranges: { timers.dwell: ${range} }`)).ranges;
      return r?.kind === 'list' ? r.values : r;
    };
    assert.deepEqual(valuesOf('{ from: 0s, to: 1m, step: 20s }'), ['0s', '20s', '40s', '60s']);
    assert.deepEqual(valuesOf('{ from: 0s, to: 50s, step: 20s }'), ['0s', '20s', '40s']);
    assert.deepEqual(valuesOf('{ from: 1s, to: 100s, count: 3, scale: log }'), [
      '1s',
      '10s',
      '100s',
    ]);
    assert.deepEqual(valuesOf('{ from: 1s, to: 3s, count: 3 }'), ['1s', '2s', '3s']);
  });

  it('halving: the last rung is the replications, whatever was written', () => {
    const e = good(
      changed('replications', 'replications: 8\nsearch: { method: halving, rungs: [2, 4] }'),
    );
    assert.deepEqual(e.search, { method: 'halving', settings: null, rungs: [2, 4, 8], keep: 0.25 });
  });

  const bad: readonly (readonly [string, string, readonly string[]])[] = [
    ['no YAML', 'title: [', ['CFG_YAML (file)']],
    ['a list', '- 1', ['CFG_TYPE (file)']],
    ['an unknown key', changed('', 'replicatons: 3'), ['CFG_UNKNOWN_KEY replicatons']],
    ['a key twice', `${MINIMAL}title: again\n`, ['CFG_DUPLICATE_KEY title']],
    ['no replications', changed('replications', 'replications: 0'), ['CFG_RANGE replications']],
    ['none said', changed('replications', ''), ['CFG_MISSING replications']],
    [
      'an empty range',
      changed('ranges', 'ranges: { timers.dwell: [] }'),
      ['TUNE_EMPTY ranges.timers.dwell'],
    ],
    ['no ranges', changed('ranges', 'ranges: {}'), ['TUNE_EMPTY ranges']],
    [
      'a range that falls',
      changed('ranges', 'ranges: { timers.dwell: { from: 5s, to: 1s, step: 1s } }'),
      ['TUNE_RANGE_ORDER ranges.timers.dwell'],
    ],
    [
      'a step of nothing',
      changed('ranges', 'ranges: { timers.dwell: { from: 1s, to: 5s, step: 0s } }'),
      ['TUNE_RANGE_ORDER ranges.timers.dwell.step'],
    ],
    [
      'a range without steps in a grid',
      changed('ranges', 'ranges: { timers.dwell: { from: 1s, to: 5s } }'),
      ['TUNE_RANGE_FORM ranges.timers.dwell'],
    ],
    [
      'an unknown word in a range',
      changed('ranges', 'ranges: { timers.dwell: { from: 1s, to: 5s, stepp: 1s } }'),
      ['TUNE_RANGE_FORM ranges.timers.dwell', 'CFG_UNKNOWN_KEY ranges.timers.dwell.stepp'],
    ],
    [
      'a logarithm of 0',
      changed('ranges', 'ranges: { timers.dwell: { from: 0s, to: 5s, count: 3, scale: log } }'),
      ['TUNE_LOG_ZERO ranges.timers.dwell.from'],
    ],
    [
      'a value twice',
      changed('ranges', 'ranges: { timers.dwell: [60s, 1m] }'),
      ['TUNE_TWICE ranges.timers.dwell[1]'],
    ],
    [
      'a duration without unit',
      changed('ranges', 'ranges: { timers.dwell: [60] }'),
      ['CFG_DURATION ranges.timers.dwell[0]'],
    ],
    [
      'a key that does not exist',
      changed('ranges', 'ranges: { timers.dwel: [1s] }'),
      ['TUNE_KEY ranges.timers.dwel'],
    ],
    [
      'a key without effect',
      changed('', 'fixed: { log.level: info }'),
      ['TUNE_NO_EFFECT fixed.log.level'],
    ],
    [
      'a mix that does not exist',
      changed('mixes', 'mixes: { quiet-moth: { span: 1d } }'),
      ['TUNE_MIX mixes.quiet-moth'],
    ],
    ['no mix', changed('mixes', 'mixes: {}'), ['TUNE_EMPTY mixes']],
    [
      'a span of seconds',
      changed('mixes', 'mixes: { quiet-month: { span: 10s } }'),
      ['CFG_DURATION mixes.quiet-month.span'],
    ],
    ['more hosts than SCVMs', changed('', 'cluster: { hosts: 4 }'), ['TUNE_CLUSTER cluster.hosts']],
    ['no chart to tune', changed('', 'policies: [old-tool]'), ['TUNE_EMPTY policies']],
    [
      'random without how many',
      changed('', 'search: { method: random }'),
      ['CFG_MISSING search.settings'],
    ],
    [
      'rungs that fall',
      changed('', 'search: { method: halving, rungs: [2, 1] }'),
      ['TUNE_RUNGS search.rungs'],
    ],
    ['rungs of a grid', changed('', 'search: { rungs: [1, 2] }'), ['TUNE_RANGE_FORM search.rungs']],
    [
      'a setting that a host refuses',
      changed('ranges', 'ranges: { timers.back_to_normal: [1s, 2h] }'),
      ['TUNE_SETTING ranges.timers.back_to_normal'],
    ],
    [
      'too many rows',
      changed(
        'ranges',
        'ranges: { timers.dwell: { from: 1ms, to: 10s, step: 1ms }, timers.forgive: { from: 1s, to: 1000s, step: 1s } }',
      ),
      ['TUNE_TOO_MANY ranges'],
    ],
  ];
  for (const [what, text, expected] of bad) {
    it(`${what}: refused, with its place`, () => assert.deepEqual(short(text), expected));
  }

  it('all problems are told at once, in the order of the file, each with value and remedy', () => {
    const text = `title: ''
replications: 0
mixes:
  restart-lop: { span: 6 }
ranges:
  timers.back_to_normal: []
  probe.interval: { from: 5s, to: 1s }
serch: { method: grid }
`;
    const problems = problemsOf(text);
    assert.deepEqual(
      problems.map((p) => `${p.line} ${p.code} ${p.found}`),
      [
        "1 CFG_RANGE ''",
        '2 CFG_RANGE 0',
        '4 TUNE_MIX restart-lop',
        '4 CFG_DURATION 6',
        '6 TUNE_EMPTY []',
        '7 TUNE_RANGE_ORDER ',
        '8 CFG_UNKNOWN_KEY serch',
      ],
    );
    assert.ok(problems.every((p) => p.remedy.length > 5));
    const [, , mix] = problems;
    assert.equal(
      mix && formatTuneProblem(mix, 'x.yaml'),
      'x.yaml:4:3: TUNE_MIX: mixes.restart-lop: is no fault mix (found: restart-lop)\n    Did you mean restart-loop?',
    );
  });

  it('never throws, on any text and on any change of a good one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.nat(SMALL.length), (noise, at) => {
        parseExperiment(noise);
        parseExperiment(SMALL.slice(0, at) + noise.slice(0, 5) + SMALL.slice(at + 5));
      }),
      { numRuns: 300 },
    );
  });
});
