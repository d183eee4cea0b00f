/**
 * The token that steering asks for: 192 random bits, new at each start of the daemon, in a file
 * that only root reads. Whoever can read it could steer over the control socket just as well. It
 * keeps out other users of this machine, and pages that got past the headers.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Verdict = 'right' | 'wrong' | 'wait';

export interface Token {
  readonly text: string;
  /** `wait`: too many wrong ones; until they are older than a minute none is looked at. */
  check(given: string): Verdict;
}

/** Wrong tokens a minute. More would only fill the log: 192 bits are not guessed. */
const MAX_WRONG = 10;
const MINUTE_MS = 60_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes the token and leaves it in `file`, mode 0600. Throws when the file cannot be written. */
export function createToken(file: string, nowMs: () => number): Token {
  const text = randomBytes(24).toString('base64url');
  const fresh = `${file}.new`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
  removeOld(fresh);
  writeFileSync(fresh, `${text}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
  const right = digest(text);
  let wrongAtMs: number[] = [];
  return {
    text,
    check(given) {
      const now = nowMs();
      wrongAtMs = wrongAtMs.filter((at) => now - at < MINUTE_MS);
      if (wrongAtMs.length >= MAX_WRONG) return 'wait';
      // Digests are of one length, so the time taken says nothing of where they differ.
      if (timingSafeEqual(digest(given), right)) return 'right';
      wrongAtMs.push(now);
      return 'wrong';
    },
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
