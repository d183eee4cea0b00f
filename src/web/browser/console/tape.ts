/**
 * The past in the page's memory: what the daemon's timeline told, and what the stream has told
 * since. Pure. Answers every question of a scrub without asking anybody: where everything stood at
 * a time, what happened around it, and how the strip of the day is coloured.
 */

import { foldAll, folded } from '../../fold.ts';
import type { Base, Entry, Gap, Stretch, Timeline } from '../../shapes.ts';

/** What was at a time: a base, or a reason why nobody knows. */
export type Then =
  | { readonly known: true; readonly base: Base }
  | { readonly known: false; readonly says: string };

/** A run of one colour in the strip. */
export interface Run {
  readonly fromMs: number;
  readonly toMs: number;
  /** Top state of region access; `unknown` before it is told, `gap` where nobody knows. */
  readonly state: string;
}

export type Transition = Extract<Entry, { type: 'NOTE_TRANSITION' }>;

/** A base that was reached, so that a fold need not begin far back. */
interface Mark {
  readonly index: number;
  readonly base: Base;
}

interface Piece {
  readonly stretch: Stretch;
  readonly entries: Entry[];
  readonly marks: Mark[];
  /** Those of each region, because a scrub asks for the last one in each of its steps. */
  readonly transitions: Map<string, Transition[]>;
  toMs: number;
}

const ENTRIES_PER_MARK = 200;
/** What a page that stays open for weeks keeps. */
const MAX_ENTRIES = 40_000;

export interface Tape {
  load(timeline: Timeline): void;
  append(entries: readonly Entry[]): void;
  /** The stream goes on: what stands now is known up to here. */
  reach(wallMs: number): void;
  fromMs(): number;
  toMs(): number;
  cutBeforeMs(): number | null;
  /** Differs once entries came. */
  version(): number;
  at(wallMs: number): Then;
  /** A moment that surely is after an entry: times are rounded to 1 ms. */
  justAfter(entry: Entry): number;
  /** Entries that fit, at or before a time, newest first. */
  before(wallMs: number, count: number, fits: (entry: Entry) => boolean): Entry[];
  /** The last transition of a region at or before a time that fits; absent: any. */
  lastOf(region: string, wallMs: number, fits?: (entry: Transition) => boolean): Transition | null;
  /** The next one after a time that fits. */
  after(wallMs: number, fits: (entry: Entry) => boolean): Entry | null;
  /** The day in colours, at most `steps` runs: of several in one step the worst is shown. */
  runs(fromMs: number, toMs: number, steps: number): Run[];
  gaps(): readonly Gap[];
}

export function createTape(): Tape {
  let pieces: Piece[] = [];
  let gaps: readonly Gap[] = [];
  let cut: number | null = null;
  let version = 0;

  const last = (): Piece | undefined => pieces.at(-1);

  function push(piece: Piece, entry: Entry): void {
    const { entries, marks, transitions } = piece;
    entries.push(entry);
    if (entry.type === 'NOTE_TRANSITION') {
      const known = transitions.get(entry.region);
      if (known) known.push(entry);
      else transitions.set(entry.region, [entry]);
    }
    piece.toMs = Math.max(piece.toMs, entry.wallMs);
    if (entries.length % ENTRIES_PER_MARK !== 0) return;
    const mark = marks.at(-1);
    const from = mark ? mark.index : 0;
    const base = foldAll(mark ? mark.base : piece.stretch.base, entries.slice(from));
    marks.push({ index: entries.length, base });
  }

  function pieceOf(stretch: Stretch): Piece {
    const piece: Piece = {
      stretch,
      entries: [],
      marks: [],
      transitions: new Map(),
      toMs: stretch.toMs,
    };
    for (const entry of stretch.entries) push(piece, entry);
    return piece;
  }

  /** Whole pieces go, oldest first; the one that is being written stays. */
  function forget(): void {
    let count = pieces.reduce((sum, p) => sum + p.entries.length, 0);
    while (count > MAX_ENTRIES && pieces.length > 1) {
      count -= pieces.shift()?.entries.length ?? 0;
      cut = pieces[0]?.stretch.fromMs ?? null;
    }
  }

  const gapAt = (wallMs: number): Gap | undefined =>
    gaps.find((g) => g.fromMs < wallMs && wallMs < g.toMs);

  function baseIn({ stretch, entries, marks }: Piece, wallMs: number): Base {
    const end = upTo(entries, wallMs);
    const mark = marks.findLast((m) => m.index <= end);
    return foldAll(mark?.base ?? stretch.base, entries.slice(mark?.index ?? 0, end));
  }

  return {
    load(timeline) {
      version += 1;
      pieces = timeline.stretches.map(pieceOf);
      gaps = timeline.gaps;
      cut = timeline.cutBeforeMs;
    },
    append(entries) {
      const piece = last();
      if (!piece) return;
      version += 1;
      const { fromMs, fromAtMs } = piece.stretch;
      for (const entry of entries) {
        // As the journal will tell it: the wall clock may have been set since its header.
        push(piece, { ...entry, wallMs: Math.round(fromMs + entry.atMs - fromAtMs) });
      }
      forget();
    },
    reach(wallMs) {
      const piece = last();
      if (piece) piece.toMs = Math.max(piece.toMs, wallMs);
    },
    fromMs: () => pieces[0]?.stretch.fromMs ?? 0,
    toMs: () => last()?.toMs ?? 0,
    cutBeforeMs: () => cut,
    version: () => version,
    justAfter: (entry) => entry.wallMs + 1,
    at(wallMs) {
      const piece = pieces.findLast((p) => p.stretch.fromMs <= wallMs);
      if (!piece) return { known: false, says: 'the journal does not reach back to this time' };
      const gap = gapAt(wallMs);
      if (gap && gap.why !== 'broken') return { known: false, says: gap.says };
      return { known: true, base: baseIn(piece, wallMs) };
    },
    before(wallMs, count, fits) {
      const found: Entry[] = [];
      for (const { entries } of pieces.toReversed()) {
        for (let i = upTo(entries, wallMs) - 1; i >= 0 && found.length < count; i -= 1) {
          const entry = entries[i];
          if (entry && fits(entry)) found.push(entry);
        }
        if (found.length >= count) break;
      }
      return found;
    },
    lastOf(region, wallMs, fits = () => true) {
      for (const { transitions } of pieces.toReversed()) {
        const known = transitions.get(region) ?? [];
        for (let i = upTo(known, wallMs) - 1; i >= 0; i -= 1) {
          const entry = known[i];
          if (entry && fits(entry)) return entry;
        }
      }
      return null;
    },
    after(wallMs, fits) {
      for (const { entries } of pieces) {
        for (let i = upTo(entries, wallMs); i < entries.length; i += 1) {
          const entry = entries[i];
          if (entry && fits(entry)) return entry;
        }
      }
      return null;
    },
    runs: (fromMs, toMs, steps) => stepped(rawRuns(pieces, gaps), fromMs, toMs, steps),
    gaps: () => gaps,
  };
}

/** How many entries are at or before a time; they are in the order of time. */
function upTo(entries: readonly Entry[], wallMs: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.wallMs ?? 0) <= wallMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const topState = (base: Base): string => base.regions.access?.replace(/\..*$/, '') ?? 'unknown';

function* rawRuns(pieces: readonly Piece[], gaps: readonly Gap[]): Generator<Run> {
  for (const { stretch, transitions, toMs } of pieces) {
    let base = stretch.base;
    let fromMs = stretch.fromMs;
    for (const entry of transitions.get('access') ?? []) {
      yield { fromMs, toMs: entry.wallMs, state: topState(base) };
      base = folded(base, entry);
      fromMs = entry.wallMs;
    }
    yield { fromMs, toMs, state: topState(base) };
  }
  for (const gap of gaps) yield { fromMs: gap.fromMs, toMs: gap.toMs, state: 'gap' };
}

/** What must not be hidden by something milder in the same step of the strip. */
const WEIGHT = ['', 'unknown', 'Normal', 'BackToNormal', 'Degraded', 'Rerouted', 'gap'];

function stepped(runs: Iterable<Run>, fromMs: number, toMs: number, steps: number): Run[] {
  const width = (toMs - fromMs) / steps;
  const worst = new Array<number>(steps).fill(0);
  for (const run of runs) {
    const first = Math.max(0, Math.floor((run.fromMs - fromMs) / width));
    const end = Math.min(steps, Math.max(first + 1, Math.ceil((run.toMs - fromMs) / width)));
    if (run.toMs < fromMs || run.fromMs > toMs) continue;
    const weight = Math.max(1, WEIGHT.indexOf(run.state));
    for (let i = first; i < end; i += 1) worst[i] = Math.max(worst[i] ?? 0, weight);
  }
  const merged: Run[] = [];
  for (let i = 0, start = 0; i < steps; i += 1) {
    if (i + 1 < steps && worst[i + 1] === worst[i]) continue;
    const state = WEIGHT[worst[i] ?? 0] ?? '';
    if (state)
      merged.push({ fromMs: fromMs + start * width, toMs: fromMs + (i + 1) * width, state });
    start = i + 1;
  }
  return merged;
}
