/**
 * Relapses, the growing hold, and the budget: arithmetic on Memory, no opinions. The hold is
 * `back_to_normal x relapse_factor^relapses`, capped (BEHAVIOUR.md section 2): a fixed hold is
 * defeated by every fault whose period is longer than the hold.
 */

import type { Memory, PathId, SwitchKind } from './model.ts';
import type { Settings } from './settings.ts';

const HOUR_MS = 3_600_000;

export const noMemory: Memory = {
  relapses: 0,
  servingSinceMs: null,
  returned: false,
  arrivedAtMs: null,
  leftAtMs: {},
  preferredAtMs: [],
  pin: null,
  paused: false,
};

/** What of a memory still means something: a pin to a path that is not configured is no pin. */
export function recalled(m: Memory, s: Settings): Memory {
  const { pin } = m;
  return pin && !s.paths.some((p) => p.id === pin.path) ? { ...m, pin: null } : m;
}

/** The hold that home must serve now, ms. */
export function holdMs(relapses: number, s: Settings): number {
  const { backToNormalMs, relapseFactor, backToNormalMaxMs } = s.timers;
  return Math.round(Math.min(backToNormalMs * relapseFactor ** relapses, backToNormalMaxMs));
}

/** Relapses beyond which the hold no longer grows; counting further would only delay forgiving. */
export function maxRelapses(s: Settings): number {
  const { backToNormalMs, relapseFactor, backToNormalMaxMs } = s.timers;
  if (backToNormalMs === 0 || relapseFactor <= 1) return 0;
  const steps = Math.log(backToNormalMaxMs / backToNormalMs) / Math.log(relapseFactor);
  return Math.max(0, Math.ceil(steps - 1e-9));
}

/** Relapses left after home served this host until `nowMs`: one forgiven per `forgive`. */
export function relapsesLeft(m: Memory, nowMs: number, s: Settings): number {
  if (m.servingSinceMs === null) return m.relapses;
  const forgiven = Math.floor((nowMs - m.servingSinceMs) / s.timers.forgiveMs);
  return Math.max(0, m.relapses - forgiven);
}

/** Home gave a bad signal while its hold ran. */
export function relapsed(m: Memory, s: Settings): Memory {
  return { ...m, relapses: Math.min(m.relapses + 1, maxRelapses(s)) };
}

/**
 * The route has arrived (read back) at `to`. `homeId` is home's path id. Leaving home because it
 * failed soon after a return is a relapse: service since the return is weighed against `forgive`.
 */
export function arrived(
  m: Memory,
  move: { readonly from: PathId | null; readonly to: PathId; readonly kind: SwitchKind },
  homeId: PathId,
  nowMs: number,
  s: Settings,
): Memory {
  if (move.from === move.to) return m;
  const left = move.from === null ? m.leftAtMs : { ...m.leftAtMs, [move.from]: nowMs };
  const base = { ...m, arrivedAtMs: nowMs, leftAtMs: left };
  const spent = move.kind === 'return' || move.kind === 'prefer';
  const preferredAtMs = spent ? [...recentMoves(m, nowMs), nowMs] : recentMoves(m, nowMs);
  if (move.to === homeId) {
    // A pin that ends is no recovery: only home that failed before can relapse.
    const returned = m.returned || move.kind === 'return' || move.kind === 'failover';
    return { ...base, preferredAtMs, servingSinceMs: nowMs, returned };
  }
  if (move.from !== homeId) return { ...base, preferredAtMs, servingSinceMs: null };
  const relapses = relapsesLeft(m, nowMs, s);
  const soon = m.servingSinceMs !== null && nowMs - m.servingSinceMs < s.timers.forgiveMs;
  const again = move.kind === 'failover' && m.returned && soon;
  const counted = again ? Math.min(relapses + 1, maxRelapses(s)) : relapses;
  return { ...base, preferredAtMs, servingSinceMs: null, relapses: counted };
}

/**
 * The route was found at `to` without our order. A move that was seen counts for dwell and return
 * guard, because sockets linger whoever moved it; what stood before the start does not.
 */
export function adopted(
  m: Memory,
  from: PathId | null,
  to: PathId,
  homeId: PathId,
  nowMs: number,
  s: Settings,
): Memory {
  const servingSinceMs = to === homeId ? (m.servingSinceMs ?? nowMs) : null;
  // Service that ends here has forgiven what it has forgiven, whoever ended it.
  const relapses = to === homeId ? m.relapses : relapsesLeft(m, nowMs, s);
  const base = { ...m, servingSinceMs, relapses };
  if (from === null) return base;
  return { ...base, arrivedAtMs: nowMs, leftAtMs: { ...m.leftAtMs, [from]: nowMs } };
}

/** Preference moves of the last hour, oldest first. */
export function recentMoves(m: Memory, nowMs: number): readonly number[] {
  return m.preferredAtMs.filter((at) => nowMs - at < HOUR_MS);
}

/** When the budget next allows a preference move: `nowMs` or earlier if it does now; null never. */
export function budgetOpensAtMs(m: Memory, nowMs: number, s: Settings): number | null {
  const limit = s.switch.budgetPerHour;
  if (limit === 0) return null;
  const recent = recentMoves(m, nowMs);
  const blocking = recent[recent.length - limit];
  return blocking === undefined ? nowMs : blocking + HOUR_MS;
}
