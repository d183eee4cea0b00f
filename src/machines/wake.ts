/**
 * When the decision must be asked again although no fact arrives: the next timer of the chart, the
 * next verdict that age may change, the next gate that time opens, the end of a pin.
 */

import type { Beliefs } from './beliefs.ts';
import type { Context } from './context.ts';
import type { Snapshot, Timer } from './decide.ts';
import type { Gate } from './gate.ts';
import { failover, homecoming, preference, repair } from './gates.ts';
import { nextChangeMs } from './judge.ts';
import type { Settings } from './settings.ts';

/** Alarms and gates of paths in flux are looked at again at least this often. */
const UNSETTLED_MS = 1000;

/** Monotonic ms, > nowMs or due at once; Infinity if nothing is pending. */
export function wakeAtMs(
  snapshot: Snapshot,
  b: Beliefs,
  timers: readonly Timer[],
  nowMs: number,
): number {
  const c: Context = snapshot.context;
  let next = Number.POSITIVE_INFINITY;
  const consider = (ms: number): void => {
    if (ms < next) next = ms;
  };
  for (const t of timers) consider(t.atMs);
  consider(verdictChangeMs(b, nowMs, c.settings));
  const until = c.memory.pin?.untilMs ?? null;
  if (until !== null) consider(until);
  if (!snapshot.matches({ access: 'Normal', route: 'Settled', record: 'Current' })) {
    for (const g of timedGates(c)) if (g.opensAtMs !== null) consider(g.opensAtMs);
    consider(nowMs + UNSETTLED_MS);
  }
  return next;
}

/** When age alone may next change the verdict of any path; Infinity if never. */
export function verdictChangeMs(b: Beliefs, nowMs: number, s: Settings): number {
  return b.paths.reduce(
    (next, w) => Math.min(next, nextChangeMs(w.belief, nowMs, s)),
    Number.POSITIVE_INFINITY,
  );
}

/** Every gate of every move that time may open. */
export function timedGates(c: Context): Gate[] {
  return [...failover.all(c), ...homecoming.all(c), ...preference.all(c), ...repair.all(c)];
}
