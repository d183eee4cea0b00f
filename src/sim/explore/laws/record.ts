/** S6: the session record is asked for when it must be, and until it is acknowledged. */

import type { Spot } from '../space.ts';
import type { Edge, EdgeLaw } from './edge.ts';
import { isNewId, memoryOf, ordersOf, targetOf, verdictOf } from './edge.ts';

/** The local session and own addresses are known, and this daemon may write. */
const canTell = ({ moment }: Spot): boolean => {
  const { run, record } = moment.context;
  return !run.shadow && record.uuid !== null && record.clientIps.length > 0;
};

function asked(edge: Edge): string | null {
  const { record, run } = edge.to.moment.context;
  for (const order of ordersOf(edge, 'REFRESH_RECORD')) {
    if (run.shadow) return 'a record was ordered in shadow';
    if (!isNewId(edge, order.orderId)) return 'the order has the number of another one';
  }
  const refreshed = ordersOf(edge, 'REFRESH_RECORD').length > 0;
  if (!canTell(edge.to)) return refreshed && record.uuid === null ? 'nobody was told' : null;
  if (ordersOf(edge, 'NOTE_SWITCH').length > 0 && !refreshed) {
    return 'the route changed and the record was not ordered';
  }
  const announces = edge.is.route === 'Switching.Announcing';
  if (announces && edge.was.route !== edge.is.route && !refreshed) {
    return 'a switch waits for a record that was not ordered';
  }
  return null;
}

/** Owed is: for this session and these addresses nothing is acknowledged, or the route changed. */
function standing(edge: Edge): string | null {
  if (!canTell(edge.to)) return null;
  const { record } = edge.to.moment.context;
  const isOpen = edge.is.record === 'Asking' || edge.is.record === 'Retrying';
  if (!isOpen && (record.acked !== record.wanted || record.owedSinceMs !== null)) {
    return `the record is owed and the region is ${edge.is.record}`;
  }
  if (isOpen && record.owedSinceMs === null) return 'an open record is not shown as owed';
  if (edge.is.record === 'Asking' && record.asked !== record.wanted) {
    return `"${record.asked}" is asked for instead of "${record.wanted}"`;
  }
  const runs = edge.to.timers.some((t) => t.id.includes('.controller.record.'));
  if (isOpen && !runs) return 'an open record has no deadline';
  return null;
}

/** Acknowledged is what the leader acknowledged. */
function acknowledged(edge: Edge): string | null {
  const was = edge.from.moment.context.record;
  const { record } = edge.to.moment.context;
  const isNew = record.acked !== was.acked && record.acked === record.wanted;
  if (isNew && edge.move.kind !== 'record' && edge.move.kind !== 'session') {
    // The prompt leader answers within the step of whatever led to the order.
    if (ordersOf(edge, 'REFRESH_RECORD').length === 0) return 'acknowledged by nobody';
  }
  const refused = edge.was.record === 'Asking' && edge.is.record === 'Retrying';
  if (refused && (record.refusals === 0 || record.error === '')) {
    return 'a refusal is neither counted nor explained';
  }
  return null;
}

/** BEHAVIOUR.md section 4, step 1: leaving a path that is up, the record comes first. */
function announced(edge: Edge): string | null {
  const { goal, target } = edge.to.moment.context;
  const begins = edge.was.route === 'Settled' && edge.is.route !== 'Settled';
  if (!begins || !goal || !canTell(edge.to) || memoryOf(edge.to).paused) return null;
  const leavesUp = target !== null && target !== goal.path && verdictOf(edge.to, target) === 'up';
  const announces = edge.is.route === 'Switching.Announcing';
  if (leavesUp && !announces) return `${target} is up and is left without an announcement`;
  return announces && !leavesUp ? `leaving ${targetOf(edge.to)} waits for the record` : null;
}

export const acknowledgedRecord: EdgeLaw = {
  name: 'S6 acknowledged record',
  broken: (edge) => asked(edge) ?? standing(edge) ?? acknowledged(edge) ?? announced(edge),
};
