/**
 * The old tool's host file `scvm_ip`: `key=value` lines, lists with commas, empty values for
 * "none". The lists name all active SCVMs, usually the local one too, and their orders need not
 * agree. Addresses in the remote-zone lists make zones: `local` for this host's, `remote` for the
 * other. `active_scvm_data_ip` held a list under a singular name; both spellings are read.
 */

import ipaddr from 'ipaddr.js';
import {
  importProblem,
  isUnknownValue,
  type Line,
  linesOf,
  type Pairing,
  pairAddresses,
  pairingNote,
  sizeProblem,
} from './import-lines.ts';
import { type ImportResult, writeImported } from './import-text.ts';
import { addressFault } from './leaf.ts';
import { nearest } from './nearest.ts';
import type { ConfigProblem } from './problems.ts';

const SINGLE = [
  'local_scvm_data_ip',
  'local_scvm_manage_ip',
  'local_scvm_vmware_access_ip',
  'local_scvm_nfs_ip',
] as const;
const LISTS = [
  'active_scvm_data_ip',
  'active_scvm_manage_ip',
  'active_remote_zone_scvm_data_ip',
  'active_remote_zone_scvm_manage_ip',
] as const;
const KEYS = [...SINGLE, ...LISTS];
type Key = (typeof KEYS)[number];
type Values = Readonly<Record<Key, readonly string[]>>;

const SPELLINGS: readonly string[] = [...KEYS, ...LISTS.map((key) => `${key}_list`)];

/** All problems at once, with their lines; else the text of a configuration for the same host. */
export function importScvmIp(text: string): ImportResult {
  const tooLarge = sizeProblem(text);
  if (tooLarge !== null) return { ok: false, problems: [tooLarge] };
  const { values, problems } = readValues(linesOf(text));
  for (const key of ['local_scvm_data_ip', 'local_scvm_manage_ip'] as const) {
    if (values[key].length === 0 && !problems.some(({ place }) => place === key)) {
      const remedy = `Write ${key}=<address>, the local SCVM's.`;
      problems.push(importProblem('CFG_MISSING', { place: key, says: 'has no address', remedy }));
    }
  }
  problems.push(...localAway(values));
  if (problems.length > 0) return { ok: false, problems };

  const here = pairedLists(values, 'active_scvm_data_ip', 'active_scvm_manage_ip');
  const away = pairedLists(
    values,
    'active_remote_zone_scvm_data_ip',
    'active_remote_zone_scvm_manage_ip',
  );
  const bad = [here, away].flatMap((pairing) => (pairing.ok ? [] : [pairing.problem]));
  if (!here.ok || !away.ok) return { ok: false, problems: bad };
  return written(values, here.pairing, away.pairing);
}

function written(values: Values, here: Pairing, away: Pairing): ImportResult {
  const [localData = '', localManage = ''] = [
    values.local_scvm_data_ip[0],
    values.local_scvm_manage_ip[0],
  ];
  const accessIp = values.local_scvm_vmware_access_ip[0] ?? null;
  const hasZones = values.active_remote_zone_scvm_data_ip.length > 0;
  const remoteData = new Set(away.pairs.map(([data]) => data));
  const others = [...here.pairs.filter(([data]) => !remoteData.has(data)), ...away.pairs];
  const pairs = [[localData, localManage] as const, ...others];
  const scvms = pairs
    .toSorted(([left], [right]) => addressNumber(left) - addressNumber(right))
    .map(([dataIp, manageIp], index) => {
      const zone = remoteData.has(dataIp) ? 'remote' : 'local';
      const local = dataIp === localData;
      return {
        name: `scvm${index + 1}`,
        local,
        dataIp,
        manageIp,
        accessIp: local ? accessIp : null,
        zone: hasZones ? zone : null,
      };
    });
  const notes = [...(others.length > 0 ? [pairingNote(worstOf(here, away))] : [])];
  if (accessIp !== null && others.length > 0) notes.push(accessNote());
  const nfsIp = values.local_scvm_nfs_ip[0] ?? null;
  return writeImported({ origin: 'an old scvm_ip file', hostId: null, nfsIp, scvms }, notes);
}

function readValues(lines: readonly Line[]) {
  const values: Record<Key, readonly string[]> = {
    local_scvm_data_ip: [],
    local_scvm_manage_ip: [],
    local_scvm_vmware_access_ip: [],
    local_scvm_nfs_ip: [],
    active_scvm_data_ip: [],
    active_scvm_manage_ip: [],
    active_remote_zone_scvm_data_ip: [],
    active_remote_zone_scvm_manage_ip: [],
  };
  const problems: ConfigProblem[] = [];
  const firstLines = new Map<Key, number>();
  for (const line of lines) {
    const match = /^(\w+)\s*=\s*(.*)$/.exec(line.text);
    const word = match?.[1] ?? '';
    const key = KEYS.find((known) => known === word || isListSpelling(known, word));
    const first = key === undefined ? undefined : firstLines.get(key);
    if (match === null || key === undefined || first !== undefined) {
      problems.push(badLine(line, match === null ? null : word, first));
      continue;
    }
    firstLines.set(key, line.number);
    values[key] = readList(line, key, match[2] ?? '', problems);
  }
  return { values, problems };
}

function isListSpelling(known: Key, word: string): boolean {
  return LISTS.some((list) => list === known) && word === `${known}_list`;
}

function badLine(line: Line, word: string | null, first: number | undefined): ConfigProblem {
  const at = { line: line.number, found: word ?? line.text };
  if (word === null) {
    const fault = { place: `line ${line.number}`, says: 'is not key=value' };
    return importProblem('CFG_IMPORT_LINE', { ...at, ...fault, remedy: 'Write key=value.' });
  }
  if (first !== undefined) {
    const says = `was given in line ${first} already`;
    return importProblem('CFG_IMPORT_KEY', { ...at, place: word, says, remedy: 'Keep one line.' });
  }
  const near = nearest(word, SPELLINGS);
  const remedy =
    near === null ? `Remove it, or write one of: ${KEYS.join(', ')}.` : `Did you mean ${near}?`;
  const says = 'is not a key of the old file';
  return importProblem('CFG_IMPORT_KEY', { ...at, place: word, says, remedy });
}

function readList(line: Line, key: Key, written: string, problems: ConfigProblem[]): string[] {
  const bare = written.replace(/^(["'])(.*)\1$/, '$2');
  const words = bare.split(/[\s,]+/).filter((word) => word !== '');
  const isSingle = SINGLE.some((single) => single === key);
  const at = { place: key, line: line.number };
  if (isSingle && words.length > 1) {
    const says = `takes one address, not ${words.length}`;
    const remedy = 'Write one address.';
    problems.push(importProblem('CFG_IMPORT_LINE', { ...at, found: bare, says, remedy }));
  }
  const seen = new Set<string>();
  for (const word of words) {
    const remedy = 'Find out the address and write it, or leave the value empty for none.';
    const fault = addressFault(word);
    if (isUnknownValue(word)) {
      const says = 'is not a known value';
      problems.push(importProblem('CFG_IMPORT_UNKNOWN', { ...at, found: word, says, remedy }));
    } else if (fault !== null) {
      problems.push(importProblem('CFG_IP', { ...at, found: word, says: fault, remedy }));
    } else if (seen.has(word)) {
      const says = 'stands twice in this list';
      const once = 'Write each address once.';
      problems.push(importProblem('CFG_DUPLICATE_IP', { ...at, found: word, says, remedy: once }));
    }
    seen.add(word);
  }
  return words;
}

type Paired =
  | { readonly ok: true; readonly pairing: Pairing }
  | { readonly ok: false; readonly problem: ConfigProblem };

/** The two lists without the local SCVM, whose addresses are known to belong together. */
function pairedLists(values: Values, dataKey: Key, manageKey: Key): Paired {
  const data = values[dataKey].filter((ip) => ip !== values.local_scvm_data_ip[0]);
  const manage = values[manageKey].filter((ip) => ip !== values.local_scvm_manage_ip[0]);
  const pairing = pairAddresses(data, manage);
  if (pairing !== null) return { ok: true, pairing };
  const says = `${data.length} addresses beside the local one, ${manageKey} has ${manage.length}`;
  const remedy = 'Write both addresses of every SCVM.';
  const found = values[dataKey].join(',');
  const fault = { place: dataKey, says, remedy, found };
  return { ok: false, problem: importProblem('CFG_IMPORT_COUNT', fault) };
}

/** This host's own zone is the local one by definition. */
function localAway(values: Values): readonly ConfigProblem[] {
  const pairs = [
    ['active_remote_zone_scvm_data_ip', 'local_scvm_data_ip'],
    ['active_remote_zone_scvm_manage_ip', 'local_scvm_manage_ip'],
  ] as const;
  return pairs.flatMap(([list, own]) => {
    const ip = values[own][0];
    if (ip === undefined || !values[list].includes(ip)) return [];
    const says = `names ${own}, which cannot be in the remote zone`;
    const remedy = 'Remove it there.';
    return [importProblem('CFG_IMPORT_LINE', { place: list, found: ip, says, remedy })];
  });
}

function worstOf(here: Pairing, away: Pairing): Pairing['by'] {
  return [here, away].some(({ by }) => by === 'position') ? 'position' : 'octet';
}

function accessNote(): ConfigProblem {
  return importProblem('CFG_IMPORT_ACCESS', {
    place: 'scvms',
    says: 'only the local SCVM has an access_ip, since the old file knows no other',
    remedy: 'Write access_ip at every SCVM that is reached by RDMA.',
  });
}

function addressNumber(ip: string): number {
  return ipaddr.IPv4.parse(ip).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
