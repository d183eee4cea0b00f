/** S3, S4, S5: when the route may leave a path, go home, or prefer, and how relapses count. */

import { maxRelapses } from '../../../machines/hold.ts';
import type { Memory, PathId } from '../../../machines/model.ts';
import type { OrderOf } from '../../../machines/orders.ts';
import { NOW_MS, TICK_MS } from '../scale.ts';
import type { Spot } from '../space.ts';
import type { Edge, EdgeLaw } from './edge.ts';
import {
  HOUR_MS,
  hasBudget,
  holdMsOf,
  homeOf,
  homeWellMs,
  isOver,
  memoryOf,
  ordersOf,
  pathOf,
  targetOf,
  verdictOf,
} from './edge.ts';

const targetLost = (edge: Edge): boolean => {
  const target = targetOf(edge.to);
  return target === null || verdictOf(edge.to, target) === 'down';
};

const isWanted = (edge: Edge, path: PathId): boolean => memoryOf(edge.to).pin?.path === path;

/** Nobody is left because something could not be asked, or because the leader was away. */
export const leaderAway: EdgeLaw = {
  name: 'S3 leader away',
  broken(edge) {
    const [set] = ordersOf(edge, 'SET_ROUTE');
    const flees = set?.kind === 'failover' || set?.kind === 'first';
    if (edge.move.kind === 'session' && flees && !edge.wasDue) {
      return `a session list led to a ${set.kind} to ${set.path}`;
    }
    // What the operator pinned meanwhile goes on whatever it was begun for.
    if (!flees || targetLost(edge) || isWanted(edge, set.path)) return null;
    return `${targetOf(edge.to)} is ${verdictOf(edge.to, targetOf(edge.to))} and was left`;
  },
};

function early(spot: Spot, set: OrderOf<'SET_ROUTE'>): string | null {
  const { timers } = spot.settings;
  const { relapses, leftAtMs, arrivedAtMs } = memoryOf(spot);
  const well = homeWellMs(spot);
  const hold = holdMsOf(relapses, spot.settings);
  if (set.kind === 'return' && (well === null || well < hold)) {
    return `home is well for ${well} ms of ${hold} ms`;
  }
  if (!isOver(leftAtMs[set.path], timers.returnGuardMs)) return 'return_guard has not passed';
  if (!isOver(arrivedAtMs, timers.dwellMs)) return 'dwell has not passed';
  return hasBudget(spot) ? null : 'the budget is used up';
}

export const noEarlyReturn: EdgeLaw = {
  name: 'S4 no early return',
  broken(edge) {
    const [set] = ordersOf(edge, 'SET_ROUTE');
    if (!set || set.path !== homeOf(edge.to).id || targetOf(edge.to) === set.path) return null;
    if (set.kind === 'repair' || isWanted(edge, set.path) || targetLost(edge)) return null;
    if (set.kind !== 'return') return `${set.kind} home, and the target is not down`;
    const why = early(edge.to, set);
    return why && `return home, but ${why}`;
  },
};

function preferred(edge: Edge): string | null {
  const [set] = ordersOf(edge, 'SET_ROUTE');
  if (set?.kind !== 'prefer') return null;
  const from = pathOf(edge.to, targetOf(edge.to));
  const to = pathOf(edge.to, set.path);
  if (from?.network !== 'management') return `preference move off ${from?.id}`;
  if (to?.network !== 'storage' || to.local) return `preference move to ${to?.id}`;
  const why = early(edge.to, set);
  return why && `preference move to ${set.path}, but ${why}`;
}

/** The list of preference moves grows by each that counts, and only an hour takes one off. */
function spent(edge: Edge): string | null {
  if (edge.move.kind === 'boot') return null;
  const [note] = ordersOf(edge, 'NOTE_SWITCH');
  const isSpent =
    note && note.from !== note.to && (note.kind === 'return' || note.kind === 'prefer');
  const old = memoryOf(edge.from).preferredAtMs.filter((at) => !isOver(at, HOUR_MS));
  const now = memoryOf(edge.to).preferredAtMs.filter((at) => !isOver(at, HOUR_MS));
  const wanted = isSpent ? [...old, NOW_MS] : old;
  return wanted.join() === now.join()
    ? null
    : `${now.length} preference moves are remembered instead of ${wanted.length}`;
}

/** Relapses after service at home until now. */
function forgiven(m: Memory, spot: Spot): number {
  const { forgiveMs } = spot.settings.timers;
  const servedMs = m.servingSinceMs === null ? 0 : NOW_MS - m.servingSinceMs;
  return Math.max(0, m.relapses - Math.floor(servedMs / forgiveMs));
}

/** Home's hold ran and home gave a bad sign. */
function relapsed(edge: Edge): boolean {
  if (!edge.was.access.startsWith('BackToNormal')) return false;
  const verdict = verdictOf(edge.to, homeOf(edge.to).id);
  if (verdict === 'suspect' || verdict === 'down') return true;
  const [before] = edge.from.views.of;
  const [after] = edge.to.views.of;
  const isNew = before?.verdict === 'up' && after?.verdict === 'up' && after.age < before.age;
  return isNew && edge.from.moment.context.run.heldFromMs < NOW_MS;
}

function relapsesOf(edge: Edge): number {
  const was = memoryOf(edge.from);
  const limit = maxRelapses(edge.to.settings);
  const { servingSinceMs } = was;
  const target = targetOf(edge.to);
  // Whoever ends the service at home: what it has forgiven is forgiven.
  if (
    servingSinceMs !== null &&
    target !== null &&
    target !== homeOf(edge.to).id &&
    target !== targetOf(edge.from)
  ) {
    const [note] = ordersOf(edge, 'NOTE_SWITCH');
    const soon = !isOver(servingSinceMs, edge.to.settings.timers.forgiveMs);
    const again = note?.kind === 'failover' && was.returned && soon;
    return Math.min(limit, forgiven(was, edge.to) + (again ? 1 : 0));
  }
  const counts = relapsed(edge) && was.pin === null;
  return Math.min(limit, was.relapses + (counts ? 1 : 0));
}

function counted(edge: Edge): string | null {
  if (edge.move.kind === 'boot') return null;
  const wanted = relapsesOf(edge);
  const { relapses, servingSinceMs, returned, arrivedAtMs, leftAtMs } = memoryOf(edge.to);
  if (relapses !== wanted) return `relapses=${relapses} instead of ${wanted}`;
  const [note] = ordersOf(edge, 'NOTE_SWITCH');
  if (!note || note.from === note.to) return null;
  const isHome = note.to === homeOf(edge.to).id;
  if (isHome !== (servingSinceMs === NOW_MS)) return 'service at home is counted wrongly';
  if (isHome && (note.kind === 'return' || note.kind === 'failover') && !returned) {
    return 'the return is not remembered';
  }
  if (arrivedAtMs !== NOW_MS) return 'the arrival is not remembered';
  return note.from === null || leftAtMs[note.from] === NOW_MS
    ? null
    : `that ${note.from} was left is not remembered`;
}

/** Five repairs within a minute: another writer; then only with pauses. */
function contested(edge: Edge): string | null {
  const [set] = ordersOf(edge, 'SET_ROUTE');
  if (set?.kind !== 'repair' || edge.was.route !== 'Settled') return null;
  const { repairedAtMs } = edge.from.moment.context.run;
  const recent = repairedAtMs.filter((at) => !isOver(at, 60_000));
  const last = recent.at(-1);
  if (recent.length < 5 || last === undefined || NOW_MS - last >= TICK_MS) return null;
  return `repair number ${recent.length + 1} within a minute, without a pause`;
}

export const boundedFlapping: EdgeLaw = {
  name: 'S5 bounded flapping',
  broken: (edge) => preferred(edge) ?? spent(edge) ?? counted(edge) ?? contested(edge),
};
