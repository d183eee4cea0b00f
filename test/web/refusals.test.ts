/** Refusals in the log: bounded per minute, and what was left out is told as a number. */

import assert from 'node:assert/strict';
import { createRefusals } from '../../src/web/refusals.ts';

describe('console refusals', () => {
  it('tells ten a minute, then counts, and tells the number with the first of a later minute', () => {
    const lines: string[] = [];
    let nowMs = 5;
    const refusals = createRefusals({ warn: (line: string) => lines.push(line) }, () => nowMs);
    for (let n = 1; n <= 25; n += 1) refusals.note(`no ${n}`);
    assert.equal(lines.filter((line) => line.startsWith('no ')).length, 10);
    assert.match(lines.at(-1) ?? '', /further refusals/);
    nowMs += 59_999;
    refusals.note('no, still in the minute');
    assert.equal(lines.length, 11);
    nowMs += 1;
    refusals.note('no again');
    assert.deepEqual(lines.slice(-2), ['console: 16 more requests were refused', 'no again']);
  });
});
