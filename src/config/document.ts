/**
 * YAML text -> plain values, each with its position. The `yaml` package parses; the conversion to
 * plain values is ours because the package's own is not bounded for hostile text (nested map keys
 * took minutes) and because positions and duplicate keys are wanted from
 * the same walk. YAML 1.2 core schema: `off` and `no` are texts.
 */

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from 'yaml';
import { exceededBound } from './bounds.ts';
import { type ConfigProblem, cutFound, type ProblemCode } from './problems.ts';

const NODES_MAX = 100000;
const DEPTH_MAX = 16;
const YAML_ERRORS_MAX = 100;

/** Keys and indexes from the top, for example `['scvms', 1, 'data_ip']`. */
export type KeyPath = readonly (string | number)[];

/** Where something stands in the text. `line` and `column` are 1-based. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly found: string;
}

export interface ReadDocument {
  readonly value: unknown;
  /** Duplicate keys; nothing else is found here. */
  readonly problems: readonly ConfigProblem[];
  /** The value (or the key before it) at a path; null if the text has no such place. */
  readonly spotOf: (path: KeyPath, part: 'key' | 'value') => Spot | null;
}

export type DocumentResult =
  | { readonly ok: true; readonly document: ReadDocument }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

/** Refuses, never throws: beyond a bound, not YAML, values of other types, too many aliases. */
export function readDocument(text: string): DocumentResult {
  const bound = exceededBound(text);
  if (bound !== null) return refused('CFG_TOO_LARGE', bound);
  const lines = new LineCounter();
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false } as const;
  const parsed = parseDocument(text, options);
  const faults = [...parsed.errors, ...parsed.warnings];
  const first = faults.slice(0, YAML_ERRORS_MAX).map((fault): ConfigProblem => {
    const { line, col } = lines.linePos(fault.pos[0]);
    return {
      code: 'CFG_YAML',
      place: '(file)',
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      found: cutFound(text.slice(fault.pos[0], fault.pos[0] + 40).split('\n')[0] ?? ''),
      says: `${fault.message} [${fault.code}]`,
      remedy: 'Write valid YAML here: check indentation, quotes and brackets.',
    };
  });
  return first.length > 0 ? { ok: false, problems: first } : convert(parsed, text, lines);
}

/** A path in the operator's notation: `scvms[1].data_ip`; the empty path is `(file)`. */
export function placeOf(path: KeyPath): string {
  let place = '';
  for (const part of path) {
    if (typeof part === 'number') place += `[${part}]`;
    else place += place === '' ? part : `.${part}`;
  }
  if (path.length === 0) return '(file)';
  return cutFound(place) || '(unprintable key)';
}

function convert(parsed: Document.Parsed, text: string, lines: LineCounter): DocumentResult {
  const spots = new Map<string, readonly [number, number]>();
  const problems: ConfigProblem[] = [];
  let budget = NODES_MAX;
  let refusal: { readonly says: string; readonly offset: number } | null = null;

  const mark = (path: KeyPath, part: 'key' | 'value', node: unknown) => {
    const id = spotId(path, part);
    if (isNode(node) && node.range && !spots.has(id)) {
      spots.set(id, [node.range[0], node.range[1]]);
    }
  };
  const spotOf = (path: KeyPath, part: 'key' | 'value'): Spot | null => {
    const range = spots.get(spotId(path, part));
    if (range === undefined) return null;
    const { line, col } = lines.linePos(range[0]);
    return { line, column: col, found: cutFound(text.slice(range[0], range[1])) };
  };
  const refuse = (says: string, node: unknown) => {
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    refusal ??= { says, offset };
    return null;
  };

  const toPlain = (node: unknown, path: KeyPath): unknown => {
    budget -= 1;
    if (refusal !== null) return null;
    if (budget < 0) return refuse(`aliases make more than ${NODES_MAX} values`, node);
    if (path.length > DEPTH_MAX) return refuse(`is nested deeper than ${DEPTH_MAX} levels`, node);
    mark(path, 'value', node);
    if (isAlias(node)) {
      const target = node.resolve(parsed);
      return target === undefined
        ? refuse(`alias *${node.source} is unknown`, node)
        : toPlain(target, path);
    }
    if (isSeq(node)) return node.items.map((item, index) => toPlain(item, [...path, index]));
    if (isMap(node)) return mapToPlain(node.items, path);
    if (!isScalar(node)) return null;
    const { value } = node;
    const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    return isPlain ? value : refuse('has a type that has no use here', node);
  };

  const mapToPlain = (items: readonly { key: unknown; value: unknown }[], path: KeyPath) => {
    const entries = new Map<string, unknown>();
    for (const { key, value } of items) {
      const plainKey = isScalar(key) ? String(key.value) : null;
      if (plainKey === null) return refuse('a key must be one word', key);
      const inner = [...path, plainKey];
      if (entries.has(plainKey)) {
        // The first one counts for the other checks, as its position is the one they show.
        problems.push(duplicateKey(inner, key));
        continue;
      }
      mark(inner, 'key', key);
      entries.set(plainKey, toPlain(value, inner));
    }
    return Object.fromEntries(entries);
  };

  const duplicateKey = (path: KeyPath, node: unknown): ConfigProblem => {
    const firstLine = spotOf(path, 'key')?.line ?? 1;
    const { line, col } = lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0);
    const place = placeOf(path);
    return {
      ...problem('CFG_DUPLICATE_KEY', place, `stands in line ${firstLine} already`),
      line,
      column: col,
      found: cutFound(String(path.at(-1))),
      remedy: 'Write the key once: remove one of the two.',
    };
  };

  const value = toPlain(parsed.contents, []);
  if (refusal === null) return { ok: true, document: { value, problems, spotOf } };
  return refusedAt(refusal, lines);
}

function refusedAt(
  refusal: { readonly says: string; readonly offset: number },
  lines: LineCounter,
): DocumentResult {
  const { line, col } = lines.linePos(refusal.offset);
  const base = problem('CFG_YAML', '(file)', refusal.says);
  return { ok: false, problems: [{ ...base, line: Math.max(line, 1), column: Math.max(col, 1) }] };
}

function refused(code: ProblemCode, says: string): DocumentResult {
  return { ok: false, problems: [problem(code, '(file)', says)] };
}

function problem(code: ProblemCode, place: string, says: string): ConfigProblem {
  const remedy =
    code === 'CFG_TOO_LARGE'
      ? 'Give a configuration file; 200 SCVMs need about 13 KiB.'
      : 'Write plain maps, lists, texts and numbers, as in the examples.';
  return { code, place, line: null, column: null, found: '', says, remedy };
}

function spotId(path: KeyPath, part: 'key' | 'value'): string {
  return `${part} ${JSON.stringify(path)}`;
}
