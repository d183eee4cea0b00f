/** What the laws of the exploration are worth: bugs are planted, and each must be noticed. */

import assert from 'node:assert/strict';
import { explore } from '../../../src/sim/explore/explore.ts';
import { markedChart, runnable } from '../../../src/sim/explore/marks.ts';
import { catchMutant, type Mutant, mutantsOf } from '../../../src/sim/explore/mutants.ts';
import { reportOf } from '../../../src/sim/explore/report.ts';
import { type Scope, scopesOf } from '../../../src/sim/explore/scope.ts';

const scopes = scopesOf(2);
const scope = (name: string): Scope => {
  const found = scopes.find((s) => s.name === name);
  assert.ok(found, name);
  return found;
};
const nameOf = ({ kind, subject, how }: Mutant): string => `${kind} ${subject} ${how}`;

describe('explore: planted bugs', function () {
  // A bound for a busy machine.
  this.timeout(300_000);

  it('there is one for each guard, gate, action and transition that the chart has', () => {
    const { marks } = markedChart();
    const guards = new Set(marks.flatMap((m) => (m.guard === null ? [] : [m.guard])));
    assert.deepEqual(new Set(mutantsOf('guard').map((m) => m.subject)), guards);
    assert.ok(guards.size > 30);
    assert.equal(mutantsOf('transition').length, marks.length);
    const all = (['guard', 'gate', 'action', 'transition'] as const).flatMap(mutantsOf);
    assert.equal(new Set(all.map(nameOf)).size, all.length);
    for (const mutant of all) assert.doesNotThrow(() => runnable(mutant.make()), nameOf(mutant));
  });

  for (const mutant of mutantsOf('guard')) {
    it(`${nameOf(mutant)}: a law notices it`, () => {
      assert.notEqual(catchMutant(mutant, scopes), null);
    });
  }

  it('the chart as it is goes through the same net', () => {
    const asItIs = { kind: 'guard', subject: 'none', how: 'as it is', make: markedChart } as const;
    assert.equal(catchMutant(asItIs, [scope('contested'), scope('command')]), null);
  });

  it('a hold that is forgotten is told with the way to it, and the law that it breaks', () => {
    const bug = mutantsOf('gate').find((m) => nameOf(m) === 'gate mayReturn gate hold forgotten');
    assert.ok(bug);
    const found = reportOf(explore(scope('clock'), { marked: bug.make(), firstOnly: true }));
    const [breach] = found.breaches;
    assert.equal(breach?.law, 'S4 no early return');
    assert.match(breach?.way[0] ?? '', /^the daemon has started; the table /);
    assert.ok(breach?.way.some((line) => line.includes('scvm1/data is up')));
    assert.match(breach?.way.at(-1) ?? '', /order: set route via 10\.10\.85\.15 \(scvm1\/data\)/);
  });
});
