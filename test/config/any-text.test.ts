/**
 * Any text at all gets a configuration or problems, never a throw, and in bounded time. The seed
 * is printed by fast-check with a failure.
 */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importCluster, importOldFile, importScvmIp } from '../../src/config/import.ts';
import { type ParseResult, parseConfig } from '../../src/config/parse.ts';
import { formatProblem, PROBLEMS } from '../../src/config/problems.ts';
import { configTemplate } from '../../src/config/template.ts';
import { FULL, OLD_HOST_FILE, SHORTHAND } from './texts.ts';

/** What each answer must be like, whatever the text was. */
function expectSound(result: ParseResult | ReturnType<typeof importScvmIp>): void {
  const problems = result.ok ? result.notes : result.problems;
  assert.ok(result.ok || problems.length > 0, 'refused without a reason');
  assert.ok(problems.length <= 1001);
  for (const problem of problems) {
    assert.equal(PROBLEMS[problem.code].level, result.ok ? 'note' : 'error');
    assert.ok(problem.found.length <= 90 && !/[\r\n]/.test(problem.found));
    assert.notEqual(problem.says, '');
    assert.notEqual(problem.remedy, '');
    assert.notEqual(problem.place, '');
    assert.ok(problem.line === null || problem.line >= 1);
    assert.match(formatProblem(problem, 'f'), /^f/);
  }
}

/** Bits that hurt parsers, cut into a good text at any place. */
const fragment = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom(
    '\n',
    '\t',
    ': ',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!!set ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '<<: *a\n',
    '#',
    'null',
    '~',
    '.nan',
    '-1',
    '1e999',
    '0x7f',
    '__proto__: ',
    'constructor: ',
    'scvms:\n',
    '\u0000',
    '\ufeff',
    '\u2028',
    '\ud800',
  ),
);

function mutated(text: string): fc.Arbitrary<string> {
  const cut = fc.record({
    at: fc.nat({ max: text.length }),
    drop: fc.nat({ max: 40 }),
    put: fragment,
  });
  return fc
    .array(cut, { minLength: 1, maxLength: 6 })
    .map((cuts) =>
      cuts.reduce((now, { at, drop, put }) => now.slice(0, at) + put + now.slice(at + drop), text),
    );
}

/** Well-formed values of every kind, under known keys and unknown ones. */
const anyValues = fc
  .dictionary(
    fc.constantFrom(
      'scvms',
      'probe',
      'session',
      'timers',
      'log',
      'control',
      'host_id',
      'nfs_ip',
      'x',
    ),
    fc.jsonValue({ maxDepth: 4 }),
  )
  .map((value) => JSON.stringify(value));

describe('any text', () => {
  for (const [title, texts] of [
    ['arbitrary', fc.string({ maxLength: 400, unit: 'binary' })],
    ['fragments of YAML', fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(''))],
    ['a mutated example', mutated(FULL)],
    ['a mutated template', mutated(configTemplate('fast').replace(/#(\w+:)/g, '$1'))],
    ['JSON of other shapes', anyValues],
  ] as const) {
    it(`is answered soundly: ${title}`, () => {
      const property = fc.property(texts, (text) => {
        expectSound(parseConfig(text));
        expectSound(parseConfig(text, { hostname: 'h', hostNetworks: ['10.0.0.1/8', 'x'] }));
      });
      fc.assert(property, { numRuns: 300 });
    });
  }

  it('is answered soundly by the importers of old files', () => {
    const texts = fc.oneof(mutated(OLD_HOST_FILE), mutated(SHORTHAND), fc.string());
    const property = fc.property(texts, fc.integer({ min: -1, max: 4 }), (text, hostIndex) => {
      expectSound(importOldFile(text, hostIndex));
      expectSound(importScvmIp(text));
      expectSound(importCluster(text, hostIndex));
    });
    fc.assert(property, { numRuns: 300 });
  });

  // Without the bounds of bounds.ts some of these take minutes, and some end the whole process.
  for (const [title, text] of [
    ['a million closing braces', '}'.repeat(1024 * 1024)],
    ['nested keys', '? '.repeat(49999)],
    ['nested flow maps', '{'.repeat(9999)],
    ['nested flow lists', 'a: ['.repeat(9999)],
    ['nested lists', '- '.repeat(49999)],
    ['nested values', 'a: '.repeat(49999)],
    ['nested empty keys', ': '.repeat(49999)],
    ['nested indentation', Array.from({ length: 1300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['tags and anchors', '!a &a '.repeat(20000)],
    ['a hundred thousand keys', Array.from({ length: 1e5 }, (_, i) => `k${i}: 1`).join('\n')],
    ['many unknown keys', Array.from({ length: 15000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['many SCVMs', `scvms:\n${'- {name: a}\n'.repeat(9000)}`],
    ['an alias bomb', aliasBomb(9, 9)],
    ['one long word', 'a'.repeat(1024 * 1024)],
    ['one long key', `${'a'.repeat(1000000)}: 1`],
  ] as const) {
    it(`is answered within 10 s: ${title}`, function () {
      this.timeout(10000);
      expectSound(parseConfig(text));
    });
  }
});

function aliasBomb(levels: number, width: number): string {
  const lines = ['k0: &k0 [1]'];
  for (let level = 1; level <= levels; level += 1) {
    lines.push(
      `k${level}: &k${level} [${Array(width)
        .fill(`*k${level - 1}`)
        .join(', ')}]`,
    );
  }
  return lines.join('\n');
}
