/**
 * Configuration text -> one frozen Config, or every problem it has, at once. Pure: reading the
 * file, asking for the host's name and its networks is the caller's part. The steps: YAML to
 * values with positions (document.ts), defaults of the profile underneath (profiles.ts), schema
 * (schema.ts), cross checks on what is valid of it (addresses.ts, timing.ts, files.ts).
 */

import { checkScvms } from './addresses.ts';
import { buildConfig } from './build.ts';
import type { Config } from './config.ts';
import { type KeyPath, placeOf, type ReadDocument, readDocument } from './document.ts';
import { checkFiles } from './files.ts';
import { type Finding, findingsOf } from './issues.ts';
import { kindOf } from './leaf.ts';
import { type ConfigProblem, cutFound, isNote } from './problems.ts';
import { defaultsOf } from './profiles.ts';
import {
  configSchema,
  type Draft,
  draftSchema,
  hostIdSchema,
  PROFILE_NAMES,
  type ProfileName,
} from './schema.ts';
import { checkNumbers } from './timing.ts';

const PROBLEMS_MAX = 1000;
/** Names that machines have before anybody gave them one. */
const COMMON_HOST_IDS = ['localhost', 'localhost.localdomain', 'debian', 'esxi', 'linux'];

export interface ParseOptions {
  /** Default of `host_id`. */
  readonly hostname?: string;
  /**
   * The host's addresses with their prefix lengths, for example `10.10.85.11/24`; with them, SCVM
   * addresses that lie in none of these networks are errors. What is not IPv4 is left out.
   */
  readonly hostNetworks?: readonly string[];
}

export type ParseResult =
  | { readonly ok: true; readonly config: Config; readonly notes: ConfigProblem[] }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

/** Never throws on any text. Problems and notes come in the order of the file. */
export function parseConfig(text: string, options: ParseOptions = {}): ParseResult {
  const read = readDocument(text);
  if (!read.ok) return { ok: false, problems: read.problems };
  const { document } = read;
  const own = document.value ?? {};
  if (!isMap(own)) return { ok: false, problems: [notAMap(own)] };

  const profile = PROFILE_NAMES.find((name) => name === own.profile) ?? 'balanced';
  const { values, findings } = withDefaults(own, profile, options.hostname);
  const parsed = configSchema.safeParse(values);
  const issues = parsed.success ? [] : parsed.error.issues;
  const refusedPlaces = new Set(
    issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => idOf(path)),
  );
  const draft: Draft = parsed.success ? parsed.data : draftOf(values, refusedPlaces);
  const refused = (path: KeyPath) => refusedPlaces.has(idOf(path));

  findings.push(
    ...issues.flatMap((issue) => findingsOf(issue, (path) => valueAt(values, path), profile)),
    ...checkScvms(draft, refused, options.hostNetworks ?? null),
    ...checkNumbers(draft),
    ...checkFiles(draft),
    ...checkHostId(draft),
  );
  const all = [...document.problems, ...findings.map((f) => located(f, document, values))];
  const problems = inFileOrder(all.filter((problem) => !isNote(problem)));
  if (problems.length > 0 || !parsed.success) return { ok: false, problems: limited(problems) };
  return { ok: true, config: buildConfig(parsed.data), notes: inFileOrder(all.filter(isNote)) };
}

type Values = Readonly<Record<string, unknown>>;

/**
 * The operator's values over the defaults, section by section. An empty section (only comments
 * left under it) is an absent one. `host_id` and an absent `scvms` get stand-ins here, so that
 * one clear problem is reported for them instead of a missing key.
 */
function withDefaults(own: Values, profile: ProfileName, hostname: string | undefined) {
  const merged = new Map<string, unknown>(Object.entries(own));
  for (const [key, value] of Object.entries(defaultsOf(profile))) {
    const mine = merged.get(key);
    if (!merged.has(key) || (isMap(value) && mine === null)) merged.set(key, value);
    else if (isMap(value) && isMap(mine)) merged.set(key, { ...value, ...mine });
  }
  if (merged.get('scvms') === undefined || merged.get('scvms') === null) merged.set('scvms', []);
  const findings: Finding[] = [];
  if (!merged.has('host_id')) {
    const isUsable = hostIdSchema.safeParse(hostname).success;
    merged.set('host_id', isUsable ? hostname : 'unnamed');
    if (!isUsable) findings.push(noHostId(hostname));
  }
  return { values: Object.fromEntries(merged), findings };
}

/** What is valid of the values: refused places are taken out, then the rest is read. */
function draftOf(values: Values, refusedPlaces: ReadonlySet<string>): Draft {
  const prune = (value: unknown, path: KeyPath): unknown => {
    if (Array.isArray(value)) {
      return value.map((item, index) => {
        const inner = [...path, index];
        return refusedPlaces.has(idOf(inner)) ? {} : prune(item, inner);
      });
    }
    if (!isMap(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !refusedPlaces.has(idOf([...path, key])));
    return Object.fromEntries(kept.map(([key, inner]) => [key, prune(inner, [...path, key])]));
  };
  const draft = draftSchema.safeParse(prune(values, []));
  return draft.success ? draft.data : {};
}

function checkHostId({ host_id: hostId = '' }: Draft): Finding[] {
  if (!COMMON_HOST_IDS.includes(hostId.toLowerCase())) return [];
  return [
    {
      code: 'CFG_HOST_ID_COMMON',
      at: [['host_id']],
      part: 'value',
      says: `${hostId} is not a name of this host alone, so hosts would not spread over SCVMs`,
      remedy: 'Write a host_id that no other host of the cluster has.',
    },
  ];
}

function noHostId(hostname: string | undefined): Finding {
  const says =
    hostname === undefined || hostname === ''
      ? 'is missing, and the host has no name to take instead'
      : `is missing, and the host's name "${cutFound(hostname)}" cannot stand for it`;
  const remedy = 'Add it, for example host_id: host1, different on each host.';
  return { code: 'CFG_HOST_ID', at: [['host_id']], part: 'value', says, remedy };
}

/** The finding at the first of its places that the operator wrote, else at its default. */
function located(finding: Finding, document: ReadDocument, values: Values): ConfigProblem {
  const { code, says, remedy } = finding;
  const part = finding.part === 'value' ? 'value' : 'key';
  const written = finding.at.find((path) => document.spotOf(path, part) !== null);
  const path = written ?? finding.at[0] ?? [];
  const place = placeOf(path);
  const spot = document.spotOf(path, part);
  if (spot !== null) {
    const shown = finding.part === 'head' ? '' : spot.found;
    return { code, place, line: spot.line, column: spot.column, found: shown, says, remedy };
  }
  const value = valueAt(values, path);
  const isShown = value !== undefined && (typeof value !== 'object' || value === null);
  const found = isShown && path[0] !== 'host_id' ? `${cutFound(String(value))} by default` : '';
  const above = document.spotOf(path.slice(0, -1), 'value');
  const isItem = typeof path.at(-2) === 'number';
  const line = isItem ? (above?.line ?? null) : null;
  const column = isItem ? (above?.column ?? null) : null;
  return { code, place, line, column, found, says, remedy };
}

function notAMap(value: unknown): ConfigProblem {
  return {
    code: 'CFG_TYPE',
    place: '(file)',
    line: 1,
    column: 1,
    found: cutFound(typeof value === 'string' ? value : ''),
    says: `the file must be a map of keys, not ${kindOf(value)}`,
    remedy: 'Write "key: value" lines, as in the examples.',
  };
}

function limited(problems: ConfigProblem[]): ConfigProblem[] {
  const rest = problems.length - PROBLEMS_MAX;
  if (rest <= 0) return problems;
  const base = { code: 'CFG_TOO_MANY', place: '(file)', line: null, column: null } as const;
  const remedy = 'Correct these first, then check again.';
  const last = { ...base, found: '', says: `${rest} more problems are not listed`, remedy };
  return [...problems.slice(0, PROBLEMS_MAX), last];
}

function inFileOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const key = ({ line }: ConfigProblem) => line ?? Number.MAX_SAFE_INTEGER;
  return [...problems].sort((a, b) => key(a) - key(b) || (a.column ?? 0) - (b.column ?? 0));
}

function valueAt(values: unknown, path: KeyPath): unknown {
  let value = values;
  for (const part of path) {
    if (Array.isArray(value)) value = typeof part === 'number' ? value[part] : undefined;
    else value = isMap(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map((part) => (typeof part === 'number' ? part : String(part))));
}
