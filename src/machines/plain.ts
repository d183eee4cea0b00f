/**
 * The state as plain JSON and back: for dumps, for handing a run to another process, for a test of
 * a state that was reached elsewhere. Not a way to survive a restart: a new daemon warms up, reads
 * the table as a fact, and keeps only `Memory`.
 *
 * XState's own persisted snapshot is not used, because it forgets what the chart waits for; here
 * the timers are deadlines in data, and only the chart's value and context are taken from it.
 */

import type { StateValue } from 'xstate';
import type { Beliefs } from './beliefs.ts';
import type { Moment } from './chart.ts';
import type { Context } from './context.ts';
import { controller } from './controller.ts';
import type { State, Timer } from './decide.ts';
import type { Standing } from './derive.ts';

/** Survives `JSON.stringify` and `JSON.parse` unchanged. */
export interface PlainState {
  readonly value: Moment['value'];
  readonly context: Context;
  readonly beliefs: Omit<Beliefs, 'views'>;
  readonly timers: readonly Timer[];
  readonly standing: Pick<Standing, 'paces' | 'alarms' | 'would'>;
  /** Null for "never": JSON has no Infinity. */
  readonly wakeAtMs: number | null;
}

export function toPlain(state: State): PlainState {
  const { views: _shown, ...beliefs } = state.beliefs;
  const { paces, alarms, would } = state.standing;
  return {
    value: state.snapshot.value,
    context: state.snapshot.context,
    beliefs,
    timers: state.timers,
    standing: { paces, alarms, would },
    wakeAtMs: Number.isFinite(state.wakeAtMs) ? state.wakeAtMs : null,
  };
}

/** The inverse of `toPlain`; throws if `value` names a state that the chart does not have. */
export function fromPlain(plain: PlainState): State {
  const { value, context, beliefs, timers, standing, wakeAtMs } = plain;
  return {
    snapshot: controller.resolveState({ value: value as StateValue, context }),
    // Views and memory are compared by identity to see what changed: they are shared, not copied.
    beliefs: { ...beliefs, views: beliefs.paths.map((w) => w.view) },
    timers,
    standing: {
      ...standing,
      memory: context.memory,
      views: context.paths,
      target: context.target,
      access: value.access,
    },
    wakeAtMs: wakeAtMs ?? Number.POSITIVE_INFINITY,
  };
}
