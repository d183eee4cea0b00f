/**
 * S9, explained: every order says why, and where a figure was compared the reason has a figure in
 * it. Digits in names and addresses are none. A reason that only says that a path is well, unknown,
 * or that there is no target has nothing to measure.
 */

import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import type { LawMaker } from './law.ts';

const ADDRESS = /\b\d+\.\d+\.\d+\.\d+\b/g;
const NOTHING_MEASURED = /^no target$|\bis (up|unknown): /;

export const explained: LawMaker = ({ run }) => {
  let names = namesOf(run.is.settings);

  function hasFigure(reason: string): boolean {
    let text = reason.replace(ADDRESS, '');
    for (const name of names) text = text.replaceAll(name, '');
    return /\d/.test(text);
  }

  return {
    name: 'S9 explained',
    fact(fact) {
      if (fact.type === 'RELOADED') names = namesOf(fact.settings);
      return null;
    },
    order(order) {
      if (order.reason.trim() === '') return `${order.type} without a reason`;
      if (!needsFigure(order) || hasFigure(order.reason)) return null;
      return `${order.type} without a figure: "${order.reason}"`;
    },
  };
};

/** Longest first, so that a name within a name leaves no digit behind. */
function namesOf(s: Settings): readonly string[] {
  const names = new Set(s.paths.flatMap((p) => [p.id, p.scvm]));
  return [...names].sort((a, b) => b.length - a.length);
}

function needsFigure(order: Order): boolean {
  if (order.type === 'SET_ROUTE') return order.kind === 'failover' || order.kind === 'return';
  if (order.type !== 'NOTE_TRANSITION' || order.region !== 'access') return false;
  return !NOTHING_MEASURED.test(order.reason);
}
