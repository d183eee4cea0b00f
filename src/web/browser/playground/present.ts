/**
 * Everything the page shows of one moment, worked out from a frame and the reader's time: status,
 * and the marks on the chart. Between two frames only time has passed, so the frame's state is
 * asked again with the reader's time in it.
 */

import type { Graph, Transition } from '../../../diagram/graph.ts';
import { changed } from '../../../machines/context.ts';
import type { State } from '../../../machines/decide.ts';
import { type Status, statusOf } from '../../../machines/explain.ts';
import * as guards from '../../../machines/guards.ts';
import { stateName } from '../../../machines/notes.ts';
import { lineage } from './asked.ts';
import { armedAtMs } from './history.ts';
import type { Lit } from './lit.ts';
import { askedOf, type Frame, type Recording, type Step } from './recording.ts';
import { span } from './words.ts';

/** The frame's state with this time in it; null: no daemon runs. */
export function stateAt({ state }: Frame, nowMs: number): State | null {
  if (!state) return null;
  const { value, context } = state.snapshot;
  return { ...state, snapshot: { value, context: changed(context, { nowMs }) } };
}

export const statusAt = (frame: Frame, nowMs: number): Status | null => {
  const state = stateAt(frame, nowMs);
  return state && statusOf(state);
};

export function litAt(
  recording: Recording,
  frame: Frame,
  position: number,
  graph: Graph,
  nowMs: number,
): Lit {
  const state = stateAt(frame, nowMs);
  if (!state) return DARK;
  const active = new Set(lineage(state.snapshot.value));
  const step = recording.steps[position];
  return {
    active,
    taken: step ? takenIn(step, graph) : [],
    guards: answersNow(state, active, graph),
    fuses: new Map(
      state.timers.map((t) => {
        const fromMs = armedAtMs(recording, frame, t.id, t.atMs);
        const leftMs = Math.max(0, t.atMs - nowMs);
        const id = t.id.replace(/^.*\.controller\./, '');
        return [id, { part: leftMs / Math.max(1, t.atMs - fromMs), left: span(leftMs) }];
      }),
    ),
  };
}

const DARK: Lit = { active: new Set(), taken: [], guards: new Map(), fuses: new Map() };

const taken = new WeakMap<Step, Lit['taken']>();

/** The arrows of a step: those whose guard held, and those that asked none. */
function takenIn(step: Step, graph: Graph): Lit['taken'] {
  const known = taken.get(step);
  if (known) return known;
  const asked = askedOf(step, graph).flatMap(({ rows }) =>
    rows.flatMap(({ transition: { source, target }, answer }) =>
      target && answer?.holds !== false ? [{ from: source, to: target }] : [],
    ),
  );
  const noted = step.lines.flatMap(({ order }) =>
    order.type === 'NOTE_TRANSITION'
      ? [{ from: `${order.region}.${order.from}`, to: `${order.region}.${order.to}` }]
      : [],
  );
  const all = [...asked, ...noted];
  taken.set(step, all);
  return all;
}

const guardsByName = new Map(Object.entries(guards));

const asksOfContext = (t: Transition): boolean =>
  t.delay !== null || t.triggers.some((trigger) => trigger.event === 'JUDGED');

/** Guards that look at the context alone, of the states that are active. */
function answersNow(
  { snapshot: { context } }: State,
  active: ReadonlySet<string>,
  graph: Graph,
): Map<string, boolean> {
  const asked = graph.transitions.filter(
    (t) => t.guard !== null && active.has(t.source) && asksOfContext(t),
  );
  return new Map(
    asked.map((t) => {
      const ask = guardsByName.get(t.guard ?? '');
      return [`${t.source} ${t.guard}`, ask?.(context, { type: 'JUDGED' }) ?? false];
    }),
  );
}

/** The state of a region as one word; `Off` without a daemon. */
export const regionState = (frame: Frame, region: string): string =>
  frame.state ? stateName(frame.state.snapshot.value, region) : 'Off';
