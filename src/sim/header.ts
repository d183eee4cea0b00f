/**
 * The head of a dialogue: what the cluster is, before anything happens in it. Also the shape of a
 * simulated cluster: its SCVMs, their addresses and zones, and each host's view of them.
 */

import type { Path, PathKind } from '../machines/model.ts';
import { alike, type Settings } from '../machines/settings.ts';
import { numberOf, pick, withSetting } from './words.ts';

export interface Header {
  readonly settings: Settings;
  readonly shape: Shape;
  /** Of the luck of the wires. */
  readonly seed: number;
  readonly hosts: number;
}

export interface Shape {
  /** 1..64. */
  readonly scvms: number;
  /** 1 or 2: the first half of the SCVMs is the first zone. */
  readonly zones: number;
  /** Gateways are access IPs (RDMA). */
  readonly access: boolean;
}

export const scvmNames = (shape: Shape): string[] =>
  Array.from({ length: shape.scvms }, (_, i) => `scvm${i + 1}`);

/** The paths as host number `host` (from 1) sees them: its own SCVM first. */
export function pathsOf(shape: Shape, host: number): Path[] {
  const numbers = Array.from({ length: shape.scvms }, (_, i) => i + 1);
  const ordered = [host, ...numbers.filter((n) => n !== host)];
  const zoneOf = (n: number): number => (shape.zones === 2 && n > shape.scvms / 2 ? 2 : 1);
  const storage: PathKind = shape.access ? 'access' : 'data';
  const path = (n: number, kind: PathKind): Path => {
    const [dataIp, manageIp] = [`10.10.85.${90 + n}`, `192.168.85.${90 + n}`];
    const ips = { data: dataIp, access: `10.10.86.${90 + n}`, manage: manageIp };
    const network = kind === 'manage' ? 'management' : 'storage';
    const scvm = `scvm${n}`;
    const sameZone = zoneOf(n) === zoneOf(host);
    const own = { id: `${scvm}/${kind}`, scvm, kind, network, ip: ips[kind] } as const;
    return { ...own, dataIp, manageIp, local: n === host, sameZone };
  };
  return ordered.flatMap((n) => [path(n, storage), path(n, 'manage')]);
}

/** The settings of each host. Without `cluster` the given paths stay, for one host. */
export function hostSettings(header: Header): Settings[] {
  return Array.from({ length: header.hosts }, (_, i) =>
    alike({
      ...header.settings,
      hostId: `host${i + 1}`,
      paths: header.shape.scvms === 0 ? header.settings.paths : pathsOf(header.shape, i + 1),
    }),
  );
}

export const plainHeader = (settings: Settings): Header => ({
  settings,
  shape: { scvms: 0, zones: 1, access: false },
  seed: 0,
  hosts: 1,
});

type Read = (h: Header, args: readonly string[]) => Header;

const verbs: Readonly<Record<string, Read>> = {
  seed: (h, [n]) => ({ ...h, seed: numberOf(n, 0, Number.MAX_SAFE_INTEGER) }),
  /** `cluster 4 zones access`: so many SCVMs, in two zones, reached by access IPs. */
  cluster: (h, [n, ...words]) => {
    for (const word of words) pick(word, ['zones', 'access']);
    const zones = words.includes('zones') ? 2 : 1;
    const shape = { scvms: numberOf(n, 1, 64), zones, access: words.includes('access') };
    return { ...h, shape };
  },
  hosts: (h, [n]) => ({ ...h, hosts: numberOf(n, 1, 64) }),
  set: (h, [key, value]) => ({ ...h, settings: withSetting(h.settings, key, value) }),
};

export const isHeaderLine = (line: string): boolean => (line.split(/\s+/)[0] ?? '') in verbs;

export function readHeaderLine(header: Header, line: string): Header {
  const [verb = '', ...args] = line.trim().split(/\s+/);
  const read = verbs[verb];
  if (!read) throw new Error(`"${verb}" is not one of ${Object.keys(verbs).join(', ')}`);
  return read(header, args);
}
