/** The choice of target: each criterion decides where those before it tie, and none can tie last. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Path, PathId } from '../../src/machines/model.ts';
import { choose, classOf } from '../../src/machines/select.ts';
import { rendezvousWeight } from '../../src/machines/spread.ts';
import { B, C, HOME, HOME_M, scvm, settings } from './fixture.ts';

const paths = settings().paths;
const of = (...ids: PathId[]): Path[] => paths.filter((p) => ids.includes(p.id));
const chosen = (candidates: Path[], target: PathId | null = null): string => {
  const choice = choose(candidates, 'host1', target);
  return choice ? `${choice.path}: ${choice.criterion}` : 'nothing';
};
/** Two SCVMs of one class; `likes(host)` is the one that spread gives to the host. */
const equals = [...scvm(16), ...scvm(17)].filter((p) => p.network === 'storage');
const likes = (host: string): PathId =>
  rendezvousWeight(host, 'scvm2') > rendezvousWeight(host, 'scvm3') ? B : C;

describe('select: criteria', () => {
  it('nothing up, nothing chosen; one candidate needs no criterion', () => {
    assert.equal(chosen([]), 'nothing');
    assert.equal(chosen(of(B)), `${B}: the only candidate`);
  });

  it('1 class: home, same zone, remote zone, then management in the same order', () => {
    const ranks = [...paths].sort((a, b) => classOf(a) - classOf(b)).map((p) => p.id);
    assert.deepEqual(ranks, [HOME, B, C, HOME_M, 'scvm2/manage', 'scvm3/manage']);
    assert.deepEqual(paths.map(classOf).sort(), [0, 1, 2, 3, 4, 5]);
    assert.equal(chosen(of(C, B, HOME_M)), `${B}: criterion 1 (class) against ${C}`);
    assert.equal(chosen(of(C, HOME_M), HOME_M), `${C}: criterion 1 (class) against ${HOME_M}`);
  });

  it('an access path is a storage path: RDMA changes the gateway, not the rank', () => {
    const rdma = scvm(15, { kind: 'access' }).map(classOf);
    assert.deepEqual(rdma, [0, 3]);
  });

  it('2 stay: among equals the present target, against the spread', () => {
    const other = likes('host1') === B ? C : B;
    assert.match(chosen(equals, other), new RegExp(`^${other}: criterion 2 \\(stay\\)`));
  });

  it('3 spread: among equals the one with the higher weight for this host', () => {
    assert.match(chosen(equals), new RegExp(`^${likes('host1')}: criterion 3 \\(spread\\)`));
    assert.match(chosen([...equals].reverse()), new RegExp(`^${likes('host1')}: criterion 3`));
  });

  it('4 name: the last, for two paths of one class to one SCVM', () => {
    const [one] = equals;
    assert.ok(one);
    const twins = [{ ...one, id: 'scvm2/b' }, one, { ...one, id: 'scvm2/a' }];
    assert.equal(chosen(twins), 'scvm2/a: criterion 4 (name) against scvm2/b');
  });
});

describe('select: a total order', () => {
  const anyPath = fc
    .record({
      octet: fc.integer({ min: 15, max: 40 }),
      local: fc.boolean(),
      sameZone: fc.boolean(),
      which: fc.constantFrom(0, 1),
    })
    .map(({ octet, which, ...over }) => scvm(octet, over)[which])
    .filter((p) => p !== undefined);
  const somePaths = fc.uniqueArray(anyPath, { selector: (p) => p.id, minLength: 1, maxLength: 12 });
  const host = fc.string({ minLength: 1, maxLength: 8 });
  const pick = (from: readonly Path[], hostId: string, target: PathId | null): string =>
    choose(from, hostId, target)?.path ?? 'nothing';

  it('total and antisymmetric: the order in which candidates come never decides', () => {
    fc.assert(
      fc.property(somePaths, host, fc.nat(), (from, hostId, at) => {
        const target = from[at % from.length]?.id ?? null;
        const best = pick(from, hostId, target);
        const turned = [...from.slice(at % from.length), ...from.slice(0, at % from.length)];
        assert.equal(pick(turned, hostId, target), best);
        assert.equal(pick([...from].reverse(), hostId, target), best);
        for (const p of from) {
          const pair = from.filter((q) => q.id === p.id || q.id === best);
          assert.equal(pick(pair, hostId, target), best, 'the best beats each of the others');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('transitive: without its best, the second best beats the rest', () => {
    fc.assert(
      fc.property(somePaths, host, (from, hostId) => {
        const ranking: string[] = [];
        for (let left = from; left.length > 0; ) {
          const best = pick(left, hostId, null);
          ranking.push(best);
          left = left.filter((p) => p.id !== best);
        }
        ranking.forEach((a, i) => {
          for (const b of ranking.slice(i + 1)) {
            const pair = from.filter((p) => p.id === a || p.id === b);
            assert.equal(pick(pair, hostId, null), a);
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it('stay: a target that is a candidate is only left for a better class', () => {
    fc.assert(
      fc.property(somePaths, host, fc.nat(), (from, hostId, at) => {
        const target = from[at % from.length];
        const best = from.find((p) => p.id === pick(from, hostId, target?.id ?? null));
        assert.ok(target && best);
        assert.ok(best.id === target.id || classOf(best) < classOf(target));
      }),
      { numRuns: 300 },
    );
  });
});
