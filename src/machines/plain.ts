/**
 * A whole State as plain JSON and back: what a journal's segment begins with, so that a replay can
 * start there. XState's snapshot is rebuilt from its value and context; timers are data already.
 */

import type { Context } from './context.ts';
import { controller } from './controller.ts';
import type { State } from './decide.ts';

/** JSON of a State. Infinity has no JSON: a wake-up that is never due is null. */
export interface PlainState {
  readonly value: unknown;
  readonly context: Context;
  readonly beliefs: State['beliefs'];
  readonly timers: State['timers'];
  readonly standing: State['standing'];
  readonly wakeAtMs: number | null;
}

export function toPlain(state: State): PlainState {
  const { snapshot, beliefs, timers, standing, wakeAtMs } = state;
  const wake = Number.isFinite(wakeAtMs) ? wakeAtMs : null;
  const { value, context } = snapshot;
  return { value, context, beliefs, timers, standing, wakeAtMs: wake };
}

/** @throws if the value names a state that this chart does not have. */
export function fromPlain(plain: PlainState): State {
  const { value, context, beliefs, timers, standing, wakeAtMs } = plain;
  const config = { value, context } as Parameters<typeof controller.resolveState>[0];
  const snapshot = controller.resolveState(config);
  return { snapshot, beliefs, timers, standing, wakeAtMs: wakeAtMs ?? Number.POSITIVE_INFINITY };
}
