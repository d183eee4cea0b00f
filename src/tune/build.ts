/**
 * Which program this is, as far as results depend on it: its version, its code, and the engine
 * whose Math.log and Math.pow it uses. Rows that two programs made may be mixed only when this is
 * the same.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const buildSchema = z.strictObject({
  version: z.string().max(64),
  /** Digest of the program's files. */
  code: z.string().regex(/^[0-9a-f]{16}$/),
  /** V8's version up to the part that changes arithmetic. */
  engine: z.string().max(32),
});

export type Build = z.infer<typeof buildSchema>;

/** Folders whose code makes a row. */
const FOLDERS = ['config', 'laws', 'machines', 'sim', 'tune'];

export function thisBuild(version: string): Build {
  const hash = createHash('sha256');
  const root = new URL('../', import.meta.url);
  for (const folder of FOLDERS) {
    const files = readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /\.[jt]s$/.test(name)).sort()) {
      hash.update(`${folder}/${file}\n`).update(readFileSync(new URL(`${folder}/${file}`, root)));
    }
  }
  const engine = process.versions.v8.split('.').slice(0, 2).join('.');
  return { version, code: hash.digest('hex').slice(0, 16), engine };
}

/** What differs, in words; null: nothing. */
export function differenceOf(mine: Build, other: Build): string | null {
  if (mine.version !== other.version) return `version ${other.version} against ${mine.version}`;
  if (mine.engine !== other.engine) return `Node's V8 ${other.engine} against ${mine.engine}`;
  return mine.code === other.code ? null : `other code (${other.code} against ${mine.code})`;
}
