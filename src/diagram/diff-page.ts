/**
 * The picture of a comparison: the old chart on the left, the new one on the right, and the list
 * of what differs below, each entry with its sign. Regions without a difference are left out.
 */

import type { Change, Difference } from './diff.ts';
import { childrenOf, type Graph, regionOf } from './graph.ts';
import { type Page, type PageText, regionPage } from './page.ts';
import { flow, LINE_PX, type Line, words } from './text.ts';
import { signOf } from './words.ts';

const GAP_PX = 16;
const HEAD_PX = 20;

export async function differencePage(difference: Difference): Promise<Page> {
  const { before, after, changes } = difference;
  const touched = [...new Set(changes.map((c) => regionOf(c.where)))];
  const old = await columnOf(before, touched);
  const now = await columnOf(after, touched);
  const right = Math.max(old.width, 320) + GAP_PX;
  const width = right + Math.max(now.width, 320) + GAP_PX;
  const below = HEAD_PX + Math.max(old.height, now.height) + GAP_PX;
  const lines = listLines(changes, width - 2 * GAP_PX);
  const shifted = (part: Page, x: number): Page['regions'] =>
    part.regions.map(({ placed, at }) => ({ placed, at: { x: at.x + x, y: at.y + HEAD_PX } }));
  const texts: PageText[] = [
    { at: { x: GAP_PX, y: HEAD_PX - 4 }, line: [{ text: 'before', kind: 'name' }] },
    { at: { x: right + GAP_PX, y: HEAD_PX - 4 }, line: [{ text: 'after', kind: 'name' }] },
    ...lines.map(({ line, mark }, at) => ({
      at: { x: GAP_PX, y: below + (at + 1) * LINE_PX },
      line,
      mark,
    })),
  ];
  return {
    title: `${after.machine}: ${changes.length} differences`,
    width,
    height: below + (lines.length + 1) * LINE_PX,
    regions: [...shifted(old, 0), ...shifted(now, right)],
    texts,
  };
}

/** The touched regions that this version has, one below the other. */
async function columnOf(graph: Graph, touched: readonly string[]): Promise<Page> {
  const regions = childrenOf(graph, null).filter((s) => touched.includes(s.id));
  let column: Page = { title: '', width: 0, height: 0, regions: [], texts: [] };
  for (const region of regions) {
    const page = await regionPage(graph, region.id, false);
    const { height } = column;
    column = {
      ...column,
      width: Math.max(column.width, page.width),
      height: height + page.height,
      regions: [
        ...column.regions,
        ...page.regions.map((r) => ({ ...r, at: { x: r.at.x, y: r.at.y + height } })),
      ],
    };
  }
  return column;
}

interface Listed {
  readonly line: Line;
  readonly mark?: Change['mark'];
}

function listLines(changes: readonly Change[], maxPx: number): Listed[] {
  if (changes.length === 0) return [{ line: words('no difference', 'plain') }];
  return changes.flatMap((change) =>
    flow([words(changeText(change), 'plain')], maxPx).map((line) => ({ line, mark: change.mark })),
  );
}

/** One line: sign, place, what it was and what it is. */
export function changeText({ mark, what, where, before, after }: Change): string {
  const head = `${signOf(mark)}${mark} ${what} ${where}:`;
  if (before !== null && after !== null) return `${head} ${before}  =>  ${after}`;
  return `${head} ${after ?? before}`;
}
