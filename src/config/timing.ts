/**
 * Cross checks on numbers: orders that must hold for the controller to work (errors), and
 * settings that work but are known to hurt (notes). The figures are the domain's: session lease
 * 7 s, guests suffer from 30 s on, heartbeats live 9 s, old connections linger for a minute.
 * A check is silent while one of its numbers is not known.
 */

import type { KeyPath } from './document.ts';
import type { Finding } from './issues.ts';
import type { ProblemCode } from './problems.ts';
import type { Draft } from './schema.ts';
import { writeDuration } from './units.ts';

const LEASE_MS = 7000;
const HEARTBEAT_LIFE_MS = 9000;
const GUESTS_SUFFER_MS = 30000;
/** A connection of an away-and-back switch stalled for more than 60 s. */
const CONNECTIONS_LINGER_MS = 60000;
/** IPv4 header without options (RFC 791) and ICMP echo header (RFC 792). */
const PING_HEADER_BYTES = 28;

type Check = (draft: Draft) => Finding[];

export function checkNumbers(draft: Draft): Finding[] {
  const checks: readonly Check[] = [
    checkPaces,
    checkHold,
    checkStale,
    checkSessionLost,
    checkPayload,
    checkDetection,
    checkOneLoss,
    checkSwitch,
    checkInsight,
  ];
  return checks.flatMap((check) => check(draft));
}

function checkPaces({ probe = {} }: Draft): Finding[] {
  const { fast_interval: fast, interval, idle_interval: idle } = probe;
  const findings: Finding[] = [];
  if (isMore(fast, interval)) {
    const says = `fast_interval ${shown(fast)} is longer than interval ${shown(interval)}`;
    const remedy = `Write fast_interval <= interval, for example fast_interval: ${shown(interval)}.`;
    findings.push(
      finding('CFG_PACE_ORDER', ['probe.fast_interval', 'probe.interval'], says, remedy),
    );
  }
  if (isMore(interval, idle)) {
    const says = `interval ${shown(interval)} is longer than idle_interval ${shown(idle)}`;
    const remedy = `Write interval <= idle_interval, for example idle_interval: ${shown(interval)}.`;
    findings.push(
      finding('CFG_PACE_ORDER', ['probe.interval', 'probe.idle_interval'], says, remedy),
    );
  }
  return findings;
}

function checkHold({ timers = {}, switch: switching = {} }: Draft): Finding[] {
  const { back_to_normal: hold, back_to_normal_max: most, return_guard: guard } = timers;
  const findings: Finding[] = [];
  if (isMore(hold, most)) {
    const says = `back_to_normal ${shown(hold)} is longer than back_to_normal_max ${shown(most)}`;
    const remedy = `Write back_to_normal_max: ${shown(hold)} or more.`;
    const at = ['timers.back_to_normal', 'timers.back_to_normal_max'];
    findings.push(finding('CFG_HOLD_ORDER', at, says, remedy));
  }
  if (isMore(guard, hold)) {
    const says = `back_to_normal ${shown(hold)} is shorter than return_guard ${shown(guard)}`;
    const remedy = `Home waits for the longer one. Write back_to_normal: ${shown(guard)} or more.`;
    const at = ['timers.back_to_normal', 'timers.return_guard'];
    findings.push(finding('CFG_HOLD_SHORT', at, says, remedy));
  }
  if (isMore(CONNECTIONS_LINGER_MS, guard) && switching.break_connections === false) {
    const says = `return_guard ${shown(guard)} without break_connections: old sockets linger longer`;
    const remedy = `Write return_guard: ${shown(CONNECTIONS_LINGER_MS)} or more.`;
    const at = ['timers.return_guard', 'switch.break_connections'];
    findings.push(finding('CFG_GUARD_SHORT', at, says, remedy));
  }
  return findings;
}

function checkStale({ session = {} }: Draft): Finding[] {
  const { stale_after: stale, poll_interval: poll, timeout } = session;
  const round = poll === undefined || timeout === undefined ? undefined : poll + timeout;
  if (round !== undefined && stale !== undefined && stale <= round) {
    const says = `stale_after ${shown(stale)} must be longer than poll_interval + timeout = ${shown(round)}`;
    const remedy = `Write stale_after: ${shown(Math.min(round * 2, 2147483647))}, or poll more often.`;
    const at = ['session.stale_after', 'session.poll_interval', 'session.timeout'];
    return [finding('CFG_STALE_ORDER', at, says, remedy)];
  }
  if (stale === undefined || stale > LEASE_MS) return [];
  const says = `stale_after ${shown(stale)} is not longer than the session lease of 7s`;
  const remedy = 'Write stale_after: 8s or more, so that a lost lease is still seen in the list.';
  return [finding('CFG_STALE_LEASE', ['session.stale_after'], says, remedy)];
}

function checkSessionLost({ session = {} }: Draft): Finding[] {
  const { session_lost: lost, stale_after: stale, poll_interval: poll } = session;
  const findings: Finding[] = [];
  if (isMore(lost, stale)) {
    const says = `session_lost ${shown(lost)} is longer than stale_after ${shown(stale)}`;
    const remedy =
      'One failed poll then starts the count again. Write session_lost <= stale_after.';
    const at = ['session.session_lost', 'session.stale_after'];
    findings.push(finding('CFG_LOST_STALE', at, says, remedy));
  }
  if (poll !== undefined && isMore(2 * poll, lost)) {
    const says = `session_lost ${shown(lost)} is shorter than two polls of ${shown(poll)}`;
    const remedy = `Write session_lost: ${shown(2 * poll)} or more.`;
    const at = ['session.session_lost', 'session.poll_interval'];
    findings.push(finding('CFG_LOST_QUICK', at, says, remedy));
  }
  if (session.scheme === 'http' && session.token_file) {
    const says = 'the token is sent in the clear';
    const remedy = 'Write scheme: https (and its port).';
    findings.push(finding('CFG_TOKEN_CLEAR', ['session.token_file'], says, remedy));
  }
  if (session.scheme === 'http' && session.ca_file) {
    const says = 'has no effect with scheme: http';
    const remedy = 'Write scheme: https, or ca_file: null.';
    findings.push(finding('CFG_CA_UNUSED', ['session.ca_file'], says, remedy));
  }
  return findings;
}

function checkPayload({ probe = {} }: Draft): Finding[] {
  const { payload_size: payload, mtu } = probe;
  if (payload === undefined || mtu === undefined || mtu === 0) return [];
  if (payload + PING_HEADER_BYTES <= mtu) return [];
  const says = `a payload of ${payload} bytes makes ${payload + PING_HEADER_BYTES}, mtu is ${mtu}`;
  const remedy = `Write payload_size: ${mtu - PING_HEADER_BYTES} or less.`;
  return [finding('CFG_PAYLOAD_MTU', ['probe.payload_size', 'probe.mtu'], says, remedy)];
}

/** Worst cases from the first lost sign to the route's change, each kind of evidence for itself. */
function checkDetection({ probe, service, session, switch: switching }: Draft): Finding[] {
  const deadline = switching?.command_deadline ?? 0;
  const losses = ((probe?.fall ?? 1) - 1) * (probe?.fast_interval ?? 0);
  const pingMs =
    (probe?.interval ?? 0) + (probe?.timeout ?? 0) + Math.max(losses, probe?.confirm_min ?? 0);
  const serviceMs =
    service?.enabled === false ? 0 : 2 * (service?.interval ?? 0) + (service?.service_hold ?? 0);
  const sessionMs =
    (session?.poll_interval ?? 0) + (session?.timeout ?? 0) + (session?.session_lost ?? 0);
  const kinds = [
    ['ping', pingMs, ['probe.confirm_min', 'probe.interval', 'probe.timeout', 'probe.fall']],
    ['service', serviceMs, ['service.service_hold', 'service.interval']],
    ['session', sessionMs, ['session.session_lost', 'session.poll_interval', 'session.timeout']],
  ] as const;
  return kinds.flatMap(([kind, ms, places]) => {
    if (ms + deadline < GUESTS_SUFFER_MS) return [];
    const says = `a failure seen by ${kind} alone may take ${shown(ms)} and ${shown(deadline)} to switch`;
    const remedy = 'Guests suffer from 30s on: write shorter times here.';
    const at = [...places, 'switch.command_deadline'];
    return [finding('CFG_SLOW_DETECTION', at, says, remedy)];
  });
}

function checkOneLoss({ probe }: Draft): Finding[] {
  if (probe?.fall !== 1 || probe.confirm_min !== 0) return [];
  const says = 'fall: 1 with confirm_min: 0s takes a path down at a single lost probe';
  const remedy = 'Write fall: 3 or confirm_min: 200ms, or more.';
  return [finding('CFG_ONE_LOSS', ['probe.fall', 'probe.confirm_min'], says, remedy)];
}

function checkSwitch({ switch: switching }: Draft): Finding[] {
  if (switching?.break_connections !== false) return [];
  const says = 'old connections are left half open: about one client in four hangs after a switch';
  const remedy = 'Write break_connections: true, unless this platform cannot do it.';
  return [finding('CFG_BREAK_OFF', ['switch.break_connections'], says, remedy)];
}

function checkInsight({ insight }: Draft): Finding[] {
  if (insight?.enabled === false || !isMore((insight?.interval ?? 0) + 1, HEARTBEAT_LIFE_MS)) {
    return [];
  }
  const says = `a heartbeat every ${shown(insight?.interval)} with a time to live of 9s`;
  const remedy = 'Write interval: 3s, so that two heartbeats may be lost.';
  return [finding('CFG_INSIGHT_TTL', ['insight.interval'], says, remedy)];
}

function finding(
  code: ProblemCode,
  places: readonly string[],
  says: string,
  remedy: string,
): Finding {
  const at: KeyPath[] = places.map((place) => place.split('.'));
  return { code, at, part: 'value', says, remedy };
}

function isMore(left: number | undefined, right: number | undefined): boolean {
  return left !== undefined && right !== undefined && left > right;
}

function shown(ms: number | undefined): string {
  return writeDuration(ms ?? 0);
}
