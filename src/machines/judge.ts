/**
 * From belief to verdict: the table of BEHAVIOUR.md section 1 as one function, the time at which
 * it may next change by itself, and its reason in words. The worst signal decides; among equals
 * the order is link, ping, service, mtu, session (cheapest proof first).
 */

import type { Cause } from './model.ts';
import { type Judgement, type PathBelief, pingStaleMs, serviceStaleMs } from './path.ts';
import type { Settings } from './settings.ts';

/** One signal that speaks against the path, and when it alone would confirm `down`. */
interface Charge {
  readonly cause: Cause;
  readonly downAtMs: number;
}

/** Verdict of a belief at `nowMs`. Total: every belief has exactly one. */
export function judge(b: PathBelief, nowMs: number, s: Settings): Judgement {
  const pingKnown = b.ping.value !== 'unknown' && nowMs - b.ping.atMs < pingStaleMs(s);
  const charges = chargesOf(b, nowMs, s, pingKnown);
  const proven = charges.find((c) => nowMs >= c.downAtMs);
  if (proven) return { verdict: 'down', cause: proven.cause };
  const first = charges[0];
  if (first)
    return b.floor === 'down' ? held(first.cause) : { verdict: 'suspect', cause: first.cause };
  if (!pingKnown) return { verdict: 'unknown', cause: 'unasked' };
  if (b.ping.replies < s.probe.riseCount) return { verdict: b.floor, cause: 'rising' };
  return { verdict: 'up', cause: 'none' };
}

/** A path that is down stays down while anything still speaks against it. */
function held(cause: Cause): Judgement {
  return { verdict: 'down', cause };
}

function chargesOf(b: PathBelief, nowMs: number, s: Settings, pingKnown: boolean): Charge[] {
  const charges: Charge[] = [];
  if (b.link.down) charges.push({ cause: 'link', downAtMs: b.link.sinceMs + s.probe.confirmMinMs });
  if (pingKnown && b.ping.value === 'loss') {
    charges.push({ cause: 'ping', downAtMs: counted(b.ping.losses, b.ping.firstLossMs, s) });
  }
  const service = serviceNow(b, nowMs, s);
  // Silence while our own pings cannot be sent says more of us than of the path; a refusal is
  // an answer from the far end and counts in any case.
  if (service === 'refused' || (service === 'silent' && pingKnown)) {
    charges.push({ cause: 'service', downAtMs: b.service.badSinceMs + s.service.holdMs });
  }
  if (!pingKnown) return charges;
  if (s.probe.mtu > 0 && b.full.dropped > 0) {
    charges.push({ cause: 'mtu', downAtMs: counted(b.full.dropped, b.full.firstDropMs, s) });
  }
  const session = sessionNow(b, nowMs, s);
  if (session === 'lapsed' || session === 'absent') {
    const confirmed = b.session.badLists >= 2 ? b.session.badSinceMs + s.session.lostMs : NOT_YET;
    charges.push({ cause: 'session', downAtMs: confirmed });
  }
  return charges;
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
