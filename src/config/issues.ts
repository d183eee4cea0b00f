/**
 * What the schema refused -> findings in the operator's words. A finding is a problem that does
 * not know its line yet; parse.ts looks that up in the document. Unknown keys get the nearest
 * known key, the section they belong to, or, for keys of the old `scvm_ip` file, their successor.
 */

import type { z } from 'zod';
import type { KeyPath } from './document.ts';
import { kindOf } from './leaf.ts';
import { nearest } from './nearest.ts';
import type { ProblemCode } from './problems.ts';
import { writtenDefault } from './profiles.ts';
import { docAt, keysOf, type ProfileName, SECTIONS } from './schema.ts';

export interface Finding {
  readonly code: ProblemCode;
  /** Where it is; of several the first that the operator wrote is shown. Not empty. */
  readonly at: readonly KeyPath[];
  /** What is shown as found: the value, the key, or nothing (`head`: only the key's line). */
  readonly part: 'key' | 'value' | 'head';
  readonly says: string;
  readonly remedy: string;
}

/** Keys of the old host file and what has taken their place. */
export const OLD_KEYS: Readonly<Record<string, string>> = {
  local_scvm_data_ip: 'data_ip of the SCVM that has "local: true"',
  local_scvm_manage_ip: 'manage_ip of the SCVM that has "local: true"',
  local_scvm_vmware_access_ip: 'access_ip of the SCVM that has "local: true"',
  local_scvm_nfs_ip: 'nfs_ip',
  active_scvm_data_ip: 'scvms[].data_ip, one list entry per SCVM',
  active_scvm_data_ip_list: 'scvms[].data_ip, one list entry per SCVM',
  active_scvm_manage_ip: 'scvms[].manage_ip, one list entry per SCVM',
  active_scvm_manage_ip_list: 'scvms[].manage_ip, one list entry per SCVM',
  active_remote_zone_scvm_data_ip: 'scvms[].data_ip with another zone than the local SCVM',
  active_remote_zone_scvm_data_ip_list: 'scvms[].data_ip with another zone than the local SCVM',
  active_remote_zone_scvm_manage_ip: 'scvms[].manage_ip with another zone than the local SCVM',
  active_remote_zone_scvm_manage_ip_list: 'scvms[].manage_ip with another zone than the local SCVM',
};

/** One issue of the schema's, with the value that stands there. */
export function findingsOf(
  issue: z.core.$ZodIssue,
  valueAt: (path: KeyPath) => unknown,
  profile: ProfileName,
): readonly Finding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  return [refusedValue(path, valueAt(path), profile)];
}

function refusedValue(path: KeyPath, value: unknown, profile: ProfileName): Finding {
  const key = String(path.at(-1) ?? '');
  const section = path.length > 1 ? String(path[0]) : '';
  const doc = docAt(path);
  const isItem = typeof path.at(-1) === 'number';
  const base = { at: [path], part: 'value' } as const;
  if (doc === null || isItem) {
    const keys = Object.keys(keysOf(String(path[0] ?? ''))).join(', ');
    const says = `must be a map of keys, not ${kindOf(value)}`;
    return { ...base, code: 'CFG_TYPE', says, remedy: `Write "key: value" with: ${keys}.` };
  }
  const written = writtenDefault(profile, section, key) ?? '';
  const fault = doc.explain(value, written);
  if (value === undefined) {
    return { ...base, code: 'CFG_MISSING', says: 'is missing', remedy: `Add it. ${fault.remedy}` };
  }
  const byDefault = written === '' ? '' : ` Or remove the line: the default is ${written}.`;
  if (value === null) {
    return {
      ...base,
      code: 'CFG_TYPE',
      says: 'has no value',
      remedy: `${fault.remedy}${byDefault}`,
    };
  }
  return { ...base, ...fault };
}

function unknownKey(path: KeyPath, key: string): Finding {
  const base = { at: [[...path, key]], part: 'key' } as const;
  const successor = Object.hasOwn(OLD_KEYS, key) ? OLD_KEYS[key] : undefined;
  if (successor !== undefined) {
    const remedy = `Write ${successor}; "reroute import" turns an old file into a new one.`;
    return { ...base, code: 'CFG_OLD_KEY', says: 'is a key of the old scvm_ip file', remedy };
  }
  const known = Object.keys(keysOf(String(path[0] ?? '')));
  const remedy = keyRemedy(key, known);
  return { ...base, code: 'CFG_UNKNOWN_KEY', says: 'is not a key that exists here', remedy };
}

function keyRemedy(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const elsewhere = ['', 'scvms', ...SECTIONS].filter((section) =>
    Object.hasOwn(keysOf(section), key),
  );
  const others = elsewhere.map((section) => (section === '' ? 'the top level' : section));
  if (others.length > 0) return `Move it to where it belongs: ${others.join(' or ')}.`;
  if (near !== null) return `Did you mean ${near}?`;
  return `Remove it, or write one of: ${known.join(', ')}.`;
}
