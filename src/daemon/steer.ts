/**
 * The control socket's handlers: questions are answered from the state, wishes become facts once
 * the controller says that it would obey them.
 */

import type { ControlHandlers } from '../io/control-server.ts';
import { tailJournal } from '../io/journal-read.ts';
import type { Clock } from '../io/report.ts';
import { movesOf, statusOf } from '../machines/explain.ts';
import {
  type Answer,
  answerPause,
  answerPin,
  answerRelease,
  answerResume,
  findTarget,
} from '../machines/operator.ts';
import type { Loop } from './loop.ts';
import { seenAt } from './sight.ts';

export interface SteerOptions {
  readonly loop: Loop;
  readonly clock: Clock;
  readonly wallMs: (monotonicMs: number) => number;
  readonly journalDir: string;
  /** Facts about the process for `status`. */
  readonly about: () => object;
  readonly reload: () => Promise<Answer>;
}

/** Orders that make up the history: what happened, not what was probed. */
const HISTORY = new Set([
  'NOTE_TRANSITION',
  'NOTE_SWITCH',
  'NOTE_WOULD_SWITCH',
  'NOTE_VERDICT',
  'RAISE_ALARM',
  'CLEAR_ALARM',
]);

/** Room for the headers among the newest entries: one per start and per segment. */
const MAX_HEADERS = 64;

export function steerHandlers(options: SteerOptions): ControlHandlers {
  const { loop, clock, wallMs } = options;

  /** Asking changes nothing: ages and gates are those of now, without a fact. */
  const seen = () => seenAt(loop.state(), clock.nowMs());

  /** A wish is judged by the chart itself, which first has to hear how late it is. */
  function current() {
    loop.report({ type: 'TICK', atMs: clock.nowMs() });
    return loop.state();
  }

  return {
    status() {
      const status = statusOf(seen());
      return { ...status, wallMs: wallMs(status.atMs), ...options.about() };
    },
    why() {
      const state = seen();
      const noted = (n: { atMs: number; line: string }) => ({ ...n, wallMs: wallMs(n.atMs) });
      return {
        status: statusOf(state),
        chain: loop.chain().last.map(noted),
        since: loop.chain().pending.map(noted),
        moves: movesOf(state.snapshot.context),
      };
    },
    async history(n) {
      const entries = await tailJournal(options.journalDir, n + MAX_HEADERS, {
        keep: (e) => e.kind === 'header' || (e.kind === 'order' && HISTORY.has(e.order.type)),
      });
      // Each run's header ties its monotonic times to the wall clock: a boot begins them anew.
      let toWall = wallMs;
      const told = entries.flatMap((e) => {
        if (e.kind === 'header') toWall = (atMs) => Math.round(e.wallMs + atMs - e.monoMs);
        return e.kind === 'order' ? [{ wallMs: toWall(e.atMs), atMs: e.atMs, ...e.order }] : [];
      });
      return told.slice(-n);
    },
    pin(request) {
      const state = current();
      const path = findTarget(state.snapshot.context.settings, request.target);
      if (!path) {
        const known = state.snapshot.context.settings.paths.map((p) => p.id).join(', ');
        return {
          ok: false,
          code: 'UNKNOWN_TARGET',
          says: `no target ${request.target}; known: ${known}`,
        };
      }
      const answer = answerPin(state, path.id);
      if (!answer.ok) return answer;
      const atMs = clock.nowMs();
      const untilMs = request.for_ms === undefined ? null : atMs + request.for_ms;
      const failsafe = request.failsafe ?? false;
      loop.report({ type: 'PIN_ASKED', atMs, path: path.id, untilMs, failsafe });
      return answer;
    },
    release() {
      const answer = answerRelease(loop.state());
      loop.report({ type: 'RELEASE_ASKED', atMs: clock.nowMs() });
      return answer;
    },
    pause() {
      const answer = answerPause(loop.state());
      loop.report({ type: 'PAUSE_ASKED', atMs: clock.nowMs() });
      return answer;
    },
    resume() {
      const answer = answerResume(loop.state());
      if (answer.ok) loop.report({ type: 'RESUME_ASKED', atMs: clock.nowMs() });
      return answer;
    },
    reload: options.reload,
  };
}
