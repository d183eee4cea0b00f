/**
 * Regions on one page. All of them go into columns of one A4 page: of every way to divide them,
 * and of every direction of each, the one is taken in which the text prints largest.
 */

import type { Wrap } from './boxes.ts';
import { childrenOf, type Graph, type Mark, onlyRegion } from './graph.ts';
import { type Cycles, type Placed, type Point, placeRegion } from './layout.ts';
import { flow, LINE_PX, type Line, SMALL_PX, type Span } from './text.ts';

export interface PageText {
  readonly at: Point;
  readonly line: Line;
  readonly mark?: Mark | undefined;
}

export interface Page {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly regions: readonly { readonly placed: Placed; readonly at: Point }[];
  readonly texts: readonly PageText[];
  /** All regions on one page: small in print. */
  readonly isOverview?: boolean;
}

/** Printable area of A4 with margins of 5 mm, in points (1/72 inch). */
const A4_LONG_PT = ((297 - 10) / 25.4) * 72;
const A4_SHORT_PT = ((210 - 10) / 25.4) * 72;
const GAP_PX = 8;
/** A print of one region: from here on it is read with ease. */
export const READABLE_PT = 7.9;
/** All regions on one page are an overview: small print, but legible. */
export const OVERVIEW_PT = 6.8;

/** The size of the smallest text when the page is printed on A4, whichever way round fits, pt. */
export function smallestTextPt({ width, height }: Size): number {
  const upright = Math.min(A4_SHORT_PT / width, A4_LONG_PT / height);
  const across = Math.min(A4_LONG_PT / width, A4_SHORT_PT / height);
  return SMALL_PX * Math.max(upright, across);
}

const LEGEND_LEAST_PX = 400;
const LEGEND: Line = [
  { text: '\u25cf', kind: 'name' },
  { text: ' entered first.  ', kind: 'plain' },
  { text: 'EVENT', kind: 'event' },
  { text: ' or ', kind: 'plain' },
  { text: 'after delay', kind: 'delay' },
  { text: ' [guard]', kind: 'guard' },
  { text: ' / action, ', kind: 'action' },
  { text: 'orders X', kind: 'order' },
  { text: ' (given to the world), ', kind: 'plain' },
  { text: 'raises Y', kind: 'raise' },
  { text: ' (to every region).  ', kind: 'plain' },
  { text: '(1) (2): asked in this order, the first that holds is taken.  ', kind: 'plain' },
  { text: 'Not drawn: raises JUDGED on entry', kind: 'plain' },
];

/** Only the picture of all regions leaves these out. */
const BRIEF: Span = {
  text: ", changes of the context (in the region's own picture)",
  kind: 'plain',
};

/** One region alone, as large as it is. */
export async function regionPage(graph: Graph, region: string, legend = true): Promise<Page> {
  const layout = inColumns([[await bestOf(graph, region)]]);
  const title = `${graph.machine}: region ${region}`;
  return legend ? { ...withLegend(layout), title } : { ...layout, texts: [], title };
}

/** Every region of the graph. */
export async function wholePage(graph: Graph): Promise<Page> {
  const regions = childrenOf(graph, null).map((s) => s.id);
  const variants = await Promise.all(regions.map((region) => variantsOf(graph, region, LISTS)));
  const ways = divisions(regions.length);
  let best: { size: Size; columns: Placed[][] } | null = null;
  for (const choice of choices(variants)) {
    for (const division of ways) {
      const columns = [0, 1, 2].map((c) => choice.filter((_, at) => division[at] === c));
      const size = sizeOf(columns);
      if (!best || smallestTextPt(size) > smallestTextPt(best.size)) best = { size, columns };
    }
  }
  if (!best) throw new Error('the chart has no regions');
  return {
    ...withLegend(inColumns(best.columns), [BRIEF]),
    title: `${graph.machine}: ${graph.description}`,
    isOverview: true,
  };
}
type Size = Pick<Page, 'width' | 'height'>;
type Layout = Size & Pick<Page, 'regions'>;

/** Variants tried for a region alone, the clearest first, and for a region beside others. */
const ARROWS: readonly Wrap[] = [
  [180, 120],
  [220, 150],
  [220, 100],
  [180, 100],
  [190, 90],
].map(([boxPx = 0, labelPx = 0]) => ({ boxPx, labelPx, detail: 'full', lists: false }));
const LISTS: readonly Wrap[] = [200, 230, 260, 280].map((boxPx) => ({
  boxPx,
  labelPx: 0,
  detail: 'brief',
  lists: true,
}));
const CYCLES: readonly Cycles[] = ['DEPTH_FIRST', 'GREEDY'];

/** Those of which no other is smaller both ways. */
async function variantsOf(graph: Graph, region: string, wraps: readonly Wrap[]): Promise<Placed[]> {
  const own = onlyRegion(graph, region) ?? graph;
  const placed: Placed[] = [];
  for (const wrap of wraps) {
    for (const cycles of CYCLES) placed.push(await placeRegion(own, region, wrap, cycles));
  }
  const beats = (a: Size, b: Size): boolean =>
    a.width <= b.width && a.height <= b.height && a.width + a.height < b.width + b.height;
  return placed.filter((p) => !placed.some((other) => beats(other, p)));
}

/** The first that prints well, in order of clarity; else the one that prints largest. */
async function bestOf(graph: Graph, region: string): Promise<Placed> {
  const own = onlyRegion(graph, region) ?? graph;
  const printed = (placed: Placed): number => smallestTextPt(withLegend(inColumns([[placed]])));
  const tried: Placed[] = [];
  for (const cycles of CYCLES) {
    for (const wrap of ARROWS) {
      const placed = await placeRegion(own, region, wrap, cycles);
      if (printed(placed) >= READABLE_PT) return placed;
      tried.push(placed);
    }
  }
  const [best] = tried.sort((a, b) => printed(b) - printed(a));
  if (!best) throw new Error(`region ${region} cannot be placed`);
  return best;
}

/** One variant of each region, in every combination. */
function choices(variants: readonly (readonly Placed[])[]): Placed[][] {
  return variants.reduce<Placed[][]>(
    (sofar, list) => sofar.flatMap((chosen) => list.map((one) => [...chosen, one])),
    [[]],
  );
}

/** Every way to put `count` regions into at most three columns, as the column of each. */
function divisions(count: number): number[][] {
  let found: number[][] = [[]];
  for (let at = 0; at < count; at++) {
    found = found.flatMap((sofar) => {
      const next = Math.min(2, Math.max(-1, ...sofar) + 1);
      return Array.from({ length: next + 1 }, (_, column) => [...sofar, column]);
    });
  }
  return found;
}

function sizeOf(columns: readonly (readonly Size[])[]): Size {
  let width = GAP_PX;
  let height = 0;
  for (const column of columns) {
    if (column.length === 0) continue;
    let widest = 0;
    let tall = GAP_PX;
    for (const size of column) {
      widest = Math.max(widest, size.width);
      tall += size.height + GAP_PX;
    }
    width += widest + GAP_PX;
    height = Math.max(height, tall);
  }
  return { width, height };
}

function inColumns(columns: readonly (readonly Placed[])[]): Layout {
  let x = GAP_PX;
  const regions = columns
    .filter((column) => column.length > 0)
    .flatMap((column) => {
      let y = GAP_PX;
      const left = x;
      x += Math.max(...column.map((p) => p.width)) + GAP_PX;
      return column.map((placed) => {
        const at = { x: left, y };
        y += placed.height + GAP_PX;
        return { placed, at };
      });
    });
  return { ...sizeOf(columns), regions };
}

function withLegend(layout: Layout, more: Line = []): Omit<Page, 'title'> {
  const width = Math.max(layout.width, LEGEND_LEAST_PX);
  const parts = [...LEGEND, ...more].map((span) => [span]);
  const lines = flow(parts, width - 2 * GAP_PX);
  const texts = lines.map((line, at) => ({
    line,
    at: { x: GAP_PX, y: layout.height + (at + 0.6) * LINE_PX },
  }));
  return { ...layout, width, height: layout.height + (lines.length + 0.5) * LINE_PX, texts };
}
