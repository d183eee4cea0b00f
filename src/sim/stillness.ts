/**
 * Is a host still, and until when does its own decision surely leave it there? Pure readings of
 * the world and of the controller's state for leap.ts. Still means: whatever is heard next repeats
 * what is believed. Each answer errs on the side of "not still".
 */

import type { Watched } from '../machines/beliefs.ts';
import type { Context } from '../machines/context.ts';
import type { State } from '../machines/decide.ts';
import { mustAdopt } from '../machines/guards.ts';
import type { RouteEntry } from '../machines/model.ts';
import type { AlarmName } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { nextGateMs } from '../machines/wake.ts';
import { type Conditions, pollFailure, reachable, scvmOf, serviceOf } from './conditions.ts';

/**
 * Alarms that stand on verdicts and gates alone, and those that tell of what was seen lately
 * (`shownUntilMs`). The others begin or end by time in ways that are not worth foretelling.
 */
const FORESEEN: readonly string[] = [
  'all_paths_down',
  'target_down',
  'on_management',
  'connections_kept',
  'pin_down',
  'budget_exhausted',
  'duplicate_address',
  'stalled',
  'route_contested',
] satisfies AlarmName[];

/** How long an alarm tells of what was seen; the same as in machines/alarms.ts. */
const SHOWN_MS = 60_000;

export function isStill(state: State, w: Conditions, nowMs: number): boolean {
  const c: Context = state.snapshot.context;
  const { lists, graceUntilMs, paths } = state.beliefs;
  if (c.goal !== null || c.table.kind !== 'read' || !w.table.readable) return false;
  if (!isSameTable(c.table.entries, w.table.entries)) return false;
  // The next look at the table would be taken for the target.
  const { entries } = c.table;
  if (mustAdopt(c, { type: 'ROUTE_READ', atMs: nowMs, entries, orderId: null })) return false;
  const failure = pollFailure(w);
  for (const name of Object.keys(state.standing.alarms))
    if (!isForeseen(name, failure)) return false;
  if (lists.error !== (failure ?? '') || w.cluster.leader === 'partial') return false;
  // Right after a leader change only entries that are alive mean something.
  if (failure === null && nowMs < graceUntilMs && !isAllAlive(w)) return false;
  if (!isRecorded(c)) return false;
  const isFailing = failure !== null;
  for (const x of paths) {
    if (!isFresh(x, nowMs, isFailing, c.settings)) return false;
    if (!isRepeating(x, w, isFailing, c.settings)) return false;
  }
  return true;
}

/** While polls fail, the alarm that says so stands. */
function isForeseen(alarm: string, failure: string | null): boolean {
  return FORESEEN.includes(alarm) || (alarm === 'sessions_unavailable' && failure !== null);
}

function isSameTable(read: readonly RouteEntry[], is: readonly RouteEntry[]): boolean {
  const keyOf = (e: RouteEntry | undefined): string =>
    e ? `${e.gateway} ${e.metric} ${e.protocol} ${e.device} ${e.plain}` : '';
  return read.length === is.length && read.every((e, i) => keyOf(e) === keyOf(is[i]));
}

function isAllAlive(w: Conditions): boolean {
  for (const scvm of w.cluster.scvms.values()) if (scvm.session.state !== 'alive') return false;
  return true;
}

function isRecorded({ record, run }: Context): boolean {
  if (run.shadow) return true;
  return record.owedSinceMs === null && record.uuid !== null && record.wanted === record.acked;
}

/**
 * Heard of in the last round or two, so that the next comes before it is stale: not so right after
 * the process stood still.
 */
function isFresh(
  { belief: { ping, service, session } }: Watched,
  nowMs: number,
  isFailing: boolean,
  s: Settings,
): boolean {
  const isPinged = ping.value === 'unknown' || nowMs - ping.atMs < 2 * s.probe.idleIntervalMs;
  const isAsked = service.value === 'unknown' || nowMs - service.atMs < 2 * s.service.intervalMs;
  const isListed = isFailing || nowMs - session.atMs < 2 * s.session.pollIntervalMs;
  return isPinged && isAsked && isListed;
}

/** The next round of every sense would say of the path what is believed of it. */
function isRepeating(x: Watched, w: Conditions, isFailing: boolean, s: Settings): boolean {
  const { path, belief, view } = x;
  const { ping, full, service, link } = belief;
  const hasLink = w.links[path.network];
  if (link.down === hasLink || !isSessionRepeating(x, w, isFailing)) return false;
  if (s.service.enabled) {
    const is = serviceOf(w, path);
    if (service.value !== (is === 'unasked' ? 'unknown' : is)) return false;
    if (is === 'refused' || (is === 'silent' && reachable(w, path))) return false;
  }
  if (!hasLink) return ping.value === 'unknown' && view.verdict === 'down';
  if (!reachable(w, path)) {
    const isCounted = s.probe.mtu === 0 || full.dropped >= s.probe.fallCount;
    const isLost = ping.value === 'loss' && ping.losses >= s.probe.fallCount;
    return isLost && isCounted && view.verdict === 'down';
  }
  const passesFull = s.probe.mtu === 0 || !w.mtuCut.has(path.id);
  if (!passesFull || full.dropped > 0 || view.verdict !== 'up') return false;
  const isAlive = isFailing || belief.session.value === 'alive';
  return (
    isAlive && ping.value === 'reply' && ping.losses === 0 && ping.replies >= s.probe.riseCount
  );
}

function isSessionRepeating({ path, belief }: Watched, w: Conditions, isFailing: boolean): boolean {
  // Nothing is learnt, and what was bad is forgotten.
  if (isFailing) return belief.session.value === 'alive' || belief.session.value === 'unknown';
  const is = scvmOf(w.cluster, path.scvm).session;
  const { session } = belief;
  if (session.value !== is.state) return false;
  return is.state === 'alive' ? session.uuid === is.uuid : session.badLists >= 2;
}

/** When time alone may change something, apart from what is not heard any more; else Infinity. */
export function nextDeadlineMs(state: State, nowMs: number): number {
  const c: Context = state.snapshot.context;
  const s = c.settings;
  let next = nextGateMs(c);
  const consider = (ms: number, afterMs: number): void => {
    if (ms > afterMs && ms < next) next = ms;
  };
  for (const t of state.timers) if (t.atMs < next) next = t.atMs;
  const until = c.memory.pin?.untilMs ?? null;
  if (until !== null && until < next) next = until;
  // What ended since the decision last looked, it notices at its next look.
  const unseen = (ms: number): void => consider(ms, c.nowMs);
  considerShown(state, unseen);
  // When paths that were left may be preferred again.
  const { leftAtMs } = c.memory;
  for (const id in leftAtMs) unseen((leftAtMs[id] ?? NEVER) + s.timers.returnGuardMs);
  for (const { belief } of state.beliefs.paths) {
    const { ping, full, service, session, link } = belief;
    consider(link.sinceMs + s.probe.confirmMinMs, nowMs);
    consider(ping.firstLossMs + s.probe.confirmMinMs, nowMs);
    consider(full.firstDropMs + s.probe.confirmMinMs, nowMs);
    consider(service.badSinceMs + s.service.holdMs, nowMs);
    consider(session.badSinceMs + s.session.lostMs, nowMs);
  }
  return next;
}

/** When what was seen lately is not told any more, or what is missing begins to be told. */
function considerShown({ beliefs, snapshot }: State, consider: (ms: number) => void): void {
  const { duplicates, stall, graceUntilMs, lists } = beliefs;
  const { run, settings } = snapshot.context;
  for (const id in duplicates) consider((duplicates[id]?.atMs ?? NEVER) + SHOWN_MS);
  consider((stall.atMs ?? NEVER) + SHOWN_MS);
  for (const atMs of run.repairedAtMs) consider(atMs + SHOWN_MS);
  // Polls that fail again and again put the end of their grace off.
  if (lists.error === '') consider(graceUntilMs);
  else consider((lists.okAtMs ?? run.startedAtMs) + settings.session.staleMs);
}

const NEVER = Number.NEGATIVE_INFINITY;
