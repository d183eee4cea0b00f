/**
 * What the facts have said of one path so far: the nouns of signals.ts, which folds facts into
 * them. Mutable and private to one law.
 */

import type { Path } from '../machines/model.ts';
import { NEVER } from './law.ts';

/** Times in ms; NEVER where nothing was seen. */
export interface Signals {
  readonly path: Path;
  /** Last fact about small pings. */
  ping: 'none' | 'reply' | 'loss' | 'unsent';
  pingAtMs: number;
  firstReplyMs: number | null;
  losses: number;
  firstLossMs: number;
  /** Since the last lost small ping. */
  repliesInRow: number;
  /** Since the last bad signal of any kind. */
  repliesSinceBad: number;
  fullLost: number;
  firstFullLostMs: number;
  service: 'none' | 'up' | 'refused' | 'silent' | 'unasked';
  serviceAtMs: number;
  serviceBadSinceMs: number;
  linkDown: boolean;
  linkDownSinceMs: number;
  device: string;
  session: 'unknown' | 'alive' | 'bad';
  sessionAtMs: number;
  /** Non-empty lists in a row that do not show the session alive. */
  badLists: number;
  badListsSinceMs: number;
  /** The same, counting no list within `stale_after` of a failed or empty one. */
  firmLists: number;
  firmSinceMs: number;
  uuid: string | null;
  sessionStartMs: number | null;
  /** Last bad signal of any kind; NEVER since the daemon started. */
  badAtMs: number;
  /** The same without restarts that only a list told of. */
  seenBadAtMs: number;
  /** A bad signal other than a session's came since the path was last good. */
  accused: boolean;
  /** The session was lost for good since the path was last good. */
  sessionGuilt: boolean;
  /** Start of the present unbroken run of good; null while not good. */
  goodSinceMs: number | null;
}

/** Nothing was heard of the path yet. */
export const blank = (path: Path): Signals => ({
  path,
  ping: 'none',
  pingAtMs: NEVER,
  firstReplyMs: null,
  losses: 0,
  firstLossMs: NEVER,
  repliesInRow: 0,
  repliesSinceBad: 0,
  fullLost: 0,
  firstFullLostMs: NEVER,
  service: 'none',
  serviceAtMs: NEVER,
  serviceBadSinceMs: NEVER,
  linkDown: false,
  linkDownSinceMs: NEVER,
  device: '',
  session: 'unknown',
  sessionAtMs: NEVER,
  badLists: 0,
  badListsSinceMs: NEVER,
  firmLists: 0,
  firmSinceMs: NEVER,
  uuid: null,
  sessionStartMs: null,
  badAtMs: NEVER,
  seenBadAtMs: NEVER,
  accused: false,
  sessionGuilt: false,
  goodSinceMs: null,
});
