/**
 * The chart's state changes: pure functions of (context, event) to the part of the context that
 * changes. No order is given here (see `orders.ts` and the emits in `setup.ts`).
 */

import type { ChartEvent, Evidence } from './chart-events.ts';
import {
  type Context,
  type Goal,
  home,
  pathByEntries,
  recordLine,
  verdictOf,
  wellForMs,
} from './context.ts';
import { failoverChoice, preferenceChoice, targetLostGate } from './gates.ts';
import { adopted, arrived, holdMs, recalled, relapsed } from './hold.ts';
import type { PathId, SwitchKind } from './model.ts';

type Change = Partial<Context>;

const REMEMBERED_REPAIRS = 10;

/** Evidence was folded in: time, views, and what the record needs. */
export function believe(c: Context, e: ChartEvent): Change {
  if (e.type !== 'PROBE' && e.type !== 'SESSION' && e.type !== 'TICK') return {};
  const { record } = c;
  const same = record.uuid === e.localUuid && record.clientIps === e.clientIps;
  return { nowMs: e.atMs, paths: e.paths, record: same ? record : named(record, e) };
}

function named(record: Context['record'], { localUuid, clientIps }: Evidence): Context['record'] {
  const wanted = recordLine(localUuid, clientIps);
  return { ...record, uuid: localUuid, clientIps, wanted };
}

/** A new configuration: a target that is no longer configured is no target. */
export function adoptSettings(c: Context, e: ChartEvent): Change {
  if (e.type !== 'RELOADED') return {};
  const has = (id: PathId | null): boolean => e.settings.paths.some((p) => p.id === id);
  return {
    settings: e.settings,
    target: has(c.target) ? c.target : null,
    memory: recalled(c.memory, e.settings),
  };
}

const setGoal = (c: Context, path: PathId, kind: SwitchKind, says: string): Change => ({
  goal: {
    path,
    from: c.target,
    kind,
    says,
    decidedAtMs: c.nowMs,
    orderId: 0,
    attempts: 0,
    error: '',
  },
});

export function chooseFailover(c: Context): Change {
  const choice = failoverChoice(c);
  if (!choice) return {};
  const kind = c.target === null ? 'first' : 'failover';
  return setGoal(
    c,
    choice.path,
    kind,
    `${targetLostGate.says(c)}; to ${choice.path}: ${choice.criterion}`,
  );
}

export function chooseReturn(c: Context): Change {
  const hold = holdMs(c.memory.relapses, c.settings);
  const well = Math.round(wellForMs(c));
  return setGoal(
    c,
    home(c).id,
    'return',
    `home well for ${well} ms, hold of ${hold} ms served, relapses=${c.memory.relapses}`,
  );
}

export function choosePreference(c: Context): Change {
  const choice = preferenceChoice(c);
  if (!choice) return {};
  return setGoal(
    c,
    choice.path,
    'prefer',
    `${c.target} is on the management network; to ${choice.path}: ${choice.criterion}`,
  );
}

export function choosePin(c: Context): Change {
  const pin = c.memory.pin;
  return pin ? setGoal(c, pin.path, 'pin', `pinned to ${pin.path} by the operator`) : {};
}

/** Put the route back to the target that was confirmed before somebody changed it. */
export function chooseRepair(c: Context): Change {
  if (c.target === null) return {};
  const found =
    c.table.kind === 'read' ? c.table.entries.map((x) => x.gateway ?? 'no gateway') : [];
  const repairedAtMs = [...c.run.repairedAtMs, c.nowMs].slice(-REMEMBERED_REPAIRS);
  const says = `the table held [${found.join(', ')}] instead of ${c.target}`;
  return { ...setGoal(c, c.target, 'repair', says), run: { ...c.run, repairedAtMs } };
}

/** Give the goal's route order its id. */
export function numberRoute(c: Context): Change {
  if (!c.goal) return {};
  const orderId = c.lastOrderId + 1;
  const attempts = Math.min(c.goal.attempts + 1, 10);
  return { lastOrderId: orderId, goal: { ...c.goal, orderId, attempts } };
}

export function numberRead(c: Context): Change {
  return { lastOrderId: c.lastOrderId + 1 };
}

export function noteTable(c: Context, e: ChartEvent): Change {
  if (e.type === 'ROUTE_READ') return { table: { kind: 'read', entries: e.entries, atMs: e.atMs } };
  if (e.type !== 'ROUTE_UNREADABLE') return {};
  const atMs = c.table.kind === 'unreadable' ? c.table.atMs : e.atMs;
  return { table: { kind: 'unreadable', error: e.error, atMs } };
}

/** The order was not confirmed. */
export function noteFailure(c: Context, e: ChartEvent): Change {
  if (!c.goal) return {};
  return { goal: { ...c.goal, error: failureText(c.goal, e) } };
}

function failureText(goal: Goal, e: ChartEvent): string {
  if (e.type === 'ROUTE_REFUSED') return `refused: ${e.error}`;
  if (e.type === 'ROUTE_UNREADABLE') return `the table could not be read back: ${e.error}`;
  if (e.type !== 'ROUTE_READ') return 'no answer before the deadline';
  const found = e.entries.map((x) => x.gateway ?? 'no gateway').join(', ');
  return `the table holds [${found}] instead of ${goal.path}`;
}

export function dropGoal(): Change {
  return { goal: null };
}

/** The kernel's table confirms the goal: only now the target has changed. */
export function arrive(c: Context, e: ChartEvent): Change {
  if (!c.goal || e.type !== 'ROUTE_READ') return {};
  const { from, path, kind } = c.goal;
  const memory = arrived(c.memory, { from, to: path, kind }, home(c).id, c.nowMs, c.settings);
  return { memory, target: path, goal: null };
}

/** Take what the table says as the target, without having ordered it. */
export function adopt(c: Context, e: ChartEvent): Change {
  if (e.type !== 'ROUTE_READ') return {};
  const target = pathByEntries(c, e.entries);
  const memory =
    target === null
      ? c.memory
      : adopted(c.memory, c.target, target, home(c).id, c.nowMs, c.settings);
  return { target, memory };
}

export function noteHold(c: Context): Change {
  return { run: { ...c.run, heldFromMs: c.nowMs } };
}

/** While pinned away, home goes down because somebody works on it: that is no relapse. */
export function countRelapse(c: Context): Change {
  if (c.memory.pin !== null) return {};
  return { memory: relapsed(c.memory, c.settings) };
}

export function setPin(c: Context, e: ChartEvent): Change {
  if (e.type !== 'PIN_ASKED' || verdictOf(c, e.path) !== 'up') return {};
  return {
    memory: { ...c.memory, pin: { path: e.path, untilMs: e.untilMs, failsafe: e.failsafe } },
  };
}

export function clearPin(c: Context): Change {
  return { memory: { ...c.memory, pin: null } };
}

export function setPaused(c: Context): Change {
  return { memory: { ...c.memory, paused: true } };
}

export function clearPaused(c: Context): Change {
  return { memory: { ...c.memory, paused: false } };
}

export function oweRecord(c: Context): Change {
  if (c.run.shadow) return {};
  const owedSinceMs = c.record.owedSinceMs ?? c.nowMs;
  return { record: { ...c.record, owedSinceMs } };
}

export function numberRecord(c: Context): Change {
  const orderId = c.lastOrderId + 1;
  return { lastOrderId: orderId, record: { ...c.record, orderId, asked: c.record.wanted } };
}

export function noteAcked(c: Context): Change {
  const { record } = c;
  return { record: { ...record, acked: record.asked, refusals: 0, error: '', owedSinceMs: null } };
}

export function noteRecordRefused(c: Context, e: ChartEvent): Change {
  const error = e.type === 'RECORD_REFUSED' ? e.error : 'no answer before the deadline';
  return { record: { ...c.record, refusals: Math.min(c.record.refusals + 1, 10), error } };
}

export function noteConnections(c: Context, e: ChartEvent): Change {
  if (e.type !== 'CONNECTIONS_KEPT' && e.type !== 'CONNECTIONS_BROKEN') return {};
  return { run: { ...c.run, keptError: e.type === 'CONNECTIONS_KEPT' ? e.error : '' } };
}
