/**
 * The output directory: the ledger grows in it while the experiment runs; at its end the results
 * are written beside it, each whole or not at all.
 */

import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export const FILES = {
  experiment: 'experiment.yaml',
  ledger: 'ledger.ndjson',
  rows: 'rows.parquet',
  comparison: 'comparison.csv',
  summary: 'summary.json',
  report: 'report.html',
} as const;

export type FolderAnswer =
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly problem: string };

/** May results go there? Makes nothing. An empty or absent directory may also be resumed. */
export function lookAtFolder(path: string, resume: boolean): FolderAnswer {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { ok: true, isNew: true };
  if (!stat.isDirectory()) {
    return { ok: false, problem: `${path} exists and is no directory: give another --output` };
  }
  if (!resume) {
    const problem = `${path} exists: add --resume to go on where it stood, or give another --output`;
    return { ok: false, problem };
  }
  const files = readdirSync(path);
  if (files.length === 0) return { ok: true, isNew: true };
  if (files.includes(FILES.ledger)) return { ok: true, isNew: false };
  return { ok: false, problem: `${path} has no ${FILES.ledger}: nothing in it can be resumed` };
}

/** Replaces a file of the directory in one step. Throws what the file system throws. */
export function writeWhole(path: string, name: string, write: (file: string) => void): void {
  const file = join(path, name);
  const draft = `${file}.new`;
  try {
    write(draft);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Writes pieces one after the other. */
export function writePieces(file: string, pieces: Iterable<string>): void {
  const fd = openSync(file, 'w', 0o644);
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
