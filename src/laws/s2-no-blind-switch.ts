/**
 * S2, no blind switch: no order to route onto a path that the facts do not show well at that very
 * time, whatever the reason, the operator's wish and a repeated order included. Judged from pings,
 * service answers, links and sessions; the controller's verdict is not asked.
 */

import { whyNotUp } from './evidence.ts';
import type { LawMaker } from './law.ts';

export const noBlindSwitch: LawMaker = ({ facts }) => {
  return {
    name: 'S2 no blind switch',
    order(order) {
      if (order.type !== 'SET_ROUTE') return null;
      const x = facts.of(order.path);
      if (!x) return `${order.kind} onto ${order.path}, which is not configured`;
      if (x.path.ip !== order.gateway) {
        return `${order.kind} onto ${order.path} by gateway ${order.gateway} instead of ${x.path.ip}`;
      }
      const why = whyNotUp(x, facts.nowMs(), facts.settings());
      return why && `${order.kind} onto ${order.path}, but ${why}`;
    },
  };
};
