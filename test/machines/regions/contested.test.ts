/** Another writer fights for the route: repairs slow down, and never leave it missing for long. */

import assert from 'node:assert/strict';
import type { RouteEntry } from '../../../src/machines/model.ts';
import { createHost, entry, ofType, sec } from '../fixture.ts';

type Host = ReturnType<typeof createHost>;

function fresh(): Host {
  const h = createHost();
  h.pass(sec(5));
  h.orders();
  return h;
}

/** Somebody sets the table every 250 ms; the repairs that were ordered meanwhile. */
function fight(h: Host, ms: number, table: readonly RouteEntry[]): number {
  for (const end = h.nowMs() + ms; h.nowMs() < end; h.pass(250)) {
    h.world.table = [...table];
    h.read();
  }
  return ofType(h.orders(), 'SET_ROUTE').length;
}

describe('route: contested', () => {
  it('another route is repaired five times in a minute, then every ten seconds', () => {
    const h = fresh();
    assert.equal(fight(h, sec(1), [entry('10.10.85.16')]), 4);
    assert.equal(fight(h, sec(4), [entry('10.10.85.16')]), 1);
    const later = fight(h, sec(40), [entry('10.10.85.16')]);
    assert.ok(later >= 3 && later <= 4, `${later} repairs in 40 s`);
  });

  it('a missing route is put back each second even then', () => {
    const h = fresh();
    assert.equal(fight(h, sec(1), []), 4);
    const later = fight(h, sec(20), []);
    assert.ok(later >= 15 && later <= 20, `${later} repairs in 20 s`);
  });
});
