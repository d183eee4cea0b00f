/**
 * The token that steering asks for: 192 random bits, new at each start of the daemon, in a file
 * that only root reads. Whoever can read it could steer over the control socket just as well. It
 * keeps out other users of this machine, and pages that got past the headers.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Token {
  readonly text: string;
  /**
   * Tries are not counted: 192 bits are not guessed, and a lock after so many wrong ones would let
   * any user of the machine keep the operator out.
   */
  isRight(given: string): boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes the token and leaves it in `file`, mode 0600. Throws when the file cannot be written. */
export function createToken(file: string): Token {
  const text = randomBytes(24).toString('base64url');
  const fresh = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
  removeOld(fresh);
  writeFileSync(fresh, `${text}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
  const right = digest(text);
  return {
    text,
    // Digests are of one length, so the time taken says nothing of where they differ.
    isRight: (given) => timingSafeEqual(digest(given), right),
  };
}

/** What a start that was killed in between left. */
function removeOld(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
