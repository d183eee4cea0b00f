/**
 * How far many seeds have come: counts, a digest over all of them in order, and the file that
 * keeps this for `--resume`. The digest is a chain, so that it can go on where it stood.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Row } from './batch.ts';

/** Broken seeds that are kept by name. */
const KEPT = 100;

const schema = z.strictObject({
  version: z.literal(2),
  from: z.int().min(0),
  /** The first seed that was not played. */
  next: z.int().min(0),
  safetyMs: z.int().min(1).nullable(),
  hosts: z.int().min(1).max(64).nullable(),
  digest: z.string(),
  facts: z.number(),
  switches: z.number(),
  simulatedMs: z.number(),
  brokenCount: z.int().min(0),
  broken: z.array(z.strictObject({ seed: z.int(), law: z.string(), says: z.string() })).max(KEPT),
});

export type Progress = z.infer<typeof schema>;

export const noProgress = (
  from: number,
  { safetyMs, hosts }: Pick<Progress, 'safetyMs' | 'hosts'>,
): Progress => ({
  version: 2,
  from,
  next: from,
  safetyMs,
  hosts,
  digest: '',
  facts: 0,
  switches: 0,
  simulatedMs: 0,
  brokenCount: 0,
  broken: [],
});

/** With rows added. They begin at `next`. */
export function advanced(was: Progress, rows: readonly Row[]): Progress {
  const p = { ...was, broken: [...was.broken] };
  for (const row of rows) {
    p.next = row.seed + 1;
    p.facts += row.facts;
    p.switches += row.switches;
    p.simulatedMs += row.simulatedMs;
    p.digest = createHash('sha256')
      .update(`${p.digest} ${row.seed} ${row.digest} ${row.broken?.law ?? ''}`)
      .digest('hex')
      .slice(0, 32);
    if (!row.broken) continue;
    p.brokenCount += 1;
    if (p.broken.length < KEPT) p.broken.push({ seed: row.seed, ...row.broken });
  }
  return p;
}

export type Resumed =
  | { readonly ok: true; readonly progress: Progress | null }
  | { readonly ok: false; readonly problem: string };

/** Null: there is no such file yet. */
export function readProgress(file: string): Resumed {
  if (!existsSync(file)) return { ok: true, progress: null };
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return { ok: true, progress: parsed.data };
    return { ok: false, problem: `${file} is no progress file: ${z.prettifyError(parsed.error)}` };
  } catch (error) {
    return { ok: false, problem: `${file} cannot be read: ${messageOf(error)}` };
  }
}

/** Replaces the file in one step, so that an end at any time leaves a whole one. */
export function writeProgress(file: string, progress: Progress): string | null {
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(progress)}\n`);
    renameSync(`${file}.new`, file);
    return null;
  } catch (error) {
    return `${file} cannot be written: ${messageOf(error)}`;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
