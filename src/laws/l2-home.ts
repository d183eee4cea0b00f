/**
 * L2, home: in LOOP, when home was good by the facts for its hold, `return_guard` and `dwell`
 * together, and the budget allows a move, the route is at home. Nothing is asked of the present
 * target: a doubtful one is a reason more to leave it. A switch under way, a table that others
 * change and commands that fail put the bound off.
 */

import { holdMs } from '../machines/hold.ts';
import { pingLimitMs } from './evidence.ts';
import { createLatch, type LawMaker, ms, NEVER } from './law.ts';
import { leadsTo } from './standing.ts';
import { isLoop } from './steering.ts';

const HOUR_MS = 3_600_000;
/** From everything due to the order: the announcement, a look once a second, and a margin. */
const ACT_MS = 5000;

export const homeAgain: LawMaker = ({ facts, run, steering }) => {
  /** Confirmed preference moves of the last hour, oldest first. */
  let moves: number[] = [];
  /** Last time at which something else than waiting was going on. */
  let busyAtMs = NEVER;
  const latch = createLatch();

  function budgetOpensAtMs(): number {
    const budget = run.is.settings.switch.budgetPerHour;
    if (budget === 0) return Number.POSITIVE_INFINITY;
    const blocking = moves[moves.length - budget];
    return blocking === undefined ? NEVER : blocking + HOUR_MS;
  }

  function away(): string | null {
    const { is } = run;
    const s = is.settings;
    const now = facts.nowMs();
    const home = facts.of(s.paths[0]?.id ?? null);
    if (!home || is.target === null || is.target === home.path.id) return null;
    const since = home.goodSinceMs;
    const excused = since === null || is.switching !== null || !isLoop(steering.now());
    if (excused || now - home.pingAtMs > 0.8 * pingLimitMs(s)) return null;
    const relapses = is.memory?.relapses ?? 0;
    const boundMs = holdMs(relapses, s) + s.timers.returnGuardMs + s.timers.dwellMs;
    const changed = Math.max(is.targetSinceMs, is.reloadedAtMs, is.stalledAtMs, busyAtMs);
    const warm = is.warmSinceMs + s.timers.warmUpMs;
    const from = Math.max(since, changed, warm, steering.sinceMs());
    const dueAtMs = Math.max(from + boundMs, budgetOpensAtMs());
    if (now - dueAtMs <= ACT_MS) return null;
    return `home is well for ${ms(now - from)} with relapses=${relapses}, the route is on ${is.target}`;
  }

  return {
    name: 'L2 home',
    before(fact) {
      const says = latch(away());
      return fact.type === 'STARTED' ? null : says;
    },
    fact(fact) {
      if (fact.type === 'STARTED') {
        moves = [...(fact.memory?.preferredAtMs ?? [])];
        return null;
      }
      const differs =
        fact.type === 'ROUTE_READ' && !leadsTo(fact.entries, run.is.target, run.is.settings);
      const failed = fact.type === 'ROUTE_REFUSED' || fact.type === 'ROUTE_UNREADABLE';
      if (differs || failed) busyAtMs = facts.nowMs();
      return null;
    },
    order(order) {
      if (order.type === 'NOTE_SWITCH' && (order.kind === 'return' || order.kind === 'prefer')) {
        const now = facts.nowMs();
        moves = [...moves.filter((at) => now - at < HOUR_MS), now];
      }
      return null;
    },
  };
};
