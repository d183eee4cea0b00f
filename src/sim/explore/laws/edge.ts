/**
 * What a law of the exploration sees: one edge. It is judged by what the abstract world really is,
 * by what was done and by the numbers of the settings; gates and guards of the chart are not asked.
 * The laws of BEHAVIOUR.md section 3 are here as what each single step must keep, so that they hold
 * along every path; what takes time (L1, L2, L3) is judged in `calm.ts` as well.
 */

import type { Memory, Path, PathId, Verdict } from '../../../machines/model.ts';
import type { Order, OrderOf, OrderType } from '../../../machines/orders.ts';
import type { Settings } from '../../../machines/settings.ts';
import { LAST_ID } from '../canonical.ts';
import type { Move } from '../moves/move.ts';
import type { Names } from '../player.ts';
import { NOW_MS, TICK_MS } from '../scale.ts';
import type { Spot } from '../space.ts';

export interface Edge {
  readonly move: Move;
  /** Where it began, at the time of what was told: a tick has passed already. */
  readonly from: Spot;
  readonly to: Spot;
  /** The states of all regions, before and after. */
  readonly was: Names;
  readonly is: Names;
  readonly orders: readonly Order[];
  /** It began and ended in the same spot. */
  readonly isStill: boolean;
  /** Told the same again, it would stay in that spot (known of the move `again` only). */
  readonly isStable: boolean;
  /** A timer was due before the move, and was heard with it. */
  readonly wasDue: boolean;
}

/** What is broken, in one line; null: nothing. */
export type Broken = (edge: Edge) => string | null;

export interface EdgeLaw {
  /** As in BEHAVIOUR.md, e.g. `S2 no blind switch`. */
  readonly name: string;
  readonly broken: Broken;
}

export const HOUR_MS = 3_600_000;

export const ordersOf = <T extends OrderType>(edge: Edge, type: T): OrderOf<T>[] =>
  edge.orders.filter((o): o is OrderOf<T> => o.type === type);

/** No order before it had this number; a daemon that has just started counts anew. */
export const isNewId = ({ move }: Edge, orderId: number): boolean =>
  orderId > (move.kind === 'boot' ? 0 : LAST_ID);

export const memoryOf = (spot: Spot): Memory => spot.moment.context.memory;
export const targetOf = (spot: Spot): PathId | null => spot.moment.context.target;
export const homeOf = (spot: Spot): Path => spot.settings.paths[0] as Path;

export function pathOf(spot: Spot, id: PathId | null): Path | undefined {
  return spot.settings.paths.find((p) => p.id === id);
}

/** The truth about a path; a path that is not configured is unknown. */
export function verdictOf({ settings, views }: Spot, id: PathId | null): Verdict {
  const i = settings.paths.findIndex((p) => p.id === id);
  return views.of[i]?.verdict ?? 'unknown';
}

export const mayAct = (spot: Spot): boolean =>
  !memoryOf(spot).paused && !spot.moment.context.run.shadow;
export const isLoop = (spot: Spot): boolean => mayAct(spot) && memoryOf(spot).pin === null;

/** At least so long ago, or never. */
export const isOver = (atMs: number | null | undefined, spanMs: number): boolean =>
  atMs === null || atMs === undefined || NOW_MS - atMs >= spanMs;

export function holdMsOf(relapses: number, { timers: t }: Settings): number {
  return Math.min(t.backToNormalMs * t.relapseFactor ** relapses, t.backToNormalMaxMs);
}

/** How long home has really been well: a session may vouch for what was not seen, never for bad. */
export function homeWellMs(spot: Spot): number | null {
  const [home] = spot.views.of;
  if (home?.verdict !== 'up') return null;
  const { sessionAge, wasBad } = spot.views;
  if (wasBad || sessionAge === null) return home.age * TICK_MS;
  const leftAtMs = memoryOf(spot).leftAtMs[homeOf(spot).id];
  const leftMs = leftAtMs === undefined ? Number.POSITIVE_INFINITY : NOW_MS - leftAtMs;
  return Math.max(home.age * TICK_MS, Math.min(sessionAge * TICK_MS, leftMs));
}

/** What is left of a budget of preference moves; without an hour it is never used up. */
export function hasBudget({ settings, moment }: Spot): boolean {
  const { budgetPerHour } = settings.switch;
  const spent = moment.context.memory.preferredAtMs.filter((at) => !isOver(at, HOUR_MS));
  return spent.length < budgetPerHour;
}

export const isWarm = ({ settings, moment }: Spot): boolean =>
  isOver(moment.context.run.startedAtMs, settings.timers.warmUpMs);

/** Everything was dark until now, and the target may still answer. */
export const isDark = ({ views, settings }: Spot): boolean =>
  !views.of.some((h) => h.verdict === 'up' && h.age * TICK_MS >= settings.service.intervalMs);
