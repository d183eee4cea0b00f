/**
 * From belief to verdict: the table of BEHAVIOUR.md section 1 as one function, the time at which
 * it may next change by itself, and its reason in words. The worst signal decides; among equals
 * the order is link, ping, service, mtu, session (cheapest proof first).
 */

import type { Cause } from './model.ts';
import { type Judgement, type PathBelief, pingStaleMs, serviceStaleMs } from './path.ts';
import type { Settings } from './settings.ts';

/** Verdict of a belief at `nowMs`. Total: every belief has exactly one. */
export function judge(b: PathBelief, nowMs: number, s: Settings): Judgement {
  const pingKnown = b.ping.value !== 'unknown' && nowMs - b.ping.atMs < pingStaleMs(s);
  let first: Cause | null = null;
  let proven: Cause | null = null;
  /** A signal speaks against the path; alone it would confirm `down` at this time. */
  const charge = (cause: Cause, downAtMs: number): void => {
    first ??= cause;
    if (nowMs >= downAtMs) proven ??= cause;
  };

  if (b.link.down) charge('link', b.link.sinceMs + s.probe.confirmMinMs);
  if (pingKnown && b.ping.value === 'loss') {
    charge('ping', counted(b.ping.losses, b.ping.firstLossMs, s));
  }
  const service = serviceNow(b, nowMs, s);
  // Silence while our own pings cannot be sent says more of us than of the path; a refusal is
  // an answer from the far end and counts in any case.
  if (service === 'refused' || (service === 'silent' && pingKnown)) {
    charge('service', b.service.badSinceMs + s.service.holdMs);
  }
  if (pingKnown && s.probe.mtu > 0 && b.full.dropped > 0) {
    charge('mtu', counted(b.full.dropped, b.full.firstDropMs, s));
  }
  const session = sessionNow(b, nowMs, s);
  if (pingKnown && (session === 'lapsed' || session === 'absent')) {
    charge('session', b.session.badLists >= 2 ? b.session.badSinceMs + s.session.lostMs : NOT_YET);
  }

  if (proven !== null) return { verdict: 'down', cause: proven };
  // A path that is down stays down while anything still speaks against it.
  if (first !== null) return { verdict: b.floor === 'down' ? 'down' : 'suspect', cause: first };
  if (!pingKnown) return { verdict: 'unknown', cause: 'unasked' };
  if (b.ping.replies < s.probe.riseCount) return { verdict: b.floor, cause: 'rising' };
  return { verdict: 'up', cause: 'none' };
}

const NOT_YET = Number.POSITIVE_INFINITY;

function counted(inRow: number, firstMs: number, s: Settings): number {
  return inRow >= s.probe.fallCount ? firstMs + s.probe.confirmMinMs : NOT_YET;
}

/** The service signal with its age taken into account. */
export function serviceNow(
  b: PathBelief,
  nowMs: number,
  s: Settings,
): PathBelief['service']['value'] {
  if (!s.service.enabled || nowMs - b.service.atMs >= serviceStaleMs(s)) return 'unknown';
  return b.service.value;
}

/** The session signal with its age taken into account. */
export function sessionNow(
  b: PathBelief,
  nowMs: number,
  s: Settings,
): PathBelief['session']['value'] {
  return nowMs - b.session.atMs >= s.session.staleMs ? 'unknown' : b.session.value;
}

/** Stable or young, for people: a session younger than the base hold (re)started recently. */
export function sessionWord(b: PathBelief, nowMs: number, s: Settings): string {
  const value = sessionNow(b, nowMs, s);
  if (value !== 'alive' || b.session.startMs === null) return value;
  return nowMs - b.session.startMs >= s.timers.backToNormalMs ? 'stable' : 'young';
}

/**
 * The earliest time after `nowMs` at which the verdict may change although no fact arrives;
 * Infinity if never. May be early, never late.
 */
export function nextChangeMs(b: PathBelief, nowMs: number, s: Settings): number {
  let next = Number.POSITIVE_INFINITY;
  const consider = (ms: number): void => {
    if (ms > nowMs && ms < next) next = ms;
  };
  if (b.ping.value !== 'unknown') consider(b.ping.atMs + pingStaleMs(s));
  if (b.link.down || b.ping.losses > 0 || b.full.dropped > 0) {
    consider(b.link.sinceMs + s.probe.confirmMinMs);
    consider(b.ping.firstLossMs + s.probe.confirmMinMs);
    consider(b.full.firstDropMs + s.probe.confirmMinMs);
  }
  if (b.service.value === 'refused' || b.service.value === 'silent') {
    consider(b.service.badSinceMs + s.service.holdMs);
    consider(b.service.atMs + serviceStaleMs(s));
  }
  if (b.session.badLists > 0) {
    consider(b.session.badSinceMs + s.session.lostMs);
    consider(b.session.atMs + s.session.staleMs);
  }
  return next;
}

/** The verdict's reason with its numbers, one line. */
export function explainVerdict(b: PathBelief, j: Judgement, nowMs: number, s: Settings): string {
  const ms = (sinceMs: number): string => `${Math.max(0, Math.round(nowMs - sinceMs))} ms`;
  switch (j.cause) {
    case 'none':
      return `ping replies, service ${serviceNow(b, nowMs, s)}, session ${sessionWord(b, nowMs, s)}`;
    case 'unasked':
      return `no ping answer or loss known for ${pingStaleMs(s)} ms or probes cannot be sent`;
    case 'link':
      return `interface ${b.link.device} is down for ${ms(b.link.sinceMs)}, confirm_min=${s.probe.confirmMinMs} ms`;
    case 'ping':
      return `${b.ping.losses} of ${s.probe.fallCount} probes lost in ${ms(b.ping.firstLossMs)}, fall=${s.probe.fallCount}, confirm_min=${s.probe.confirmMinMs} ms`;
    case 'mtu':
      return `${b.full.dropped} full-size frames of ${s.probe.mtu} bytes dropped in ${ms(b.full.firstDropMs)} while small pings pass, fall=${s.probe.fallCount}`;
    case 'service':
      return `service ${b.service.value} (${b.service.error}) for ${ms(b.service.badSinceMs)}, service_hold=${s.service.holdMs} ms`;
    case 'session':
      return `session ${b.session.value} for ${ms(b.session.badSinceMs)} in ${b.session.badLists}${b.session.badLists >= 2 ? ' or more' : ''} fresh lists, session_lost=${s.session.lostMs} ms`;
    case 'rising':
      return `${b.ping.replies} of ${s.probe.riseCount} replies in a row, rise=${s.probe.riseCount}`;
  }
}
