/**
 * A guard's answer in words, with the numbers that it compared. Guards that are "all gates open"
 * list their gates (src/machines/gates.ts); the others say what they looked at. A guard without
 * words here does not compile.
 */

import type { ChartEvent } from '../../../machines/chart-events.ts';
import { type Context, effectiveEntry, home, viewOf } from '../../../machines/context.ts';
import type { Gate } from '../../../machines/gate.ts';
import { failover, homecoming, pinning, preference, repair } from '../../../machines/gates.ts';
import type { PathId, RouteEntry } from '../../../machines/model.ts';
import type { GuardName } from './asked.ts';

type Say = (c: Context, e: ChartEvent) => string;

function verdict(c: Context, id: PathId | null): string {
  if (id === null) return 'there is no target';
  const view = viewOf(c, id);
  return `${id} is ${view?.verdict ?? 'unknown'}: ${view?.says ?? 'never judged'}`;
}

const target: Say = (c) =>
  c.target === home(c).id
    ? `target and home: ${verdict(c, c.target)}`
    : `target: ${verdict(c, c.target)}`;
const atHome: Say = (c) => `home: ${verdict(c, home(c).id)}`;
const both: Say = (c, e) =>
  c.target === home(c).id ? target(c, e) : `${target(c, e)}; ${atHome(c, e)}`;

const entryText = (entries: readonly RouteEntry[]): string => {
  const entry = effectiveEntry(entries);
  return entry ? `the table leads to ${entry.gateway ?? 'no gateway'}` : 'the table has no route';
};
const goal: Say = (c) =>
  c.goal ? `the goal is ${verdict(c, c.goal.path)}` : 'no switch is under way';
const read: Say = (c, e) =>
  e.type === 'ROUTE_READ' ? `${entryText(e.entries)}; ${wanted(c)}` : wanted(c);
const wanted = (c: Context): string =>
  c.goal ? `wanted is ${c.goal.path}` : `the target is ${c.target ?? 'none'}`;
const answered: Say = (c, e) =>
  'orderId' in e
    ? `the answer is to order ${e.orderId}, awaited is ${c.goal?.orderId ?? 0}`
    : wanted(c);
const pin: Say = ({ memory, nowMs }) => {
  if (!memory.pin) return 'there is no pin';
  const { path, untilMs, failsafe } = memory.pin;
  const left = untilMs === null ? 'until released' : `for ${Math.round(untilMs - nowMs)} ms more`;
  return `pinned to ${path} ${left}, failsafe=${failsafe}`;
};
const record: Say = ({ record: r }) =>
  `wanted: ${r.wanted || 'nothing'}; acknowledged: ${r.acked || 'nothing'}`;
const recordAnswer: Say = ({ record: r }, e) =>
  'orderId' in e ? `the answer is to order ${e.orderId}, awaited is ${r.orderId}` : '';
const mode: Say = ({ run, memory }) =>
  run.shadow ? 'shadow' : memory.paused ? 'paused' : memory.pin ? 'pinned' : 'LOOP';
const gates =
  (list: (c: Context) => readonly Gate[]): Say =>
  (c) => {
    const all = list(c);
    const closed = all.find((g) => !g.open);
    return closed ? `${closed.name} is closed: ${closed.says}` : `all ${all.length} gates are open`;
  };

const words: Readonly<Record<GuardName, Say>> = {
  targetInDoubt: target,
  homeServes: both,
  homeWaits: both,
  otherServes: both,
  homeIsUp: atHome,
  homeFailed: atHome,
  homeUnknown: atHome,
  homeRestarted: (c) => {
    const since = viewOf(c, home(c).id)?.upSinceMs ?? null;
    const up = since === null ? 'not up' : `up since ${Math.round(since)} ms`;
    return `home is ${up}, its hold began at ${Math.round(c.run.heldFromMs)} ms`;
  },
  mayFailOver: gates(failover.all),
  mayReturn: gates(homecoming.all),
  mayPrefer: gates(preference.all),
  mayRepair: gates(repair.all),
  mayPin: gates(pinning.all),
  startsPaused: mode,
  hasPin: pin,
  mayResume: mode,
  mayResumePinned: pin,
  pinGone: pin,
  pinExpired: pin,
  failsafeTrips: (c, e) =>
    c.memory.pin ? `${pin(c, e)}; ${verdict(c, c.memory.pin.path)}` : pin(c, e),
  askedPathIsUp: (c, e) => (e.type === 'PIN_ASKED' ? verdict(c, e.path) : pin(c, e)),
  leavesUpPath: (c) => (c.goal ? `leaving ${verdict(c, c.goal.from)}` : 'no switch is under way'),
  tableConfirms: read,
  tableConfirmsAndBreaks: (c, e) =>
    `${read(c, e)}; break_connections=${c.settings.switch.breakConnections}`,
  answerDiffers: answered,
  goalIsUp: goal,
  mayInstall: goal,
  goalSpoiled: goal,
  mustAdopt: read,
  mustWatch: mode,
  canRecord: record,
  recordOwed: record,
  recordChanged: record,
  recordAnswered: recordAnswer,
};

/** One line with the numbers. */
export const guardWords = (guard: GuardName, c: Context, e: ChartEvent): string =>
  words[guard](c, e);

const GATES: Readonly<Partial<Record<GuardName, (c: Context) => readonly Gate[]>>> = {
  mayFailOver: failover.all,
  mayReturn: homecoming.all,
  mayPrefer: preference.all,
  mayRepair: repair.all,
  mayPin: pinning.all,
};

/** The gates of a guard that has them, as they were found; empty: it has none. */
export const gatesOf = (guard: GuardName, c: Context): readonly Gate[] => GATES[guard]?.(c) ?? [];
