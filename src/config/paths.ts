/**
 * The paths of a configuration, in the fixed order that Settings promises: home first, then this
 * host's management path, then each other SCVM's storage path and management path in the order of
 * the file. The order carries no preference beyond home; choosing is the decision's work.
 */

import type { Path } from '../machines/model.ts';
import type { Scvm } from './config.ts';

/** `scvms` has exactly one local entry, or the first entry stands in for it. Not empty. */
export function pathsOf(scvms: readonly Scvm[]): readonly Path[] {
  const local = scvms.find((scvm) => scvm.local) ?? scvms[0];
  const ordered = [...scvms.filter((scvm) => scvm === local), ...scvms.filter((s) => s !== local)];
  return ordered.flatMap((scvm) => {
    // Without zones all are null, and so the same.
    const sameZone = scvm.zone === local?.zone;
    return [storagePath(scvm, sameZone), managementPath(scvm, sameZone)];
  });
}

/** By the access IP where RDMA is used, by the data IP elsewhere. */
function storagePath(scvm: Scvm, sameZone: boolean): Path {
  const kind = scvm.accessIp === null ? 'data' : 'access';
  return {
    ...shared(scvm, sameZone),
    id: `${scvm.name}/${kind}`,
    kind,
    network: 'storage',
    ip: scvm.accessIp ?? scvm.dataIp,
  };
}

function managementPath(scvm: Scvm, sameZone: boolean): Path {
  return {
    ...shared(scvm, sameZone),
    id: `${scvm.name}/manage`,
    kind: 'manage',
    network: 'management',
    ip: scvm.manageIp,
  };
}

function shared(scvm: Scvm, sameZone: boolean) {
  const { name, dataIp, manageIp, local } = scvm;
  return { scvm: name, dataIp, manageIp, local, sameZone };
}
