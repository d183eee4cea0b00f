/**
 * One line of a journal as far as the timeline needs it: checked, and light enough that a day of
 * them stays in memory. States and everything else are read again from the file when they are
 * needed.
 */

import { z } from 'zod';
import type { Scanned } from '../../io/journal-scan.ts';
import { interpreted } from '../../machines/chart.ts';
import { noMemory } from '../../machines/hold.ts';
import { stateName } from '../../machines/notes.ts';
import type { Settings } from '../../machines/settings.ts';
import type { Base, Gap, Told } from '../../web/shapes.ts';

/** Where a replay can begin. */
export interface Start {
  readonly segment: string;
  readonly offset: number;
  readonly wallMs: number;
  readonly monoMs: number;
}

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

/** Where things stood at a header. */
function baseOf(state: unknown): Base {
  const parsed = plainState.safeParse(state);
  if (!parsed.success) return NOTHING;
  const { value, context, standing } = parsed.data;
  return {
    regions: regionsOf(value),
    target: context.target,
    verdicts: Object.fromEntries(context.paths.map((p) => [p.id, p.verdict])),
    alarms: Object.keys(standing.alarms) as Base['alarms'],
  };
}

/** Where a daemon begins: the chart at its beginning, which no entry tells. */
function baseOfStart(settings: unknown): Base {
  try {
    const input = { settings: settings as Settings, nowMs: 0, shadow: false, memory: noMemory };
    const { value, context } = interpreted.start(input).at;
    const verdicts = context.settings.paths.map((p) => [p.id, 'unknown' as const]);
    return { ...NOTHING, regions: regionsOf(value), verdicts: Object.fromEntries(verdicts) };
  } catch {
    // Settings of another version: what follows is told by its entries alone.
    return NOTHING;
  }
}

function regionsOf(value: Readonly<Record<string, unknown>>): Base['regions'] {
  const names = region.options.filter((name) => name in value);
  return Object.fromEntries(names.map((name) => [name, stateName(value, name)]));
}

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
      const base = isStart ? baseOfStart(body.settings) : baseOf(body.state);
      return { kind: 'header', lastAtMs, start, isStart, base };
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
