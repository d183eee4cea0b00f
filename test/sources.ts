/**
 * Source files as the rules of the house see them: import lines, and code without its comments and
 * texts. Read by pattern, not by a parser: enough for a code base that one formatter writes.
 */

import { readdirSync, readFileSync } from 'node:fs';

export interface Source {
  /** From the root of the repository, `/` between folders. */
  readonly file: string;
  readonly text: string;
}

export interface Import {
  /** `import type` and `export type`: gone at run time. */
  readonly typeOnly: boolean;
  /** As written. */
  readonly from: string;
  /** The file that a relative import names, from the root; null for packages. */
  readonly file: string | null;
}

const root = new URL('../', import.meta.url);

/** Every TypeScript file below a folder of the repository. */
export function sourcesOf(folder: 'src' | 'test'): Source[] {
  return readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`)
    .map((file) => ({ file, text: readFileSync(new URL(file, root), 'utf8') }));
}

const STATIC = /^(?:import|export)\b(\s+type\b)?[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm;
const BARE = /^import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

export function importsOf({ file, text }: Source): Import[] {
  const code = withoutComments(text);
  const found = (from: string, typeOnly: boolean): Import => ({
    typeOnly,
    from,
    file: from.startsWith('.') ? new URL(from, `file:///${file}`).pathname.slice(1) : null,
  });
  return [
    ...[...code.matchAll(STATIC)].map((m) => found(m[2] ?? '', m[1] !== undefined)),
    ...[...code.matchAll(BARE)].map((m) => found(m[1] ?? '', false)),
    ...[...code.matchAll(DYNAMIC)].map((m) => found(m[1] ?? '', false)),
  ];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

/** What runs: no comments, no texts; of a template only what it computes. */
export function codeOf({ text }: Source): string {
  return withoutComments(text)
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/`[^`]*`/g, (t) => `(${(t.match(/\$\{[^}]*\}/g) ?? []).join(' ')})`);
}
