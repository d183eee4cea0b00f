/**
 * How the operator steers, from what he asked and from the memory that a daemon started with or
 * saved: whether a pin was taken is the controller's to say (SAVE_MEMORY), whether it had to be is
 * for law S7 to judge.
 */

import type { Fact } from '../machines/events.ts';
import type { Pin } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import { NEVER } from './law.ts';

export interface Regime {
  readonly shadow: boolean;
  readonly paused: boolean;
  readonly pin: Pin | null;
}

export interface Steering {
  see(fact: Fact): void;
  obey(order: Order): void;
  now(): Regime;
  /** The regime before the latest fact: a step may act under both, the old one first. */
  before(): Regime;
  /** When the regime last changed. */
  sinceMs(): number;
}

export const mayMove = (r: Regime): boolean => !r.shadow && !r.paused;
export const isLoop = (r: Regime): boolean => mayMove(r) && r.pin === null;

export const isExpired = (pin: Pin, nowMs: number): boolean =>
  pin.untilMs !== null && nowMs >= pin.untilMs;

export function createSteering(): Steering {
  let now: Regime = { shadow: false, paused: false, pin: null };
  let before = now;
  let sinceMs = NEVER;
  let clockMs = NEVER;

  function change(part: Partial<Regime>): void {
    now = { ...now, ...part };
    sinceMs = clockMs;
  }

  function see(fact: Fact): void {
    clockMs = Math.max(clockMs, fact.atMs);
    before = now;
    if (fact.type === 'STARTED') {
      const { memory, shadow } = fact;
      change({ shadow, paused: memory?.paused ?? false, pin: memory?.pin ?? null });
      before = now;
    } else if (fact.type === 'PAUSE_ASKED') change({ paused: true });
    else if (fact.type === 'RESUME_ASKED') change({ paused: false });
    else if (fact.type === 'RELEASE_ASKED') change({ pin: null });
    else if (fact.type === 'RELOADED') {
      const { pin } = now;
      if (pin && !fact.settings.paths.some((p) => p.id === pin.path)) change({ pin: null });
    }
  }

  function obey(order: Order): void {
    if (order.type === 'SAVE_MEMORY' && !isSame(order.memory.pin, now.pin)) {
      change({ pin: order.memory.pin });
    }
  }

  return { see, obey, now: () => now, before: () => before, sinceMs: () => sinceMs };
}

export function isSame(a: Pin | null, b: Pin | null): boolean {
  if (a === null || b === null) return a === b;
  return a.path === b.path && a.untilMs === b.untilMs && a.failsafe === b.failsafe;
}
