/**
 * Regions on one page. All of them go into columns of one A4 page: of every way to divide them,
 * and of every direction of each, the one is taken in which the text prints largest.
 */

import type { Wrap } from './boxes.ts';
import { childrenOf, type Graph, onlyRegion } from './graph.ts';
import { type Direction, type Placed, type Point, placeRegion } from './layout.ts';
import { LINE_PX, type Line, SMALL_PX, widest } from './text.ts';

export interface PageText {
  readonly at: Point;
  readonly line: Line;
}

export interface Page {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly regions: readonly { readonly placed: Placed; readonly at: Point }[];
  readonly texts: readonly PageText[];
}

/** Printable area of A4 with margins of 8 mm, in points (1/72 inch). */
const A4_LONG_PT = ((297 - 16) / 25.4) * 72;
const A4_SHORT_PT = ((210 - 16) / 25.4) * 72;
const GAP_PX = 12;

/** The size of the smallest text when the page is printed on A4, whichever way round fits, pt. */
export function smallestTextPt({ width, height }: { width: number; height: number }): number {
  const upright = Math.min(A4_SHORT_PT / width, A4_LONG_PT / height);
  const across = Math.min(A4_LONG_PT / width, A4_SHORT_PT / height);
  return SMALL_PX * Math.max(upright, across);
}

const LEGEND: readonly Line[] = [
  [
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
    { text: 'Not drawn: raises JUDGED on entry.', kind: 'plain' },
  ],
];

/** One region alone, as large as it is. */
export async function regionPage(graph: Graph, region: string): Promise<Page> {
  const placed = await bestOf(graph, region);
  return { ...withLegend(columns([[placed]])), title: `${graph.machine}: region ${region}` };
}

/** Every region of the graph. */
export async function wholePage(graph: Graph): Promise<Page> {
  const regions = childrenOf(graph, null).map((s) => s.id);
  const variants = await Promise.all(regions.map((region) => variantsOf(graph, region)));
  let best: Layout | null = null;
  for (const choice of choices(variants)) {
    for (const parts of divisions(choice)) {
      const layout = columns(parts);
      if (!best || smallestTextPt(layout) > smallestTextPt(best)) best = layout;
    }
  }
  if (!best) throw new Error('the chart has no regions');
  return { ...withLegend(best), title: `${graph.machine}: ${graph.description}` };
}
type Layout = Pick<Page, 'width' | 'height' | 'regions'>;

const WRAPS: readonly Wrap[] = [
  { boxPx: 200, labelPx: 170 },
  { boxPx: 230, labelPx: 130 },
  { boxPx: 280, labelPx: 220 },
];
const DIRECTIONS: readonly Direction[] = ['DOWN', 'RIGHT'];

async function variantsOf(graph: Graph, region: string): Promise<Placed[]> {
  const own = onlyRegion(graph, region) ?? graph;
  const placed: Placed[] = [];
  for (const wrap of WRAPS) {
    for (const direction of DIRECTIONS) placed.push(await placeRegion(own, region, wrap, direction));
  }
  return placed;
}

async function bestOf(graph: Graph, region: string): Promise<Placed> {
  const variants = await variantsOf(graph, region);
  const [best] = variants.sort((a, b) => smallestTextPt(b) - smallestTextPt(a));
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

/** The regions in up to three columns, in every way. */
function divisions(placed: readonly Placed[]): Placed[][][] {
  return placed.reduce<Placed[][][]>(
    (sofar, one) =>
      sofar.flatMap((parts) =>
        [0, 1, 2].map((column) => [0, 1, 2].map((c) => [...(parts[c] ?? []), ...(c === column ? [one] : [])])),
      ),
    [[[], [], []]],
  );
}

function columns(parts: readonly (readonly Placed[])[]): Layout {
  const regions: { placed: Placed; at: Point }[] = [];
  let x = GAP_PX;
  let bottom = 0;
  for (const part of parts.filter((p) => p.length > 0)) {
    let y = GAP_PX;
    for (const placed of part) {
      regions.push({ placed, at: { x, y } });
      y += placed.height + GAP_PX;
    }
    x += Math.max(...part.map((p) => p.width)) + GAP_PX;
    bottom = Math.max(bottom, y);
  }
  return { width: x, height: bottom, regions };
}

function withLegend(layout: Layout): Omit<Page, 'title'> {
  const texts = LEGEND.map((line, at) => ({
    line,
    at: { x: GAP_PX, y: layout.height + (at + 0.6) * LINE_PX },
  }));
  return {
    ...layout,
    width: Math.max(layout.width, widest(LEGEND) + 2 * GAP_PX),
    height: layout.height + (LEGEND.length + 0.5) * LINE_PX,
    texts,
  };
}
