/** Rendezvous hashing: hosts spread evenly, and only the hosts of a dead SCVM move. */

import assert from 'node:assert/strict';
import { rendezvousWeight } from '../../src/machines/spread.ts';

const named = (family: string): string[] =>
  Array.from({ length: 64 }, (_, i) => `${family}${i + 1}`);
const hosts = named('esxi-');
const scvms = (n: number): string[] => Array.from({ length: n }, (_, i) => `scvm${i + 1}`);
const best = (host: string, of: readonly string[]): string | undefined =>
  [...of].sort((a, b) => rendezvousWeight(host, b) - rendezvousWeight(host, a))[0];

const loads = (family: string, of: readonly string[]): number[] =>
  of.map((name) => named(family).filter((h) => best(h, of) === name).length);

describe('spread', () => {
  for (const n of [3, 7]) {
    it(`64 hosts over ${n} survivors: roughly even, as fair as chance, however hosts are named`, () => {
      const share = 64 / n;
      const families = ['esxi-', 'host', 'rack1-', '10.10.85.', 'x', 'node-0', 'hv-prod-', 'dc1-'];
      const unevenness = families.map((family) => {
        const load = loads(family, scvms(n));
        assert.ok(Math.min(...load) >= 1 && Math.max(...load) <= 2 * share, `${family}: ${load}`);
        return load.reduce((sum, x) => sum + (x - share) ** 2 / share, 0);
      });
      // Pearson's statistic has the mean n - 1 when each host picks by fair chance.
      const mean = unevenness.reduce((a, b) => a + b) / families.length;
      assert.ok(mean < 1.5 * (n - 1), `mean statistic ${mean}`);
    });

    it(`of ${n + 1} SCVMs one dies: only its hosts move, and they spread`, () => {
      const before = scvms(n + 1);
      const after = before.slice(1);
      const moved = hosts.filter((h) => best(h, before) !== best(h, after));
      assert.deepEqual(
        moved,
        hosts.filter((h) => best(h, before) === 'scvm1'),
      );
      assert.ok(new Set(moved.map((h) => best(h, after))).size >= Math.min(n, 3));
    });
  }

  it('is the same for ever: a host that restarts agrees with itself', () => {
    assert.equal(rendezvousWeight('host1', 'scvm2'), 423_977_024);
    const weights = hosts.map((h) => rendezvousWeight(h, 'scvm1'));
    assert.equal(new Set(weights).size, 64);
    assert.ok(weights.every((w) => Number.isInteger(w) && w >= 0 && w < 2 ** 32));
  });

  it('the pair is not its concatenation', () => {
    assert.notEqual(rendezvousWeight('a1', '2'), rendezvousWeight('a', '12'));
  });
});
