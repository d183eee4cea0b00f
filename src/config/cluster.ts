/**
 * The cluster shorthand: a section of hosts and one of SCVMs, each with address lines in which
 * the last octets that follow an address belong to its /24. The header `exsi` is the engineers'
 * own spelling. The SCVM line in the hosts' /24 is the management network, the other one the
 * storage network.
 *
 *     exsi
 *     192.168.85.11 12 13
 *
 *     scvm
 *     192.168.85.15 16 17
 *     10.10.85.15 16 17
 */

import {
  importProblem,
  isUnknownValue,
  type Line,
  lastOctet,
  linesOf,
  networkOf,
  type Pairing,
  pairAddresses,
  sizeProblem,
} from './import-lines.ts';
import { addressFault } from './leaf.ts';
import type { ConfigProblem } from './problems.ts';

export interface ClusterHost {
  readonly name: string;
  readonly manageIp: string;
}

export interface ClusterScvm {
  readonly name: string;
  readonly dataIp: string;
  readonly manageIp: string;
}

export interface Cluster {
  /** host1, host2, ... in the order of the file; not empty. */
  readonly hosts: readonly ClusterHost[];
  /** scvm1, scvm2, ... in the order of the file; not empty. */
  readonly scvms: readonly ClusterScvm[];
}

export type ClusterResult =
  | { readonly ok: true; readonly cluster: Cluster; readonly pairedBy: Pairing['by'] }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

type Section = 'hosts' | 'scvms';

const HEADERS: Readonly<Record<string, Section>> = {
  exsi: 'hosts',
  esxi: 'hosts',
  xen: 'hosts',
  host: 'hosts',
  hosts: 'hosts',
  scvm: 'scvms',
  scvms: 'scvms',
};

/** All problems at once, with their lines. */
export function parseCluster(text: string): ClusterResult {
  const tooLarge = sizeProblem(text);
  if (tooLarge !== null) return { ok: false, problems: [tooLarge] };
  const { addresses, problems } = readSections(linesOf(text));
  if (problems.length === 0) return joined(addresses);
  return { ok: false, problems };
}

/**
 * A host's storage address, which the shorthand does not name: the last octet of its management
 * address in the /24 of the SCVMs' data addresses.
 */
export function hostStorageIp(cluster: Cluster, host: ClusterHost): string {
  return `${networkOf(cluster.scvms[0]?.dataIp ?? '')}${lastOctet(host.manageIp)}`;
}

function readSections(lines: readonly Line[]) {
  const addresses: Record<Section, string[]> = { hosts: [], scvms: [] };
  const problems: ConfigProblem[] = [];
  const firstLines = new Map<string, number>();
  let section: Section | null = null;
  for (const line of lines) {
    const word = line.text.replace(/\s*:$/, '').toLowerCase();
    const header = Object.hasOwn(HEADERS, word) ? HEADERS[word] : undefined;
    if (header !== undefined) {
      section = header;
    } else if (/^[a-z]\w*\s*:?$/i.test(line.text) && !isUnknownValue(line.text)) {
      const remedy = 'Write hosts or scvm.';
      problems.push(lineProblem('CFG_IMPORT_LINE', line, 'is no section that exists', remedy));
    } else if (section === null) {
      const remedy = 'Write a header before it: hosts or scvm.';
      problems.push(lineProblem('CFG_IMPORT_LINE', line, 'stands before any section', remedy));
    } else {
      for (const ip of readAddresses(line, problems)) {
        const first = firstLines.get(ip);
        if (first === undefined) addresses[section].push(ip);
        else problems.push(duplicate(line, ip, first));
        firstLines.set(ip, first ?? line.number);
      }
    }
  }
  return { addresses, problems };
}

/** The addresses of one line, `10.10.85.15 16 17`. */
function readAddresses(line: Line, problems: ConfigProblem[]): readonly string[] {
  let network: string | null = null;
  const found: string[] = [];
  for (const word of line.text.split(/[\s,]+/).filter((part) => part !== '')) {
    const ip: string = /^\d{1,3}$/.test(word) && network !== null ? `${network}${word}` : word;
    const fault = addressFault(ip);
    if (isUnknownValue(word)) {
      const remedy = 'Find out the address and write it.';
      problems.push(lineProblem('CFG_IMPORT_UNKNOWN', line, 'is not a known value', remedy, word));
    } else if (fault !== null) {
      const isOctet = network === null && /^\d{1,3}$/.test(word);
      const says = isOctet ? 'is a last octet without an address before it' : fault;
      const remedy = 'Write an address such as 10.10.85.15, then last octets from 0 to 255.';
      problems.push(lineProblem('CFG_IP', line, says, remedy, word));
    } else {
      network = networkOf(ip);
      found.push(ip);
    }
  }
  return found;
}

function joined(addresses: Readonly<Record<Section, readonly string[]>>): ClusterResult {
  const { hosts, scvms } = addresses;
  const hostNetworks = [...new Set(hosts.map(networkOf))];
  const scvmNetworks = [...new Set(scvms.map(networkOf))];
  const manageNetwork = hostNetworks[0];
  const dataNetworks = scvmNetworks.filter((network) => network !== manageNetwork);
  const problem = networkProblem(hostNetworks, scvmNetworks, dataNetworks);
  if (problem !== null) return { ok: false, problems: [problem] };
  const manage = scvms.filter((ip) => networkOf(ip) === manageNetwork);
  const data = scvms.filter((ip) => networkOf(ip) !== manageNetwork);
  const pairing = pairAddresses(data, manage);
  if (pairing === null) {
    const says = `${data.length} storage and ${manage.length} management addresses of SCVMs`;
    const remedy = 'Write both addresses of every SCVM.';
    const fault = { place: 'scvm', says, remedy };
    return { ok: false, problems: [importProblem('CFG_IMPORT_COUNT', fault)] };
  }
  const cluster: Cluster = {
    hosts: hosts.map((manageIp, index) => ({ name: `host${index + 1}`, manageIp })),
    scvms: pairing.pairs.map(([dataIp, manageIp], index) => {
      return { name: `scvm${index + 1}`, dataIp, manageIp };
    }),
  };
  return { ok: true, cluster, pairedBy: pairing.by };
}

function networkProblem(
  hosts: readonly string[],
  scvms: readonly string[],
  data: readonly string[],
): ConfigProblem | null {
  const list = (networks: readonly string[]) =>
    networks.map((n) => `${n}0/24`).join(', ') || 'none';
  const fault = (place: string, says: string, remedy: string) =>
    importProblem('CFG_IMPORT_NETWORK', { place, says, remedy });
  if (hosts.length !== 1) {
    const remedy = "Write the hosts' management addresses there, all in one /24.";
    return fault('hosts', `the hosts must be in one /24, not in: ${list(hosts)}`, remedy);
  }
  if (data.length === 1 && scvms.length === 2) return null;
  const says = `the SCVMs must be in the hosts' /24 (${list(hosts)}) and one other, not in: ${list(scvms)}`;
  return fault('scvm', says, 'Write one line of management and one of storage addresses.');
}

function duplicate(line: Line, ip: string, first: number): ConfigProblem {
  const says = `stands in line ${first} already`;
  const remedy = 'Write each address once.';
  return lineProblem('CFG_DUPLICATE_IP', line, says, remedy, ip);
}

function lineProblem(
  code: ConfigProblem['code'],
  line: Line,
  says: string,
  remedy: string,
  word = line.text,
): ConfigProblem {
  const place = `line ${line.number}`;
  return importProblem(code, { place, says, remedy, line: line.number, found: word });
}
