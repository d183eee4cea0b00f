/**
 * The lab on paper: which namespaces, bridges, ports and addresses a cluster needs. Pure; nothing
 * here touches the kernel (that is topology.ts). Three networks as in a real host: a private NFS
 * switch without uplink per host, and the shared storage and management networks.
 * Interface names stay below IFNAMSIZ (16 bytes, linux/if.h); MAC addresses are locally
 * administered (IEEE 802, bit 1 of the first octet) and fixed, so that an SCVM that was switched
 * off and on again comes back with its old MAC, as a VM does.
 */

import { isIPv4 } from 'node:net';

/** The address every SCVM owns and every hypervisor mounts. */
export const NFS_IP = '192.168.33.2';
/** Every host's address on its private switch; the same everywhere, they never meet. */
export const PRIVATE_HOST_IP = '192.168.33.1';

export interface ClusterHost {
  readonly name: string;
  readonly manageIp: string;
  readonly storageIp: string;
}

export interface ClusterScvm {
  readonly name: string;
  readonly dataIp: string;
  readonly manageIp: string;
  readonly zone?: string | null | undefined;
}

/** A parsed cluster shorthand. Host i and SCVM i share one machine. */
export interface Cluster {
  readonly hosts: readonly ClusterHost[];
  readonly scvms: readonly ClusterScvm[];
}

export type NetworkName = 'nfs' | 'storage' | 'mgmt';
export const NETWORKS: readonly NetworkName[] = ['nfs', 'storage', 'mgmt'];

/** One cable: an interface named after its network in the node, a port in the switch namespace. */
export interface Cable {
  readonly network: NetworkName;
  /** The node's address with its prefix length. */
  readonly address: string;
  readonly mac: string;
  /** The far end's name in the switch namespace. */
  readonly port: string;
  readonly bridge: string;
}

export interface LabNode {
  readonly name: string;
  readonly role: 'host' | 'scvm' | 'duplicate';
  /** From 0; host i and SCVM i belong together. */
  readonly index: number;
  readonly namespace: string;
  readonly cables: readonly Cable[];
}

export interface LabPlan {
  readonly name: string;
  readonly cluster: Cluster;
  readonly switchNamespace: string;
  readonly bridges: readonly string[];
  readonly hosts: readonly LabNode[];
  readonly scvms: readonly LabNode[];
}

/** The three-host cluster of examples/lab/cluster.txt. */
export const SAMPLE_CLUSTER: Cluster = {
  hosts: [1, 2, 3].map((n) => ({
    name: `host${n}`,
    manageIp: `192.168.85.${10 + n}`,
    storageIp: `10.10.85.${10 + n}`,
  })),
  scvms: [1, 2, 3].map((n) => ({
    name: `scvm${n}`,
    dataIp: `10.10.85.${14 + n}`,
    manageIp: `192.168.85.${14 + n}`,
  })),
};

const ROLE_OCTET = { host: '01', scvm: '02', duplicate: '0d' } as const;

function macOf(role: LabNode['role'], index: number, network: NetworkName): string {
  const hex = (n: number) => n.toString(16).padStart(2, '0');
  return `02:52:${ROLE_OCTET[role]}:${hex(NETWORKS.indexOf(network))}:00:${hex(index + 1)}`;
}

function bridgeOf(network: NetworkName, index: number): string {
  return network === 'nfs' ? `nfs${index + 1}` : network;
}

function nodeOf(
  lab: string,
  role: LabNode['role'],
  index: number,
  name: string,
  addresses: Partial<Record<NetworkName, string>>,
): LabNode {
  const tag = `${role === 'host' ? 'h' : role === 'scvm' ? 's' : 'd'}${index + 1}`;
  const cables = NETWORKS.flatMap((network): Cable[] => {
    const ip = addresses[network];
    if (ip === undefined) return [];
    return [
      {
        network,
        address: `${ip}/24`,
        mac: macOf(role, index, network),
        port: `${tag}-${network}`,
        bridge: bridgeOf(network, index),
      },
    ];
  });
  return { name, role, index, namespace: `rr-${lab}-${tag}`, cables };
}

/** Every reason why this cluster or this lab name cannot be built; empty: it can. */
export function planProblems(name: string, cluster: Cluster): string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) {
    problems.push(`lab name "${name}": use 1 to 31 of a-z, 0-9 and "-"`);
  }
  const { hosts, scvms } = cluster;
  if (hosts.length !== scvms.length || hosts.length < 1 || hosts.length > 50) {
    problems.push(
      `${hosts.length} hosts and ${scvms.length} SCVMs: give 1 to 50, as many hosts as SCVMs`,
    );
  }
  const seen = new Set<string>();
  const once = (what: string, value: string) => {
    if (seen.has(value)) problems.push(`${what} ${value} is used twice`);
    seen.add(value);
  };
  for (const node of [...hosts, ...scvms]) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/.test(node.name)) {
      problems.push(`name "${node.name}": use letters, digits, ".", "_" and "-"`);
    }
    once('name', node.name);
    const storage = 'dataIp' in node ? node.dataIp : node.storageIp;
    for (const ip of [storage, node.manageIp]) {
      if (!isIPv4(ip)) problems.push(`${node.name}: "${ip}" is not an IPv4 address`);
      if (ip.startsWith('192.168.33.')) problems.push(`${node.name}: ${ip} is in the private /24`);
      once('address', ip);
    }
  }
  return problems;
}

/** Throws one Error that names every problem of planProblems. */
export function planLab(name: string, cluster: Cluster): LabPlan {
  const problems = planProblems(name, cluster);
  if (problems.length > 0) throw new Error(`this lab cannot be built:\n  ${problems.join('\n  ')}`);
  return {
    name,
    cluster,
    switchNamespace: `rr-${name}-sw`,
    bridges: ['storage', 'mgmt', ...cluster.hosts.map((_, i) => bridgeOf('nfs', i))],
    hosts: cluster.hosts.map((h, i) =>
      nodeOf(name, 'host', i, h.name, {
        nfs: PRIVATE_HOST_IP,
        storage: h.storageIp,
        mgmt: h.manageIp,
      }),
    ),
    scvms: cluster.scvms.map((s, i) =>
      nodeOf(name, 'scvm', i, s.name, { nfs: NFS_IP, storage: s.dataIp, mgmt: s.manageIp }),
    ),
  };
}

/** A stranger on the storage network that claims the data IP of SCVM `index`. */
export function duplicateOf(plan: LabPlan, index: number): LabNode {
  const scvm = plan.cluster.scvms[index];
  if (scvm === undefined) throw new Error(`no SCVM number ${index}`);
  return nodeOf(plan.name, 'duplicate', index, `duplicate of ${scvm.name}`, {
    storage: scvm.dataIp,
  });
}
