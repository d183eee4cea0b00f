/**
 * The numbers a decision compares with, in ms and counts. Produced, checked and frozen by
 * src/config from the YAML file (BEHAVIOUR.md section 5); the chart never sees YAML.
 * Every duration is a finite integer in 0..2147483647 (the range of a Node timer).
 */

import type { Path } from './model.ts';

export interface Settings {
  /** Key of this host in the spread over SCVMs. Non-empty. */
  readonly hostId: string;
  /** The address every SCVM owns, dotted IPv4. */
  readonly nfsIp: string;
  /**
   * Every path of every SCVM, home first, then in the order of the configuration with each SCVM's
   * storage path before its management path. 2..400 entries. `paths[0]` is home.
   */
  readonly paths: readonly Path[];
  readonly probe: {
    /** Pace of target and home. */
    readonly intervalMs: number;
    /** Pace of everybody else. */
    readonly idleIntervalMs: number;
    /** Pace in doubt. */
    readonly fastIntervalMs: number;
    /** Upper bound of a probe's wait; the prober learns a shorter one from the RTT. */
    readonly timeoutMs: number;
    /** Losses in a row before down, >= 1. */
    readonly fallCount: number;
    /** Replies in a row before up, >= 1. */
    readonly riseCount: number;
    /** The losses must span at least this long as well. */
    readonly confirmMinMs: number;
    /** Full frame size to probe with DF set, bytes, 0 = off. */
    readonly mtu: number;
  };
  readonly service: {
    readonly enabled: boolean;
    readonly intervalMs: number;
    /** Refused or silent for this long: down. */
    readonly holdMs: number;
  };
  readonly session: {
    readonly pollIntervalMs: number;
    /** Lapsed or absent in consecutive fresh lists for this long: down. */
    readonly lostMs: number;
    /** A list older than this is unknown. */
    readonly staleMs: number;
  };
  readonly timers: {
    /** Base hold before home. */
    readonly backToNormalMs: number;
    /** >= 1; hold = base x factor^relapses, capped. */
    readonly relapseFactor: number;
    readonly backToNormalMaxMs: number;
    /** One relapse is forgiven per this much service at home; > 0. */
    readonly forgiveMs: number;
    /** Never back onto a path left less than this ago while the present target is up. */
    readonly returnGuardMs: number;
    /** No preference move sooner than this after the last arrival. */
    readonly dwellMs: number;
    /** After the start: watch this long before acting. */
    readonly warmUpMs: number;
  };
  readonly switch: {
    /** Hard deadline of one route command. */
    readonly commandDeadlineMs: number;
    readonly breakConnections: boolean;
    /** Preference moves per hour; 0 = none ever. */
    readonly budgetPerHour: number;
  };
}

/**
 * The same settings as objects of one hidden class. A spread with a changed key makes an object of
 * its own kind, and code that meets many kinds is several times slower: a simulator with thousands
 * of variations of the settings passes them through here.
 */
export function alike(s: Settings): Settings {
  const { probe: p, service, session, timers: t, switch: w } = s;
  return {
    hostId: s.hostId,
    nfsIp: s.nfsIp,
    paths: s.paths,
    probe: {
      intervalMs: p.intervalMs,
      idleIntervalMs: p.idleIntervalMs,
      fastIntervalMs: p.fastIntervalMs,
      timeoutMs: p.timeoutMs,
      fallCount: p.fallCount,
      riseCount: p.riseCount,
      confirmMinMs: p.confirmMinMs,
      mtu: p.mtu,
    },
    service: {
      enabled: service.enabled,
      intervalMs: service.intervalMs,
      holdMs: service.holdMs,
    },
    session: {
      pollIntervalMs: session.pollIntervalMs,
      lostMs: session.lostMs,
      staleMs: session.staleMs,
    },
    timers: {
      backToNormalMs: t.backToNormalMs,
      relapseFactor: t.relapseFactor,
      backToNormalMaxMs: t.backToNormalMaxMs,
      forgiveMs: t.forgiveMs,
      returnGuardMs: t.returnGuardMs,
      dwellMs: t.dwellMs,
      warmUpMs: t.warmUpMs,
    },
    switch: {
      commandDeadlineMs: w.commandDeadlineMs,
      breakConnections: w.breakConnections,
      budgetPerHour: w.budgetPerHour,
    },
  };
}
