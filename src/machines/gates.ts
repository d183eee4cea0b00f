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
import { type Gate, gate, gatesOf, timed } from './gate.ts';
import { budgetOpensAtMs, holdMs, recentMoves } from './hold.ts';
import type { Path, PathId } from './model.ts';
import { type Choice, choose } from './select.ts';

/** Repairs within a minute after which another writer of the route is suspected. */
export const CONTESTED_REPAIRS = 5;
/** Pause between repairs of a contested route; shorter where there is no route at all. */
export const CONTESTED_PAUSE_MS = 10_000;
export const CONTESTED_EMPTY_PAUSE_MS = 1000;

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

export const settledGate = (c: Context): Gate =>
  gate('settled', c.goal === null, () =>
    c.goal ? `a switch to ${c.goal.path} is under way` : 'no switch is under way',
  );

export const steeringGate = (c: Context): Gate => {
  if (c.run.shadow) return gate('steering', false, () => 'shadow: decides but never acts');
  if (c.memory.paused) return gate('steering', false, () => 'paused by the operator');
  const pin = c.memory.pin;
  return gate('steering', pin === null, () =>
    pin ? `pinned to ${pin.path} by the operator` : 'LOOP',
  );
};

export const actingGate = (c: Context): Gate => {
  const says = c.run.shadow ? 'shadow: never acts' : c.memory.paused ? 'paused' : 'acting';
  return gate('acting', says === 'acting', () => says);
};

export const warmGate = (c: Context): Gate =>
  timed(
    'warm_up',
    c,
    c.run.startedAtMs + c.settings.timers.warmUpMs,
    () => `warm_up=${seconds(c.settings.timers.warmUpMs)} after the start`,
  );

/** A table that was never read, or cannot be read, is unknown: that is not "there is no route". */
const tableGate = (c: Context): Gate =>
  gate(
    'table',
    c.target !== null || c.table.kind === 'read',
    () => `the routing table is ${c.table.kind}`,
  );

export const targetLostGate = (c: Context): Gate => {
  if (c.target === null) return gate('target_lost', true, () => 'there is no target');
  const verdict = verdictOf(c, c.target);
  return gate(
    'target_lost',
    verdict === 'down',
    () => `${c.target} is ${verdict}: ${viewOf(c, c.target)?.says ?? 'never judged'}`,
  );
};

const homeUpGate = (c: Context): Gate => {
  const view = viewOf(c, home(c).id);
  const verdict = view?.verdict ?? 'unknown';
  const since = view?.upSinceMs ?? null;
  return gate('home_up', verdict === 'up', () => {
    const says =
      since === null ? (view?.says ?? 'never judged') : `for ${seconds(c.nowMs - since)}`;
    return `${home(c).id} is ${verdict}: ${says}`;
  });
};

export const holdGate = (c: Context): Gate => {
  const since = wellSinceMs(c);
  const hold = holdMs(c.memory.relapses, c.settings);
  const formula = (): string => {
    const { backToNormalMs, relapseFactor } = c.settings.timers;
    return `${seconds(backToNormalMs)} x ${relapseFactor}^${c.memory.relapses} = ${seconds(hold)}`;
  };
  if (since === null) {
    return gate('hold', false, () => `home is not well; its hold would be ${formula()}`);
  }
  return timed('hold', c, since + hold, () => {
    return `home well for ${seconds(c.nowMs - since)}, hold ${formula()}`;
  });
};

const dwellGate = (c: Context): Gate =>
  timed(
    'dwell',
    c,
    (c.memory.arrivedAtMs ?? Number.MIN_SAFE_INTEGER) + c.settings.timers.dwellMs,
    () => `dwell=${seconds(c.settings.timers.dwellMs)} after the last arrival`,
  );

const returnGuardGate = (c: Context, to: PathId): Gate =>
  timed(
    'return_guard',
    c,
    (c.memory.leftAtMs[to] ?? Number.MIN_SAFE_INTEGER) + c.settings.timers.returnGuardMs,
    () => `return_guard=${seconds(c.settings.timers.returnGuardMs)} after ${to} was left`,
  );

const budgetGate = (c: Context): Gate => {
  const used = (): number => recentMoves(c.memory, c.nowMs).length;
  const says = (): string =>
    `${used()} of budget_per_hour=${c.settings.switch.budgetPerHour} preference moves used`;
  const opensAtMs = budgetOpensAtMs(c.memory, c.nowMs, c.settings);
  return opensAtMs === null ? gate('budget', false, says) : timed('budget', c, opensAtMs, says);
};

const NO_PATH_UP = Number.POSITIVE_INFINITY;

/**
 * When the first path has only just come back, everything was dark: our own network is suspected,
 * and the target gets the time of a few probes and one service call to answer as well.
 */
const blackoutGate = (c: Context): Gate => {
  const first = c.paths.reduce((least, v) => Math.min(least, v.upSinceMs ?? least), NO_PATH_UP);
  const waitMs = c.settings.service.intervalMs + 2 * c.settings.probe.intervalMs;
  if (first === NO_PATH_UP) return gate('blackout', true, () => 'no path is up');
  return timed('blackout', c, first + waitMs, () => {
    return `the first path has been up for ${seconds(c.nowMs - first)}, wait ${seconds(waitMs)}`;
  });
};

/** Where a failover would go: the best path that is up and is not the target. */
export function failoverChoice(c: Context): Choice | null {
  return choose(
    upPaths(c).filter((p) => p.id !== c.target),
    c.settings.hostId,
    c.target,
  );
}

/** Where a preference move off a management path would go: storage, not home (home has a hold). */
export function preferenceChoice(c: Context): Choice | null {
  if (pathOf(c, c.target)?.network !== 'management') return null;
  const guarded = (p: Path): boolean => returnGuardGate(c, p.id).open;
  const better = upPaths(c).filter((p) => p.network === 'storage' && !p.local && guarded(p));
  return choose(better, c.settings.hostId, c.target);
}

const candidateGate = (choice: Choice | null): Gate =>
  gate('candidate', choice !== null, () =>
    choice ? `${choice.path}, ${choice.criterion}` : 'no other path is up',
  );

/** Leaving a lost target. */
export const failover = gatesOf(
  targetLostGate,
  (c) => candidateGate(failoverChoice(c)),
  steeringGate,
  warmGate,
  tableGate,
  blackoutGate,
  settledGate,
);

/** Going home while the present target is up. */
export const homecoming = gatesOf(
  homeUpGate,
  holdGate,
  (c) => returnGuardGate(c, home(c).id),
  dwellGate,
  budgetGate,
  steeringGate,
  warmGate,
  settledGate,
);

/** Leaving a management path for a storage path of another SCVM. */
export const preference = gatesOf(
  (c) => candidateGate(preferenceChoice(c)),
  dwellGate,
  budgetGate,
  steeringGate,
  warmGate,
  settledGate,
);

const differsGate = (c: Context): Gate => {
  const off =
    c.target !== null && c.table.kind === 'read' && !entriesLeadTo(c, c.table.entries, c.target);
  return gate('differs', off, () =>
    off ? 'the table differs from the target' : 'the table agrees',
  );
};

const targetUpGate = (c: Context): Gate => {
  const verdict = verdictOf(c, c.target);
  return gate('target_up', verdict === 'up', () => `${c.target ?? 'no target'} is ${verdict}`);
};

const contestedGate = (c: Context): Gate => {
  const times = c.run.repairedAtMs.filter((at) => c.nowMs - at < 60_000);
  const last = times[times.length - 1];
  const says = (): string => `${times.length} repairs in the last minute`;
  if (last === undefined || times.length < CONTESTED_REPAIRS) return gate('contested', true, says);
  const isEmpty = c.table.kind === 'read' && c.table.entries.length === 0;
  const pauseMs = isEmpty ? CONTESTED_EMPTY_PAUSE_MS : CONTESTED_PAUSE_MS;
  return timed('contested', c, last + pauseMs, says);
};

/** Putting the route back where it should be. */
export const repair = gatesOf(
  differsGate,
  targetUpGate,
  actingGate,
  warmGate,
  contestedGate,
  settledGate,
);

const pinnedGate = (c: Context): Gate => {
  const { pin } = c.memory;
  return gate('pinned', pin !== null && c.target !== pin.path, () =>
    pin ? `pinned to ${pin.path}` : 'no pin',
  );
};

const pinUpGate = (c: Context): Gate => {
  const { pin } = c.memory;
  const verdict = verdictOf(c, pin?.path ?? null);
  return gate('pin_up', verdict === 'up', () => `${pin?.path ?? 'no pin'} is ${verdict}`);
};

/** Obeying the operator's pin. */
export const pinning = gatesOf(pinnedGate, pinUpGate, actingGate, warmGate, settledGate);
