/**
 * All beliefs of one host, and how each fact changes them. The rest of the controller sees only
 * `views`: one object per path that changes when, and only when, something a decision needs did.
 */

import type { Fact } from './events.ts';
import { explainVerdict, judge } from './judge.ts';
import type { LinkView, PathId, PathView, Session } from './model.ts';
import * as path from './path.ts';
import type { Settings } from './settings.ts';

export interface Beliefs {
  /** By position in `settings.paths`. */
  readonly paths: readonly path.PathBelief[];
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
  const blank = s.paths.map(() => path.noBelief);
  return {
    paths: blank,
    views: s.paths.map((p) => ({
      id: p.id,
      verdict: 'unknown',
      cause: 'unasked',
      says: 'nothing heard yet',
      upSinceMs: null,
      badAtMs: null,
      sessionStartMs: null,
    })),
    localUuid: null,
    clientIps: [],
    graceUntilMs: atMs,
    lists: { okAtMs: null, error: '' },
    duplicates: {},
    stall: { count: 0, atMs: null, ms: 0 },
  };
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
      return onPath(b, fact, s, (p) => path.serviceFailed(p, fact.atMs, 'refused', fact.error));
    case 'SERVICE_SILENT':
      return onPath(b, fact, s, (p) =>
        path.serviceFailed(p, fact.atMs, 'silent', `no answer in ${Math.round(fact.waitedMs)} ms`),
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
      const paths = b.paths.map((p) => path.stalled(p, fact.stalledMs));
      return rejudge({ ...b, stall, paths }, fact.atMs, s);
    }
    default:
      return b;
  }
}

/** Judge every path again at `nowMs`: age alone may have changed a verdict. */
export function rejudge(b: Beliefs, nowMs: number, s: Settings): Beliefs {
  return withPaths(b, b.paths, nowMs, s);
}

/** Beliefs for a new configuration: paths that stay keep theirs. */
export function carryOver(b: Beliefs, from: Settings, to: Settings, atMs: number): Beliefs {
  const fresh = noBeliefs(to, atMs);
  const old = to.paths.map((p) =>
    from.paths.findIndex((q) => q.id === p.id && q.ip === p.ip && q.dataIp === p.dataIp),
  );
  const paths = old.map((at, i) => b.paths[at] ?? fresh.paths[i] ?? path.noBelief);
  const views = fresh.views.map((v, i) => b.views[old[i] ?? -1] ?? v);
  return rejudge({ ...b, paths, views }, atMs, to);
}

function onPath(
  b: Beliefs,
  fact: { readonly path: PathId; readonly atMs: number },
  s: Settings,
  update: (p: path.PathBelief) => path.PathBelief,
): Beliefs {
  const at = s.paths.findIndex((p) => p.id === fact.path);
  const old = b.paths[at];
  if (!old) return b; // a late answer about a path that a reload removed
  const paths = b.paths.slice();
  paths[at] = update(old);
  const view = b.views[at];
  const judged = reviewed(paths[at], view, fact.atMs, s);
  paths[at] = judged.belief;
  if (judged.view === view || !judged.view) return { ...b, paths };
  const views = b.views.slice();
  views[at] = judged.view;
  return { ...b, paths, views };
}

function withPaths(
  b: Beliefs,
  beliefs: readonly path.PathBelief[],
  nowMs: number,
  s: Settings,
): Beliefs {
  const judged = beliefs.map((p, i) => reviewed(p, b.views[i], nowMs, s));
  const views = judged.map((j) => j.view).filter((v) => v !== undefined);
  const same = views.every((v, i) => v === b.views[i]);
  return { ...b, paths: judged.map((j) => j.belief), views: same ? b.views : views };
}

/** The view of a belief: the old object if nothing that a decision needs changed. */
function reviewed(
  belief: path.PathBelief,
  old: PathView | undefined,
  nowMs: number,
  s: Settings,
): { belief: path.PathBelief; view: PathView | undefined } {
  if (!old) return { belief, view: old };
  const j = judge(belief, nowMs, s);
  const settled = path.settleFloor(belief, j);
  const restarted = belief.session.startMs !== old.sessionStartMs;
  if (j.verdict === old.verdict && j.cause === old.cause && !restarted) {
    return { belief: settled, view: old };
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
  return { belief: settled, view };
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
  const paths = b.paths.map((p, i) => {
    const entry = byIp.get(s.paths[i]?.dataIp ?? '');
    if (entry?.alive) return path.sessionSeen(p, atMs, entry);
    if (inGrace) return path.sessionUnknown(p);
    return entry ? path.sessionSeen(p, atMs, entry) : path.sessionBad(p, atMs, 'absent');
  });
  const local = byIp.get(s.paths[0]?.dataIp ?? '');
  const localUuid = local?.uuid ?? null;
  const lists = { okAtMs: atMs, error: '' };
  return withPaths({ ...b, lists, localUuid }, paths, atMs, s);
}

function unlisted(b: Beliefs, atMs: number, error: string, s: Settings): Beliefs {
  const graceUntilMs = atMs + s.session.staleMs;
  // Until the last list is stale it still counts; runs of bad lists do not go on over a gap.
  const paths = b.paths.map((p) => (p.session.value === 'alive' ? p : path.sessionUnknown(p)));
  return withPaths({ ...b, graceUntilMs, lists: { ...b.lists, error } }, paths, atMs, s);
}

function linksRead(
  b: Beliefs,
  byPath: Readonly<Record<PathId, LinkView | null>>,
  atMs: number,
  s: Settings,
): Beliefs {
  const paths = b.paths.map((p, i) => {
    const link = byPath[s.paths[i]?.id ?? ''];
    if (link) return path.linkSeen(p, atMs, !link.up, link.device);
    // No interface in the path's network: a routed network, unless there was one before.
    return p.link.device === '' ? p : path.linkSeen(p, atMs, true, p.link.device);
  });
  const sources = ['storage', 'management'].map((network) => {
    const own = s.paths.find((p) => p.local && p.network === network);
    return (own && byPath[own.id]?.source) ?? null;
  });
  const found = [...new Set(sources.filter((ip) => ip !== null))];
  const same = found.join() === b.clientIps.join();
  return withPaths({ ...b, clientIps: same ? b.clientIps : found }, paths, atMs, s);
}
