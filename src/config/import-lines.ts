/**
 * What the importers of old files share: lines with numbers, values that admit they are unknown,
 * and bringing data and management addresses together.
 */

import { type ConfigProblem, cutFound, type ProblemCode } from './problems.ts';

export const OLD_FILE_MAX_BYTES = 1024 * 1024;

export interface Line {
  /** 1-based. */
  readonly number: number;
  /** Trimmed, not empty, no comment. */
  readonly text: string;
}

/** The lines that say something: no comments, no blank ones. */
export function linesOf(text: string): readonly Line[] {
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return all.flatMap((line, index) =>
    isComment(line) ? [] : [{ number: index + 1, text: line.replace(/\s#.*$/, '').trim() }],
  );
}

/** Blank, or begins with `#`. */
export function isComment(line: string): boolean {
  return /^\s*(#.*)?$/.test(line);
}

/** The problem of a text that is too large to be an old file; null if it is not. */
export function sizeProblem(text: string): ConfigProblem | null {
  const bytes = Buffer.byteLength(text);
  if (bytes <= OLD_FILE_MAX_BYTES) return null;
  const remedy = 'Give the old file itself; it has a few lines.';
  return importProblem('CFG_TOO_LARGE', { place: '(file)', says: `has ${bytes} bytes`, remedy });
}

/**
 * A failed command of the old tool once left the text `None` where an address belonged, and the
 * daemon never started. Such a value is an error here, where it arises.
 */
export function isUnknownValue(value: string): boolean {
  return /^(none|null|nil|undefined|unknown|n\/?a|nan|-|\?)$/i.test(value);
}

export interface ImportFault {
  readonly place: string;
  readonly says: string;
  readonly remedy: string;
  readonly line?: number;
  readonly column?: number;
  readonly found?: string;
}

export function importProblem(code: ProblemCode, fault: ImportFault): ConfigProblem {
  const { place, says, remedy } = fault;
  const line = fault.line ?? null;
  const column = line === null ? null : (fault.column ?? 1);
  return { code, place, line, column, found: cutFound(fault.found ?? ''), says, remedy };
}

export interface Pairing {
  readonly by: 'octet' | 'position';
  /** [data, manage] addresses. */
  readonly pairs: readonly (readonly [string, string])[];
}

/**
 * Data and management addresses of the same SCVMs, in lists that may be ordered differently: by
 * last octet if that is one-to-one, else by position. Null: the lengths differ.
 */
export function pairAddresses(data: readonly string[], manage: readonly string[]): Pairing | null {
  if (data.length !== manage.length) return null;
  const byOctet = new Map(manage.map((ip) => [lastOctet(ip), ip]));
  const isUnique =
    new Set(data.map(lastOctet)).size === data.length && byOctet.size === data.length;
  const matched = data.flatMap((ip): (readonly [string, string])[] => {
    const partner = byOctet.get(lastOctet(ip));
    return partner === undefined ? [] : [[ip, partner]];
  });
  if (isUnique && matched.length === data.length) return { by: 'octet', pairs: matched };
  return { by: 'position', pairs: data.map((ip, index) => [ip, manage[index] ?? '']) };
}

export function pairingNote(by: Pairing['by']): ConfigProblem {
  const how =
    by === 'octet' ? 'by their last octet' : 'by their position, since last octets do not match';
  return importProblem('CFG_IMPORT_PAIRED', {
    place: 'scvms',
    says: `data and management addresses were brought together ${how}`,
    remedy: 'Check that each data_ip and manage_ip belong to the same SCVM.',
  });
}

export function lastOctet(ip: string): string {
  return ip.slice(ip.lastIndexOf('.') + 1);
}

/** The first three octets with their last dot, `10.10.85.`: the /24 of the old files. */
export function networkOf(ip: string): string {
  return ip.slice(0, ip.lastIndexOf('.') + 1);
}
