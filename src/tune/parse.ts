/**
 * Text of an experiment file -> one frozen Experiment, or every problem it has, at once, each with
 * its place, the value found, and what to write instead. Pure, and total on any text.
 */

import { type KeyPath, placeOf, type ReadDocument, readDocument } from '../config/document.ts';
import { kindOf } from '../config/leaf.ts';
import { nearest } from '../config/nearest.ts';
import { cutFound } from '../config/problems.ts';
import {
  checkCluster,
  checkMixes,
  checkMixNames,
  checkPolicies,
  checkSearch,
  checkSize,
} from './checks.ts';
import type { Experiment } from './experiment.ts';
import { type Finding, faultAt, finding } from './finding.ts';
import type { TuneProblem } from './problems.ts';
import { type Context, readRanges, readValues } from './range.ts';
import { docAt, experimentSchema, keysAt, type RawExperiment } from './schema.ts';
import { checkSettings } from './settings.ts';
import { baselineOf } from './space.ts';
import { isMixName } from './world.ts';

const PROBLEMS_MAX = 200;

export type ParsedExperiment =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly problems: readonly TuneProblem[] };

/** Never throws on any text. Problems come in the order of the file. */
export function parseExperiment(text: string): ParsedExperiment {
  const read = readDocument(text);
  if (!read.ok) return { ok: false, problems: read.problems.map(ofAnExperiment) };
  const { document } = read;
  const own = document.value ?? {};
  if (!isMap(own)) return { ok: false, problems: [notAMap(own)] };

  const parsed = experimentSchema.safeParse(own);
  const findings = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => findingsOf(issue, own));
  const experiment = parsed.success ? assembled(parsed.data, findings) : null;
  if (experiment === null) lookAt(own, findings);
  const problems = [...document.problems, ...findings.map((f) => located(f, document))];
  if (problems.length === 0 && experiment !== null) {
    return { ok: true, experiment: deepFreeze(experiment) };
  }
  return { ok: false, problems: inFileOrder(problems).slice(0, PROBLEMS_MAX) };
}

/** The experiment of a skeleton that is good; what is wrong beyond it goes to `findings`. */
function assembled(raw: RawExperiment, findings: Finding[]): Experiment {
  const { search } = raw;
  const isDrawn = search.method === 'random' || search.settings !== undefined;
  const c: Context = { profile: raw.profile, isDrawn, findings };
  const ranges = readRanges(raw.ranges, c);
  const fixed = readValues('fixed', raw.fixed, c);
  const baseline = readValues('baseline', raw.baseline, c);
  for (const check of [checkCluster, checkMixes, checkPolicies, checkSearch]) {
    findings.push(...check(raw));
  }
  const experiment: Experiment = {
    title: raw.title,
    seed: raw.seed,
    replications: raw.replications,
    cluster: raw.cluster,
    mixes: Object.entries(raw.mixes).flatMap(([name, { span, weight }]) =>
      isMixName(name) ? [{ name, spanMs: span, weight }] : [],
    ),
    profile: raw.profile,
    fixed,
    baseline: baselineOf(ranges, raw.profile, baseline),
    ranges,
    search: searchOf(search, raw.replications),
    policies: raw.policies,
    prices: { switch: raw.prices.switch, awayHour: raw.prices.away_hour },
  };
  if (findings.length === 0) findings.push(...checkSize(experiment));
  if (findings.length === 0) findings.push(...checkSettings(experiment));
  return experiment;
}

/** Beside a skeleton with problems, those of keys and ranges are still worth telling. */
function lookAt(own: Readonly<Record<string, unknown>>, findings: Finding[]): void {
  const c: Context = { profile: 'balanced', isDrawn: true, findings };
  if (isMap(own.ranges)) readRanges(own.ranges, c);
  if (isMap(own.mixes)) findings.push(...checkMixNames(Object.keys(own.mixes)));
  for (const at of ['fixed', 'baseline']) {
    const values = own[at];
    if (isMap(values)) readValues(at, values, c);
  }
}

function searchOf(search: RawExperiment['search'], replications: number): Experiment['search'] {
  const { method, settings, rungs = [], keep = 0.25 } = search;
  if (method === 'grid') return { method };
  if (method === 'random') return { method, settings: settings ?? 1 };
  const all = rungs.at(-1) === replications ? rungs : [...rungs, replications];
  return { method, settings: settings ?? null, rungs: all, keep };
}

type Issue = Parameters<
  NonNullable<ReturnType<typeof experimentSchema.safeParse>['error']>['addIssue']
>[0];

function findingsOf(issue: Issue, own: unknown): Finding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key));
  }
  const value = valueAt(own, path);
  const doc = docAt(path);
  if (doc === null) {
    const keys = keysAt(path).join(', ');
    const says = value === undefined ? 'is missing' : `must be a map, not ${kindOf(value)}`;
    return [finding('CFG_TYPE', path, says, `Write a map with: ${keys}.`)];
  }
  const fault = doc.explain(value, EXAMPLES[String(path.at(-1))] ?? '1');
  if (value !== undefined) return [faultAt(path, fault)];
  return [finding('CFG_MISSING', path, 'is missing', `Add it: ${doc.means} ${fault.remedy}`)];
}

const EXAMPLES: Readonly<Record<string, string>> = { replications: '20', scvms: '3', keep: '0.25' };

function unknownKey(path: KeyPath, key: string): Finding {
  const known = keysAt(path);
  const near = nearest(key, known);
  const remedy = near
    ? `Did you mean ${near}?`
    : `Remove it, or write one of: ${known.join(', ')}.`;
  return finding('CFG_UNKNOWN_KEY', [...path, key], 'is not a key that exists here', remedy, 'key');
}

/** Where the document has the finding's place, or the nearest place above it. */
function located(f: Finding, document: ReadDocument): TuneProblem {
  const { code, says, remedy, path } = f;
  const part = f.part === 'key' ? 'key' : 'value';
  const place = placeOf(path);
  const spot = document.spotOf(path, part) ?? document.spotOf(path, 'key');
  if (spot !== null) {
    const found = f.part === 'head' ? '' : spot.found;
    return { code, place, line: spot.line, column: spot.column, found, says, remedy };
  }
  const above = path.length > 1 ? document.spotOf(path.slice(0, -1), 'key') : null;
  const at = { line: above?.line ?? null, column: above?.column ?? null };
  return { code, place, ...at, found: '', says, remedy };
}

/** The reader of the configuration speaks of SCVMs where it says what is too much. */
function ofAnExperiment(problem: TuneProblem): TuneProblem {
  if (problem.code !== 'CFG_TOO_LARGE') return problem;
  return { ...problem, remedy: 'Give an experiment file; the shipped ones have about 2 KiB.' };
}

function notAMap(value: unknown): TuneProblem {
  return {
    code: 'CFG_TYPE',
    place: '(file)',
    line: 1,
    column: 1,
    found: cutFound(typeof value === 'string' ? value : ''),
    says: `the file must be a map of keys, not ${kindOf(value)}`,
    remedy: 'Write "key: value" lines, as in examples/tune.',
  };
}

function inFileOrder(problems: readonly TuneProblem[]): TuneProblem[] {
  const key = ({ line }: TuneProblem) => line ?? Number.MAX_SAFE_INTEGER;
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

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
