/**
 * The defaults: three sets of numbers (profiles) for probing, service, session and timers, and one
 * set for the rest. They are written as in the file, so that examples, messages and documentation
 * show them as an operator would write them. Balanced is the reference. No profile may cause a
 * problem or a note of its own (tested).
 */

import type { z } from 'zod';
import type { configSchema, ProfileName } from './schema.ts';

type Written = z.input<typeof configSchema>;

export type ProfileValues = Pick<Written, 'probe' | 'service' | 'session' | 'timers'>;

/** Keys of these sections that no profile changes. */
const PROBE_FIXED = { payload_size: 56, mtu: 0 };
const SERVICE_FIXED = { enabled: true, port: 2049 };
const SESSION_FIXED = { scheme: 'http', port: 80, token_file: null, ca_file: null } as const;

// For nested labs and slow hosts: pings of a second are normal there and must move nobody.
const conservative: ProfileValues = {
  probe: {
    interval: '1s', // a slow host has better things to do
    idle_interval: '2s', // 200 paths cost 100 packets a second
    fast_interval: '200ms', // 15 chances within confirm_min, so bursts of loss pass
    timeout: '2s', // the old tool's upper ping timeout
    fall: 5, // a scheduling gap may swallow several in a row
    rise: 3, // up again only when the slow spell is over
    confirm_min: '3s', // the old tool's loop: nothing moves faster than it did
    ...PROBE_FIXED,
  },
  service: {
    interval: '2s', // half the calls
    service_hold: '5s', // gives a restarting access service a chance
    ...SERVICE_FIXED,
  },
  session: {
    poll_interval: '3s', // the list is fetched through nginx and the leader
    timeout: '3s', // a loaded leader may take seconds
    session_lost: '12s', // more than the 7 s lease: one missed renewal is over by then
    stale_after: '15s', // two polls with their timeouts may fail
    ...SESSION_FIXED,
  },
  timers: {
    back_to_normal: '300s', // a nested SCVM takes longer to settle
    relapse_factor: 2,
    back_to_normal_max: '3600s',
    forgive: '3600s', // trust comes back half as fast
    return_guard: '180s', // sockets linger longer where retransmission timers are long
    dwell: '60s',
    warm_up: '5s', // five steady probes
  },
};

// The reference numbers.
const balanced: ProfileValues = {
  probe: {
    interval: '250ms',
    idle_interval: '1s',
    fast_interval: '50ms',
    timeout: '500ms',
    fall: 3,
    rise: 2,
    confirm_min: '500ms',
    ...PROBE_FIXED,
  },
  service: { interval: '1s', service_hold: '2s', ...SERVICE_FIXED },
  session: {
    poll_interval: '2s',
    timeout: '2s',
    session_lost: '6s',
    stale_after: '10s',
    ...SESSION_FIXED,
  },
  timers: {
    back_to_normal: '180s',
    relapse_factor: 2,
    back_to_normal_max: '3600s',
    forgive: '1800s',
    return_guard: '120s',
    dwell: '30s',
    warm_up: '2s',
  },
};

// For a healthy 10 GbE storage network with RTTs well below a millisecond.
const fast: ProfileValues = {
  probe: {
    interval: '100ms', // a dead target is noticed within one of these
    idle_interval: '500ms', // a choice is never older than half a second
    fast_interval: '20ms', // 10 probes within confirm_min
    timeout: '250ms', // only until the RTT is learnt
    fall: 3,
    rise: 2,
    confirm_min: '200ms', // Linux's smallest TCP retransmission timeout: hardly a client notices
    ...PROBE_FIXED,
  },
  service: {
    interval: '500ms', // a silent service is rarer than a closed connection, which shows at once
    service_hold: '1s', // two silent calls in a row
    ...SERVICE_FIXED,
  },
  session: {
    poll_interval: '1s',
    timeout: '1s', // a healthy leader answers at once
    session_lost: '4s', // four lists in a row
    stale_after: '8s', // still longer than the 7 s lease
    ...SESSION_FIXED,
  },
  timers: {
    back_to_normal: '120s', // not below return_guard, which is the real lower bound
    relapse_factor: 2,
    back_to_normal_max: '3600s', // flapping is damped as in the others
    forgive: '1800s',
    return_guard: '120s', // old sockets linger by TCP's timers, not by the network's speed
    dwell: '15s', // the 9 s life of a heartbeat and two more, so monitoring follows
    warm_up: '1s', // ten steady probes
  },
};

export const PROFILES: Readonly<Record<ProfileName, ProfileValues>> = {
  conservative,
  balanced,
  fast,
};

type Shared = Omit<Written, keyof ProfileValues | 'scvms' | 'host_id' | 'profile'>;

/** Defaults that are the same in every profile. `scvms` and `host_id` have none here. */
export const SHARED_DEFAULTS: Shared = {
  nfs_ip: '192.168.33.2',
  platform: 'auto',
  switch: { command_deadline: '2s', break_connections: true, budget_per_hour: 6 },
  insight: { enabled: true, port: 10700, path: '/api/v1/ioreroute', interval: '3s' },
  log: {
    file: '/scratch/log/scvm_failure.log',
    link: '/var/log/scvm_failure.log',
    level: 'info',
    max_size: '20m',
    max_files: 5,
  },
  journal: { max_size: '64m', max_files: 4 },
  state_dir: '/var/lib/reroute',
  lock_file: '/run/reroute.lock',
  control: { socket: '/run/reroute.sock', http: '127.0.0.1:9470' },
};

/** Every default of a profile, in the form of the file. */
export function defaultsOf(profile: ProfileName): Readonly<Record<string, unknown>> {
  return { ...SHARED_DEFAULTS, ...PROFILES[profile], profile };
}

/** The default at `section.key` (section empty: top level) as written; null where there is none. */
export function writtenDefault(profile: ProfileName, section: string, key: string): string | null {
  const top = defaultsOf(profile);
  const values: unknown = section === '' ? top : top[section];
  const found = Object.entries(values ?? {}).find(([known]) => known === key);
  if (found === undefined) return null;
  const value: unknown = found[1];
  return typeof value === 'object' && value !== null ? null : String(value);
}
