/**
 * All beliefs of one host, and how each fact changes them. The rest of the controller sees only
 * `views`: one object per path that changes when, and only when, something a decision needs did.
 */

import type { Fact } from './events.ts';
import { explainVerdict, judge } from './judge.ts';
import type { LinkView, Path, PathId, PathView, Session } from './model.ts';
import * as path from './path.ts';
import type { Settings } from './settings.ts';

/** One path, what is believed of it, and what the rest of the controller is shown of that. */
export interface Watched {
  readonly path: Path;
  readonly belief: path.PathBelief;
  readonly view: PathView;
}

export interface Beliefs {
  /** In the order of `settings.paths`. */
  readonly paths: readonly Watched[];
  /** The views of `paths`; a new array only when one of them is new. */
  readonly views: readonly PathView[];
  /** Uuid of the local SCVM's session in the last good list; null: not listed or no list yet. */
  readonly localUuid: string | null;
  /** Own addresses, storage then management; empty until links were read. */
  readonly clientIps: readonly string[];
  /** Until then a missing or lapsed entry says more of the leader than of the SCVM. */
  readonly graceUntilMs: number;
  readonly lists: { readonly okAtMs: number | null; readonly error: string };
  /** Paths whose address another machine answers for, with the MACs seen and when. */
  readonly duplicates: Readonly<Record<PathId, { readonly macs: string; readonly atMs: number }>>;
  readonly stall: { readonly count: number; readonly atMs: number | null; readonly ms: number };
}

export function noBeliefs(s: Settings, atMs: number): Beliefs {
  const paths = s.paths.map(unwatched);
  return {
    paths,
    views: paths.map((w) => w.view),
    localUuid: null,
    clientIps: [],
    graceUntilMs: atMs,
    lists: { okAtMs: null, error: '' },
    duplicates: {},
    stall: { count: 0, atMs: null, ms: 0 },
  };
}

/** A path of which nothing is known yet. */
function unwatched(p: Path): Watched {
  const view: PathView = {
    id: p.id,
    verdict: 'unknown',
    cause: 'unasked',
    says: 'nothing heard yet',
    upSinceMs: null,
    badAtMs: null,
    sessionStartMs: null,
  };
  return { path: p, belief: path.noBelief, view };
}

/** Fold one fact in. Facts that are not evidence leave the beliefs as they are. */
export function perceive(b: Beliefs, fact: Fact, s: Settings): Beliefs {
  switch (fact.type) {
    case 'PING_REPLIED':
      return onPath(b, fact, s, (p) => path.pingReplied(p, fact.atMs, fact.size, s));
    case 'PING_LOST':
      return onPath(b, fact, s, (p) => path.pingLost(p, fact.atMs, fact.size, s));
    case 'PING_UNSENT':
      return onPath(b, fact, s, (p) => path.pingUnsent(p, fact.atMs, fact.size));
    case 'SERVICE_ANSWERED':
      return onPath(b, fact, s, (p) => path.serviceAnswered(p, fact.atMs));
    case 'SERVICE_REFUSED':
      return onPath(b, fact, s, (p) => path.serviceFailed(p, fact.atMs, 'refused', fact.error, s));
    case 'SERVICE_SILENT':
      return onPath(b, fact, s, (p) =>
        path.serviceFailed(p, fact.atMs, 'silent', waited(fact.waitedMs), s),
      );
    case 'SERVICE_UNASKED':
      return onPath(b, fact, s, (p) => path.serviceUnasked(p, fact.atMs, fact.error));
    case 'SESSIONS_LISTED':
      return listed(b, fact.sessions, fact.atMs, s);
    case 'SESSIONS_FAILED':
      return unlisted(b, fact.atMs, fact.error, s);
    case 'LINKS_READ':
      return linksRead(b, fact.byPath, fact.atMs, s);
    case 'DUPLICATE_SEEN': {
      const seen = { macs: fact.macs.join(' and '), atMs: fact.atMs };
      return { ...b, duplicates: { ...b.duplicates, [fact.path]: seen } };
    }
    case 'STALLED': {
      const stall = { count: b.stall.count + 1, atMs: fact.atMs, ms: fact.stalledMs };
      return onAll({ ...b, stall }, fact.atMs, s, (p) => path.stalled(p, fact.stalledMs));
    }
    default:
      return b;
  }
}

const waited = (ms: number): string => `no answer in ${Math.round(ms)} ms`;

/** Judge every path again at `nowMs`: age alone may have changed a verdict. */
export function rejudge(b: Beliefs, nowMs: number, s: Settings): Beliefs {
  return onAll(b, nowMs, s, (p) => p);
}

/** Beliefs for a new configuration: paths that stay keep theirs, of the signals that stay. */
export function carryOver(b: Beliefs, to: Settings, atMs: number): Beliefs {
  const paths = to.paths.map((p) => {
    const same = (w: Watched): boolean =>
      w.path.id === p.id && w.path.ip === p.ip && w.path.dataIp === p.dataIp;
    const old = b.paths.find(same);
    return old ? { ...old, path: p, belief: path.asked(old.belief, to) } : unwatched(p);
  });
  return rejudge({ ...b, paths, views: paths.map((w) => w.view) }, atMs, to);
}

/** One path learns something. Late answers about paths that a reload removed find nobody. */
function onPath(
  b: Beliefs,
  fact: { readonly path: PathId; readonly atMs: number },
  s: Settings,
  update: (p: path.PathBelief) => path.PathBelief,
): Beliefs {
  const at = b.paths.findIndex((w) => w.path.id === fact.path);
  const old = b.paths[at];
  if (!old) return b;
  const now = reviewed(old, update(old.belief), fact.atMs, s);
  const paths = b.paths.slice();
  paths[at] = now;
  return withPaths(b, paths, now.view !== old.view);
}

function onAll(
  b: Beliefs,
  nowMs: number,
  s: Settings,
  update: (p: path.PathBelief, of: Path) => path.PathBelief,
): Beliefs {
  const paths = b.paths.map((w) => reviewed(w, update(w.belief, w.path), nowMs, s));
  return withPaths(
    b,
    paths,
    paths.some((w, i) => w.view !== b.views[i]),
  );
}

/** Written out for the same reason as in `path.ts`. */
function withPaths(b: Beliefs, paths: readonly Watched[], isNews: boolean): Beliefs {
  return {
    paths,
    views: isNews ? paths.map((w) => w.view) : b.views,
    localUuid: b.localUuid,
    clientIps: b.clientIps,
    graceUntilMs: b.graceUntilMs,
    lists: b.lists,
    duplicates: b.duplicates,
    stall: b.stall,
  };
}

/** Judged now. The view stays the same object if nothing that a decision needs changed. */
function reviewed(w: Watched, belief: path.PathBelief, nowMs: number, s: Settings): Watched {
  const old = w.view;
  const j = judge(belief, nowMs, s);
  const settled = path.settleFloor(belief, j);
  const restarted = belief.session.startMs !== old.sessionStartMs;
  if (j.verdict === old.verdict && j.cause === old.cause && !restarted) {
    return { path: w.path, belief: settled, view: old };
  }
  const wasUp = old.verdict === 'up' && old.upSinceMs !== null;
  const newSession = wasUp && startedWhileUp(belief.session.startMs, old, s);
  const upSinceMs = j.verdict !== 'up' ? null : wasUp && !newSession ? old.upSinceMs : nowMs;
  const bad = j.verdict === 'suspect' || j.verdict === 'down' || newSession;
  const view: PathView = {
    id: old.id,
    verdict: j.verdict,
    cause: j.cause,
    says: explainVerdict(belief, j, nowMs, s),
    upSinceMs,
    badAtMs: bad ? nowMs : old.badAtMs,
    sessionStartMs: belief.session.startMs,
  };
  return { path: w.path, belief: settled, view };
}

/**
 * The access service began anew although the path looked up all along. A session that began when
 * the path came up belongs to that; one poll interval is the list's own inaccuracy.
 */
function startedWhileUp(startMs: number | null, old: PathView, s: Settings): boolean {
  if (startMs === null || old.upSinceMs === null || startMs === old.sessionStartMs) return false;
  return startMs > old.upSinceMs + s.session.pollIntervalMs;
}

function listed(b: Beliefs, sessions: readonly Session[], atMs: number, s: Settings): Beliefs {
  // Right after a leader change the list is empty or fills slowly: nobody left (law S3).
  if (sessions.length === 0) return unlisted(b, atMs, 'the list is empty', s);
  const byIp = new Map(sessions.map((x) => [x.ip, x]));
  const inGrace = atMs < b.graceUntilMs;
  const localUuid = sessions.find((x) => x.ip === b.paths[0]?.path.dataIp)?.uuid ?? null;
  const lists = { okAtMs: atMs, error: '' };
  return onAll({ ...b, lists, localUuid }, atMs, s, (p, of) => {
    const entry = byIp.get(of.dataIp);
    if (entry?.alive) return path.sessionSeen(p, atMs, entry, s);
    if (inGrace) return path.sessionUnknown(p);
    return entry ? path.sessionSeen(p, atMs, entry, s) : path.sessionBad(p, atMs, 'absent', s);
  });
}

function unlisted(b: Beliefs, atMs: number, error: string, s: Settings): Beliefs {
  const graceUntilMs = atMs + s.session.staleMs;
  // Until the last list is stale it still counts; runs of bad lists do not go on over a gap.
  return onAll({ ...b, graceUntilMs, lists: { ...b.lists, error } }, atMs, s, (p) =>
    p.session.value === 'alive' ? p : path.sessionUnknown(p),
  );
}

function linksRead(
  b: Beliefs,
  byPath: Readonly<Record<PathId, LinkView | null>>,
  atMs: number,
  s: Settings,
): Beliefs {
  const sources = ['storage', 'management'].map((network) => {
    const own = b.paths.find((w) => w.path.local && w.path.network === network);
    return (own && byPath[own.path.id]?.source) ?? null;
  });
  const found = [...new Set(sources.filter((ip) => ip !== null))];
  const same = found.join() === b.clientIps.join();
  return onAll({ ...b, clientIps: same ? b.clientIps : found }, atMs, s, (p, of) => {
    const link = byPath[of.id];
    if (link) return path.linkSeen(p, atMs, !link.up, link.device);
    // No interface in the path's network: a routed network, unless there was one before.
    return p.link.device === '' ? p : path.linkSeen(p, atMs, true, p.link.device);
  });
}
