/** S1, S2, S8, S9: what an order may be, and when it counts. */

import type { Edge, EdgeLaw } from './edge.ts';
import { isDark, isNewId, isWarm, ordersOf, pathOf, targetOf, verdictOf } from './edge.ts';

export const oneRoute: EdgeLaw = {
  name: 'S1 one route',
  broken(edge) {
    const sets = ordersOf(edge, 'SET_ROUTE');
    if (sets.length > 1) return `${sets.length} routes were ordered in one step`;
    for (const { path, gateway, remove, orderId } of sets) {
      if (pathOf(edge.to, path)?.ip !== gateway) return `${path} was ordered by way of ${gateway}`;
      if (remove.some((e) => e.metric === 0)) return 'the order removes the entry that it sets';
      if (!isNewId(edge, orderId)) return 'the order has the number of another one';
    }
    const known = edge.to.moment.context.table;
    const surplus = known.kind === 'read' && known.entries.some((e) => e.metric !== 0);
    const [set] = sets;
    if (set && surplus && set.remove.length === 0) return 'a second entry is left beside ours';
    return null;
  },
};

export const noBlindSwitch: EdgeLaw = {
  name: 'S2 no blind switch',
  broken(edge) {
    for (const { path, kind } of ordersOf(edge, 'SET_ROUTE')) {
      const verdict = verdictOf(edge.to, path);
      if (verdict !== 'up') return `${kind} onto ${path}, which is ${verdict}`;
      if (!isWarm(edge.to)) return `${kind} before warm_up was over`;
      // What follows is asked of a decision; an order that is repeated was decided before.
      if (edge.was.route !== 'Settled') continue;
      if ((kind === 'failover' || kind === 'first') && isDark(edge.to)) {
        return `${kind} at the first sign of life after everything was dark`;
      }
      if (kind === 'first' && edge.to.moment.context.table.kind !== 'read') {
        return 'a first route although nobody knows what the table holds';
      }
    }
    return null;
  },
};

/** Something read the kernel's table in this step. */
const reads = ({ move: { kind } }: Edge): boolean =>
  kind === 'read' || kind === 'command' || kind === 'foreign';

function leadsTo({ to }: Edge, path: string): boolean {
  const [only, ...more] = to.world.table.entries;
  return more.length === 0 && only?.plain === true && only.gateway === pathOf(to, path)?.ip;
}

function counted(edge: Edge): string | null {
  const [note, ...more] = ordersOf(edge, 'NOTE_SWITCH');
  if (more.length > 0) return 'one step counted two switches';
  const target = targetOf(edge.to);
  if (note) {
    if (!reads(edge)) return `the switch to ${note.to} counts without a read`;
    if (note.to !== edge.from.moment.context.goal?.path) return `nobody ordered ${note.to}`;
    if (!leadsTo(edge, note.to)) {
      return `the switch to ${note.to} counts and the table ${edge.to.world.table.says}`;
    }
    if (target !== note.to) return `the switch to ${note.to} counts, the target is ${target}`;
    if (edge.to.moment.context.goal?.orderId === note.orderId) {
      return 'a switch that counts is still under way';
    }
    if (ordersOf(edge, 'REPORT_TO')[0]?.path !== note.to) return 'the heartbeat did not follow';
  } else if (target !== targetOf(edge.from) && !mayChange(edge)) {
    return `the target became ${target} without a switch`;
  }
  const breaks = ordersOf(edge, 'BREAK_CONNECTIONS').length;
  const wanted = note && edge.to.settings.switch.breakConnections ? 1 : 0;
  return breaks === wanted ? null : `connections were broken ${breaks} times instead of ${wanted}`;
}

/** Without an order the target changes by taking over what is there, by a reload, or at a start. */
function mayChange(edge: Edge): boolean {
  if (edge.move.kind === 'reload' || edge.move.kind === 'boot') return true;
  const { target, memory, run } = edge.from.moment.context;
  return reads(edge) && (target === null || memory.paused || run.shadow);
}

/** What was not confirmed is tried again, given up or reported, and is not waited for any more. */
function denied(edge: Edge): string | null {
  const { goal, table } = edge.to.moment.context;
  const given = edge.from.moment.context.goal;
  if (edge.is.route === 'Unconfirmed' && edge.was.route === 'Switching.Installing') {
    if (goal?.error === '') return 'a failed switch does not say why';
  }
  const answered = edge.move.kind === 'command' && edge.to.world.command === 'none';
  if (answered && edge.from.world.command !== 'none' && edge.is.route === 'Switching.Installing') {
    if (ordersOf(edge, 'SET_ROUTE').length === 0) return 'an answered order is waited for';
  }
  if (given && goal === null && edge.was.route === 'Unconfirmed' && edge.move.kind !== 'boot') {
    const known = ordersOf(edge, 'NOTE_SWITCH').length > 0;
    const asked = ordersOf(edge, 'READ_ROUTE').some((o) => isNewId(edge, o.orderId));
    if (!known && !asked) return 'a failed switch was given up and nobody asks what stands';
  }
  const told = edge.orders.length === 0 || edge.is.route !== 'Switching.Installing';
  if (edge.move.kind === 'read' && told && table.kind === 'unread')
    return 'what was read is not noted';
  return null;
}

/** What was read is known. */
function noted(edge: Edge): string | null {
  if (edge.move.kind !== 'read' && edge.move.kind !== 'foreign') return null;
  const { table } = edge.to.moment.context;
  const { entries } = edge.to.world.table;
  if (table.kind === 'read' && table.entries === entries) return null;
  if (table.kind === 'unreadable' && edge.move.kind === 'read') return null;
  // A silent change of the table is not read.
  return edge.isStill || edge.move.kind === 'foreign' ? null : 'what was read is not what is known';
}

export const orderIsNotFact: EdgeLaw = {
  name: 'S8 order is not fact',
  broken(edge) {
    if (edge.move.kind === 'late' && !edge.wasDue && !edge.isStill) {
      return 'the answer to an older order changed something';
    }
    if (edge.move.kind === 'late' && edge.orders.length > 0 && !edge.wasDue) {
      return 'the answer to an older order led to an order';
    }
    return counted(edge) ?? denied(edge) ?? noted(edge);
  },
};

export const explained: EdgeLaw = {
  name: 'S9 explained',
  broken(edge) {
    for (const order of edge.orders) {
      if ('reason' in order && !/\w/.test(order.reason)) return `${order.type} has no reason`;
      if ('reason' in order && /undefined|NaN/.test(order.reason)) {
        return `${order.type} gives "${order.reason}" as its reason`;
      }
    }
    return null;
  },
};
