/**
 * The catalogue of everything that can be wrong, or only unwise, in a configuration or in an old
 * file that is imported. A code is stable: scripts and docs/configuration.md refer to it, and a
 * test compares this catalogue with that page. Not here: when a problem is seen (schema.ts,
 * addresses.ts, timing.ts, import files).
 */

interface CatalogueEntry {
  /** error: the configuration is refused. note: it is taken, but the operator should know. */
  readonly level: 'error' | 'note';
  /** One sentence for docs/configuration.md. */
  readonly means: string;
}

export const PROBLEMS = {
  CFG_TOO_LARGE: error(
    'More than 1 MiB, more than 100000 words and signs, or nested beyond all use.',
  ),
  CFG_YAML: error('The text is not YAML that can be read; nothing else could be checked.'),
  CFG_DUPLICATE_KEY: error('A key stands twice in the same map.'),
  CFG_UNKNOWN_KEY: error('A key that does not exist, or not at this place.'),
  CFG_OLD_KEY: error('A key of the old `scvm_ip` file.'),
  CFG_TOO_MANY: error('More than 1000 problems; the rest is not listed.'),
  CFG_MISSING: error('A key that has no default is not there.'),
  CFG_TYPE: error('The value is of the wrong kind (a list for a text, nothing at all, ...).'),
  CFG_CHOICE: error('The value is none of the words that may stand here.'),
  CFG_RANGE: error('A number, duration or size outside its range.'),
  CFG_DURATION: error('A duration without a unit, with an unknown one, or not in whole ms.'),
  CFG_SIZE: error('A size without a unit, or with an unknown one.'),
  CFG_IP: error('Not a dotted IPv4 unicast address.'),
  CFG_NAME: error('A name with other characters than letters, digits, `.`, `_`, `-`.'),
  CFG_HOST_ID: error("`host_id` is missing and the host's own name cannot be used."),
  CFG_FILE_PATH: error('Not an absolute, normal file path (a socket: at most 107 bytes).'),
  CFG_URL_PATH: error('Not a URL path that starts with `/`.'),
  CFG_HTTP: error('The console address is neither a loopback `address:port` nor `off`.'),
  CFG_NO_SCVM: error('No SCVM is named.'),
  CFG_TOO_MANY_SCVMS: error('More than 200 SCVMs.'),
  CFG_NO_LOCAL: error('No SCVM has `local: true`.'),
  CFG_TWO_LOCAL: error('More than one SCVM has `local: true`.'),
  CFG_DUPLICATE_NAME: error('Two SCVMs have the same name.'),
  CFG_DUPLICATE_IP: error('One address stands at two places.'),
  CFG_IP_OUTSIDE: error('An SCVM address lies in none of the networks of this host.'),
  CFG_IP_OWN: error('An SCVM address is an address of this host.'),
  CFG_PACE_ORDER: error('Not `fast_interval` <= `interval` <= `idle_interval`.'),
  CFG_HOLD_ORDER: error('`back_to_normal` is longer than `back_to_normal_max`.'),
  CFG_STALE_ORDER: error('`stale_after` is not longer than `poll_interval` + `timeout`.'),
  CFG_PAYLOAD_MTU: error('The small probe (payload + 28 bytes of headers) is larger than `mtu`.'),
  CFG_DUPLICATE_FILE: error('Two keys name the same file.'),
  CFG_ONE_SCVM: note('One SCVM only: there is nowhere to go but its management IP.'),
  CFG_ZONE: note('Some SCVMs have a zone and some have none.'),
  CFG_HOST_ID_COMMON: note('The `host_id` is one that other hosts are likely to have too.'),
  CFG_ONE_LOSS: note('A single lost probe takes a path down.'),
  CFG_LOST_QUICK: note('`session_lost` is shorter than two polls: it rests on too few lists.'),
  CFG_LOST_STALE: note('`session_lost` is longer than `stale_after`.'),
  CFG_STALE_LEASE: note('`stale_after` is not longer than the session lease of 7 s.'),
  CFG_SLOW_DETECTION: note('Detection and switch may take 30 s or more; guests suffer by then.'),
  CFG_HOLD_SHORT: note('`back_to_normal` is shorter than `return_guard`: the guard decides.'),
  CFG_GUARD_SHORT: note('`return_guard` is shorter than old connections are known to linger.'),
  CFG_BREAK_OFF: note('`break_connections` is off: some clients hang after a switch.'),
  CFG_TOKEN_CLEAR: note('A token is sent over http, readable by everybody on the way.'),
  CFG_CA_UNUSED: note('`ca_file` has no effect with `scheme: http`.'),
  CFG_INSIGHT_TTL: note('Heartbeats are rarer than their time to live of 9 s: Insight alarms.'),
  CFG_IMPORT_FORMAT: error('Neither the old `scvm_ip` file nor the cluster shorthand.'),
  CFG_IMPORT_LINE: error('A line of an old file that cannot be read.'),
  CFG_IMPORT_KEY: error('A key that the old `scvm_ip` file does not have, or has twice.'),
  CFG_IMPORT_UNKNOWN: error('A value that says it is unknown (`None`, `null`, `unknown`, ...).'),
  CFG_IMPORT_COUNT: error('Two lists that belong together have different lengths.'),
  CFG_IMPORT_NETWORK: error('The management and storage lines cannot be told apart.'),
  CFG_IMPORT_HOST: error('The cluster has no such host, or the host has no SCVM.'),
  CFG_IMPORT_PAIRED: note('How data and management IPs were brought together.'),
  CFG_IMPORT_ACCESS: note('Only the local access IP is known to the old file.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One problem, as the operator gets it. */
export interface ConfigProblem {
  readonly code: ProblemCode;
  /** Path of the key, for example `probe.interval` or `scvms[1].data_ip`; `(file)`: the whole. */
  readonly place: string;
  /** 1-based; null where the file has no such place (a default, a missing file part). */
  readonly line: number | null;
  readonly column: number | null;
  /** The value as written, one line, at most 80 characters; empty where there is none. */
  readonly found: string;
  /** What is wrong, with its numbers. */
  readonly says: string;
  /** What to write instead. */
  readonly remedy: string;
}

export const FOUND_MAX = 80;

/** One line, at most 80 characters, control characters made visible as spaces. */
export function cutFound(text: string): string {
  const line = text
    .slice(0, 4 * FOUND_MAX)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > FOUND_MAX ? `${line.slice(0, FOUND_MAX - 3)}...` : line;
}

export function isNote(problem: ConfigProblem): boolean {
  return PROBLEMS[problem.code].level === 'note';
}

/** Two lines: where and what, then the remedy. */
export function formatProblem(problem: ConfigProblem, fileName: string): string {
  const at = problem.line === null ? '' : `:${problem.line}:${problem.column ?? 1}`;
  const found = problem.found === '' ? '' : ` (found: ${problem.found})`;
  const level = PROBLEMS[problem.code].level;
  return (
    `${fileName}${at}: ${level} ${problem.code}: ${problem.place}: ${problem.says}${found}\n` +
    `    ${problem.remedy}`
  );
}

function error(means: string): { readonly level: 'error'; readonly means: string } {
  return { level: 'error', means };
}

function note(means: string): { readonly level: 'note'; readonly means: string } {
  return { level: 'note', means };
}
