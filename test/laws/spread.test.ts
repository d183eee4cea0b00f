/**
 * C2 over a whole cluster: half of the SCVMs die at once. Their hosts spread over the
 * other half, and nobody else moves; a choice that ignores the spread is caught.
 */

import assert from 'node:assert/strict';
import { createSpread, type Failover, fairBound } from '../../src/laws/c2-spread.ts';
import type { Violation } from '../../src/laws/trace.ts';
import type { Engine } from '../../src/machines/decide.ts';
import { fastEngine } from '../../src/machines/fast.ts';
import { perform } from '../../src/sim/commands.ts';
import { hostSettings, plainHeader } from '../../src/sim/header.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createRun } from '../../src/sim/run.ts';
import { threeHosts } from '../sim/settings.ts';

const HOSTS = 24;

/** A planted bug: every host takes itself for the first, so that all choose the same survivor. */
const alike: Engine = {
  start: (settings, fact) => fastEngine.start({ ...settings, hostId: 'host1' }, fact),
  decide: fastEngine.decide,
};

/** The first `dead` SCVMs lose power; the moves that follow, and what the law says of them. */
function massFailure(dead: number, engine: Engine): { moves: Failover[]; found: Violation[] } {
  const shape = { scvms: HOSTS, zones: 1, access: false };
  const settings = hostSettings({ ...plainHeader(threeHosts), shape, hosts: HOSTS });
  const law = createSpread({ strict: true });
  const moves: Failover[] = [];
  const found: Violation[] = [];
  const onFailover = (move: Failover): void => {
    moves.push(move);
    const broken = law.moved(move);
    if (broken) found.push(broken);
  };
  const run = createRun(settings, null, { leaps: true, engine, onFailover });
  for (let host = 1; host <= HOSTS; host += 1) {
    perform(run, `@${host} route via scvm${host}/data`);
    perform(run, `@${host} boot`);
  }
  run.advance(10_000);
  for (let n = 1; n <= dead; n += 1) perform(run, `power scvm${n} off`);
  run.advance(20_000);
  return { moves, found };
}

describe('C2 spread', () => {
  it('12 of 24 SCVMs die: their hosts, and no others, move, and they spread', function () {
    this.timeout(60_000);
    const { moves, found } = massFailure(12, fastEngine);
    assert.deepEqual(found, []);
    const from = moves.map((m) => m.from).sort();
    assert.equal(new Set(from).size, 12);
    assert.ok(moves.every((m) => m.among.length === 12 && !m.wasSound));
    const loads = [...new Set(moves.map((m) => m.to))].map(
      (to) => moves.filter((m) => m.to === to).length,
    );
    assert.ok(loads.length >= 5 && Math.max(...loads) <= 4, `${loads}`);
  });

  it('is broken by a choice that is the same for every host', function () {
    this.timeout(60_000);
    const [first] = massFailure(12, alike).found;
    assert.match(first?.says ?? '', /\d+ of \d+ hosts .* one of 12 survivors; fair is below/);
  });

  it('is broken, strictly, by a host that leaves what served it all along', () => {
    const law = createSpread({ strict: true });
    const move = { host: 1, atMs: 5, from: 'scvm2', to: 'scvm3', among: ['scvm3'] };
    assert.equal(law.moved({ ...move, wasSound: false }), null);
    assert.match(law.moved({ ...move, wasSound: true })?.says ?? '', /had served all along/);
  });

  it('the bound says nothing of few hosts, and much of many', () => {
    assert.equal(fairBound(3, 2), 4);
    assert.equal(fairBound(64, 2), 56);
    assert.equal(fairBound(32, 32), 13);
    assert.equal(fairBound(64, 1), 65);
  });

  it('a million fair choices stay below it', () => {
    const random = createRandom(1, 'fair');
    for (let run = 0; run < 20_000; run += 1) {
      const chosen = Array.from({ length: 50 }, () => random.int(0, 7));
      const loads = Array.from({ length: 8 }, (_, n) => chosen.filter((x) => x === n).length);
      assert.ok(Math.max(...loads) < fairBound(50, 8));
    }
  });
});
