/**
 * S3, leader away: an empty, failed or stale session list moves nobody. A target is left as lost
 * only on evidence from probes, service or links, or after two or more fresh non-empty lists in a
 * row, `session_lost` apart, that do not show it alive. A repeated order is not judged again.
 */

import { accusation } from './evidence.ts';
import { lawOf, ms } from './law.ts';
import { createLedger } from './signals.ts';
import { createStanding } from './standing.ts';
import type { LawMaker } from './trace.ts';

export const leaderAway: LawMaker = (settings) => {
  const facts = createLedger(settings);
  const run = createStanding(settings);
  return lawOf('S3 leader away', {
    fact(fact) {
      facts.see(fact);
      run.see(fact);
      return null;
    },
    quiet: facts.rest,
    order(order) {
      const retry = order.type === 'SET_ROUTE' && run.isRetry(order);
      run.obey(order);
      if (order.type !== 'SET_ROUTE' || order.kind !== 'failover' || retry) return null;
      const target = facts.of(run.is.target);
      const s = facts.settings();
      if (!target || accusation(target, facts.nowMs(), s)) return null;
      const forMs = target.badLists > 0 ? facts.nowMs() - target.badListsSinceMs : 0;
      const lists = `${target.badLists} lists without its session over ${ms(forMs)}`;
      return `left ${target.path.id} with no evidence but ${lists}, session_lost=${s.session.lostMs} ms`;
    },
  });
};
