/**
 * The chart's guards: total predicates of (context, event), named as questions. Each is one line
 * over the gates or the context, so that the chart reads as prose and `why` can print the numbers.
 */

import type { ChartEvent } from './chart-events.ts';
import {
  type Context,
  entriesLeadTo,
  type Goal,
  home,
  pathByEntries,
  pathOf,
  upPaths,
  verdictOf,
  viewOf,
} from './context.ts';
import { isOpen } from './gate.ts';
import {
  failover,
  failoverChoice,
  holdGate,
  homecoming,
  pinning,
  preference,
  repair,
  targetLostGate,
} from './gates.ts';

const isHome = (c: Context): boolean => c.target === home(c).id;
const targetIsUp = (c: Context): boolean => verdictOf(c, c.target) === 'up';
const homeIs = (c: Context): string => verdictOf(c, home(c).id);

/** The target is suspect or down, or there is none. Unknown is no doubt. */
export const targetInDoubt = (c: Context): boolean => {
  const verdict = verdictOf(c, c.target);
  return c.target === null || verdict === 'suspect' || verdict === 'down';
};
export const homeServes = (c: Context): boolean => isHome(c) && targetIsUp(c);
export const homeWaits = (c: Context): boolean => !isHome(c) && targetIsUp(c) && homeIs(c) === 'up';
export const otherServes = (c: Context): boolean => !isHome(c) && targetIsUp(c);

export const homeIsUp = (c: Context): boolean => homeIs(c) === 'up';
export const homeFailed = (c: Context): boolean => homeIs(c) === 'suspect' || homeIs(c) === 'down';
export const homeUnknown = (c: Context): boolean => homeIs(c) === 'unknown';
/** Home's run of `up` began again after its hold began: a restart that no probe noticed. */
export const homeRestarted = (c: Context): boolean =>
  (viewOf(c, home(c).id)?.upSinceMs ?? Number.MIN_SAFE_INTEGER) > c.run.heldFromMs;

export const mayFailOver = (c: Context): boolean => failover.open(c);
export const mayReturn = (c: Context): boolean => homecoming.open(c);
export const mayPrefer = (c: Context): boolean => preference.open(c);
export const mayRepair = (c: Context): boolean => repair.open(c);
export const mayPin = (c: Context): boolean => pinning.open(c);

export const startsPaused = (c: Context): boolean => c.memory.paused || c.run.shadow;
export const hasPin = (c: Context): boolean => c.memory.pin !== null;
export const mayResume = (c: Context): boolean => !c.run.shadow;
export const mayResumePinned = (c: Context): boolean => mayResume(c) && hasPin(c);
/** Nothing is left to steer by: a reload removed the pinned path. */
export const pinGone = (c: Context): boolean => c.memory.pin === null;
export const pinExpired = (c: Context): boolean => {
  const until = c.memory.pin?.untilMs ?? null;
  return until !== null && c.nowMs >= until;
};
/** The operator allowed the pin to be given up: its path is down and another is up. */
export const failsafeTrips = (c: Context): boolean => {
  const pin = c.memory.pin;
  return pin?.failsafe === true && verdictOf(c, pin.path) === 'down' && upPaths(c).length > 0;
};
/** Law S2 holds for operators too: nobody is pinned onto a path that is not up. */
export const askedPathIsUp = (c: Context, e: ChartEvent): boolean =>
  e.type === 'PIN_ASKED' && verdictOf(c, e.path) === 'up';

/** Step 1 of BEHAVIOUR.md section 4: leaving a path that is up, the record is refreshed first. */
export const leavesUpPath = (c: Context): boolean =>
  c.goal !== null &&
  c.goal.from !== null &&
  c.goal.from !== c.goal.path &&
  verdictOf(c, c.goal.from) === 'up' &&
  canRecord(c);

export const tableConfirms = (c: Context, e: ChartEvent): boolean =>
  e.type === 'ROUTE_READ' && c.goal !== null && entriesLeadTo(c, e.entries, c.goal.path);
export const tableConfirmsAndBreaks = (c: Context, e: ChartEvent): boolean =>
  c.settings.switch.breakConnections && tableConfirms(c, e);
/** The answer to the order under way, and it is not what was ordered. */
export const answerDiffers = (c: Context, e: ChartEvent): boolean =>
  (e.type === 'ROUTE_READ' || e.type === 'ROUTE_UNREADABLE' || e.type === 'ROUTE_REFUSED') &&
  c.goal !== null &&
  e.orderId === c.goal.orderId;
/**
 * The operator still lets this goal be carried out, its path is still configured, and what a
 * failover flees from has not come back meanwhile.
 */
const goalStands = (c: Context, goal: Goal): boolean => {
  if (c.memory.paused || pathOf(c, goal.path) === undefined) return false;
  if (goal.kind === 'failover' && verdictOf(c, goal.from) === 'up') return false;
  const pin = c.memory.pin;
  if (pin !== null) return goal.path === pin.path || goal.kind === 'repair';
  return goal.kind !== 'pin' && reasonStands(c, goal);
};
/** What it was set for still holds: a target that recovers, or a home that relapses, ends it. */
const reasonStands = (c: Context, goal: Goal): boolean => {
  const targetLost = isOpen(targetLostGate, c);
  if (goal.kind === 'return') return targetLost || isOpen(holdGate, c);
  return goal.kind !== 'failover' || targetLost;
};
export const goalIsUp = (c: Context): boolean =>
  c.goal !== null && goalStands(c, c.goal) && verdictOf(c, c.goal.path) === 'up';
/** Waiting for this goal keeps something else from being done: only a last resort is waited for. */
const isInTheWay = (c: Context, goal: Goal): boolean =>
  (goal.kind !== 'failover' && goal.kind !== 'first') || failoverChoice(c) !== null;
/** The goal is not, or no longer, to be carried out. Unknown is no reason, unless another is up. */
export const goalSpoiled = (c: Context): boolean => {
  if (c.goal === null) return false;
  const verdict = verdictOf(c, c.goal.path);
  if (verdict === 'suspect' || verdict === 'down' || !goalStands(c, c.goal)) return true;
  return verdict === 'unknown' && isInTheWay(c, c.goal);
};
/** The table names another target, and this controller is not to change it. */
export const mustAdopt = (c: Context, e: ChartEvent): boolean =>
  e.type === 'ROUTE_READ' &&
  (c.target === null || c.memory.paused || c.run.shadow) &&
  pathByEntries(c, e.entries) !== c.target;

/** In shadow nobody is told either. */
export const mustWatch = (c: Context, e: ChartEvent): boolean => c.run.shadow && mustAdopt(c, e);

/** The local session and our addresses are known, and we may write. */
export const canRecord = (c: Context): boolean =>
  !c.run.shadow && c.record.uuid !== null && c.record.clientIps.length > 0;
export const recordOwed = (c: Context): boolean =>
  canRecord(c) && (c.record.owedSinceMs !== null || c.record.wanted !== c.record.acked);
/** What is being asked is no longer what is wanted. */
export const recordChanged = (c: Context): boolean =>
  canRecord(c) && c.record.wanted !== c.record.asked;
export const recordAnswered = (c: Context, e: ChartEvent): boolean =>
  (e.type === 'RECORD_ACKNOWLEDGED' || e.type === 'RECORD_REFUSED') &&
  e.orderId === c.record.orderId;
/** Announced, and the path is still up: half a second is long enough for a path to die (law S2). */
export const mayInstall = (c: Context, e: ChartEvent): boolean =>
  recordAnswered(c, e) && goalIsUp(c);
