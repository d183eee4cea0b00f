/**
 * Golden dialogues: every file of test/scenarios is played and must answer as it is written, and
 * no law may break. `REWRITE=1 npx mocha test/sim/scenarios.test.ts` writes the answers anew; read
 * the difference before you commit it.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { play } from '../../src/sim/dialogue.ts';
import { threeHosts } from './settings.ts';

const folder = new URL('../scenarios/', import.meta.url);

describe('scenarios', () => {
  for (const name of readdirSync(folder).filter((f) => f.endsWith('.txt'))) {
    it(`${name}: answers as written and breaks no law`, () => {
      const file = new URL(name, folder);
      const golden = readFileSync(file, 'utf8');
      const played = play(golden, threeHosts);
      assert.deepEqual(played.violations, []);
      if (process.env.REWRITE === '1') writeFileSync(file, played.text);
      else assert.equal(played.text, golden);
      assert.match(played.text, /^\| .*s access: /m, 'a dialogue without an answer proves nothing');
    });
  }

  it('a line that is not understood is an error with its number', () => {
    assert.throws(
      () => play('boot\nexplode scvm1\n', threeHosts),
      /line 2: "explode" is not one of/,
    );
  });
});
