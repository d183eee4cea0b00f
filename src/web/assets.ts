/**
 * The page's built files, read once and kept in memory: what is served is this list and nothing
 * else of the disk. Compressed at build time, so that serving costs the daemon nothing.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FILES = [
  { url: '/', file: 'console.html', type: 'text/html; charset=utf-8' },
  { url: '/console.js', file: 'console.js', type: 'text/javascript; charset=utf-8' },
  { url: '/console.css', file: 'console.css', type: 'text/css; charset=utf-8' },
] as const;

export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly brotli: Buffer;
  readonly gzip: Buffer;
}

export interface Assets {
  /** Hash over all of them. */
  readonly build: string;
  readonly byUrl: ReadonlyMap<string, Asset>;
}

/** Where the build leaves them, seen from the source and from the build alike. */
const BUILT = new URL('../../dist/web/', import.meta.url);

/** Throws what to do when the page was not built. */
export function loadAssets(folder: URL = BUILT): Assets {
  const hash = createHash('sha256');
  const byUrl = new Map<string, Asset>();
  for (const { url, file, type } of FILES) {
    const plain = readBuilt(folder, file);
    hash.update(plain);
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    const brotli = readBuilt(folder, `${file}.br`);
    const gzip = readBuilt(folder, `${file}.gz`);
    byUrl.set(url, { type, etag, plain, brotli, gzip });
  }
  return { build: hash.digest('base64url').slice(0, 16), byUrl };
}

function readBuilt(folder: URL, file: string): Buffer {
  try {
    return readFileSync(new URL(file, folder));
  } catch (cause) {
    throw new Error(`the console's page is not built (${file}): run npm run build`, { cause });
  }
}

/** The smallest form that the browser takes; `encoding` null: as it is. */
export function encoded(
  asset: Asset,
  accept: string,
): { readonly body: Buffer; readonly encoding: 'br' | 'gzip' | null } {
  const words = accept.split(',').map((word) => word.split(';')[0]?.trim());
  if (words.includes('br')) return { body: asset.brotli, encoding: 'br' };
  if (words.includes('gzip')) return { body: asset.gzip, encoding: 'gzip' };
  return { body: asset.plain, encoding: null };
}
