/**
 * Gates: every condition that can hold a switch back, each with its answer in words and numbers.
 * The chart's guards are "all gates open", and `why` prints the same gates, so that an explanation
 * can never differ from the decision.
 */

import {
  type Context,
  entriesLeadTo,
  home,
  pathOf,
  upPaths,
  verdictOf,
  viewOf,
  wellSinceMs,
} from './context.ts';
import { CLOSED, gatesOf, OPEN, type Rule, when } from './gate.ts';
import { budgetOpensAtMs, holdMs, recentMoves } from './hold.ts';
import type { Path, PathId } from './model.ts';
import { type Choice, choose } from './select.ts';

/** Repairs within a minute after which another writer of the route is suspected. */
export const CONTESTED_REPAIRS = 5;
/** Pause between repairs of a contested route; shorter where there is no route at all. */
export const CONTESTED_PAUSE_MS = 10_000;
export const CONTESTED_EMPTY_PAUSE_MS = 1000;

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const settled: Rule = {
  name: 'settled',
  opens: (c) => when(c.goal === null),
  says: (c) => (c.goal ? `a switch to ${c.goal.path} is under way` : 'no switch is under way'),
};

const steering: Rule = {
  name: 'steering',
  opens: (c) => when(!c.run.shadow && !c.memory.paused && c.memory.pin === null),
  says: (c) => {
    if (c.run.shadow) return 'shadow: decides but never acts';
    if (c.memory.paused) return 'paused by the operator';
    return c.memory.pin ? `pinned to ${c.memory.pin.path} by the operator` : 'LOOP';
  },
};

const acting: Rule = {
  name: 'acting',
  opens: (c) => when(!c.run.shadow && !c.memory.paused),
  says: (c) => (c.run.shadow ? 'shadow: never acts' : c.memory.paused ? 'paused' : 'acting'),
};

export const warmGate: Rule = {
  name: 'warm_up',
  timed: true,
  opens: (c) => c.run.startedAtMs + c.settings.timers.warmUpMs,
  says: (c) => `warm_up=${seconds(c.settings.timers.warmUpMs)} after the start`,
};

/** A table that was never read, or cannot be read, is unknown: that is not "there is no route". */
const table: Rule = {
  name: 'table',
  opens: (c) => when(c.target !== null || c.table.kind === 'read'),
  says: (c) => `the routing table is ${c.table.kind}`,
};

export const targetLostGate: Rule = {
  name: 'target_lost',
  opens: (c) => when(c.target === null || verdictOf(c, c.target) === 'down'),
  says: (c) => {
    if (c.target === null) return 'there is no target';
    const view = viewOf(c, c.target);
    return `${c.target} is ${view?.verdict ?? 'unknown'}: ${view?.says ?? 'never judged'}`;
  },
};

/** Without a target there is nothing to come home from: that is the failover's. */
const away: Rule = {
  name: 'away',
  opens: (c) => when(c.target !== null && c.target !== home(c).id),
  says: (c) => (c.target === null ? 'there is no target' : `the route is on ${c.target}`),
};

const homeUp: Rule = {
  name: 'home_up',
  opens: (c) => when(verdictOf(c, home(c).id) === 'up'),
  says: (c) => {
    const view = viewOf(c, home(c).id);
    const since = view?.upSinceMs ?? null;
    const says =
      since === null ? (view?.says ?? 'never judged') : `for ${seconds(c.nowMs - since)}`;
    return `${home(c).id} is ${view?.verdict ?? 'unknown'}: ${says}`;
  },
};

export const holdGate: Rule = {
  name: 'hold',
  timed: true,
  opens: (c) => (wellSinceMs(c) ?? CLOSED) + holdMs(c.memory.relapses, c.settings),
  says: (c) => {
    const since = wellSinceMs(c);
    const { backToNormalMs, relapseFactor } = c.settings.timers;
    const hold = seconds(holdMs(c.memory.relapses, c.settings));
    const formula = `${seconds(backToNormalMs)} x ${relapseFactor}^${c.memory.relapses} = ${hold}`;
    return since === null
      ? `home is not well; its hold would be ${formula}`
      : `home well for ${seconds(c.nowMs - since)}, hold ${formula}`;
  },
};

const dwell: Rule = {
  name: 'dwell',
  timed: true,
  opens: (c) => (c.memory.arrivedAtMs ?? OPEN) + c.settings.timers.dwellMs,
  says: (c) => `dwell=${seconds(c.settings.timers.dwellMs)} after the last arrival`,
};

const returnGuardOpens = (c: Context, to: PathId): number =>
  (c.memory.leftAtMs[to] ?? OPEN) + c.settings.timers.returnGuardMs;

const returnGuard: Rule = {
  name: 'return_guard',
  timed: true,
  opens: (c) => returnGuardOpens(c, home(c).id),
  says: (c) =>
    `return_guard=${seconds(c.settings.timers.returnGuardMs)} after ${home(c).id} was left`,
};

const budget: Rule = {
  name: 'budget',
  timed: true,
  opens: (c) => budgetOpensAtMs(c.memory, c.nowMs, c.settings) ?? CLOSED,
  says: (c) => {
    const used = recentMoves(c.memory, c.nowMs).length;
    return `${used} of budget_per_hour=${c.settings.switch.budgetPerHour} preference moves used`;
  },
};

const firstUpMs = (c: Context): number => {
  let first = Number.POSITIVE_INFINITY;
  for (const { upSinceMs } of c.paths) {
    if (upSinceMs !== null && upSinceMs < first) first = upSinceMs;
  }
  return first;
};

const blackoutMs = (c: Context): number =>
  c.settings.service.intervalMs + 2 * c.settings.probe.intervalMs;

/**
 * When the first path has only just come back, everything was dark: our own network is suspected,
 * and the target gets the time of a few probes and one service call to answer as well.
 */
const blackout: Rule = {
  name: 'blackout',
  timed: true,
  opens: (c) => {
    const first = firstUpMs(c);
    return Number.isFinite(first) ? first + blackoutMs(c) : OPEN;
  },
  says: (c) => {
    const first = firstUpMs(c);
    if (!Number.isFinite(first)) return 'no path is up';
    const forMs = seconds(c.nowMs - first);
    return `the first path has been up for ${forMs}, wait ${seconds(blackoutMs(c))}`;
  },
};

/** Where a failover would go: the best path that is up and is not the target. */
export function failoverChoice(c: Context): Choice | null {
  const others = upPaths(c).filter((p) => p.id !== c.target);
  return choose(others, c.settings.hostId, c.target);
}

/** Where a preference move off a management path would go: storage, not home (home has a hold). */
export function preferenceChoice(c: Context): Choice | null {
  if (pathOf(c, c.target)?.network !== 'management') return null;
  const guarded = (p: Path): boolean => c.nowMs >= returnGuardOpens(c, p.id);
  const better = upPaths(c).filter((p) => p.network === 'storage' && !p.local && guarded(p));
  return choose(better, c.settings.hostId, c.target);
}

const candidate = (choice: (c: Context) => Choice | null): Rule => ({
  name: 'candidate',
  opens: (c) => when(choice(c) !== null),
  says: (c) => {
    const found = choice(c);
    return found ? `${found.path}, ${found.criterion}` : 'no other path is up';
  },
});

/** Leaving a lost target. */
export const failover = gatesOf(
  targetLostGate,
  candidate(failoverChoice),
  steering,
  warmGate,
  table,
  blackout,
  settled,
);

/** Going home while the present target is up. */
export const homecoming = gatesOf(
  away,
  homeUp,
  holdGate,
  returnGuard,
  dwell,
  budget,
  steering,
  warmGate,
  settled,
);

/** Leaving a management path for a storage path of another SCVM. */
export const preference = gatesOf(
  candidate(preferenceChoice),
  dwell,
  budget,
  steering,
  warmGate,
  settled,
);

const isOff = (c: Context): boolean =>
  c.target !== null && c.table.kind === 'read' && !entriesLeadTo(c, c.table.entries, c.target);

const differs: Rule = {
  name: 'differs',
  opens: (c) => when(isOff(c)),
  says: (c) => (isOff(c) ? 'the table differs from the target' : 'the table agrees'),
};

const targetUp: Rule = {
  name: 'target_up',
  opens: (c) => when(verdictOf(c, c.target) === 'up'),
  says: (c) => `${c.target ?? 'no target'} is ${verdictOf(c, c.target)}`,
};

const recentRepairs = (c: Context): number[] =>
  c.run.repairedAtMs.filter((at) => c.nowMs - at < 60_000);

const contested: Rule = {
  name: 'contested',
  timed: true,
  opens: (c) => {
    const times = recentRepairs(c);
    const last = times[times.length - 1];
    if (last === undefined || times.length < CONTESTED_REPAIRS) return OPEN;
    const isEmpty = c.table.kind === 'read' && c.table.entries.length === 0;
    return last + (isEmpty ? CONTESTED_EMPTY_PAUSE_MS : CONTESTED_PAUSE_MS);
  },
  says: (c) => `${recentRepairs(c).length} repairs in the last minute`,
};

/** Putting the route back where it should be. */
export const repair = gatesOf(differs, targetUp, acting, warmGate, contested, settled);

const pinned: Rule = {
  name: 'pinned',
  opens: ({ target, memory: { pin } }) => when(pin !== null && target !== pin.path),
  says: ({ memory: { pin } }) => (pin ? `pinned to ${pin.path}` : 'no pin'),
};

const pinUp: Rule = {
  name: 'pin_up',
  opens: (c) => when(verdictOf(c, c.memory.pin?.path ?? null) === 'up'),
  says: (c) => {
    const path = c.memory.pin?.path ?? null;
    return `${path ?? 'no pin'} is ${verdictOf(c, path)}`;
  },
};

/** Obeying the operator's pin. */
export const pinning = gatesOf(pinned, pinUp, acting, warmGate, settled);
