/**
 * The orders the chart gives, made from the context. Called by the emits in `setup.ts`; a missing
 * goal or record there would be a fault of the chart itself and ends the process, route in place.
 */

import { type Context, effectiveEntry, type Goal, home, pathOf } from './context.ts';
import type { Path, RouteEntry } from './model.ts';
import type { Order } from './orders.ts';

function goalOf(c: Context): { goal: Goal; path: Path } {
  const path = pathOf(c, c.goal?.path ?? null);
  if (!c.goal || !path) throw new Error('an order for a switch was given without a goal');
  return { goal: c.goal, path };
}

export function route(c: Context): Order {
  const { goal, path } = goalOf(c);
  const retry = goal.attempts > 1 ? `attempt ${goal.attempts} (${goal.error}); ` : '';
  return {
    type: 'SET_ROUTE',
    orderId: goal.orderId,
    path: path.id,
    kind: goal.kind,
    nfsIp: c.settings.nfsIp,
    gateway: path.ip,
    remove: surplus(c),
    also: path.kind === 'access' ? [{ dst: path.dataIp, gateway: path.ip }] : [],
    reason: `${retry}${goal.says}`,
  };
}

/** Entries that setting ours at metric 0 would leave beside it. */
function surplus(c: Context): RouteEntry[] {
  return c.table.kind === 'read' ? c.table.entries.filter((e) => e.metric !== 0) : [];
}

export function read(c: Context): Order {
  return {
    type: 'READ_ROUTE',
    orderId: c.lastOrderId,
    reason: 'the switch was given up; what stands now?',
  };
}

export function breakConnections(c: Context): Order {
  const { goal } = goalOf(c);
  return {
    type: 'BREAK_CONNECTIONS',
    orderId: goal.orderId,
    nfsIp: c.settings.nfsIp,
    reason: `the route left ${goal.from ?? 'no target'} for ${goal.path}`,
  };
}

export function noteSwitch(c: Context): Order {
  const { goal } = goalOf(c);
  const { from, path: to, kind, orderId } = goal;
  return { type: 'NOTE_SWITCH', orderId, from, to, kind, reason: goal.says };
}

export function record(c: Context): Order {
  const { uuid, clientIps, orderId, refusals, error } = c.record;
  if (uuid === null) throw new Error('a record was ordered without a session');
  const again = refusals > 0 ? `, ${refusals} refused before: ${error}` : '';
  const reason = `the leader must know this host's addresses${again}`;
  return { type: 'REFRESH_RECORD', orderId, uuid, clientIps, reason };
}

export function report(c: Context): Order {
  const path = pathOf(c, c.target);
  if (!path) return { type: 'REPORT_TO', ip: null, path: null, reason: 'there is no target' };
  const where = path.id === home(c).id ? 'home' : 'away from home';
  const entry = c.table.kind === 'read' ? effectiveEntry(c.table.entries) : undefined;
  const reason = `the route is ${where}, via ${entry?.gateway ?? 'an unread gateway'}`;
  return { type: 'REPORT_TO', ip: path.ip, path: path.id, reason };
}
