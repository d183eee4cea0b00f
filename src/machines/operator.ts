/**
 * What an operator's wish would meet, said before it is passed on: names become paths, and a wish
 * that the chart would not obey is answered with the reason. The chart checks again by itself.
 */

import { pathOf, viewOf } from './context.ts';
import type { State } from './decide.ts';
import type { Path, PathId } from './model.ts';
import type { Settings } from './settings.ts';

export type Answer =
  | { readonly ok: true; readonly says: string }
  | { readonly ok: false; readonly code: string; readonly says: string };

const no = (code: string, says: string): Answer => ({ ok: false, code, says });

/**
 * A target by path id, SCVM name or any of the SCVM's addresses. A name or data IP means the
 * storage path (with RDMA: the access IP); a management IP means the management path.
 */
export function findTarget(s: Settings, text: string): Path | null {
  const storage = (p: Path): boolean => p.network === 'storage';
  return (
    s.paths.find((p) => p.id === text) ??
    s.paths.find((p) => p.scvm === text && storage(p)) ??
    s.paths.find((p) => p.ip === text) ??
    s.paths.find((p) => p.dataIp === text && storage(p)) ??
    null
  );
}

/** May the route be pinned to `path` now? */
export function answerPin(state: State, path: PathId): Answer {
  const c = state.snapshot.context;
  if (c.run.shadow) return no('SHADOW', 'this daemon runs in shadow: it never touches the route');
  if (c.memory.paused) return no('PAUSED', 'the controller is paused: resume it first');
  if (!pathOf(c, path)) return no('UNKNOWN_TARGET', `${path} is not configured`);
  const view = viewOf(c, path);
  if (view?.verdict !== 'up') {
    const others = c.paths.filter((v) => v.verdict === 'up').map((v) => v.id);
    const hint = others.length > 0 ? `up now: ${others.join(', ')}` : 'no path is up';
    return no('NOT_UP', `${path} is ${view?.verdict ?? 'unknown'} (${view?.says ?? ''}); ${hint}`);
  }
  return { ok: true, says: `pinned to ${path}` };
}

export function answerRelease(state: State): Answer {
  const pin = state.snapshot.context.memory.pin;
  return pin
    ? { ok: true, says: `released from ${pin.path}` }
    : { ok: true, says: 'nothing was pinned' };
}

export function answerPause(state: State): Answer {
  const already = state.snapshot.context.memory.paused;
  return { ok: true, says: already ? 'already paused' : 'paused: observes, moves nothing' };
}

export function answerResume(state: State): Answer {
  const c = state.snapshot.context;
  if (c.run.shadow) return no('SHADOW', 'this daemon runs in shadow: it cannot be resumed');
  return { ok: true, says: c.memory.paused ? 'resumed' : 'was not paused' };
}
