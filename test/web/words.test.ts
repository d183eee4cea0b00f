/** How the console's page writes times: at a glance, and never less than is left. */

import assert from 'node:assert/strict';
import { countdown, readable, span } from '../../src/web/browser/console/words.ts';

describe('console words', () => {
  it('readable: long times of a reason are for eyes, short ones and other numbers stay', () => {
    assert.equal(
      readable('3 of 3 probes lost in 1265852 ms, fall=3, confirm_min=500 ms'),
      '3 of 3 probes lost in 21 min, fall=3, confirm_min=500 ms',
    );
    for (const same of ['lost in 9999 ms', 'budget 123456 moves', 'x12345 ms', '0.12345 msec']) {
      assert.equal(readable(same), same);
    }
  });

  it('countdown: rounds up, so that 0:00 means over', () => {
    assert.deepEqual([1, 0, -5, 60_000, 3_661_000].map(countdown), [
      '0:01',
      '0:00',
      '0:00',
      '1:00',
      '1:01:01',
    ]);
  });

  it('span: in the unit that one would say', () => {
    assert.deepEqual([250, 9600, 41_242, 1_265_852, 53_040_000, 172_800_000].map(span), [
      '250 ms',
      '9.6 s',
      '41 s',
      '21 min',
      '14 h 44 min',
      '2 days',
    ]);
  });
});
