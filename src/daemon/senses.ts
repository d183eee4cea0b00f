/**
 * The daemon's senses, built from one configuration and steered as one: paces, reload, a thrown
 * away round, end. Composition only; each sense reports its own facts.
 */

import type { Config } from '../config/config.ts';
import { createDuplicateWatch } from '../io/arp.ts';
import { createProber } from '../io/icmp/prober.ts';
import { createLinkWatch } from '../io/links.ts';
import type { Log } from '../io/log.ts';
import { createServiceProbe } from '../io/nfs/service.ts';
import type { Clock, Report } from '../io/report.ts';
import { createSessionPoll } from '../io/rest/sessions.ts';
import type { Pace, PathId } from '../machines/model.ts';
import { restAims } from './rest-aims.ts';

export interface Senses {
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  retarget(config: Config, token: string | null, ca: string | null): void;
  discardRound(): void;
  counters(): object;
  close(): void;
}

export interface SensesOptions {
  readonly config: Config;
  readonly token: string | null;
  readonly ca: string | null;
  readonly report: Report;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSenses(options: SensesOptions): Senses {
  const { config, report, clock, log } = options;
  const commandDeadlineMs = config.settings.switch.commandDeadlineMs;
  const say = (line: string): void => log.warn(line);
  // Its helper processes start before the raw socket is open, so that none inherits it.
  const links = createLinkWatch({
    paths: watched(config),
    report,
    clock,
    commandDeadlineMs,
    log: say,
  });
  const duplicates = createDuplicateWatch({
    paths: watched(config).filter((_, i) => config.settings.paths[i]?.network === 'storage'),
    report,
    clock,
    commandDeadlineMs,
    log: say,
  });
  const prober = createProber({ ...probePlan(config), report, clock });
  let service = config.settings.service.enabled
    ? createServiceProbe({ ...serviceAims(config), report, clock })
    : null;
  const sessions = createSessionPoll({
    ...pollAims(config, options.token, options.ca),
    report,
    clock,
  });

  return {
    pace(paces) {
      prober.pace(paces);
      service?.pace(paces);
    },
    retarget(next, token, ca) {
      links.retarget(watched(next));
      duplicates.retarget(
        watched(next).filter((_, i) => next.settings.paths[i]?.network === 'storage'),
      );
      prober.retarget(probePlan(next));
      sessions.retarget(pollAims(next, token, ca));
      if (next.settings.service.enabled && service) service.retarget(serviceAims(next));
      else if (next.settings.service.enabled) {
        service = createServiceProbe({ ...serviceAims(next), report, clock });
      } else {
        service?.close();
        service = null;
      }
    },
    discardRound() {
      prober.discardRound();
      service?.discardRound();
    },
    counters: () => ({
      icmp: prober.counters(),
      service: service?.counters() ?? null,
      sessions: sessions.counters(),
    }),
    close() {
      prober.close();
      service?.close();
      sessions.close();
      links.close();
      duplicates.close();
    },
  };
}

function watched(config: Config): { id: PathId; ip: string }[] {
  return config.settings.paths.map((p) => ({ id: p.id, ip: p.ip }));
}

function probed(config: Config): { path: PathId; ip: string }[] {
  return config.settings.paths.map((p) => ({ path: p.id, ip: p.ip }));
}

function probePlan(config: Config) {
  const { probe } = config.settings;
  return {
    targets: probed(config),
    payloadSize: config.probe.payloadSize,
    mtu: probe.mtu,
    intervalMs: probe.intervalMs,
    idleIntervalMs: probe.idleIntervalMs,
    fastIntervalMs: probe.fastIntervalMs,
    timeoutMs: probe.timeoutMs,
  };
}

function serviceAims(config: Config) {
  const { port } = config.service;
  return { targets: probed(config), port, intervalMs: config.settings.service.intervalMs };
}

function pollAims(config: Config, token: string | null, ca: string | null) {
  return {
    ...restAims(config, token, ca),
    pollIntervalMs: config.settings.session.pollIntervalMs,
    knownDataIps: config.scvms.map((s) => s.dataIp),
  };
}
