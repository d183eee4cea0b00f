/**
 * A moment as a person sees it. Looking must change nothing: the state is read as it would be found
 * now, without a fact, so that an open console or a `status` in a loop leaves no mark in the journal
 * and no decision differs for it. What only time can change is decided at `wakeAtMs` anyway.
 */

import type { Chain, Noted } from '../machines/chain.ts';
import { changed } from '../machines/context.ts';
import type { State } from '../machines/decide.ts';
import { movesOf, statusOf } from '../machines/explain.ts';
import type { NotedLine, RunningTimer, Scene } from '../web/shapes.ts';

/** The state as it stands at `nowMs`, which is not before its last fact. */
export function seenAt(state: State, nowMs: number): State {
  const { context } = state.snapshot;
  if (nowMs <= context.nowMs) return state;
  return { ...state, snapshot: { ...state.snapshot, context: changed(context, { nowMs }) } };
}

/** `toWall`: from the monotonic clock to the wall's. */
export function sceneOf(
  state: State,
  nowMs: number,
  chain: Chain,
  toWall: (atMs: number) => number,
): Scene {
  const seen = seenAt(state, nowMs);
  const noted = (list: readonly Noted[]): NotedLine[] =>
    list.map(({ atMs, line }) => ({ wallMs: toWall(atMs), line }));
  const status = statusOf(seen);
  return {
    wallMs: toWall(status.atMs),
    status,
    timers: state.timers.map(timerOf),
    moves: movesOf(seen.snapshot.context),
    chain: noted(chain.last),
    since: noted(chain.pending),
  };
}

/** XState names a timer `xstate.after.<delay>.controller.<state>`. */
function timerOf({ id, atMs }: State['timers'][number]): RunningTimer {
  const found = /^xstate\.after\.([^.]+)\.controller\.(.+)$/.exec(id);
  return { name: found?.[1] ?? id, state: found?.[2] ?? '', dueAtMs: atMs };
}
