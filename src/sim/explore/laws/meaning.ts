/**
 * The states say what is (BEHAVIOUR.md section 2), and what must be done at once is done at once:
 * the parts of L1, L2 and L3 that need no waiting. That what needs waiting comes at all, and how
 * soon, is judged over the whole graph in `calm.ts`.
 */

import type { Spot } from '../space.ts';
import type { Edge, EdgeLaw } from './edge.ts';
import {
  hasBudget,
  holdMsOf,
  homeOf,
  homeWellMs,
  isDark,
  isLoop,
  isOver,
  isWarm,
  mayAct,
  memoryOf,
  pathOf,
  targetOf,
  verdictOf,
} from './edge.ts';

const isUp = (spot: Spot, id: string | null): boolean => verdictOf(spot, id) === 'up';
const isBad = (spot: Spot, id: string | null): boolean =>
  id === null || verdictOf(spot, id) === 'suspect' || verdictOf(spot, id) === 'down';

function access({ to, is }: Edge): string | null {
  const target = targetOf(to);
  const home = homeOf(to).id;
  const where = `and the target is ${target}, ${verdictOf(to, target)}`;
  if (is.access === 'Normal' && (target !== home || isBad(to, target))) return `Normal, ${where}`;
  if (is.access === 'Rerouted') {
    if (target === home || isBad(to, target)) return `Rerouted, ${where}`;
    if (isUp(to, target) && isUp(to, home)) return 'Rerouted, and home is up';
  }
  if (is.access.startsWith('BackToNormal')) {
    if (target === home || target === null) return `BackToNormal, ${where}`;
    if (!isUp(to, home)) return `BackToNormal, and home is ${verdictOf(to, home)}`;
  }
  if (is.access === 'Degraded.Doubting' && isUp(to, target)) return `Degraded, ${where}`;
  return null;
}

function route({ to, is }: Edge): string | null {
  const { goal } = to.moment.context;
  const isOpen = is.route !== 'Settled';
  if (isOpen !== (goal !== null)) return `route is ${is.route}, the goal is ${goal?.path}`;
  const runs = to.timers.some((t) => t.id.includes('.controller.route.'));
  if (isOpen !== runs) return `route is ${is.route} ${runs ? 'with' : 'without'} a deadline`;
  const holds = to.timers.some((t) => t.id.includes('holdLeft'));
  if (holds !== (is.access === 'BackToNormal.Holding')) return 'the hold does not run as it should';
  const warms = to.timers.some((t) => t.id.includes('warmUp'));
  if (warms !== (is.access === 'Degraded.WarmingUp')) return 'the warm-up does not run';
  return null;
}

export const meaning: EdgeLaw = {
  name: 'states say what is',
  broken: (edge) => access(edge) ?? route(edge),
};

const others = (spot: Spot): boolean =>
  spot.settings.paths.some((p) => p.id !== targetOf(spot) && isUp(spot, p.id));

/** In LOOP a lost target is left in the very step in which it may be. */
function fled({ to, is }: Edge): string | null {
  const { goal, table } = to.moment.context;
  const target = targetOf(to);
  if (!isLoop(to) || !isWarm(to) || isDark(to) || !others(to) || goal !== null) return null;
  if (target === null && table.kind !== 'read') return null;
  // A process that stood still puts its timers off.
  if (is.access === 'Degraded.WarmingUp') return null;
  const lost = target === null || verdictOf(to, target) === 'down';
  return lost ? `${target ?? 'no target'} is lost, another path is up, and nothing is done` : null;
}

/** A goal that cannot be reached is not held on to, once its command has been answered. */
function stuck({ to, is }: Edge): string | null {
  const { goal } = to.moment.context;
  if (!goal || is.route === 'Switching.Installing') return null;
  const verdict = verdictOf(to, goal.path);
  if (verdict === 'suspect' || verdict === 'down')
    return `goal ${goal.path} is ${verdict} and kept`;
  if (!mayAct(to)) return `goal ${goal.path} is kept while paused`;
  const { pin } = memoryOf(to);
  if (pin && goal.path !== pin.path && goal.kind !== 'repair')
    return 'a pin waits for another goal';
  if (!pin && goal.kind === 'pin') return 'a goal of a pin that is gone is kept';
  const flees = goal.kind === 'failover' && pathOf(to, goal.from) !== undefined;
  if (flees && isUp(to, goal.from)) return `${goal.from} is up again and is still fled from`;
  return null;
}

function pinned({ to }: Edge): string | null {
  const { goal } = to.moment.context;
  const { pin } = memoryOf(to);
  if (!pin || !mayAct(to) || !isWarm(to) || goal !== null) return null;
  const waits = isUp(to, pin.path) && targetOf(to) !== pin.path;
  return waits ? `pinned to ${pin.path}, which is up, and nothing is done` : null;
}

/** A table that was read and does not lead to a target that is up is put right. */
function repaired({ to }: Edge): string | null {
  const { goal, table, run, target } = to.moment.context;
  if (!mayAct(to) || !isWarm(to) || goal !== null || table.kind !== 'read') return null;
  if (target === null || !isUp(to, target) || run.repairedAtMs.length >= 5) return null;
  const [only, ...more] = table.entries;
  const leads = more.length === 0 && only?.gateway === pathOf(to, target)?.ip;
  return leads ? null : 'the table is wrong, and nothing is done';
}

/** Evidence was told; what was only passed on is judged with the next evidence. */
const isJudged = ({ move, to }: Edge): boolean =>
  ['again', 'tick', 'stall', 'paths', 'session'].includes(move.kind) &&
  !to.timers.some((t) => t.left === 0);

export const atOnce: EdgeLaw = {
  name: 'L1 reach',
  broken(edge) {
    if (!isJudged(edge)) return null;
    return fled(edge) ?? stuck(edge) ?? pinned(edge) ?? repaired(edge);
  },
};

/** When nothing but the end of its hold kept the route away from home, it goes. */
export const homeAtOnce: EdgeLaw = {
  name: 'L2 home',
  broken(edge) {
    const { to, is } = edge;
    if (!isJudged(edge)) return null;
    const { settings, moment, timers } = to;
    const { goal, target, memory, run } = moment.context;
    const home = homeOf(to).id;
    if (target === null || target === home || goal !== null || !isLoop(to)) return null;
    // A process that stood still puts its timers off.
    if (timers.some((t) => /holdLeft|warmUp/.test(t.id)) || !isUp(to, target)) return null;
    const well = homeWellMs(to);
    if (well === null || well < holdMsOf(memory.relapses, settings) || !hasBudget(to)) return null;
    const { returnGuardMs, dwellMs } = settings.timers;
    if (!isOver(memory.leftAtMs[home], returnGuardMs) || !isOver(memory.arrivedAtMs, dwellMs)) {
      return null;
    }
    if (!isOver(run.startedAtMs, settings.timers.warmUpMs)) return null;
    return `home is well for ${well} ms, nothing holds the route on ${target} (${is.access})`;
  },
};

const MOVES = /^(SET_ROUTE|BREAK|REFRESH|REPORT)/;

/**
 * Told the same again, it does nothing; only a switch that the operator's last word ended is dropped
 * then. Told that once more, it stays as it is.
 */
export const settled: EdgeLaw = {
  name: 'L3 settled',
  broken({ move, from, is, was, isStill, isStable, wasDue, orders }) {
    if (move.kind !== 'again' || wasDue) return null;
    const acts = orders.find((o) => MOVES.test(o.type));
    if (acts) return `${acts.type} although nothing was new`;
    const drops = from.moment.context.goal !== null && is.route === 'Settled';
    if (!isStill && !(drops && was.route !== is.route))
      return 'it changed although nothing was new';
    return isStable ? null : 'told the same twice, it goes on changing';
  },
};
