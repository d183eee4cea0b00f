/**
 * One bad text for every problem code, with the place, line and remedy the operator must get.
 * bad-inputs.test.ts runs them and checks that no code of the catalogue is left out.
 */

import type { ParseOptions } from '../../src/config/parse.ts';
import type { ProblemCode } from '../../src/config/problems.ts';
import { MINIMAL, manyScvms } from './texts.ts';

export interface BadInput {
  readonly code: ProblemCode;
  readonly text: string;
  readonly options?: ParseOptions;
  readonly place: string;
  /** null: the problem has no line. */
  readonly line: number | null;
  readonly remedy: RegExp;
}

const HOST = 'host_id: host1\n';
/** Lines that are added to MINIMAL begin at line 6. */
const add = (line: string) => `${MINIMAL}${line}\n`;
const swap = (from: string, to: string) => MINIMAL.replace(from, to);
const bad = (
  code: ProblemCode,
  text: string,
  place: string,
  line: number | null,
  remedy: RegExp,
  options: ParseOptions = {},
): BadInput => ({ code, text, place, line, remedy, options });

const NETWORKS = { hostNetworks: ['10.10.85.11/24', '192.168.85.11/24'] };

export const BAD_INPUTS: readonly BadInput[] = [
  bad('CFG_TOO_LARGE', ' '.repeat(1024 * 1024 + 1), '(file)', null, /configuration file/),
  bad('CFG_TOO_LARGE', '}'.repeat(1024 * 1024), '(file)', null, /configuration file/),
  bad('CFG_YAML', 'scvms: [', '(file)', 1, /valid YAML/),
  bad('CFG_YAML', add('log: !secret x'), '(file)', 6, /valid YAML/),
  bad('CFG_YAML', add('? [a, b]\n: 1'), '(file)', 6, /plain maps/),
  bad('CFG_YAML', add('log: *nowhere'), '(file)', 6, /valid YAML|plain maps/),
  bad('CFG_YAML', add('log: &loop [*loop]'), '(file)', 6, /plain maps/),
  bad('CFG_DUPLICATE_KEY', add('host_id: host2'), 'host_id', 6, /once/),
  bad('CFG_UNKNOWN_KEY', add('probe: { fal: 3 }'), 'probe.fal', 6, /Did you mean fall\?/),
  bad('CFG_UNKNOWN_KEY', add('backToNormal: 3s'), 'backToNormal', 6, /one of: nfs_ip/),
  bad('CFG_UNKNOWN_KEY', add('timers: { backToNormal: 3s }'), 'timers.backToNormal', 6, /back_to/),
  bad('CFG_UNKNOWN_KEY', add('dwell: 3s'), 'dwell', 6, /Move it .* timers/),
  bad('CFG_UNKNOWN_KEY', add('__proto__: 3s'), '__proto__', 6, /Remove it/),
  bad('CFG_UNKNOWN_KEY', swap('local: true', 'lokal: true'), 'scvms[0].lokal', 3, /local/),
  bad('CFG_OLD_KEY', add('active_scvm_data_ip: 1'), 'active_scvm_data_ip', 6, /scvms\[\]\.data_ip/),
  bad('CFG_MISSING', swap(', manage_ip: 192.168.85.16', ''), 'scvms[1].manage_ip', 4, /Add it/),
  bad('CFG_TYPE', '- 1', '(file)', 1, /key: value/),
  bad('CFG_TYPE', add('probe: 3'), 'probe', 6, /interval/),
  bad('CFG_TYPE', `${HOST}scvms: { a: 1 }`, 'scvms', 2, /list/),
  bad('CFG_TYPE', swap('name: scvm2', 'name: 2'), 'scvms[1].name', 4, /quotes: "2"/),
  bad('CFG_TYPE', add('log: { level: }'), 'log.level', 6, /default is info/),
  bad(
    'CFG_TYPE',
    add('switch: { break_connections: "yes" }'),
    'switch.break_connections',
    6,
    /true/,
  ),
  bad('CFG_CHOICE', add('platform: linus'), 'platform', 6, /Write linux/),
  bad('CFG_CHOICE', add('profile: quick'), 'profile', 6, /conservative, balanced, fast/),
  bad('CFG_RANGE', add('probe: { fall: 0 }'), 'probe.fall', 6, /1 to 100/),
  bad('CFG_RANGE', add('probe: { fall: 2.5 }'), 'probe.fall', 6, /whole number/),
  bad('CFG_RANGE', add('probe: { mtu: 575 }'), 'probe.mtu', 6, /0 \(off\), or 576/),
  bad('CFG_RANGE', add('probe: { interval: 0s }'), 'probe.interval', 6, /10ms/),
  bad('CFG_RANGE', add('timers: { dwell: 2147483648ms }'), 'timers.dwell', 6, /2147483647ms/),
  bad('CFG_RANGE', add('timers: { relapse_factor: .inf }'), 'timers.relapse_factor', 6, /1 to 10/),
  bad('CFG_RANGE', add('log: { max_size: 1k }'), 'log.max_size', 6, /16k to 64g/),
  bad('CFG_DURATION', add('timers: { dwell: 180 }'), 'timers.dwell', 6, /Write "180s"\./),
  bad('CFG_DURATION', add('probe: { interval: 250 }'), 'probe.interval', 6, /Write "250ms"\./),
  bad('CFG_DURATION', add('timers: { dwell: 3 min }'), 'timers.dwell', 6, /Write "3m"\./),
  bad('CFG_DURATION', add('timers: { dwell: 0.5ms }'), 'timers.dwell', 6, /whole number of ms/),
  bad('CFG_DURATION', add('timers: { dwell: 0 }'), 'timers.dwell', 6, /Write "0s"\./),
  bad('CFG_SIZE', add('log: { max_size: 20MB }'), 'log.max_size', 6, /Write "20m"\./),
  bad('CFG_SIZE', add('log: { max_size: 20971520 }'), 'log.max_size', 6, /Write "20m"\./),
  bad('CFG_IP', add('nfs_ip: 192.168.33.02'), 'nfs_ip', 6, /dotted IPv4/),
  bad('CFG_IP', swap('10.10.85.16', '10.10.85.16/24'), 'scvms[1].data_ip', 4, /dotted IPv4/),
  bad('CFG_IP', swap('10.10.85.16', '127.0.0.1'), 'scvms[1].data_ip', 4, /unicast/),
  bad('CFG_IP', swap('10.10.85.16', '224.0.0.1'), 'scvms[1].data_ip', 4, /unicast/),
  bad('CFG_IP', swap('10.10.85.16', '"fe80::1"'), 'scvms[1].data_ip', 4, /dotted IPv4/),
  bad('CFG_NAME', swap('name: scvm2', 'name: a/b'), 'scvms[1].name', 4, /letters/),
  bad('CFG_NAME', swap('name: scvm2', 'name: 10.0.0.1'), 'scvms[1].name', 4, /letters/),
  bad('CFG_HOST_ID', swap(HOST, ''), 'host_id', null, /host_id: host1/),
  bad('CFG_HOST_ID', swap(HOST, ''), 'host_id', null, /host1/, { hostname: 'a b' }),
  bad('CFG_FILE_PATH', add('state_dir: lib'), 'state_dir', 6, /absolute/),
  bad('CFG_FILE_PATH', add('state_dir: /a/../b'), 'state_dir', 6, /absolute/),
  bad('CFG_FILE_PATH', add(`control: { socket: /${'s'.repeat(107)} }`), 'control.socket', 6, /107/),
  bad('CFG_URL_PATH', add('insight: { path: api }'), 'insight.path', 6, /begins with \//),
  bad('CFG_HTTP', add('control: { http: 0.0.0.0:80 }'), 'control.http', 6, /127\.0\.0\.1:9470/),
  bad('CFG_HTTP', add('control: { http: localhost:80 }'), 'control.http', 6, /127\.0\.0\.1:9470/),
  bad('CFG_HTTP', add('control: { http: "127.0.0.1:65536" }'), 'control.http', 6, /off/),
  bad('CFG_HTTP', add('control: { http: false }'), 'control.http', 6, /Write off\./),
  bad('CFG_NO_SCVM', HOST, 'scvms', null, /own SCVM/),
  bad('CFG_NO_SCVM', `${HOST}scvms: []`, 'scvms', 2, /own SCVM/),
  bad('CFG_TOO_MANY_SCVMS', manyScvms(201), 'scvms', 2, /Leave out 1/),
  bad('CFG_NO_LOCAL', swap('local: true, ', ''), 'scvms', 2, /local: true/),
  bad('CFG_TWO_LOCAL', swap('scvm2', 'scvm2, local: true'), 'scvms[1].local', 4, /all but the one/),
  bad('CFG_DUPLICATE_NAME', swap('scvm3', 'scvm2'), 'scvms[2].name', 5, /of its own/),
  bad('CFG_DUPLICATE_IP', swap('10.10.85.17', '10.10.85.16'), 'scvms[2].data_ip', 5, /alone/),
  bad('CFG_DUPLICATE_IP', add('nfs_ip: 10.10.85.15'), 'scvms[0].data_ip', 3, /alone/),
  bad(
    'CFG_DUPLICATE_IP',
    swap('name: scvm2,', 'name: scvm2, access_ip: 10.10.85.16,'),
    'scvms[1].access_ip',
    4,
    /Remove access_ip/,
  ),
  bad('CFG_IP_OUTSIDE', swap('10.10.85.17', '10.10.84.17'), 'scvms[2].data_ip', 5, /net/, NETWORKS),
  bad('CFG_IP_OWN', swap('10.10.85.17', '10.10.85.11'), 'scvms[2].data_ip', 5, /SCVM's/, NETWORKS),
  bad('CFG_PACE_ORDER', add('probe: { interval: 2s }'), 'probe.interval', 6, /idle_interval: 2s/),
  bad(
    'CFG_PACE_ORDER',
    add('probe: { fast_interval: 1s }'),
    'probe.fast_interval',
    6,
    /<= interval/,
  ),
  bad('CFG_HOLD_ORDER', add('timers: { back_to_normal: 2h }'), 'timers.back_to_normal', 6, /7200s/),
  bad('CFG_STALE_ORDER', add('session: { stale_after: 4s }'), 'session.stale_after', 6, /8s/),
  bad(
    'CFG_PAYLOAD_MTU',
    add('probe: { mtu: 1500, payload_size: 1473 }'),
    'probe.payload_size',
    6,
    /1472/,
  ),
  bad('CFG_DUPLICATE_FILE', add('lock_file: /run/reroute.sock'), 'lock_file', 6, /of its own/),
  bad('CFG_TOO_MANY', unknownKeys(1200), '(file)', null, /these first/),
];

/** The configuration is taken all the same. */
export const UNWISE_INPUTS: readonly BadInput[] = [
  bad('CFG_ONE_SCVM', manyScvms(1), 'scvms', 2, /other SCVMs/),
  bad('CFG_ZONE', swap('name: scvm2,', 'name: scvm2, zone: a,'), 'scvms[0].zone', 3, /every SCVM/),
  bad('CFG_HOST_ID_COMMON', swap('host1', 'localhost'), 'host_id', 1, /no other host/),
  bad('CFG_ONE_LOSS', add('probe: { fall: 1, confirm_min: 0s }'), 'probe.fall', 6, /fall: 3/),
  bad('CFG_LOST_QUICK', add('session: { session_lost: 3s }'), 'session.session_lost', 6, /4s/),
  bad('CFG_LOST_STALE', add('session: { session_lost: 11s }'), 'session.session_lost', 6, /<=/),
  bad('CFG_STALE_LEASE', add('session: { stale_after: 7s }'), 'session.stale_after', 6, /8s/),
  bad(
    'CFG_SLOW_DETECTION',
    add('service: { service_hold: 26s }'),
    'service.service_hold',
    6,
    /30s/,
  ),
  bad('CFG_SLOW_DETECTION', add('probe: { confirm_min: 28s }'), 'probe.confirm_min', 6, /30s/),
  bad(
    'CFG_SLOW_DETECTION',
    add('switch: { command_deadline: 29s }'),
    'switch.command_deadline',
    6,
    /30s/,
  ),
  bad('CFG_HOLD_SHORT', add('timers: { back_to_normal: 60s }'), 'timers.back_to_normal', 6, /120s/),
  bad(
    'CFG_GUARD_SHORT',
    add('timers: { return_guard: 59s }\nswitch: { break_connections: false }'),
    'timers.return_guard',
    6,
    /60s/,
  ),
  bad(
    'CFG_BREAK_OFF',
    add('switch: { break_connections: false }'),
    'switch.break_connections',
    6,
    /true/,
  ),
  bad('CFG_TOKEN_CLEAR', add('session: { token_file: /etc/t }'), 'session.token_file', 6, /https/),
  bad('CFG_CA_UNUSED', add('session: { ca_file: /etc/ca }'), 'session.ca_file', 6, /https/),
  bad('CFG_INSIGHT_TTL', add('insight: { interval: 9s }'), 'insight.interval', 6, /3s/),
];

function unknownKeys(count: number): string {
  return Array.from({ length: count }, (_, index) => `key${index}: 1`).join('\n');
}
