/**
 * What runs the chart: one event in, the microsteps it led to out. Two of them exist: XState itself
 * (`interpreted`, which the daemon uses) and the same chart compiled to tables (`compiled.ts`, for
 * millions of simulated hours). A test drives both in lockstep.
 */

import { getMicrosteps, initialTransition, type SnapshotFrom, type StateValue } from 'xstate';
import type { ChartEvent } from './chart-events.ts';
import type { Context } from './context.ts';
import { controller } from './controller.ts';
import type { Order } from './orders.ts';
import type { ChartInput } from './setup.ts';

/** Where the chart stands: the state of each region, and what it remembers. */
export interface Moment {
  readonly value: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

/** What a microstep did, in order. */
export type Effect =
  | { readonly type: 'order'; readonly order: Order }
  /** An `after` began: its event comes `delayMs` from now. One already running begins anew. */
  | { readonly type: 'arm'; readonly id: string; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly id: string };

export interface Microstep {
  readonly at: Moment;
  readonly effects: readonly Effect[];
}

/** The end of a running `after`: its id is its event. */
export interface TimerEvent {
  readonly type: `xstate.after.${string}`;
}

/** Pure: the same moment and event give the same answer. Throws what a guard or action throws. */
export interface Chart {
  /** The chart at its beginning, and what was done to get there. */
  start(input: ChartInput): Microstep;
  /** Microsteps in which nothing was done and nothing changed may be left out. */
  send(at: Moment, event: ChartEvent | TimerEvent): readonly Microstep[];
}

type Snapshot = SnapshotFrom<typeof controller>;

/** What XState puts into the parameters of its own actions (xstate.emit, .raise, .cancel). */
interface Params {
  readonly event?: { readonly type: string };
  readonly id?: string;
  readonly sendId?: string;
  readonly delay?: number;
}

type Executed = ReturnType<typeof initialTransition<typeof controller>>[1];

/** What XState did, in the chart's words. Throws on an action that is none of the chart's kinds. */
export function effectsOf(actions: Executed): Effect[] {
  return actions.flatMap((action): Effect[] => {
    const { event, id, sendId, delay } = action.params as Params;
    switch (action.type as string) {
      case 'xstate.emit':
        return [{ type: 'order', order: event as Order }];
      case 'xstate.cancel':
        return [{ type: 'cancel', id: sendId as string }];
      case 'xstate.raise':
        // Without a delay it was heard within the same step.
        return delay === undefined ? [] : [{ type: 'arm', id: id as string, delayMs: delay }];
      default:
        throw new Error(`the chart has an action of an unknown kind: ${action.type}`);
    }
  });
}

/** A moment that XState did not make itself: read back from plain data, or changed by a test. */
function snapshotOf(at: Moment): Snapshot {
  if ('machine' in at) return at as Snapshot;
  return controller.resolveState({ value: at.value as StateValue, context: at.context });
}

/** The chart as XState's own pure functions run it. */
export const interpreted: Chart = {
  start(input) {
    const [at, actions] = initialTransition(controller, input);
    return { at, effects: effectsOf(actions) };
  },
  send(at, event) {
    const steps = getMicrosteps(controller, snapshotOf(at), event as ChartEvent);
    return steps.map(([next, actions]) => ({ at: next, effects: effectsOf(actions) }));
  },
};
