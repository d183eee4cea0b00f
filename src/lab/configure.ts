/**
 * The controller's configuration for one host of the lab (BEHAVIOUR section 5): its SCVM local,
 * everything it writes inside the lab's run directory, no console unless asked for, since its
 * loopback address is inside a namespace (relay.ts leads there).
 */

import { join } from 'node:path';
import { stringify } from 'yaml';
import { type LabPlan, NFS_IP } from './plan.ts';

/** Nested configuration values; objects are merged, everything else replaces. */
export type Overrides = { readonly [key: string]: unknown };

function isNested(value: unknown): value is Overrides {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(base: Overrides, over: Overrides): Overrides {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isNested(before) && isNested(value) ? merge(before, value) : value;
  }
  return merged;
}

/** YAML text; throws when the lab has no such host. */
export function configText(
  plan: LabPlan,
  runDir: string,
  hostName: string,
  overrides: Overrides = {},
): string {
  const host = plan.hosts.find((node) => node.name === hostName);
  if (host === undefined) throw new Error(`no host "${hostName}" in this lab`);
  const dir = join(runDir, host.name);
  const base = {
    nfs_ip: NFS_IP,
    platform: 'linux',
    host_id: host.name,
    scvms: plan.cluster.scvms.map((scvm, index) => ({
      name: scvm.name,
      ...(index === host.index ? { local: true } : {}),
      data_ip: scvm.dataIp,
      manage_ip: scvm.manageIp,
      ...(scvm.zone ? { zone: scvm.zone } : {}),
    })),
    log: { file: join(dir, 'scvm_failure.log'), link: null },
    state_dir: join(dir, 'state'),
    lock_file: join(dir, 'reroute.lock'),
    control: { socket: join(dir, 'reroute.sock'), http: 'off' },
  };
  return stringify(merge(base, overrides));
}
