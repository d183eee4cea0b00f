/**
 * The tables of docs/configuration.md, made from the schema, the profiles and the catalogue of
 * problems. The prose around them is written by hand; a test compares the page with these tables.
 */

import { keyDocs } from './leaf.ts';
import { PROBLEMS } from './problems.ts';
import { writtenDefault } from './profiles.ts';
import { keysOf, PROFILE_NAMES, SECTIONS } from './schema.ts';

/** Sections whose numbers differ between profiles. */
const PROFILED = ['probe', 'service', 'session', 'timers'];

/** Every key: top level, one SCVM, then section by section. */
export function keyTables(): string {
  const sections = ['', 'scvms', ...SECTIONS];
  return sections
    .map((section) => `### ${titleOf(section)}\n\n${table(keyRows(section))}`)
    .join('\n\n');
}

/** Every problem code with its level. */
export function problemTable(): string {
  const rows = Object.entries(PROBLEMS).map(([code, { level, means }]) => [
    `\`${code}\``,
    level,
    means,
  ]);
  return table([['code', 'level', 'meaning'], ...rows]);
}

function titleOf(section: string): string {
  if (section === '') return 'Top level';
  return section === 'scvms' ? 'One entry of `scvms`' : `\`${section}\``;
}

function keyRows(section: string): readonly (readonly string[])[] {
  const isProfiled = PROFILED.includes(section);
  const defaults = isProfiled ? PROFILE_NAMES : ['default'];
  const keys = Object.entries(keysOf(section)).filter(([key]) => !SECTIONS.includes(key));
  const rows = keys.map(([key, schema]) => {
    const doc = keyDocs.get(schema);
    const written = isProfiled
      ? PROFILE_NAMES.map((profile) => code(writtenDefault(profile, section, key)))
      : [section === 'scvms' ? scvmDefault(key) : code(writtenDefault('balanced', section, key))];
    return [`\`${key}\``, doc?.type ?? '', doc?.range ?? '', ...written, doc?.means ?? ''];
  });
  return [['key', 'type', 'range', ...defaults, 'meaning'], ...rows];
}

function scvmDefault(key: string): string {
  if (key === 'local') return code('false');
  return code(key === 'access_ip' || key === 'zone' ? 'null' : null);
}

function code(written: string | null): string {
  return written === null ? 'none' : `\`${written}\``;
}

/** Columns are padded, as the formatter of this repository wants tables. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map((cells) => cells.map((cell) => cell.replace(/\|/g, '\\|')));
  const widths = head.map((_, column) =>
    Math.max(...escaped.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(escaped[0] ?? []), rule, ...escaped.slice(1).map(line)].join('\n');
}
