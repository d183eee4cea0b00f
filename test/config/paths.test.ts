/** The order, names and zones of the paths that the decision works with. */

import assert from 'node:assert/strict';
import type { Scvm } from '../../src/config/config.ts';
import { pathsOf } from '../../src/config/paths.ts';

function scvm(index: number, more: Partial<Scvm> = {}): Scvm {
  return {
    name: `s${index}`,
    local: false,
    dataIp: `10.10.85.${index}`,
    manageIp: `192.168.85.${index}`,
    accessIp: null,
    zone: null,
    ...more,
  };
}

describe('pathsOf', () => {
  it('puts home first, then the local management path, then the others in file order', () => {
    const paths = pathsOf([scvm(1), scvm(2, { local: true }), scvm(3)]);
    assert.deepEqual(
      paths.map(({ id }) => id),
      ['s2/data', 's2/manage', 's1/data', 's1/manage', 's3/data', 's3/manage'],
    );
    assert.deepEqual(
      paths.filter(({ local }) => local).map(({ id }) => id),
      ['s2/data', 's2/manage'],
    );
  });

  it('uses the access IP as gateway where there is one, and keeps the data IP beside it', () => {
    const [home, manage] = pathsOf([scvm(1, { local: true, accessIp: '10.10.86.1' })]);
    assert.deepEqual(home, {
      id: 's1/access',
      scvm: 's1',
      kind: 'access',
      network: 'storage',
      ip: '10.10.86.1',
      dataIp: '10.10.85.1',
      manageIp: '192.168.85.1',
      local: true,
      sameZone: true,
    });
    assert.deepEqual(manage, {
      id: 's1/manage',
      scvm: 's1',
      kind: 'manage',
      network: 'management',
      ip: '192.168.85.1',
      dataIp: '10.10.85.1',
      manageIp: '192.168.85.1',
      local: true,
      sameZone: true,
    });
  });

  it('counts all as one zone when none is configured', () => {
    assert.ok(pathsOf([scvm(1, { local: true }), scvm(2)]).every(({ sameZone }) => sameZone));
  });

  it("tells the local SCVM's zone from the others, a missing one included", () => {
    const paths = pathsOf([
      scvm(1, { local: true, zone: 'a' }),
      scvm(2, { zone: 'a' }),
      scvm(3, { zone: 'b' }),
      scvm(4),
    ]);
    const same = paths.filter(({ sameZone }) => sameZone).map(({ scvm: name }) => name);
    assert.deepEqual([...new Set(same)], ['s1', 's2']);
  });
});
