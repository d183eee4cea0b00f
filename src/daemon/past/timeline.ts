/**
 * From what a journal tells to the past as a page draws it: stretches without a break, each with
 * the state that it began in and what happened since, and the gaps between them. Pure. What cannot
 * be read is a gap with its reason, never a guess.
 */

import { z } from 'zod';
import type { Scanned } from '../../io/journal-scan.ts';
import { stateName } from '../../machines/notes.ts';
import { foldAll } from '../../web/fold.ts';
import type { Base, Entry, Gap, Stretch, Timeline, Told } from '../../web/shapes.ts';

/** Where a replay can begin. */
export interface Start {
  readonly segment: string;
  readonly offset: number;
  readonly wallMs: number;
  readonly monoMs: number;
}

export interface Past {
  readonly timeline: Timeline;
  /** In the order of time, one per stretch. */
  readonly starts: readonly Start[];
}

/** A page has to hold them all; more than this is a journal of flapping, and the oldest go. */
export const MAX_ENTRIES = 20_000;
/** Shorter than this, a restart is not worth a mark of its own. */
const SHORT_GAP_MS = 1000;

const verdict = z.enum(['up', 'suspect', 'down', 'unknown']);
const region = z.enum(['access', 'steering', 'route', 'record']);
const text = z.string().max(4096);
const kind = z.enum(['failover', 'return', 'prefer', 'pin', 'repair', 'first']);
const alarm = z.string().max(64) as unknown as z.ZodType<
  Extract<Told, { type: 'RAISE_ALARM' }>['alarm']
>;
const told: z.ZodType<Told> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('NOTE_TRANSITION'),
    region,
    from: text,
    to: text,
    event: text,
    reason: text,
  }),
  z.object({ type: z.literal('NOTE_VERDICT'), path: text, from: text, to: text, reason: text }),
  z.object({
    type: z.literal('NOTE_SWITCH'),
    orderId: z.int(),
    from: text.nullable(),
    to: text,
    kind,
    reason: text,
  }),
  z.object({ type: z.literal('NOTE_WOULD_SWITCH'), to: text, kind, reason: text }),
  z.object({ type: z.literal('RAISE_ALARM'), alarm, reason: text }),
  z.object({ type: z.literal('CLEAR_ALARM'), alarm, reason: text }),
]);
const TOLD = new Set<string>(['NOTE_TRANSITION', 'NOTE_VERDICT', 'NOTE_SWITCH']);
for (const type of ['NOTE_WOULD_SWITCH', 'RAISE_ALARM', 'CLEAR_ALARM']) TOLD.add(type);

/** An order as the history tells it; null: not a thing of history, or not of this form. */
export function toldOf(order: { readonly type: string }): Told | null {
  if (!TOLD.has(order.type)) return null;
  const parsed = told.safeParse(order);
  return parsed.success ? parsed.data : null;
}

const plainState = z.object({
  value: z.record(z.string(), z.unknown()),
  context: z.object({
    target: z.string().nullable(),
    paths: z.array(z.object({ id: z.string(), verdict })),
  }),
  standing: z.object({ alarms: z.record(z.string(), z.unknown()) }),
});

const NOTHING: Base = { regions: {}, target: null, verdicts: {}, alarms: [] };

/** Where things stood at a header; nothing is known where a daemon began. */
function baseOf(state: unknown): Base {
  const parsed = plainState.safeParse(state);
  if (!parsed.success) return NOTHING;
  const { value, context, standing } = parsed.data;
  const regions = region.options.filter((name) => name in value);
  return {
    regions: Object.fromEntries(regions.map((name) => [name, stateName(value, name)])),
    target: context.target,
    verdicts: Object.fromEntries(context.paths.map((p) => [p.id, p.verdict])),
    alarms: Object.keys(standing.alarms) as Base['alarms'],
  };
}

/** What of a line the timeline needs: a day of them stays in memory, so states and the rest go. */
export type Digest = { readonly lastAtMs: number | null } & (
  | {
      readonly kind: 'header';
      readonly start: Start;
      readonly isStart: boolean;
      readonly base: Base;
    }
  | { readonly kind: 'told'; readonly atMs: number; readonly told: Told }
  | {
      readonly kind: 'torn';
      readonly why: Exclude<Gap['why'], 'no daemon'>;
      readonly says: string;
      /** Nothing after it in its segment can be read either. */
      readonly isForeign: boolean;
    }
  | { readonly kind: 'time' }
);

/** Null: not a thing of the timeline. */
export function digestOf(line: Scanned): Digest | null {
  const { lastAtMs, segment, offset } = line;
  switch (line.kind) {
    case 'header': {
      const { wallMs, monoMs, body } = line;
      const isStart = body.state === null || body.state === undefined;
      const start = { segment, offset, wallMs, monoMs };
      return { kind: 'header', lastAtMs, start, isStart, base: baseOf(body.state) };
    }
    case 'order': {
      const told = toldOf(line.order);
      return told && { kind: 'told', lastAtMs, atMs: line.atMs, told };
    }
    case 'gap': {
      const says = `${line.dropped} lines were lost here`;
      return { kind: 'torn', lastAtMs, why: 'lost', says, isForeign: false };
    }
    case 'problem': {
      // What a crash cut off is followed by a new start, or is still being written.
      if (line.problem === 'cut') return null;
      const place = line.line > 0 ? `${segment} line ${line.line}` : segment;
      const isForeign = line.problem === 'version';
      return { kind: 'torn', lastAtMs, why: 'broken', says: `${place}: ${line.text}`, isForeign };
    }
    default:
      return { kind: 'time', lastAtMs };
  }
}

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
