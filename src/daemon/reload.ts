/**
 * What a configuration names but does not hold: the token and the CA, read at each start and
 * reload. Bounded; a file that cannot be read refuses the whole configuration, because a poll
 * without its token would look like a leader that is away.
 */

import { open } from 'node:fs/promises';
import type { Config } from '../config/config.ts';

export interface Secrets {
  readonly token: string | null;
  readonly ca: string | null;
}

export type Reloaded =
  | ({ readonly ok: true; readonly config: Config } & Secrets)
  | { readonly ok: false; readonly problem: string };

const MAX_BYTES = 64 * 1024;

export async function loadSecrets(
  config: Config,
): Promise<({ ok: true } & Secrets) | { ok: false; problem: string }> {
  try {
    const token = await readSmall('session.token_file', config.session.tokenFile);
    const ca = await readSmall('session.ca_file', config.session.caFile);
    return { ok: true, token: token?.trim() ?? null, ca };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function readSmall(key: string, file: string | null): Promise<string | null> {
  if (file === null) return null;
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(
      `${key}: ${file} cannot be read (${cause.code}): give a readable file or null`,
      { cause },
    );
  });
  try {
    const { size } = await handle.stat();
    if (size === 0 || size > MAX_BYTES) {
      throw new Error(`${key}: ${file} has ${size} bytes: write 1..${MAX_BYTES} bytes`);
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
