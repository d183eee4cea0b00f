/** What a live picture does to lines that are wider than the terminal. */

import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { cut } from '../../src/cli/live.ts';

const RED = '\u001b[31m';
const END = '\u001b[39m';

describe('live picture', () => {
  it('a line that fits stays as it is, whatever its colours take', () => {
    const line = `${RED}down${END} 12`;
    assert.equal(cut(line, 7), line);
    assert.equal(cut('', 1), '');
  });

  it('a line that is too long is cut to the width and keeps its colours, each with its end', () => {
    const line = `path ${RED}down${END} because ${RED}service refused${END}`;
    assert.equal(cut(line, 12), `path ${RED}down${END} b${RED}${END}…`);
    assert.equal(cut(line, 8), `path ${RED}do${END}${RED}${END}…`);
    for (let columns = 1; columns < 33; columns += 1) {
      assert.equal(stripVTControlCharacters(cut(line, columns)).length, columns);
    }
  });
});
