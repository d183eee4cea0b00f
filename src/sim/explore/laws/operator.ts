/** S7: the operator's word. What he said is kept apart from what the chart made of it. */

import type { Pin } from '../../../machines/model.ts';
import { NOW_MS } from '../scale.ts';
import type { Spot } from '../space.ts';
import type { Edge, EdgeLaw } from './edge.ts';
import { mayAct, memoryOf, ordersOf, pathOf, targetOf, verdictOf } from './edge.ts';

const same = (a: Pin | null, b: Pin | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.path === b.path &&
    a.untilMs === b.untilMs &&
    a.failsafe === b.failsafe);

/** Paused: as he said last; a daemon that lost its memory knows of nothing. */
function paused(edge: Edge): string | null {
  const was = memoryOf(edge.from).paused;
  const is = memoryOf(edge.to).paused;
  const { shadow } = edge.to.moment.context.run;
  if (edge.move.kind === 'boot') return null;
  const wanted =
    edge.move.kind === 'pause' ? true : edge.move.kind === 'resume' && !shadow ? false : was;
  // In shadow there is nothing to pause.
  return is === wanted || shadow ? null : `paused is ${is} instead of ${wanted}`;
}

/** Why a pin may be gone: nobody else takes it from the operator. */
function mayEnd(edge: Edge, pin: Pin): boolean {
  if (edge.move.kind === 'release' || edge.move.kind === 'boot') return true;
  if (pin.untilMs !== null && NOW_MS >= pin.untilMs) return true;
  if (!pathOf(edge.to, pin.path)) return true;
  return hasTripped(edge.to, pin);
}

/** The operator allowed it to be given up when its path is down and another is up. */
const hasTripped = (spot: Spot, pin: Pin): boolean =>
  pin.failsafe &&
  verdictOf(spot, pin.path) === 'down' &&
  spot.views.of.some((h) => h.verdict === 'up');

function pinned(edge: Edge): string | null {
  const was = memoryOf(edge.from).pin;
  const is = memoryOf(edge.to).pin;
  if (is && is.untilMs !== null && NOW_MS >= is.untilMs)
    return `${is.path} is pinned after its end`;
  if (is && !pathOf(edge.to, is.path)) return `${is.path} is pinned and not configured`;
  if (edge.move.kind === 'release' && is) return 'a released pin is kept';
  const kept = edge.is.steering === 'Route' && is !== null && hasTripped(edge.to, is);
  // What the operator says is judged with the next evidence.
  if (kept && !edge.wasDue && edge.move.kind !== 'pin' && edge.move.kind !== 'resume') {
    return 'a failsafe did not trip';
  }
  if (same(was, is) || edge.move.kind === 'pin' || edge.move.kind === 'boot') return null;
  if (was && !mayEnd(edge, was)) return `the pin to ${was.path} ended by itself`;
  return is === null ? null : `pinned to ${is.path} unasked`;
}

/** A wish is taken if its path is up and something may move, and only then. */
function obeyed({ move, from, to, wasDue }: Edge): string | null {
  const { wish } = move;
  if (!wish || wasDue) return null;
  const isUp = verdictOf(from, wish.path) === 'up';
  const is = memoryOf(to).pin;
  if (isUp && mayAct(from)) return same(is, wish) ? null : `the pin to ${wish.path} was not taken`;
  return same(is, memoryOf(from).pin) ? null : `pinned to ${wish.path}, which must not be`;
}

function named(edge: Edge): string | null {
  const { pin } = memoryOf(edge.to);
  const wanted = !mayAct(edge.to) ? 'Paused' : pin ? 'Route' : 'Loop';
  return edge.is.steering === wanted ? null : `steering is ${edge.is.steering}, not ${wanted}`;
}

/** Why this regime forbids what was ordered; null: it does not. */
function forbids(regime: Spot, edge: Edge): string | null {
  const [set] = ordersOf(edge, 'SET_ROUTE');
  if (!set) return null;
  if (!mayAct(regime)) return 'while paused';
  const { pin } = memoryOf(regime);
  if (set.kind === 'pin' && pin?.path !== set.path) return 'which nobody asked for';
  if (!pin || pin.path === set.path) return null;
  const restores = set.kind === 'repair' && set.path === targetOf(edge.to);
  return restores ? null : `while pinned to ${pin.path}`;
}

function moved(edge: Edge): string | null {
  const { shadow } = edge.to.moment.context.run;
  const told = edge.orders.find((o) => /^(SET|BREAK|REFRESH|REPORT)/.test(o.type));
  if (shadow && told) return `${told.type} in shadow`;
  const why = forbids(edge.to, edge);
  // A timer that was due was heard before the operator.
  if (why === null || (edge.wasDue && forbids(edge.from, edge) === null)) return null;
  const [set] = ordersOf(edge, 'SET_ROUTE');
  return `${set?.kind} to ${set?.path} ${why}`;
}

export const operatorFirst: EdgeLaw = {
  name: 'S7 operator first',
  broken: (edge) => paused(edge) ?? pinned(edge) ?? obeyed(edge) ?? named(edge) ?? moved(edge),
};
