/**
 * From what a journal tells to the past as a page draws it: stretches without a break, each with
 * the state that it began in and what happened since, and the gaps between them. Pure. What cannot
 * be read is a gap with its reason, never a guess.
 */

import { foldAll } from '../../web/fold.ts';
import type { Base, Entry, Gap, Stretch, Timeline, Told } from '../../web/shapes.ts';
import type { Digest, Start } from './digest.ts';

export interface Past {
  readonly timeline: Timeline;
  /** In the order of time, one per stretch. */
  readonly starts: readonly Start[];
}

/** A page has to hold them all; more than this is a journal of flapping, and the oldest go. */
export const MAX_ENTRIES = 20_000;
/** Shorter than this, a restart is not worth a mark of its own. */
const SHORT_GAP_MS = 1000;

interface Open {
  readonly start: Start;
  readonly isStart: boolean;
  readonly base: Base;
  readonly entries: Entry[];
}

/** A gap whose end is not known yet. */
interface Hole {
  readonly fromMs: number;
  readonly why: Gap['why'];
  readonly says: string;
  readonly count: number;
}

/** `lines` of consecutive segments, oldest first. */
export function timelineOf(lines: Iterable<Digest>, maxEntries = MAX_ENTRIES): Past {
  const stretches: Stretch[] = [];
  const starts: Start[] = [];
  const gaps: Gap[] = [];
  let open: Open | null = null;
  let hole: Hole | null = null;
  let toMs = 0;
  let toAtMs = 0;

  /** The latest time known. */
  const seen = (atMs: number | null): void => {
    if (!open || atMs === null) return;
    toAtMs = atMs;
    toMs = Math.max(toMs, wallOf(open.start, atMs));
  };
  const tear = (why: Gap['why'], says: string): void => {
    hole = hole ? { ...hole, count: hole.count + 1 } : { fromMs: toMs, why, says, count: 1 };
  };
  const mend = (): void => {
    if (!hole) return;
    const { fromMs, why, count } = hole;
    const says = count > 1 ? `${hole.says}, and ${count - 1} more` : hole.says;
    gaps.push({ fromMs, toMs: Math.max(toMs, fromMs), why, says });
    hole = null;
  };
  const close = (): void => {
    if (!open) return;
    const { start, isStart, base, entries } = open;
    const { wallMs: fromMs, monoMs: fromAtMs } = start;
    stretches.push({ fromMs, toMs, fromAtMs, isStart, base, entries });
    starts.push(start);
    open = null;
  };
  const begin = ({ start, isStart, base }: Extract<Digest, { kind: 'header' }>): void => {
    const isFirst = stretches.length === 0 && open === null;
    const silentMs = start.wallMs - toMs;
    if (isStart && !hole && !isFirst && silentMs > SHORT_GAP_MS) {
      tear('no daemon', 'no daemon wrote here');
    }
    close();
    toMs = start.wallMs;
    toAtMs = start.monoMs;
    mend();
    open = { start, isStart, base, entries: [] };
  };

  for (const line of lines) {
    seen(line.lastAtMs);
    if (line.kind === 'header') begin(line);
    else if (line.kind === 'torn') {
      tear(line.why, line.says);
      if (line.isForeign) close();
    } else if (open) {
      // Of a segment that could not be read nothing is known, and the hole goes on.
      if (line.kind === 'told') seen(line.atMs);
      if (line.kind === 'told' || line.lastAtMs !== null) mend();
      if (line.kind === 'told') add(open, line.atMs, line.told);
    }
  }
  close();
  mend();
  return { timeline: cut(stretches, gaps, toAtMs, maxEntries), starts };
}

function add({ start, entries }: Open, atMs: number, told: Told): void {
  entries.push({ ...told, wallMs: wallOf(start, atMs), atMs });
}

export const wallOf = (start: Pick<Start, 'wallMs' | 'monoMs'>, atMs: number): number =>
  Math.round(start.wallMs + atMs - start.monoMs);

/** The newest `maxEntries`; what the older ones came to is the base of what is left. */
function cut(
  stretches: readonly Stretch[],
  gaps: readonly Gap[],
  toAtMs: number,
  maxEntries: number,
): Timeline {
  let room = maxEntries;
  const kept: Stretch[] = [];
  let cutBeforeMs: number | null = null;
  for (const stretch of stretches.toReversed()) {
    const over = stretch.entries.length - room;
    room = Math.max(0, -over);
    kept.unshift(over > 0 ? shortened(stretch, over) : stretch);
    if (over <= 0) continue;
    cutBeforeMs = kept[0]?.fromMs ?? null;
    break;
  }
  return { stretches: kept, gaps, cutBeforeMs, toAtMs };
}

function shortened(stretch: Stretch, by: number): Stretch {
  const base = foldAll(stretch.base, stretch.entries.slice(0, by));
  const { wallMs: fromMs, atMs: fromAtMs } = stretch.entries[by - 1] ?? {
    wallMs: stretch.fromMs,
    atMs: stretch.fromAtMs,
  };
  return { ...stretch, fromMs, fromAtMs, isStart: false, base, entries: stretch.entries.slice(by) };
}
