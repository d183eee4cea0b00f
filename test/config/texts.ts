/**
 * Texts that several configuration tests start from: a full example, a minimal one, and the two
 * old formats as they are found on real hosts.
 */

export const FULL = `nfs_ip: 192.168.33.2
platform: auto                # auto | linux | xen | esxi
host_id: host1                # default: the host's name
scvms:
  - { name: scvm1, local: true, data_ip: 10.10.85.15, manage_ip: 192.168.85.15, zone: primary }
  - { name: scvm2, data_ip: 10.10.85.16, manage_ip: 192.168.85.16, zone: primary }
  - { name: scvm3, data_ip: 10.10.85.17, manage_ip: 192.168.85.17, access_ip: 10.10.86.17, zone: secondary }
profile: balanced             # conservative | balanced | fast; single keys below override it
probe:   { interval: 250ms, idle_interval: 1s, fast_interval: 50ms, timeout: 500ms, fall: 3, rise: 2, confirm_min: 500ms, payload_size: 56, mtu: 0 }
service: { enabled: true, port: 2049, interval: 1s, service_hold: 2s }
session: { scheme: http, port: 80, poll_interval: 2s, timeout: 2s, session_lost: 6s, stale_after: 10s, token_file: null }
timers:  { back_to_normal: 180s, relapse_factor: 2, back_to_normal_max: 3600s, forgive: 1800s, return_guard: 120s, dwell: 30s, warm_up: 2s }
switch:  { command_deadline: 2s, break_connections: true, budget_per_hour: 6 }
insight: { enabled: true, port: 10700, path: /api/v1/ioreroute, interval: 3s }
log:     { file: /scratch/log/scvm_failure.log, link: /var/log/scvm_failure.log, level: info, max_size: 20m, max_files: 5 }
state_dir: /var/lib/reroute
lock_file: /run/reroute.lock
control:  { socket: /run/reroute.sock, http: 127.0.0.1:9470 }   # http: off to disable
`;

/** Nothing but what has no default. Line 1 is `host_id`, lines 3 to 5 are the SCVMs. */
export const MINIMAL = `host_id: host1
scvms:
  - { name: scvm1, local: true, data_ip: 10.10.85.15, manage_ip: 192.168.85.15 }
  - { name: scvm2, data_ip: 10.10.85.16, manage_ip: 192.168.85.16 }
  - { name: scvm3, data_ip: 10.10.85.17, manage_ip: 192.168.85.17 }
`;

export const OLD_HOST_FILE = `local_scvm_data_ip=10.0.85.21
active_scvm_data_ip=10.0.85.23,10.0.85.22,10.0.85.21
local_scvm_manage_ip=192.168.85.21
active_scvm_manage_ip=192.168.85.23,192.168.85.22,192.168.85.21
local_scvm_vmware_access_ip=10.0.85.121
local_scvm_nfs_ip=192.168.33.2
active_remote_zone_scvm_data_ip=
active_remote_zone_scvm_manage_ip=
`;

export const SHORTHAND = `exsi
192.168.85.11 12 13

scvm
192.168.85.15 16 17
10.10.85.15 16 17
`;

/** A configuration with `count` SCVMs, the first one local. */
export function manyScvms(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const octets = `${Math.floor(index / 250)}.${(index % 250) + 1}`;
    const local = index === 0 ? ', local: true' : '';
    return `  - { name: s${index}, data_ip: 10.10.${octets}, manage_ip: 10.20.${octets}${local} }`;
  });
  return `host_id: host1\nscvms:\n${lines.join('\n')}\n`;
}
