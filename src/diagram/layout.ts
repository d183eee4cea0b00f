/**
 * Where everything goes: one region at a time through ELK's layered algorithm, which keeps labels
 * apart from each other and from boxes. Deterministic: ELK's random seed is fixed by default.
 * Options that matter, found by trial: they must be repeated on every compound box; depth-first
 * cycle breaking keeps the initial state on top; model order together with a hierarchy crashes
 * elkjs 0.12.1.
 */

import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs';
import elk from 'elkjs/lib/elk.bundled.js';
import { type Arrow, arrowsOf, type Box, boxOf, PAD_PX, type Wrap } from './boxes.ts';
import { childrenOf, type Graph } from './graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox extends Rect {
  readonly box: Box;
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  /** From the source's border to the target's. */
  readonly points: readonly Point[];
  /** Where the label is; absent without text. */
  readonly label: Rect | null;
}

/** One region, placed with its upper left corner at 0, 0. Boxes: outer before inner. */
export interface Placed {
  readonly region: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

/** How ELK decides which arrows point upwards; depth-first keeps the initial state on top. */
export type Cycles = 'DEPTH_FIRST' | 'GREEDY';

const engine = new elk.default();

export async function placeRegion(
  graph: Graph,
  region: string,
  wrap: Wrap,
  cycles: Cycles,
): Promise<Placed> {
  const state = childrenOf(graph, null).find((s) => s.id === region);
  if (!state) throw new Error(`the chart has no region ${region}`);
  const box = boxOf(graph, state, wrap);
  const arrows = arrowsOf(graph, wrap).filter((a) => a.source.startsWith(region));
  const options = layoutOptions(cycles, wrap.direction ?? 'DOWN');
  const laid = await engine.layout({
    id: 'page',
    layoutOptions: { ...options, 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: [nodeOf(box, options)],
    edges: arrows.map(edgeOf),
  });
  const boxes = placedBoxes(laid, new Map(everyBox(box).map((b) => [b.id, b])));
  const [outer] = boxes;
  if (!outer) throw new Error(`the layout of ${region} is empty`);
  return {
    region,
    width: outer.width,
    height: outer.height,
    boxes: boxes.map((b) => ({ ...b, ...moved(b, outer) })),
    arrows: arrows.map((arrow) => placedArrow(arrow, laid.edges ?? [], outer)),
  };
}

function layoutOptions(cycles: Cycles, direction: string): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': direction,
    'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.json.shapeCoords': 'ROOT',
    'elk.json.edgeCoords': 'ROOT',
    'elk.edgeLabels.placement': 'CENTER',
    'elk.layered.cycleBreaking.strategy': cycles,
    'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    'elk.layered.spacing.nodeNodeBetweenLayers': '12',
    'elk.layered.spacing.edgeNodeBetweenLayers': '7',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
    'elk.spacing.nodeNode': '9',
    'elk.spacing.edgeNode': '7',
    'elk.spacing.edgeEdge': '7',
    'elk.spacing.edgeLabel': '4',
    'elk.spacing.labelNode': '4',
  };
}

function nodeOf(box: Box, options: LayoutOptions): ElkNode {
  const id = box.id;
  if (box.children.length === 0) {
    const first = box.kind === 'start' || box.kind === 'any';
    const constraint = first ? { 'elk.layered.layering.layerConstraint': 'FIRST' } : {};
    return { id, width: box.width, height: box.height, layoutOptions: constraint };
  }
  const pad = PAD_PX;
  return {
    id,
    layoutOptions: {
      ...options,
      'elk.padding': `[top=${box.height + 4},left=${pad},bottom=${pad},right=${pad}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // Read in the transposed frame of a downward layout, so height comes first.
      'elk.nodeSize.minimum':
        options['elk.direction'] === 'DOWN'
          ? `(${box.height},${box.width})`
          : `(${box.width},${box.height})`,
    },
    children: box.children.map((child) => nodeOf(child, options)),
  };
}

function edgeOf(arrow: Arrow): ElkExtendedEdge {
  const { id, source, target, width, height } = arrow;
  const labels = height > 0 ? [{ id: `${id}:label`, text: id, width, height }] : [];
  return { id, sources: [source], targets: [target], labels };
}

const everyBox = (box: Box): Box[] => [box, ...box.children.flatMap(everyBox)];

function placedBoxes(node: ElkNode, known: ReadonlyMap<string, Box>): PlacedBox[] {
  const box = known.get(node.id);
  const own = box ? [{ box, ...rectOf(node) }] : [];
  return [...own, ...(node.children ?? []).flatMap((child) => placedBoxes(child, known))];
}

function placedArrow(arrow: Arrow, edges: readonly ElkExtendedEdge[], origin: Point): PlacedArrow {
  const edge = edges.find((e) => e.id === arrow.id);
  const section = edge?.sections?.[0];
  if (!section) throw new Error(`the layout lost the arrow ${arrow.id}`);
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  const label = edge?.labels?.[0];
  if (arrow.height > 0 && !label) throw new Error(`the layout lost the label of ${arrow.id}`);
  return {
    arrow,
    points: points.map((p) => moved(p, origin)),
    label: label ? { ...rectOf(label), ...moved(rectOf(label), origin) } : null,
  };
}

const rectOf = (r: Partial<Rect>): Rect => ({
  x: r.x ?? 0,
  y: r.y ?? 0,
  width: r.width ?? 0,
  height: r.height ?? 0,
});

const moved = (p: Point, origin: Point): Point => ({ x: p.x - origin.x, y: p.y - origin.y });
