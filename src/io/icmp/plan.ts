/**
 * What is probed, how large and how often: the part of the prober's options that a reload may
 * change. Its checks are assertions, because the configuration was validated before.
 */

import assert from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import type { Pace, PathId } from '../../machines/model.ts';
import {
  ICMP_HEADER_BYTES,
  IP_HEADER_BYTES,
  PAYLOAD_MAX_BYTES,
  PAYLOAD_MIN_BYTES,
} from './packet.ts';

export interface ProbePlan {
  /** Unique paths with unique dotted IPv4 addresses. */
  readonly targets: readonly { readonly path: PathId; readonly ip: string }[];
  /** ICMP payload of small probes, bytes, 16..65507. Sent without DF. */
  readonly payloadSize: number;
  /** Whole IPv4 packet of full-size probes, bytes, 44..65535, DF set; 0: no such probes. */
  readonly mtu: number;
  /** Pace `steady`. */
  readonly intervalMs: number;
  /** Pace `idle`. */
  readonly idleIntervalMs: number;
  /** Pace `fast`. */
  readonly fastIntervalMs: number;
  /** Longest wait for a reply, and the wait while no RTT is known. */
  readonly timeoutMs: number;
  /** Shortest wait, default 100; half of it at pace `fast`. Never above `timeoutMs`. */
  readonly minTimeoutMs?: number;
}

const MIN_TIMEOUT_MS = 100;

/** Throws an AssertionError for what a validated configuration cannot contain. */
export function assertPlan(plan: ProbePlan): void {
  const { targets, payloadSize, mtu } = plan;
  const isWhole = (value: number, min: number, max: number): boolean =>
    Number.isInteger(value) && value >= min && value <= max;
  assert(isWhole(payloadSize, PAYLOAD_MIN_BYTES, PAYLOAD_MAX_BYTES), `payload ${payloadSize}`);
  assert(
    mtu === 0 || isWhole(fullPayload(mtu), PAYLOAD_MIN_BYTES, PAYLOAD_MAX_BYTES),
    `mtu ${mtu}`,
  );
  for (const key of ['intervalMs', 'idleIntervalMs', 'fastIntervalMs', 'timeoutMs'] as const) {
    assert(plan[key] >= 1 && plan[key] <= 0x7fffffff, `${key} ${plan[key]}`);
  }
  for (const { path, ip } of targets) assert(isIPv4(ip), `${path}: address ${ip}`);
  assert.equal(new Set(targets.map(({ path }) => path)).size, targets.length, 'a path twice');
  assert.equal(new Set(targets.map(({ ip }) => ip)).size, targets.length, 'an address twice');
}

/** Payload of a full-size probe. */
export function fullPayload(mtu: number): number {
  return mtu - IP_HEADER_BYTES - ICMP_HEADER_BYTES;
}

export function intervalOf(plan: ProbePlan, pace: Pace): number {
  if (pace === 'fast') return plan.fastIntervalMs;
  return pace === 'steady' ? plan.intervalMs : plan.idleIntervalMs;
}

export function minTimeoutOf(plan: ProbePlan, pace: Pace): number {
  const minTimeoutMs = plan.minTimeoutMs ?? MIN_TIMEOUT_MS;
  return pace === 'fast' ? minTimeoutMs / 2 : minTimeoutMs;
}
