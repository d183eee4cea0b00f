/**
 * The committed documents follow the code: examples/*.yaml are what the template writes, and the
 * tables of docs/configuration.md are what the schema and the catalogue say. After a change of
 * either, `REROUTE_REWRITE=1 npx mocha test/config/documents.test.ts` writes them anew.
 */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseConfig } from '../../src/config/parse.ts';
import { PROBLEMS } from '../../src/config/problems.ts';
import { keyTables, problemTable } from '../../src/config/reference.ts';
import { keysOf, PROFILE_NAMES, SECTIONS } from '../../src/config/schema.ts';
import { configTemplate } from '../../src/config/template.ts';
import { MINIMAL } from './texts.ts';

const ROOT = new URL('../../', import.meta.url);
const PAGE = new URL('docs/configuration.md', ROOT);
const REWRITE = process.env.REROUTE_REWRITE === '1';

/** The page with everything between the two marks of a name replaced. */
function withTable(page: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  assert.ok(from >= 0 && to > from, `the page has no marks for ${name}`);
  return `${page.slice(0, from)}${start}\n\n${table}\n\n${page.slice(to)}`;
}

function parsed(text: string) {
  const result = parseConfig(text, { hostname: 'host1' });
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

describe('examples', () => {
  for (const profile of PROFILE_NAMES) {
    const file = new URL(`examples/${profile}.yaml`, ROOT);

    it(`${profile}.yaml is what the template writes`, () => {
      if (REWRITE) writeFileSync(file, configTemplate(profile));
      assert.equal(readFileSync(file, 'utf8'), configTemplate(profile));
    });

    it(`${profile}.yaml is the bare profile, without a note`, () => {
      const bare = parsed(`${MINIMAL}profile: ${profile}\n`);
      const { config, notes } = parsed(configTemplate(profile));
      assert.deepEqual(notes, []);
      assert.deepEqual(config, bare.config);
    });

    it(`${profile}.yaml shows true defaults: with every # removed nothing changes`, () => {
      const text = configTemplate(profile);
      const open = text.replace(/^( *)#(\w+: )/gm, '$1$2');
      assert.notEqual(open, text);
      assert.deepEqual(parsed(open).config, parsed(text).config);
    });

    it(`${profile}.yaml has every key, each with a comment, in lines of at most 100`, () => {
      const lines = configTemplate(profile).split('\n');
      for (const section of ['', ...SECTIONS]) {
        for (const key of Object.keys(keysOf(section))) {
          assert.ok(
            lines.some((line) => line.replace(/^[ #]*/, '').startsWith(`${key}:`)),
            key,
          );
        }
      }
      for (const [index, line] of lines.entries()) {
        assert.ok(line.length <= 100, line);
        if (/^ *#\w+: /.test(line)) assert.match(lines[index - 1] ?? '', /^ *# /);
      }
    });
  }
});

describe('docs/configuration.md', () => {
  it('has the tables of keys and problems as the code has them', () => {
    const page = readFileSync(PAGE, 'utf8');
    const keyed = withTable(page, 'keys', keyTables());
    const full = withTable(keyed, 'problems', problemTable());
    if (REWRITE) writeFileSync(PAGE, full);
    assert.equal(readFileSync(PAGE, 'utf8'), full);
  });

  it('documents every problem code, and no other', () => {
    const codes = readFileSync(PAGE, 'utf8').match(/CFG_[A-Z_]+/g) ?? [];
    assert.deepEqual([...new Set(codes)].sort(), Object.keys(PROBLEMS).sort());
  });
});
