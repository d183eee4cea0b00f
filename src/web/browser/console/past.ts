/**
 * The moment that is shown: now, or a time of the past. A scrub moves it as fast as it likes; when
 * it rests, the exact moment is asked of the daemon, and an answer that comes too late is dropped.
 */

import type { Moment } from '../../shapes.ts';
import { ask, textOf } from './ask.ts';

export interface Past {
  /** Wall-clock ms; null: now. */
  atMs(): number | null;
  /** The moment replayed; null: not yet, or now is shown. */
  moment(): Moment | null;
  goTo(wallMs: number | null): void;
}

/** A scrub rests this long before the exact moment is asked for. */
const REST_MS = 120;

/** `changed`: something else is to be shown. */
export function createPast(changed: () => void): Past {
  let atMs: number | null = null;
  let moment: Moment | null = null;
  let asking: AbortController | null = null;
  let rest = 0;

  async function replay(at: number): Promise<void> {
    const own = new AbortController();
    asking = own;
    try {
      moment = await ask<Moment>(`/api/moment?at=${Math.round(at)}`, own.signal);
    } catch (error) {
      if (own.signal.aborted) return;
      moment = { ok: false, says: textOf(error) };
    }
    changed();
  }

  return {
    atMs: () => atMs,
    moment: () => moment,
    goTo(wallMs) {
      atMs = wallMs;
      moment = null;
      asking?.abort();
      clearTimeout(rest);
      if (wallMs !== null) rest = window.setTimeout(() => void replay(wallMs), REST_MS);
      changed();
    },
  };
}
