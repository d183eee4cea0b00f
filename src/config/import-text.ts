/**
 * Writes the YAML text of an imported configuration and has it checked by parseConfig, so that an
 * import never produces a file that the daemon would refuse.
 */

import { parseConfig } from './parse.ts';
import { type ConfigProblem, isNote } from './problems.ts';

export type ImportResult =
  | { readonly ok: true; readonly text: string; readonly notes: ConfigProblem[] }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

export interface Imported {
  /** What it was imported from, for the header. */
  readonly origin: string;
  /** null: the host's name. */
  readonly hostId: string | null;
  /** null: the default. */
  readonly nfsIp: string | null;
  readonly scvms: readonly {
    readonly name: string;
    readonly local: boolean;
    readonly dataIp: string;
    readonly manageIp: string;
    readonly accessIp: string | null;
    readonly zone: string | null;
  }[];
}

/** `notes` are those of the import; those of the written configuration are added. */
export function writeImported(imported: Imported, notes: readonly ConfigProblem[]): ImportResult {
  const text = textOf(imported, notes);
  const parsed = parseConfig(text, { hostname: 'imported' });
  // Lines of a text that nobody has seen yet would only confuse; the place says enough.
  const unseen = (problem: ConfigProblem) => ({ ...problem, line: null, column: null });
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map(unseen) };
  return { ok: true, text, notes: [...notes, ...parsed.notes.filter(isNote).map(unseen)] };
}

function textOf(
  { origin, hostId, nfsIp, scvms }: Imported,
  notes: readonly ConfigProblem[],
): string {
  const comments = [
    `Reroute configuration of one host, imported from ${origin}.`,
    'SCVMs get the same names on every host that is imported from the same lists.',
    ...notes.map(({ says, remedy }) => `Note: ${says}. ${remedy}`),
    'Everything that is not written here has the default of the profile.',
  ];
  return [
    ...comments.map((line) => `# ${line}`),
    '',
    ...(nfsIp === null ? [] : [`nfs_ip: ${nfsIp}`]),
    hostId === null ? "#host_id: host1  # default: the host's name" : `host_id: ${hostId}`,
    'scvms:',
    ...scvms.map(scvmLine),
    'profile: balanced  # conservative | balanced | fast',
    '',
  ].join('\n');
}

function scvmLine(scvm: Imported['scvms'][number]): string {
  const parts = [
    `name: ${scvm.name}`,
    ...(scvm.local ? ['local: true'] : []),
    `data_ip: ${scvm.dataIp}`,
    `manage_ip: ${scvm.manageIp}`,
    ...(scvm.accessIp === null ? [] : [`access_ip: ${scvm.accessIp}`]),
    ...(scvm.zone === null ? [] : [`zone: ${scvm.zone}`]),
  ];
  return `  - { ${parts.join(', ')} }`;
}
