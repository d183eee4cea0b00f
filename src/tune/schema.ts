/**
 * Which keys an experiment file has, with their meanings. Values of `fixed`, `baseline` and
 * `ranges` are checked by the configuration's own schema (range.ts), because their keys are its
 * keys. docs/tuning/experiments.md has a table made from this.
 */

import { z } from 'zod';
import {
  documented,
  factor,
  flag,
  type KeyDoc,
  keyDocs,
  orDefault,
  whole,
  wrongType,
} from '../config/leaf.ts';
import { choice } from '../config/leaf-text.ts';
import { PROFILE_NAMES } from '../config/schema.ts';
import { span } from './span.ts';
import { POLICIES } from './world.ts';

export const SETTINGS_MAX = 10_000_000;
export const TITLE_MAX = 200;

const title = documented(z.string().trim().min(1).max(TITLE_MAX), {
  type: 'text',
  range: `1 to ${TITLE_MAX} characters`,
  means: 'The question, as it stands above the report.',
  explain: (value) => {
    const remedy = 'Write the question that the experiment answers.';
    if (typeof value !== 'string') return wrongType(value, remedy);
    return { code: 'CFG_RANGE', says: `must have 1 to ${TITLE_MAX} characters`, remedy };
  },
});

const keyed = (means: string, sample: string) =>
  documented(z.record(z.string(), z.unknown()), {
    type: 'map',
    range: 'keys of the configuration',
    means,
    explain: (value) => wrongType(value, `Write a map of keys, for example ${sample}.`),
  });

const listed = <S extends z.ZodType>(item: S, means: string, sample: string) =>
  documented(z.array(item), {
    type: 'list',
    range: 'at least one',
    means,
    explain: (value) => wrongType(value, `Write a list, for example ${sample}.`),
  });

const cluster = z.strictObject({
  scvms: orDefault(whole(2, 64, 'SCVMs', 'SCVMs of the cluster.'), 3),
  hosts: orDefault(whole(1, 64, 'hosts', 'Hosts, each with its own daemon and SCVM.'), 1),
  zones: orDefault(whole(1, 2, 'zones', 'Zones: the first half of the SCVMs is the first.'), 1),
  access: orDefault(flag('Gateways are access IPs (RDMA).'), false),
});

const mix = z.strictObject({
  span: span('How long it is played.'),
  weight: orDefault(factor(0.001, 1000, 'Its part in the numbers over all mixes.'), 1),
});

const mixes = documented(z.record(z.string(), mix), {
  type: 'map',
  range: 'at least one fault mix',
  means: 'Fault mixes by name, each with its span.',
  explain: (value) => wrongType(value, 'Write a map, for example quiet-month: { span: 30d }.'),
});

const search = z.strictObject({
  method: orDefault(
    choice(['grid', 'random', 'halving'], 'Every combination, drawn ones, or halving by rungs.'),
    'grid',
  ),
  settings: whole(1, SETTINGS_MAX, 'settings', 'How many are drawn (random, halving).').optional(),
  rungs: listed(
    whole(1, 10_000, 'replications', 'Replications after this rung.'),
    'Halving: replications that a setting has after each rung.',
    '[4, 16, 64]',
  ).optional(),
  keep: factor(0.01, 0.99, 'Halving: the share that goes on to the next rung.').optional(),
});

const prices = z.strictObject({
  switch: orDefault(
    factor(0, 1_000_000, 'One switch, in seconds of outage. Its own outage is counted anyway.'),
    1,
  ),
  away_hour: orDefault(
    factor(0, 1_000_000, 'One hour on another SCVM than the own, in seconds of outage.'),
    1,
  ),
});

export const experimentSchema = z.strictObject({
  title,
  seed: orDefault(whole(0, Number.MAX_SAFE_INTEGER, '', 'Seed of everything that is drawn.'), 1),
  replications: whole(1, 10_000, 'replications', 'Runs of each setting under each mix.'),
  cluster: cluster.prefault({}),
  mixes,
  profile: orDefault(
    choice(PROFILE_NAMES, 'The configuration that everything starts from.'),
    'balanced',
  ),
  fixed: keyed('Keys that differ from the profile in every setting.', 'timers.dwell: 30s').default(
    {},
  ),
  ranges: keyed('Keys that are varied.', 'timers.back_to_normal: [0s, 180s]'),
  baseline: keyed(
    'What settings are compared with; absent keys: the profile.',
    'timers.back_to_normal: 180s',
  ).default({}),
  search: search.prefault({}),
  policies: listed(
    choice(POLICIES, 'What steers a host.'),
    'What is compared: the chart, and the model of the old tool.',
    '[chart, old-tool]',
  ).default(['chart', 'old-tool']),
  prices: prices.prefault({}),
});

/** Values as far as the skeleton goes; ranges and fixed keys are still as written. */
export type RawExperiment = z.output<typeof experimentSchema>;

/** The documentation of what stands at a path; null where a map or nothing stands. */
export function docAt(path: readonly PropertyKey[]): KeyDoc | null {
  const found = schemaAt(path);
  return found === null ? null : docOf(found);
}

/** Keys of the map at a path; none where another thing stands. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const found = bare(schemaAt(path));
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function schemaAt(path: readonly PropertyKey[]): unknown {
  let at: unknown = experimentSchema;
  for (const part of path) {
    const map = bare(at);
    if (map instanceof z.ZodObject) at = map.shape[String(part)];
    else if (map instanceof z.ZodRecord) at = map.valueType;
    else if (map instanceof z.ZodArray) at = map.element;
    else return null;
  }
  return at ?? null;
}

/** Without the wrappers for defaults and absence. */
function bare(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return isWrapped ? bare(schema.unwrap()) : schema;
}

function docOf(schema: unknown): KeyDoc | null {
  const own = schema instanceof z.ZodType ? keyDocs.get(schema) : undefined;
  if (own) return own;
  const inner = bare(schema);
  return inner !== schema && inner instanceof z.ZodType ? (keyDocs.get(inner) ?? null) : null;
}
