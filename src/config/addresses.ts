/**
 * Cross checks on the SCVMs and their addresses: how many, which one is local, what occurs twice,
 * what this host cannot reach. They work on a draft, so one bad value does not hide the next
 * problem, and they stay silent about what the schema has refused already.
 */

import ipaddr from 'ipaddr.js';
import type { KeyPath } from './document.ts';
import type { Finding } from './issues.ts';
import { type Draft, SCVMS_MAX } from './schema.ts';

/** `refused`: whether the schema refused the value there. `networks`: see parseConfig. */
export function checkScvms(
  draft: Draft,
  refused: (path: KeyPath) => boolean,
  networks: readonly string[] | null,
): Finding[] {
  const scvms = draft.scvms ?? [];
  if (refused(['scvms'])) return [];
  return [
    ...checkCount(scvms.length),
    ...checkLocal(scvms, refused),
    ...checkNames(scvms),
    ...checkDuplicateIps(draft),
    ...checkZones(scvms),
    ...(networks === null ? [] : checkReach(draft, networks)),
  ];
}

type DraftScvms = NonNullable<Draft['scvms']>;

function checkCount(count: number): Finding[] {
  const at: KeyPath[] = [['scvms']];
  if (count === 0) {
    const remedy = 'Write at least this host\'s own SCVM: "- { name: scvm1, local: true, ... }".';
    return [{ code: 'CFG_NO_SCVM', at, part: 'value', says: 'no SCVM is named', remedy }];
  }
  if (count > SCVMS_MAX) {
    const says = `${count} SCVMs, at most ${SCVMS_MAX} are possible`;
    const remedy = `Leave out ${count - SCVMS_MAX} of them: the local one and its zone matter most.`;
    return [{ code: 'CFG_TOO_MANY_SCVMS', at, part: 'head', says, remedy }];
  }
  if (count > 1) return [];
  const remedy = 'Name the other SCVMs of the cluster too.';
  return [{ code: 'CFG_ONE_SCVM', at, part: 'head', says: 'only one SCVM is named', remedy }];
}

function checkLocal(scvms: DraftScvms, refused: (path: KeyPath) => boolean): Finding[] {
  const locals = scvms.flatMap((scvm, index) => (scvm.local === true ? [index] : []));
  const isUnsure = scvms.some((_, index) => isLocalRefused(index, refused));
  if (locals.length === 0 && scvms.length > 0 && !isUnsure) {
    const says = "no SCVM is this host's own";
    const remedy = 'Write "local: true" at the one SCVM that runs on this host.';
    return [{ code: 'CFG_NO_LOCAL', at: [['scvms']], part: 'head', says, remedy }];
  }
  const first = locals[0] ?? 0;
  return locals.slice(1).map((index) => ({
    code: 'CFG_TWO_LOCAL',
    at: [['scvms', index, 'local']],
    part: 'value',
    says: `scvms[${first}] is local already`,
    remedy: 'Remove "local: true" from all but the one SCVM that runs on this host.',
  }));
}

function isLocalRefused(index: number, refused: (path: KeyPath) => boolean): boolean {
  return refused(['scvms', index]) || refused(['scvms', index, 'local']);
}

function checkNames(scvms: DraftScvms): Finding[] {
  const seen = new Map<string, number>();
  return scvms.flatMap(({ name }, index): Finding[] => {
    if (name === undefined) return [];
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      return [];
    }
    const says = `scvms[${first}] has this name already`;
    const at: KeyPath[] = [['scvms', index, 'name']];
    const remedy = 'Give each SCVM a name of its own.';
    return [{ code: 'CFG_DUPLICATE_NAME', at, part: 'value', says, remedy }];
  });
}

/** Every SCVM address with its place. */
function* scvmAddresses(draft: Draft): Generator<readonly [KeyPath, string]> {
  for (const [index, scvm] of (draft.scvms ?? []).entries()) {
    for (const key of ['data_ip', 'manage_ip', 'access_ip'] as const) {
      const ip = scvm[key];
      if (ip !== undefined && ip !== null) yield [['scvms', index, key], ip];
    }
  }
}

function checkDuplicateIps(draft: Draft): Finding[] {
  const seen = new Map<string, string>();
  if (draft.nfs_ip !== undefined) seen.set(draft.nfs_ip, 'nfs_ip');
  const findings: Finding[] = [];
  for (const [path, ip] of scvmAddresses(draft)) {
    const place = `scvms[${path[1]}].${path[2]}`;
    const first = seen.get(ip);
    if (first === undefined) {
      seen.set(ip, place);
      continue;
    }
    const isOwnData = path[2] === 'access_ip' && first === `scvms[${path[1]}].data_ip`;
    const remedy = isOwnData
      ? 'Remove access_ip: it is only for a gateway that differs from data_ip.'
      : 'Write the address that this SCVM alone has there.';
    const says = `${ip} stands at ${first} already`;
    findings.push({ code: 'CFG_DUPLICATE_IP', at: [path], part: 'value', says, remedy });
  }
  return findings;
}

function checkZones(scvms: DraftScvms): Finding[] {
  const without = scvms.flatMap(({ zone }, index) => (zone ? [] : [index]));
  if (without.length === 0 || without.length === scvms.length) return [];
  return without.map((index) => ({
    code: 'CFG_ZONE',
    at: [['scvms', index, 'zone']],
    part: 'value',
    says: 'has no zone, others have: it counts as in another zone than all of them',
    remedy: 'Write the zone of every SCVM, or of none.',
  }));
}

/** `networks`: the host's addresses with prefix length. What is not IPv4 is left out. */
function checkReach(draft: Draft, networks: readonly string[]): Finding[] {
  const own = networks.filter((cidr) => ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr));
  const ranges = own.map((cidr) => ipaddr.IPv4.parseCIDR(cidr));
  const ownIps = new Set(own.map((cidr) => cidr.split('/')[0]));
  const findings: Finding[] = [];
  for (const [path, ip] of scvmAddresses(draft)) {
    const at = [path];
    if (ownIps.has(ip)) {
      const remedy = "Write the SCVM's address, not the host's.";
      const says = `${ip} is an address of this host`;
      findings.push({ code: 'CFG_IP_OWN', at, part: 'value', says, remedy });
    } else if (!ranges.some((range) => ipaddr.IPv4.parse(ip).match(range))) {
      const says = `${ip} is in none of this host's networks (${own.slice(0, 8).join(', ')})`;
      const remedy = 'Correct the address, or give the host an address in its network.';
      findings.push({ code: 'CFG_IP_OUTSIDE', at, part: 'value', says, remedy });
    }
  }
  return findings;
}
