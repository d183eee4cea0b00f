/**
 * S3, leader away: an empty, failed or stale session list moves nobody. A target is left as lost
 * only on evidence from probes, service or links, or after two or more fresh non-empty lists in a
 * row, `session_lost` apart, that do not show it alive. A repeated order is not judged again.
 */

import { accusation } from './evidence.ts';
import { type LawMaker, ms } from './law.ts';

export const leaderAway: LawMaker = ({ facts, run }) => {
  return {
    name: 'S3 leader away',
    order(order) {
      if (order.type !== 'SET_ROUTE' || order.kind !== 'failover') return null;
      if (run.isRetry(order)) return null;
      const target = facts.of(run.is.target);
      const s = facts.settings();
      if (!target || accusation(target, facts.nowMs(), s)) return null;
      const forMs = target.badLists > 0 ? facts.nowMs() - target.badListsSinceMs : 0;
      const lists = `${target.badLists} lists without its session over ${ms(forMs)}`;
      return `left ${target.path.id} with no evidence but ${lists}, session_lost=${s.session.lostMs} ms`;
    },
  };
};
