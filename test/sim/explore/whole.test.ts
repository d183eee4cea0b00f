/**
 * The exploration as its user runs it: two SCVMs, every scope to its end. No law is broken, nothing
 * of the chart is left out, and the numbers are those that docs/proof.md gives.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Coverage } from '../../../src/sim/explore/coverage.ts';
import type { ScopeReport } from '../../../src/sim/explore/report.ts';
import { reroute } from '../../cli/program.ts';

interface Printed {
  readonly scopes: readonly ScopeReport[];
  readonly coverage: Coverage;
  readonly gaps: readonly string[];
}

const spaced = (n: number): string => n.toLocaleString('en').replaceAll(',', ' ');

describe('explore: two SCVMs', function () {
  // A bound for a busy machine: 80 s of one core.
  this.timeout(900_000);
  let printed: Printed;

  before(async () => {
    const { code, out, err } = await reroute('simulate', '--explore', '--json');
    assert.equal(code, 0, `${err}${out.slice(0, 2000)}`);
    printed = JSON.parse(out);
  });

  it('every scope is explored to its end, and no law is broken on any edge', () => {
    assert.equal(printed.scopes.length, 10);
    for (const scope of printed.scopes) {
      assert.ok(scope.isWhole && scope.states > 500 && scope.edges > 9 * scope.states, scope.name);
      assert.deepEqual(scope.breaches, [], scope.name);
    }
  });

  it('each state and each transition of the chart is reached', () => {
    const { states, transitions } = printed.coverage;
    assert.ok(states.length >= 26 && transitions.length >= 80);
    assert.deepEqual(
      states.filter((s) => !s.isMet),
      [],
    );
    assert.deepEqual(
      transitions.filter((t) => t.taken === 0),
      [],
    );
    assert.deepEqual(printed.gaps, []);
  });

  it('in a calm world home, the record and the route come within the time that is promised', () => {
    const all = printed.scopes.flatMap((s) => s.worst);
    assert.equal(new Set(all.map((w) => w.law)).size, 6);
    for (const { law, ticks, bound } of all) assert.ok(ticks <= bound, law);
    assert.ok(Math.max(...all.map((w) => w.ticks)) >= 2, 'somebody waited');
  });

  it('docs/proof.md gives these numbers', () => {
    const doc = readFileSync(new URL('../../../docs/proof.md', import.meta.url), 'utf8');
    const rows = doc.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { name, states, edges, depth } of printed.scopes) {
      const row = rows.find((cells) => cells[1] === name);
      assert.deepEqual(row?.slice(2, 5), [spaced(states), spaced(edges), String(depth)], name);
    }
  });
});
