/**
 * Which keys the configuration has: sections, keys, their kinds and meanings. Defaults are not
 * here but in profiles.ts: parse.ts lays them under the operator's text before this schema sees
 * it, so every key is present and a wrong value is always the operator's own.
 */

import { z } from 'zod';
import {
  address,
  documented,
  duration,
  factor,
  flag,
  frame,
  type KeyDoc,
  keyDocs,
  orDefault,
  orNull,
  size,
  whole,
  wrongType,
} from './leaf.ts';
import { choice, filePath, loopback, name, socketPath, urlPath } from './leaf-text.ts';

export const PROFILE_NAMES = ['conservative', 'balanced', 'fast'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const SCVMS_MAX = 200;

const port = (means: string) => whole(1, 65535, '', means);

export const scvmSchema = z.strictObject({
  name: name(63, 'Name of the SCVM, unique; it is shown everywhere and may be typed as a target.'),
  local: orDefault(flag('True for the one SCVM that runs on this host.'), false),
  data_ip: address('Address in the storage network.'),
  manage_ip: address('Address in the management network, the last resort.'),
  access_ip: orDefault(orNull(address('With RDMA: the gateway to use instead of data_ip.')), null),
  zone: orDefault(
    orNull(name(63, "Zone in a stretched cluster; the local SCVM's own zone is preferred.")),
    null,
  ),
});

const probe = z.strictObject({
  interval: duration('10ms', 'Pace of the probes to the target and to home.'),
  idle_interval: duration('10ms', 'Pace of the probes to everybody else.'),
  fast_interval: duration('5ms', 'Pace in doubt, from the first loss on.'),
  timeout: duration('5ms', 'Longest wait for a reply; a shorter one is learnt from the RTT.'),
  fall: whole(1, 100, 'losses', 'Losses in a row before a path is down.'),
  rise: whole(1, 100, 'replies', 'Replies in a row before a path is up again.'),
  confirm_min: duration('0s', 'The losses must also span at least this long.'),
  payload_size: whole(16, 65507, 'bytes', 'ICMP payload of the small probe.'),
  mtu: frame('Frame size to probe with DF set, IP header included; must pass on every path.'),
});

const service = z.strictObject({
  enabled: flag('Ask the access service itself (NFSv3 NULL call over TCP).'),
  port: port('TCP port of the access service.'),
  interval: duration('50ms', 'Pace of the calls on the kept-open connection.'),
  service_hold: duration('0s', 'Refused or silent for this long: the path is down.'),
});

const session = z.strictObject({
  scheme: choice(['http', 'https'], 'How the REST interface of the SCVMs is asked.'),
  port: port('TCP port of the REST interface.'),
  poll_interval: duration('50ms', 'Pace of fetching the session list.'),
  timeout: duration('10ms', 'Longest wait for one REST call.'),
  session_lost: duration('0s', 'Lapsed or absent in fresh lists for this long: down.'),
  stale_after: duration('100ms', 'A list older than this says nothing any more.'),
  token_file: orNull(filePath('File with a bearer token, read at each start and reload.')),
  ca_file: orNull(filePath("PEM file with the CA to trust for https; null: the system's.")),
});

const timers = z.strictObject({
  back_to_normal: duration('0s', 'Home must be well this long before the route returns to it.'),
  relapse_factor: factor(1, 10, 'Each relapse of home multiplies that time by this.'),
  back_to_normal_max: duration('0s', 'Upper bound of the multiplied time.'),
  forgive: duration('1s', 'One relapse is forgiven per this much good service at home.'),
  return_guard: duration('0s', 'Never back onto a path left less than this ago, if need not be.'),
  dwell: duration('0s', 'No move between healthy paths sooner than this after the last one.'),
  warm_up: duration('0s', 'After the start: watch this long before acting.'),
});

const switching = z.strictObject({
  command_deadline: duration('50ms', 'Hard deadline of one route command.'),
  break_connections: flag("Break the host's TCP connections of the old path at a switch."),
  budget_per_hour: whole(0, 1000, 'moves', 'Moves per hour for preference only; 0: none ever.'),
});

const insight = z.strictObject({
  enabled: flag('Send the heartbeat that monitoring reads.'),
  port: port('TCP port of the heartbeat receiver on the current access point.'),
  path: urlPath('URL path of the heartbeat.'),
  interval: duration('100ms', 'Pace of the heartbeat; its time to live is 9 s.'),
});

const log = z.strictObject({
  file: filePath('Log file.'),
  link: orNull(filePath('Symbolic link to the log file; null: none.')),
  level: choice(['error', 'warn', 'info', 'debug'], 'Least important level that is written.'),
  max_size: size('16k', '64g', 'A file of this size is rotated.'),
  max_files: whole(1, 1000, 'files', 'Files kept, the current one included.'),
});

const journal = z.strictObject({
  max_size: size('16k', '64g', 'Size of one segment of the journal of facts and orders.'),
  max_files: whole(1, 1000, 'files', 'Segments kept; the oldest go first.'),
});

const control = z.strictObject({
  socket: socketPath('Unix socket on which the daemon takes commands.'),
  http: loopback('Where the console listens; off: no console.'),
});

const scvms = documented(z.array(scvmSchema), {
  type: 'list',
  range: `1 to ${SCVMS_MAX} SCVMs, one of them local`,
  means: 'The SCVMs of the cluster.',
  explain: (value) =>
    wrongType(
      value,
      'Write a list: one line "- { name: ..., data_ip: ..., manage_ip: ... }" each.',
    ),
});

export const hostIdSchema = name(
  253,
  "Name of this host in the spread over SCVMs; default: the host's name.",
);

export const configSchema = z.strictObject({
  nfs_ip: address('The address every SCVM owns, to which the host route leads.'),
  platform: choice(['auto', 'linux', 'xen', 'esxi'], 'Which route commands the host has.'),
  host_id: hostIdSchema,
  scvms,
  profile: choice(PROFILE_NAMES, 'Set of numbers below; single keys override it.'),
  state_dir: filePath('Directory for what outlives a restart: memory and journal.'),
  lock_file: filePath('File whose lock keeps a second daemon out.'),
  probe,
  service,
  session,
  timers,
  switch: switching,
  insight,
  log,
  journal,
  control,
});

/** A whole, valid configuration, durations in ms and sizes in bytes, keys as in the file. */
export type Raw = z.output<typeof configSchema>;

/** The same with everything optional: what is valid of a configuration that has problems. */
export const draftSchema = z
  .object({
    ...configSchema.shape,
    scvms: z.array(z.object(scvmSchema.shape).partial()),
    probe: z.object(probe.shape).partial(),
    service: z.object(service.shape).partial(),
    session: z.object(session.shape).partial(),
    timers: z.object(timers.shape).partial(),
    switch: z.object(switching.shape).partial(),
    insight: z.object(insight.shape).partial(),
    log: z.object(log.shape).partial(),
    journal: z.object(journal.shape).partial(),
    control: z.object(control.shape).partial(),
  })
  .partial();

export type Draft = z.output<typeof draftSchema>;

/** A section's keys; the empty name is the top level, `scvms` the keys of one SCVM. */
export function keysOf(section: string): Readonly<Record<string, z.ZodType>> {
  if (section === '') return configSchema.shape;
  const schema: unknown = Object.entries(configSchema.shape).find(([key]) => key === section)?.[1];
  if (schema instanceof z.ZodArray) return scvmSchema.shape;
  return schema instanceof z.ZodObject ? schema.shape : {};
}

/** Names of the sections, in the order of the file, `scvms` not included. */
export const SECTIONS: readonly string[] = Object.entries(configSchema.shape)
  .filter(([, schema]) => schema instanceof z.ZodObject)
  .map(([key]) => key);

/** The documentation of the key at a path such as `['probe', 'fall']` or `['scvms', 1, 'name']`. */
export function docAt(path: readonly PropertyKey[]): KeyDoc | null {
  const words = path.filter((part) => typeof part !== 'number').map(String);
  const key = words.at(-1) ?? '';
  const section = words.length > 1 ? (words[0] ?? '') : '';
  const schema = Object.entries(keysOf(section)).find(([known]) => known === key)?.[1];
  return schema === undefined ? null : (keyDocs.get(schema) ?? null);
}
