/**
 * Questions to the facts about one path, asked by the laws instead of believing the controller's
 * verdict. Each leans to the side on which its law stays sound: `whyNotUp` names only what no
 * reading of BEHAVIOUR.md section 1 can call up, `isGood` is narrower than any reading of up,
 * `accusation` takes every hint, `condemnation` only proof.
 */

import type { Settings } from '../machines/settings.ts';
import { ms } from './law.ts';
import type { Signals } from './signals.ts';

/** Age beyond which a ping says nothing: three slow rounds and one wait. */
export const pingLimitMs = (s: Settings): number => 3 * s.probe.idleIntervalMs + s.probe.timeoutMs;

/** Age beyond which a service answer says nothing: four rounds. */
export const serviceLimitMs = (s: Settings): number => 4 * s.service.intervalMs;

/** Probes can be sent and their outcome is fresh. */
export function isPingKnown(x: Signals, nowMs: number, s: Settings): boolean {
  return (x.ping === 'reply' || x.ping === 'loss') && nowMs - x.pingAtMs < pingLimitMs(s);
}

const isServiceBad = (x: Signals): boolean => x.service === 'refused' || x.service === 'silent';

const isServiceFresh = (x: Signals, nowMs: number, s: Settings): boolean =>
  nowMs - x.serviceAtMs < serviceLimitMs(s);

/** What in the facts forbids a switch onto the path; null: nothing does. */
export function whyNotUp(x: Signals, nowMs: number, s: Settings): string | null {
  if (x.ping !== 'reply') return `its last ping fact is ${x.ping}`;
  const ageMs = nowMs - x.pingAtMs;
  if (ageMs > pingLimitMs(s)) return `its last ping fact is ${ms(ageMs)} old`;
  if (x.repliesInRow < s.probe.riseCount) {
    return `${x.repliesInRow} replies in a row since the last loss, rise=${s.probe.riseCount}`;
  }
  if (x.linkDown) return `its interface went down ${ms(nowMs - x.linkDownSinceMs)} ago`;
  if (isServiceBad(x) && isServiceFresh(x, nowMs, s)) {
    return `its service was ${x.service} ${ms(nowMs - x.serviceAtMs)} ago`;
  }
  if (x.fullLost > 0) return `its last ${x.fullLost} full-size frames were lost`;
  return firmSessionLoss(x, nowMs, s);
}

/** Every signal is fresh and good, `rise` replies in a row came, nothing speaks against it. */
export function isGood(x: Signals, nowMs: number, s: Settings): boolean {
  return (
    x.ping === 'reply' &&
    nowMs - x.pingAtMs < pingLimitMs(s) &&
    x.repliesSinceBad >= s.probe.riseCount &&
    !x.linkDown &&
    !isServiceBad(x) &&
    x.fullLost === 0 &&
    x.session !== 'bad'
  );
}

/** Two fresh non-empty lists in a row, `session_lost` after the first, without the SCVM alive. */
export function isSessionLost(x: Signals, nowMs: number, s: Settings): boolean {
  return (
    x.badLists >= 2 &&
    nowMs - x.badListsSinceMs >= s.session.lostMs &&
    nowMs - x.sessionAtMs < s.session.staleMs
  );
}

/** The same, from lists that no leader change can explain, while pings are known. */
function firmSessionLoss(x: Signals, nowMs: number, s: Settings): string | null {
  const forMs = nowMs - x.firmSinceMs;
  const lost = x.firmLists >= 2 && forMs >= s.session.lostMs;
  if (!lost || nowMs - x.sessionAtMs >= s.session.staleMs || !isPingKnown(x, nowMs, s)) return null;
  return `${x.firmLists} lists in a row over ${ms(forMs)} do not show its session alive`;
}

/** Anything since the path was last good that can justify leaving it; null: nothing. */
export function accusation(x: Signals, nowMs: number, s: Settings): string | null {
  if (x.accused) return 'a probe, service or link signal spoke against it';
  if (x.sessionGuilt || isSessionLost(x, nowMs, s)) return 'its session was lost';
  return null;
}

/** Proof that the path is down by the numbers of the settings, still standing; null: none. */
export function condemnation(x: Signals, nowMs: number, s: Settings): string | null {
  if (x.linkDown && nowMs - x.linkDownSinceMs >= s.probe.confirmMinMs) {
    return `interface down for ${ms(nowMs - x.linkDownSinceMs)}`;
  }
  const known = isPingKnown(x, nowMs, s);
  const counted = (lost: number, sinceMs: number): boolean =>
    known && lost >= s.probe.fallCount && nowMs - sinceMs >= s.probe.confirmMinMs;
  if (x.ping === 'loss' && counted(x.losses, x.firstLossMs)) {
    return `${x.losses} pings lost in a row over ${ms(nowMs - x.firstLossMs)}`;
  }
  const asked = x.service === 'refused' || (x.service === 'silent' && known);
  const badForMs = nowMs - x.serviceBadSinceMs;
  if (asked && isServiceFresh(x, nowMs, s) && badForMs >= s.service.holdMs) {
    return `service ${x.service} for ${ms(badForMs)}`;
  }
  if (counted(x.fullLost, x.firstFullLostMs)) return `${x.fullLost} full-size frames lost`;
  return firmSessionLoss(x, nowMs, s);
}
