/** Every problem code is reported for a text that has it, at its place, with its remedy. */

import assert from 'node:assert/strict';
import { importOldFile } from '../../src/config/import.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { type ConfigProblem, formatProblem, PROBLEMS } from '../../src/config/problems.ts';
import { BAD_INPUTS, type BadInput, UNWISE_INPUTS } from './bad-inputs.ts';
import { BAD_OLD_FILES, GOOD_OLD_FILES } from './old-files.ts';
import { MINIMAL } from './texts.ts';

function expectProblem(problems: readonly ConfigProblem[], input: BadInput): void {
  const problem = problems.find(({ code, place }) => code === input.code && place === input.place);
  assert.ok(problem, `no ${input.code} at ${input.place} in ${JSON.stringify(problems, null, 1)}`);
  assert.equal(problem.line, input.line);
  assert.match(problem.remedy, input.remedy);
  assert.notEqual(problem.says, '');
}

describe('bad configurations', () => {
  for (const [index, input] of BAD_INPUTS.entries()) {
    it(`${input.code}: is an error with place and remedy, case ${index}`, () => {
      const result = parseConfig(input.text, input.options);
      assert.ok(!result.ok);
      expectProblem(result.problems, input);
      assert.ok(result.problems.every(({ code }) => PROBLEMS[code].level === 'error'));
    });
  }

  for (const [index, input] of UNWISE_INPUTS.entries()) {
    it(`${input.code}: is a note and the only one, case ${index}`, () => {
      const result = parseConfig(input.text, input.options);
      assert.ok(result.ok, JSON.stringify(result));
      expectProblem(result.notes, input);
      const codes = new Set(result.notes.map(({ code }) => code));
      const allowed = [input.code, 'CFG_BREAK_OFF', 'CFG_LOST_STALE', 'CFG_SLOW_DETECTION'];
      assert.deepEqual(
        [...codes].filter((code) => !allowed.includes(code)),
        [],
      );
    });
  }

  it('are reported with all their problems at once, in the order of the file', () => {
    const text = MINIMAL.replace('10.10.85.16', '10.10.85.15')
      .replace('local: true, ', '')
      .replace('manage_ip: 192.168.85.17', 'manage_ip: 1.2.3')
      .concat('timers: { dwell: 30, return_gard: 1s }\nprobe: { interval: 5s }\n');
    const result = parseConfig(text);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.problems.map(({ code, line, found }) => [code, line, found]),
      [
        ['CFG_NO_LOCAL', 2, ''],
        ['CFG_DUPLICATE_IP', 4, '10.10.85.15'],
        ['CFG_IP', 5, '1.2.3'],
        ['CFG_DURATION', 6, '30'],
        ['CFG_UNKNOWN_KEY', 6, 'return_gard'],
        ['CFG_PACE_ORDER', 7, '5s'],
      ],
    );
  });

  it('do not blame one wrong value twice', () => {
    const cases = ['local: yes please', 'local: "true"', 'local: 1'];
    for (const local of cases) {
      const result = parseConfig(MINIMAL.replace('local: true', local));
      assert.ok(!result.ok);
      assert.deepEqual(
        result.problems.map(({ code }) => code),
        ['CFG_TYPE'],
      );
    }
  });

  it('show the default that takes part in a contradiction', () => {
    const result = parseConfig(`${MINIMAL}switch: { command_deadline: 40s }\n`);
    assert.ok(result.ok);
    assert.deepEqual(new Set(result.notes.map(({ found }) => found)), new Set(['40s']));
  });

  it('are shown with file, line, column, code, place, value and remedy', () => {
    const result = parseConfig(`${MINIMAL}timers: { back_to_normal: 180 }\n`);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.problems.map((problem) => formatProblem(problem, 'host1.yaml')),
      [
        'host1.yaml:6:27: error CFG_DURATION: timers.back_to_normal: ' +
          'a duration needs its unit (found: 180)\n    Write "180s".',
      ],
    );
  });

  it('have their value cut to 80 characters of one line', () => {
    const result = parseConfig(`${MINIMAL}platform: "${'x '.repeat(500)}\u0007"\n`);
    assert.ok(!result.ok);
    assert.equal(result.problems[0]?.found.length, 80);
  });
});

describe('the catalogue of problems', () => {
  it('has no code that no text can cause, and each is caused in these tests', () => {
    const imported = [...BAD_OLD_FILES, ...GOOD_OLD_FILES].flatMap(({ text, hostIndex }) => {
      const result = importOldFile(text, hostIndex);
      return result.ok ? result.notes : result.problems;
    });
    const seen = new Set<string>([
      ...BAD_INPUTS.map(({ code }) => code),
      ...UNWISE_INPUTS.map(({ code }) => code),
      ...imported.map(({ code }) => code),
    ]);
    assert.deepEqual(
      Object.keys(PROBLEMS).filter((code) => !seen.has(code)),
      [],
    );
  });
});
