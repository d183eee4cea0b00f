/**
 * What the chart remembers between events, and the readings of it that guards share. Ten keys at
 * the top, because an XState transition copies them all: parameters sit in the frozen `settings`.
 * Values are plain JSON, so a context can be written down and read back exactly.
 */

import type { Memory, Path, PathId, PathView, RouteEntry, SwitchKind, Verdict } from './model.ts';
import type { Settings } from './settings.ts';

/** The kernel's table as last read. `unread`: not yet; `unreadable`: asked and got no sense. */
export type Table =
  | { readonly kind: 'unread' }
  | { readonly kind: 'unreadable'; readonly error: string; readonly atMs: number }
  | { readonly kind: 'read'; readonly entries: readonly RouteEntry[]; readonly atMs: number };

/** The switch under way. There is at most one. */
export interface Goal {
  readonly path: PathId;
  readonly from: PathId | null;
  readonly kind: SwitchKind;
  /** Why, with numbers. */
  readonly says: string;
  readonly decidedAtMs: number;
  /** Id of the SET_ROUTE order that is to be answered; 0 before the first. */
  readonly orderId: number;
  /** Orders given for this goal, saturating at 10. */
  readonly attempts: number;
  /** Why the last attempt was not confirmed; empty before. */
  readonly error: string;
}

/** The session record at the leader (DOMAIN.md section 4). */
export interface SessionRecord {
  /** Uuid of the local SCVM's session in the last list; null: none known. */
  readonly uuid: string | null;
  /** This host's addresses, storage then management; empty: not known yet. */
  readonly clientIps: readonly string[];
  /** Both as one comparable line, `uuid ip ip`: what the leader should know. */
  readonly wanted: string;
  /** What the leader last acknowledged, in the same form; empty: nothing yet. */
  readonly acked: string;
  /** What the last order asked for, in the same form. */
  readonly asked: string;
  /** Id of the order whose acknowledgement counts; 0: none. */
  readonly orderId: number;
  /** Refusals in a row, saturating at 10. */
  readonly refusals: number;
  readonly error: string;
  /** Since when the record is owed; null: acknowledged or nothing to tell. */
  readonly owedSinceMs: number | null;
}

export interface Context {
  readonly settings: Settings;
  readonly nowMs: number;
  readonly run: {
    readonly startedAtMs: number;
    /** Decides and reports but never acts (`run --shadow`). */
    readonly shadow: boolean;
    /** When BackToNormal was entered. */
    readonly heldFromMs: number;
    /** Times of the repairs of the last minute, at most 10. */
    readonly repairedAtMs: readonly number[];
    /** Last answer on breaking connections; empty: fine or never asked. */
    readonly keptError: string;
  };
  readonly paths: readonly PathView[];
  readonly target: PathId | null;
  readonly table: Table;
  readonly goal: Goal | null;
  readonly memory: Memory;
  readonly record: SessionRecord;
  /** Id of the last order that wants an answer. */
  readonly lastOrderId: number;
}

/** The context with some of it changed. Key by key: a spread of ten keys costs ten times as much. */
export function changed(c: Context, by: Partial<Context>): Context {
  return {
    settings: by.settings ?? c.settings,
    nowMs: by.nowMs ?? c.nowMs,
    run: by.run ?? c.run,
    paths: by.paths ?? c.paths,
    target: by.target === undefined ? c.target : by.target,
    table: by.table ?? c.table,
    goal: by.goal === undefined ? c.goal : by.goal,
    memory: by.memory ?? c.memory,
    record: by.record ?? c.record,
    lastOrderId: by.lastOrderId ?? c.lastOrderId,
  };
}

export const noRecord: SessionRecord = {
  uuid: null,
  clientIps: [],
  wanted: '',
  acked: '',
  asked: '',
  orderId: 0,
  refusals: 0,
  error: '',
  owedSinceMs: null,
};

export function home(c: Context): Path {
  const first = c.settings.paths[0];
  if (!first) throw new Error('settings without paths passed the configuration check');
  return first;
}

export function pathOf(c: Context, id: PathId | null): Path | undefined {
  for (const p of c.settings.paths) if (p.id === id) return p;
  return undefined;
}

export function viewOf(c: Context, id: PathId | null): PathView | undefined {
  for (const v of c.paths) if (v.id === id) return v;
  return undefined;
}

export function verdictOf(c: Context, id: PathId | null): Verdict {
  return viewOf(c, id)?.verdict ?? 'unknown';
}

/** Paths that are up, in the order of the configuration. */
export function upPaths(c: Context): Path[] {
  return c.settings.paths.filter((p) => verdictOf(c, p.id) === 'up');
}

/** The entry the kernel uses: the lowest metric. Undefined if there is none. */
export function effectiveEntry(entries: readonly RouteEntry[]): RouteEntry | undefined {
  let best = entries[0];
  for (const e of entries) if (best === undefined || e.metric < best.metric) best = e;
  return best;
}

/** The path whose gateway the effective entry names; null if none is ours to know. */
export function pathByEntries(c: Context, entries: readonly RouteEntry[]): PathId | null {
  const entry = effectiveEntry(entries);
  if (!entry?.plain) return null;
  for (const p of c.settings.paths) if (p.ip === entry.gateway) return p.id;
  return null;
}

/** True when the table holds exactly the one entry that leads to `id`. */
export function entriesLeadTo(c: Context, entries: readonly RouteEntry[], id: PathId): boolean {
  const only = entries[0];
  if (entries.length !== 1 || !only?.plain) return false;
  return only.gateway === pathOf(c, id)?.ip;
}

/** The record as one comparable line. */
export function recordLine(uuid: string | null, clientIps: readonly string[]): string {
  return [uuid, ...clientIps].join(' ');
}

/** Since when home has been well without a break; null while it is not up. */
export function wellSinceMs(c: Context): number | null {
  const view = viewOf(c, home(c).id);
  if (view?.verdict !== 'up' || view.upSinceMs === null) return null;
  // The session's age may vouch for time before we looked, but only if we never saw home unwell,
  // in this life or, by the time it was left, in the last one: an age alone let a host return
  // within 3 s of a failure that sessions never noticed.
  if (view.badAtMs !== null || view.sessionStartMs === null) return view.upSinceMs;
  const leftAtMs = c.memory.leftAtMs[view.id] ?? Number.MIN_SAFE_INTEGER;
  return Math.min(view.upSinceMs, Math.max(view.sessionStartMs, leftAtMs));
}

/** For how long, ms; 0 while it is not up. */
export function wellForMs(c: Context): number {
  const since = wellSinceMs(c);
  return since === null ? 0 : c.nowMs - since;
}
