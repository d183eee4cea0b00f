/**
 * The laws over a run in the lab: the daemon's own journal, and between its entries the kernel's
 * table as the kernel announced it to the lab. Who changed the table is told by the tag: only the
 * controller writes entries of its own protocol number. A deletion is its doing too, unless the
 * lab was told to delete just then.
 */

import assert from 'node:assert/strict';
import { readJournal } from '../../src/io/journal-read.ts';
import type { Truth } from '../../src/lab/truth.ts';
import { checkTrace } from '../../src/laws/all.ts';
import type { Entry } from '../../src/laws/trace.ts';
import type { RouteEntry } from '../../src/machines/model.ts';
import type { Order } from '../../src/machines/orders.ts';
import type { Settings } from '../../src/machines/settings.ts';

type TableEntry = Extract<Entry, { kind: 'table' }>;
type RouteTruth = Extract<Truth, { type: 'route' }>;

const OWN = '133';
/** A fault is told of when it is done; its deletions were announced at most this long before. */
const DELETING_MS = 2000;

function entryOf(words: readonly string[]): RouteEntry {
  const after = (word: string): string | null => {
    const at = words.indexOf(word);
    return at < 0 ? null : (words[at + 1] ?? null);
  };
  return {
    gateway: after('via'),
    device: after('dev'),
    metric: Number(after('metric') ?? 0),
    protocol: after('proto') ?? 'boot',
    plain: words[0] === '192.168.33.2' && after('via') !== null,
  };
}

/**
 * The table after each notification. `replace` (rtnetlink NLM_F_REPLACE) takes the place of the
 * entry of the same metric; nobody in the lab appends a second one.
 */
export function tableChanges(truth: readonly Truth[], host: string): TableEntry[] {
  let entries: readonly RouteEntry[] = [];
  const deletions = truth.filter((e) => e.type === 'fault' && e.fault === `delete-route ${host}`);
  const isOurs = (atMs: number) =>
    deletions.some((e) => e.atMs > atMs - 100 && e.atMs < atMs + DELETING_MS);
  const isRoute = (e: Truth): e is RouteTruth => e.type === 'route' && e.host === host;
  return truth.filter(isRoute).map(({ change, atMs }) => {
    const words = change.split(/\s+/);
    const isGone = words[0] === 'Deleted';
    const entry = entryOf(isGone ? words.slice(1) : words);
    const others = entries.filter((e) => e.metric !== entry.metric);
    entries = isGone ? others : [...others, entry];
    const isOther = isGone ? isOurs(atMs) : entry.protocol !== OWN;
    return { kind: 'table', atMs, by: isOther ? 'other' : 'controller', entries };
  });
}

/** The table as it stands now. */
export function tableNow(truth: readonly Truth[], host: string): readonly RouteEntry[] {
  return tableChanges(truth, host).at(-1)?.entries ?? [];
}

/** One run as the laws see it: journal and kernel, in the order of time. */
function traceOf(journalDir: string, changes: readonly TableEntry[], endMs: number) {
  const trace: Entry[] = [];
  let settings: Settings | null = null;
  let startMs = Number.POSITIVE_INFINITY;
  let at = 0;
  const catchUp = (untilMs: number) => {
    for (; at < changes.length && (changes[at]?.atMs ?? 0) <= untilMs; at += 1) {
      const change = changes[at];
      if (change) trace.push(change);
    }
  };
  for (const entry of readJournal(journalDir, { onBroken: 'continue' })) {
    if (entry.kind === 'header') settings ??= entry.body.settings as Settings;
    if (entry.kind === 'fact') {
      if (startMs === Number.POSITIVE_INFINITY) {
        startMs = entry.fact.atMs;
        at = changes.findLastIndex((c) => c.atMs < startMs);
        const found = changes[at];
        // Whoever made the table that was there.
        if (found) trace.push({ ...found, by: 'other' });
        at += 1;
      }
      catchUp(entry.fact.atMs);
      trace.push({ kind: 'fact', fact: entry.fact });
    } else if (entry.kind === 'order') {
      trace.push({ kind: 'order', atMs: entry.atMs, order: entry.order as unknown as Order });
    } else if (entry.kind === 'gap' || (entry.kind === 'problem' && entry.problem !== 'cut')) {
      assert.fail(`the journal is not whole: ${JSON.stringify(entry)}`);
    }
  }
  catchUp(endMs);
  return { trace, settings };
}

/** Fails with every broken law of the daemon that wrote this journal and ended by `endMs`. */
export function assertLaws(
  journalDir: string,
  truth: readonly Truth[],
  host: string,
  endMs: number,
): void {
  const { trace, settings } = traceOf(journalDir, tableChanges(truth, host), endMs);
  assert.ok(settings, 'the journal has no header');
  const said = checkTrace(settings, trace).map(
    (b) => `${b.law} at ${Math.round(b.atMs)}: ${b.says}`,
  );
  assert.deepEqual([...said, ...gapsAndDoubles(trace)], [], 'laws');
}

/** How long the deletion of a foreign entry may follow the replace, ms: generous. */
const TIDY_MS = 500;

/** S1 on its own, so that it is checked whatever the laws of the trace are. */
function gapsAndDoubles(trace: readonly Entry[]): string[] {
  const said: string[] = [];
  let doubledAtMs: number | null = null;
  for (const entry of trace) {
    const nowMs = entry.kind === 'fact' ? entry.fact.atMs : entry.atMs;
    if (doubledAtMs !== null && nowMs - doubledAtMs > TIDY_MS) {
      said.push(`S1: two entries for more than ${TIDY_MS} ms after a replace`);
      doubledAtMs = null;
    }
    if (entry.kind !== 'table') continue;
    if (entry.by === 'other') doubledAtMs = null;
    else if (entry.entries.length === 0) said.push('S1: the controller left no entry');
    else if (entry.entries.length > 1) doubledAtMs ??= nowMs;
    else doubledAtMs = null;
  }
  return said;
}
