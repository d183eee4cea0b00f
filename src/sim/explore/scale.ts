/**
 * The numbers of an exploration: settings whose durations are a few ticks, because the remaining
 * time of every timer is part of each state. A tick is 10 s, so that the chart's fixed delays (an
 * announcement's 0.5 s, retries of 0.2 to 5 s, a record's 1 to 10 s and 15 s) are one or two ticks
 * and only their order matters. Two spans are no settings and would be many ticks: the budget's
 * hour and the minute of a contested route. Their clocks run faster (`rates`), which is the same
 * as shorter spans, because nothing else is compared with the times that they measure.
 */

import type { Path } from '../../machines/model.ts';
import type { Settings } from '../../machines/settings.ts';

export const TICK_MS = 10_000;
/** It is always this late: times are kept as ages. */
export const NOW_MS = 1_000_000_000;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface Scale {
  readonly settings: Settings;
  /** After the other reload: the last SCVM is gone, and connections are not broken. */
  readonly reduced: Settings;
  /** By how much a time of that kind is older after one tick, ms; infinite: at once. */
  readonly rates: { readonly budgetMs: number; readonly contestedMs: number };
}

export interface Durations {
  readonly scvms: 2 | 3;
  /** Ticks. */
  readonly backToNormal: number;
  readonly backToNormalMax: number;
  readonly forgive: number;
  readonly returnGuard: number;
  readonly dwell: number;
  readonly warmUp: number;
  /** How long a target may take to answer after everything was dark. */
  readonly dark: number;
  /** Ticks in an hour and in a minute; 0: both are over at once, and what counts in them is nothing. */
  readonly hour: number;
  readonly minute: number;
  readonly budgetPerHour: number;
}

function pathsOf(n: number): Path[] {
  const scvm = `scvm${n}`;
  const dataIp = `10.10.85.${14 + n}`;
  const manageIp = `192.168.85.${14 + n}`;
  // The third is in the other zone: so every class of the choice is there.
  const base = { scvm, dataIp, manageIp, local: n === 1, sameZone: n < 3 };
  return [
    { ...base, id: `${scvm}/data`, kind: 'data', network: 'storage', ip: dataIp },
    { ...base, id: `${scvm}/manage`, kind: 'manage', network: 'management', ip: manageIp },
  ];
}

export function scaleOf(d: Durations): Scale {
  const paths = Array.from({ length: d.scvms }, (_, i) => pathsOf(i + 1)).flat();
  const ticks = (n: number): number => n * TICK_MS;
  const settings: Settings = {
    hostId: 'host1',
    nfsIp: '192.168.33.2',
    paths,
    probe: {
      intervalMs: 0,
      idleIntervalMs: TICK_MS,
      fastIntervalMs: 0,
      timeoutMs: TICK_MS,
      fallCount: 1,
      riseCount: 1,
      confirmMinMs: 0,
      mtu: 0,
    },
    // With a probe interval of 0 this is how long a target that was dark may take to answer.
    service: { enabled: true, intervalMs: ticks(d.dark), holdMs: 0 },
    session: { pollIntervalMs: TICK_MS, lostMs: TICK_MS, staleMs: TICK_MS },
    timers: {
      backToNormalMs: ticks(d.backToNormal),
      relapseFactor: 2,
      backToNormalMaxMs: ticks(d.backToNormalMax),
      forgiveMs: ticks(d.forgive),
      returnGuardMs: ticks(d.returnGuard),
      dwellMs: ticks(d.dwell),
      warmUpMs: ticks(d.warmUp),
    },
    switch: { commandDeadlineMs: 2000, breakConnections: true, budgetPerHour: d.budgetPerHour },
  };
  const reduced: Settings = {
    ...settings,
    paths: paths.slice(0, -2),
    switch: { ...settings.switch, breakConnections: false },
  };
  const rates = { budgetMs: HOUR_MS / d.hour, contestedMs: MINUTE_MS / d.minute };
  return { settings, reduced, rates };
}

/** Whole ticks in a span, rounded up: what is due between two ticks is due at the second. */
export const ticksOf = (ms: number): number => Math.ceil(ms / TICK_MS);
