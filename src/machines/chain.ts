/**
 * The chain behind the last switch: what was noted from the first doubt to the confirmation, kept
 * so that `why` can answer long after. Bounded; derived from orders alone.
 */

import { lineOf } from './lines.ts';
import type { Order } from './orders.ts';

export interface Noted {
  readonly atMs: number;
  readonly line: string;
}

export interface Chain {
  /** Notes since the last confirmed switch, newest last. */
  readonly pending: readonly Noted[];
  /** The chain that ended in the last confirmed switch; empty before the first. */
  readonly last: readonly Noted[];
}

/** Notes kept of one chain: more would hide the decision in its noise. */
const MAX_NOTES = 24;

export const noChain: Chain = { pending: [], last: [] };

const told = new Set<Order['type']>([
  'NOTE_VERDICT',
  'NOTE_TRANSITION',
  'NOTE_WOULD_SWITCH',
  'SET_ROUTE',
]);

export function follow(chain: Chain, orders: readonly Order[], atMs: number): Chain {
  let { pending, last } = chain;
  for (const order of orders) {
    const line = lineOf(order);
    if (line === null) continue;
    if (order.type === 'NOTE_SWITCH') {
      last = [...pending, { atMs, line }].slice(-MAX_NOTES);
      pending = [];
    } else if (told.has(order.type) && !isRecord(order)) {
      pending = [...pending, { atMs, line }].slice(-MAX_NOTES);
    }
  }
  return pending === chain.pending && last === chain.last ? chain : { pending, last };
}

/** The session record follows a switch; it is never a reason for one. */
function isRecord(order: Order): boolean {
  return order.type === 'NOTE_TRANSITION' && order.region === 'record';
}
