/**
 * S4, no early return: home only after its hold since the last bad signal of home, unless the facts
 * speak against the present target. The session's age vouches for time before the start only while
 * no bad signal was ever seen since. A repeated order needs no second hold, unless home was bad
 * since the first; and a failover onto home must not outlive its reason. The operator's pin is law
 * S7's.
 */

import { holdMs } from '../machines/hold.ts';
import type { OrderOf } from '../machines/orders.ts';
import { accusation } from './evidence.ts';
import { type LawMaker, ms, NEVER } from './law.ts';
import type { Signals } from './signals.ts';

/** A decision may be this much older than its order: the record is refreshed in between. */
const ANNOUNCED_MS = 1000;
/** Timers round up, clocks are floats. */
const ROUNDING_MS = 1;

export const noEarlyReturn: LawMaker = ({ facts, run }) => {
  /** The switch that was told of already: its repetitions are one breach. */
  let toldAtMs: number | null = null;

  function early(order: OrderOf<'SET_ROUTE'>): string | null {
    const s = facts.settings();
    const now = facts.nowMs();
    const home = facts.of(s.paths[0]?.id ?? null);
    const target = facts.of(run.is.target);
    if (!home || order.path !== home.path.id || !target || target === home) return null;
    if (order.kind === 'pin' || accusation(target, now, s)) return null;
    if (order.kind === 'failover' || order.kind === 'first' || order.kind === 'repair') {
      return `${order.kind} onto home, although no fact speaks against ${target.path.id}`;
    }
    const first = run.isRetry(order) ? (run.is.switching?.firstAtMs ?? now) : NEVER;
    if (first !== NEVER && home.badAtMs < first) return null;
    if (now - run.is.reloadedAtMs < ANNOUNCED_MS) return null;
    const relapses = run.is.memory?.relapses ?? 0;
    const hold = holdMs(relapses, s);
    const wellForMs = now - wellSinceMs(home);
    if (wellForMs >= hold - ROUNDING_MS) return null;
    const again = first === NEVER ? '' : 'return repeated, although ';
    return `${again}home was well for ${ms(wellForMs)} of its hold of ${hold} ms, relapses=${relapses}`;
  }

  return {
    name: 'S4 no early return',
    order(order) {
      if (order.type !== 'SET_ROUTE') return null;
      const says = early(order);
      const open = run.isRetry(order) ? run.is.switching : null;
      const firstAtMs = open?.firstAtMs ?? run.is.nowMs;
      if (!says || toldAtMs === firstAtMs) return null;
      toldAtMs = firstAtMs;
      return says;
    },
  };
};

function wellSinceMs(home: Signals): number {
  if (home.badAtMs !== NEVER) {
    // A host that slept knows an older restart by its own clock, and the last one by the age that
    // the cluster gives: the last one counts, even if it then seems to be the earlier.
    const restartMs = Math.min(home.badAtMs, home.sessionStartMs ?? home.badAtMs);
    return Math.max(home.seenBadAtMs, restartMs);
  }
  const reply = home.firstReplyMs ?? Number.POSITIVE_INFINITY;
  return Math.min(reply, home.sessionStartMs ?? reply);
}
