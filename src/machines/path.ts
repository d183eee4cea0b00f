/**
 * What we believe of one path, from its signals (BEHAVIOUR.md section 1). A belief is evidence
 * with the times it was learnt; `judge` turns it into a verdict. Nothing here knows of routes,
 * targets or other paths. Each signal has one writer below, and each is *unknown* once it is older
 * than its limit: could not ask is never a no.
 */

import type { ProbeSize } from './events.ts';
import type { Cause, Verdict } from './model.ts';
import type { Settings } from './settings.ts';

export interface PathBelief {
  readonly ping: {
    readonly value: 'reply' | 'loss' | 'unknown';
    readonly atMs: number;
    /** Losses in a row, saturating at fallCount. */
    readonly losses: number;
    readonly firstLossMs: number;
    /** Replies in a row since the last bad signal of any kind, saturating at riseCount. */
    readonly replies: number;
  };
  /** Full-size probes dropped in a row, saturating at fallCount. */
  readonly full: { readonly dropped: number; readonly firstDropMs: number };
  readonly service: {
    readonly value: 'up' | 'refused' | 'silent' | 'unknown';
    readonly atMs: number;
    /** Start of the run of refused or silent answers; meaningful only in one. */
    readonly badSinceMs: number;
    readonly error: string;
  };
  readonly session: {
    readonly value: 'alive' | 'lapsed' | 'absent' | 'unknown';
    readonly atMs: number;
    readonly badSinceMs: number;
    /** Consecutive fresh lists that said lapsed or absent, saturating at 2. */
    readonly badLists: number;
    readonly uuid: string | null;
    readonly startMs: number | null;
  };
  readonly link: { readonly down: boolean; readonly sinceMs: number; readonly device: string };
  /** The verdict that lasts until `rise` replies in a row have been seen. */
  readonly floor: 'unknown' | 'suspect' | 'down';
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly cause: Cause;
}

/** Long before any clock reading; finite so that a belief survives JSON. */
const NEVER = Number.MIN_SAFE_INTEGER;

/** The belief before anything was learnt: unknown. */
export const noBelief: PathBelief = {
  ping: { value: 'unknown', atMs: NEVER, losses: 0, firstLossMs: NEVER, replies: 0 },
  full: { dropped: 0, firstDropMs: NEVER },
  service: { value: 'unknown', atMs: NEVER, badSinceMs: NEVER, error: '' },
  session: {
    value: 'unknown',
    atMs: NEVER,
    badSinceMs: NEVER,
    badLists: 0,
    uuid: null,
    startMs: null,
  },
  link: { down: false, sinceMs: NEVER, device: '' },
  floor: 'unknown',
};

/** Age at which a ping is unknown: three of the slowest rounds and one wait went by in silence. */
export function pingStaleMs(s: Settings): number {
  return 3 * s.probe.idleIntervalMs + s.probe.timeoutMs;
}

/** Age at which a service answer is unknown: four rounds without any answer, good or bad. */
export function serviceStaleMs(s: Settings): number {
  return 4 * s.service.intervalMs;
}

/**
 * A belief with one signal changed. Written out, here and below: millions of facts an hour pass
 * through, and a spread that changes a key costs twenty times as much as naming them all.
 */
const withPing = (b: PathBelief, ping: PathBelief['ping']): PathBelief => ({
  ping,
  full: b.full,
  service: b.service,
  session: b.session,
  link: b.link,
  floor: b.floor,
});

const withService = (
  b: PathBelief,
  service: PathBelief['service'],
  ping: PathBelief['ping'],
): PathBelief => ({
  ping,
  full: b.full,
  service,
  session: b.session,
  link: b.link,
  floor: b.floor,
});

const withSession = (
  b: PathBelief,
  session: PathBelief['session'],
  ping: PathBelief['ping'],
): PathBelief => ({
  ping,
  full: b.full,
  service: b.service,
  session,
  link: b.link,
  floor: b.floor,
});

/** What replies were counted no longer counts. */
const unreplied = (ping: PathBelief['ping']): PathBelief['ping'] =>
  ping.replies === 0 ? ping : { ...ping, replies: 0 };

/** A reply arrived. Replies count towards `rise` only while nothing else speaks against it. */
export function pingReplied(b: PathBelief, atMs: number, size: ProbeSize, s: Settings): PathBelief {
  if (size === 'full') {
    return b.full.dropped === 0 ? b : { ...b, full: { dropped: 0, firstDropMs: NEVER } };
  }
  const replies = Math.min(b.ping.replies + 1, s.probe.riseCount);
  return withPing(b, { value: 'reply', atMs, losses: 0, firstLossMs: NEVER, replies });
}

/** A probe got no reply in its time. */
export function pingLost(b: PathBelief, atMs: number, size: ProbeSize, s: Settings): PathBelief {
  if (size === 'full') {
    const dropped = Math.min(b.full.dropped + 1, s.probe.fallCount);
    return {
      ...b,
      full: { dropped, firstDropMs: b.full.dropped === 0 ? atMs : b.full.firstDropMs },
    };
  }
  const losses = Math.min(b.ping.losses + 1, s.probe.fallCount);
  const firstLossMs = b.ping.losses === 0 ? atMs : b.ping.firstLossMs;
  return withPing(b, { value: 'loss', atMs, losses, firstLossMs, replies: 0 });
}

/** The probe could not be sent. Losses counted so far stand; they just get no older evidence. */
export function pingUnsent(b: PathBelief, atMs: number, size: ProbeSize): PathBelief {
  if (size === 'full') return b;
  const { losses, firstLossMs, replies } = b.ping;
  return withPing(b, { value: 'unknown', atMs, losses, firstLossMs, replies });
}

export function serviceAnswered(b: PathBelief, atMs: number): PathBelief {
  return withService(b, { value: 'up', atMs, badSinceMs: NEVER, error: '' }, b.ping);
}

export function serviceFailed(
  b: PathBelief,
  atMs: number,
  value: 'refused' | 'silent',
  error: string,
  s: Settings,
): PathBelief {
  const bad = b.service.value === 'refused' || b.service.value === 'silent';
  const inRun = bad && atMs - b.service.atMs < serviceStaleMs(s);
  const badSinceMs = inRun ? b.service.badSinceMs : atMs;
  return withService(b, { value, atMs, badSinceMs, error }, unreplied(b.ping));
}

export function serviceUnasked(b: PathBelief, atMs: number, error: string): PathBelief {
  return withService(b, { value: 'unknown', atMs, badSinceMs: NEVER, error }, b.ping);
}

/** A fresh, valid list showed the SCVM's session. */
export function sessionSeen(
  b: PathBelief,
  atMs: number,
  seen: { readonly uuid: string; readonly alive: boolean; readonly ageMs: number },
  s: Settings,
): PathBelief {
  if (!seen.alive) return sessionBad(b, atMs, 'lapsed', s);
  // The age is read once per session: polls round it differently and must not move the start.
  const startMs = b.session.uuid === seen.uuid ? b.session.startMs : atMs - seen.ageMs;
  const { uuid } = seen;
  const session = { value: 'alive', atMs, badSinceMs: NEVER, badLists: 0, uuid, startMs } as const;
  return withSession(b, session, b.ping);
}

/** A fresh, valid list said lapsed, or did not have the SCVM at all. A stale run is over. */
export function sessionBad(
  b: PathBelief,
  atMs: number,
  value: 'lapsed' | 'absent',
  s: Settings,
): PathBelief {
  const inRun = b.session.badLists > 0 && atMs - b.session.atMs < s.session.staleMs;
  const badSinceMs = inRun ? b.session.badSinceMs : atMs;
  const badLists = inRun ? 2 : 1;
  const { uuid, startMs } = b.session;
  const session = { value, atMs, badSinceMs, badLists, uuid, startMs };
  return withSession(b, session, unreplied(b.ping));
}

/** No list, an empty one, or one too soon after such a gap: the run of bad lists is broken. */
export function sessionUnknown(b: PathBelief): PathBelief {
  if (b.session.value === 'unknown') return b;
  return { ...b, session: { ...b.session, value: 'unknown', badSinceMs: NEVER, badLists: 0 } };
}

/** The interface towards the path went down (or came up). */
export function linkSeen(b: PathBelief, atMs: number, down: boolean, device: string): PathBelief {
  if (b.link.down === down && b.link.device === device) return b;
  const ping = down ? { ...b.ping, replies: 0 } : b.ping;
  const sinceMs = b.link.down === down ? b.link.sinceMs : atMs;
  return { ...b, ping, link: { down, sinceMs, device } };
}

/**
 * What is not asked any more is forgotten: nothing would ever take it back, and when it is asked
 * again, the time between was not observed.
 */
export function asked(b: PathBelief, s: Settings): PathBelief {
  const full = s.probe.mtu > 0 ? b.full : noBelief.full;
  const service = s.service.enabled ? b.service : noBelief.service;
  return full === b.full && service === b.service ? b : { ...b, full, service };
}

/** The process stood still: nothing was observed, so no run of bad signals got longer. */
export function stalled(b: PathBelief, ms: number): PathBelief {
  return {
    ...b,
    ping: { ...b.ping, firstLossMs: b.ping.firstLossMs + ms },
    full: { ...b.full, firstDropMs: b.full.firstDropMs + ms },
    service: { ...b.service, badSinceMs: b.service.badSinceMs + ms },
    session: { ...b.session, badSinceMs: b.session.badSinceMs + ms },
    link: { ...b.link, sinceMs: b.link.sinceMs + ms },
  };
}

/** The verdict's floor after judging: what a bad verdict leaves behind until `rise` replies. */
export function settleFloor(b: PathBelief, j: Judgement): PathBelief {
  const floor = j.verdict === 'up' ? 'suspect' : j.verdict === 'unknown' ? b.floor : j.verdict;
  return floor === b.floor ? b : { ...b, floor };
}
