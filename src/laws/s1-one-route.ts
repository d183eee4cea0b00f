/**
 * S1, one route: after everything that this controller does to the kernel's table there is at
 * least one entry for the NFS address and never two that it wrote itself. What others put there is
 * not its doing; the moment between its replace and the deletion of a foreign entry is allowed.
 * Needs `table` entries (truth); about platforms with an atomic replace (Linux) only.
 */

import type { RouteEntry } from '../machines/model.ts';
import type { LawMaker } from './law.ts';

const keyOf = (e: RouteEntry): string =>
  `${e.gateway} dev ${e.device} metric ${e.metric} proto ${e.protocol} ${e.plain ? '' : 'odd'}`;

export const oneRoute: LawMaker = () => {
  let before = new Set<string>();
  let own = new Set<string>();
  let watched = false;
  return {
    name: 'S1 one route',
    fact(fact) {
      if (watched || fact.type !== 'ROUTE_READ') return null;
      before = new Set(fact.entries.map(keyOf)); // what stood there before the truth is known
      return null;
    },
    table({ by, entries }) {
      watched = true;
      const after = entries.map(keyOf);
      const kept = after.filter((k) => own.has(k));
      const written = by === 'controller' ? after.filter((k) => !before.has(k)) : [];
      before = new Set(after);
      own = new Set([...kept, ...written]);
      if (by === 'other') return null;
      if (after.length === 0) return 'the controller left 0 entries for the NFS address';
      const mine = kept.length + written.length;
      if (mine < 2) return null;
      return `the controller left ${mine} entries of its own: ${[...kept, ...written].join('; ')}`;
    },
  };
};
