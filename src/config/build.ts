/**
 * A valid configuration in the file's words -> the frozen Config the program uses: the file's
 * snake_case keys become the code's names with their units. No check here.
 */

import type { Settings } from '../machines/settings.ts';
import type { Config, Scvm } from './config.ts';
import { pathsOf } from './paths.ts';
import type { Raw } from './schema.ts';

/** `raw` has passed the schema and the cross checks. The result is frozen at every depth. */
export function buildConfig(raw: Raw): Config {
  const scvms = raw.scvms.map(
    (scvm): Scvm => ({
      name: scvm.name,
      local: scvm.local,
      dataIp: scvm.data_ip,
      manageIp: scvm.manage_ip,
      accessIp: scvm.access_ip,
      zone: scvm.zone,
    }),
  );
  return deepFreeze<Config>({
    settings: settingsOf(raw, scvms),
    platform: raw.platform,
    profile: raw.profile,
    scvms,
    probe: { payloadSize: raw.probe.payload_size },
    service: { port: raw.service.port },
    session: {
      scheme: raw.session.scheme,
      port: raw.session.port,
      timeoutMs: raw.session.timeout,
      tokenFile: raw.session.token_file,
      caFile: raw.session.ca_file,
    },
    insight: {
      enabled: raw.insight.enabled,
      port: raw.insight.port,
      path: raw.insight.path,
      intervalMs: raw.insight.interval,
    },
    log: {
      file: raw.log.file,
      link: raw.log.link,
      level: raw.log.level,
      maxSize: raw.log.max_size,
      maxFiles: raw.log.max_files,
    },
    journal: { maxSize: raw.journal.max_size, maxFiles: raw.journal.max_files },
    stateDir: raw.state_dir,
    lockFile: raw.lock_file,
    control: raw.control,
  });
}

function settingsOf(raw: Raw, scvms: readonly Scvm[]): Settings {
  const { probe, service, session, timers } = raw;
  return {
    hostId: raw.host_id,
    nfsIp: raw.nfs_ip,
    paths: pathsOf(scvms),
    probe: {
      intervalMs: probe.interval,
      idleIntervalMs: probe.idle_interval,
      fastIntervalMs: probe.fast_interval,
      timeoutMs: probe.timeout,
      fallCount: probe.fall,
      riseCount: probe.rise,
      confirmMinMs: probe.confirm_min,
      mtu: probe.mtu,
    },
    service: {
      enabled: service.enabled,
      intervalMs: service.interval,
      holdMs: service.service_hold,
    },
    session: {
      pollIntervalMs: session.poll_interval,
      lostMs: session.session_lost,
      staleMs: session.stale_after,
    },
    timers: {
      backToNormalMs: timers.back_to_normal,
      relapseFactor: timers.relapse_factor,
      backToNormalMaxMs: timers.back_to_normal_max,
      forgiveMs: timers.forgive,
      returnGuardMs: timers.return_guard,
      dwellMs: timers.dwell,
      warmUpMs: timers.warm_up,
    },
    switch: {
      commandDeadlineMs: raw.switch.command_deadline,
      breakConnections: raw.switch.break_connections,
      budgetPerHour: raw.switch.budget_per_hour,
    },
  };
}

/** Freezes plain objects and arrays at every depth. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
