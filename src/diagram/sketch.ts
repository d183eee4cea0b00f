/**
 * A region at a glance, for a screen: its states with their purposes, and what leads from one to
 * another, without actions and without what stays in a state. Wide rather than high, because it
 * stands in a page beside other things. The full picture of the region is page.ts.
 */

import type { Wrap } from './boxes.ts';
import { type Graph, onlyRegion, type Transition } from './graph.ts';
import { placeRegion } from './layout.ts';
import type { Page } from './page.ts';

const WRAP: Wrap = { boxPx: 120, labelPx: 70, detail: 'brief', lists: false, direction: 'RIGHT' };

export async function sketchPage(graph: Graph, region: string): Promise<Page> {
  const own = onlyRegion(graph, region);
  if (!own) throw new Error(`the chart has no region ${region}`);
  const placed = await placeRegion(bare(own), region, WRAP, 'DEPTH_FIRST');
  const { width, height } = placed;
  const regions = [{ placed, at: { x: 0, y: 0 } }];
  return {
    title: `${graph.machine}: region ${region} at a glance`,
    width,
    height,
    regions,
    texts: [],
  };
}

const bare = (graph: Graph): Graph => ({
  ...graph,
  states: graph.states.map((s) => ({ ...s, entry: [], exit: [] })),
  transitions: graph.transitions.filter(leaves).map((t) => ({
    ...t,
    actions: [],
    delay: t.delay && { ...t.delay, formula: '' },
  })),
});

const leaves = (t: Transition): boolean => t.target !== null && t.target !== t.source;
