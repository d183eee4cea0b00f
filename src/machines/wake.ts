/**
 * When the decision must be asked again although no fact arrives: the next timer of the chart, the
 * next verdict that age may change, the next gate that time opens, the end of a pin.
 */

import type { Beliefs, Watched } from './beliefs.ts';
import type { Moment } from './chart.ts';
import type { Context } from './context.ts';
import type { Timer } from './decide.ts';
import { failover, homecoming, preference, repair } from './gates.ts';
import { nextChangeMs } from './judge.ts';
import type { Settings } from './settings.ts';

/** Alarms and gates of paths in flux are looked at again at least this often. */
const UNSETTLED_MS = 1000;

/** Monotonic ms, > nowMs or due at once; Infinity if nothing is pending. */
export function wakeAtMs(at: Moment, b: Beliefs, timers: readonly Timer[], nowMs: number): number {
  const c = at.context;
  let next = Number.POSITIVE_INFINITY;
  const consider = (ms: number): void => {
    if (ms < next) next = ms;
  };
  for (const t of timers) consider(t.atMs);
  consider(verdictChangeMs(b.paths, nowMs, c.settings));
  const until = c.memory.pin?.untilMs ?? null;
  if (until !== null) consider(until);
  if (!isAtRest(at)) {
    consider(nextGateMs(c));
    consider(nowMs + UNSETTLED_MS);
  }
  return next;
}

/** At home, with nothing under way and nothing owed: no gate is waited for. */
function isAtRest({ value }: Moment): boolean {
  return value.access === 'Normal' && value.route === 'Settled' && value.record === 'Current';
}

/** When age alone may next change the verdict of any of these paths; Infinity if never. */
export function verdictChangeMs(paths: readonly Watched[], nowMs: number, s: Settings): number {
  return paths.reduce(
    (next, w) => Math.min(next, nextChangeMs(w.belief, nowMs, s)),
    Number.POSITIVE_INFINITY,
  );
}

/** When the first gate of any move opens by itself; Infinity: none does. */
export function nextGateMs(c: Context): number {
  return MOVES.reduce(
    (next, gates) => Math.min(next, gates.nextOpensMs(c)),
    Number.POSITIVE_INFINITY,
  );
}

const MOVES = [failover, homecoming, preference, repair];
