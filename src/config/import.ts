/**
 * Old files -> the text of a new configuration, for `reroute import`: the host file `scvm_ip` of
 * the old tool (import-scvm-ip.ts) and the cluster shorthand of its engineers (cluster.ts). The
 * text is the result, not a Config: the operator reads it, completes it and keeps it. It always
 * passes parseConfig. Pure.
 */

import { type Cluster, parseCluster } from './cluster.ts';
import { importProblem, isComment, pairingNote } from './import-lines.ts';
import { importScvmIp } from './import-scvm-ip.ts';
import { type ImportResult, writeImported } from './import-text.ts';
import type { ConfigProblem } from './problems.ts';

export type { Cluster, ClusterHost, ClusterResult, ClusterScvm } from './cluster.ts';
export { hostStorageIp, parseCluster } from './cluster.ts';
export type { ImportResult } from './import-text.ts';
export { importScvmIp };

/** Whichever old file it is. `hostIndex` counts from 0 and matters for the shorthand only. */
export function importOldFile(text: string, hostIndex: number): ImportResult {
  const format = detectOldFormat(text);
  if (format === 'scvm_ip') return importScvmIp(text);
  if (format === 'cluster') return importCluster(text, hostIndex);
  const says = 'is neither an old scvm_ip file nor the cluster shorthand';
  const remedy = 'Give a file with key=value lines, or one with the sections hosts and scvm.';
  const found = text.slice(0, 200).trim().split('\n')[0] ?? '';
  const fault = { place: '(file)', says, remedy, line: 1, found };
  return { ok: false, problems: [importProblem('CFG_IMPORT_FORMAT', fault)] };
}

/** Which of the old formats a text has; null: none that is known. */
export function detectOldFormat(text: string): 'scvm_ip' | 'cluster' | null {
  const lines = text.slice(0, 65536).split(/\r?\n/);
  if (lines.some((line) => /^\s*(local|active)_\w{1,60}\s*=/.test(line))) return 'scvm_ip';
  const first = lines.find((line) => !isComment(line)) ?? '';
  return /^\s*(exsi|esxi|hosts?|xen|scvms?)\s*:?\s*$/i.test(first) ? 'cluster' : null;
}

/** The configuration of one host of a cluster in shorthand. `hostIndex` counts from 0. */
export function importCluster(text: string, hostIndex: number): ImportResult {
  const parsed = parseCluster(text);
  if (!parsed.ok) return parsed;
  const { cluster } = parsed;
  const problem = hostProblem(cluster, hostIndex);
  if (problem !== null) return { ok: false, problems: [problem] };
  const scvms = cluster.scvms.map((scvm, index) => ({
    ...scvm,
    local: index === hostIndex,
    accessIp: null,
    zone: null,
  }));
  const host = cluster.hosts[hostIndex];
  const origin = `the cluster shorthand, for ${host?.name} (${host?.manageIp})`;
  const notes = [pairingNote(parsed.pairedBy)];
  return writeImported({ origin, hostId: host?.name ?? null, nfsIp: null, scvms }, notes);
}

function hostProblem({ hosts, scvms }: Cluster, hostIndex: number): ConfigProblem | null {
  const place = `host ${hostIndex}`;
  const remedy = `Name one of the hosts 0 to ${Math.min(hosts.length, scvms.length) - 1}.`;
  if (hosts[hostIndex] === undefined) {
    const says = `the cluster has ${hosts.length} hosts, counted from 0`;
    return importProblem('CFG_IMPORT_HOST', { place, says, remedy });
  }
  if (scvms[hostIndex] !== undefined) return null;
  const says = `the cluster has ${scvms.length} SCVMs, so this host has none`;
  return importProblem('CFG_IMPORT_HOST', { place, says, remedy });
}
