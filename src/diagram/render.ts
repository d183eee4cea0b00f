/** A graph, or a comparison of two, in a named format: the one place that knows them all. */

import type { Settings } from '../machines/settings.ts';
import type { Difference } from './diff.ts';
import { differencePage } from './diff-page.ts';
import { dotOf } from './dot.ts';
import { exampleSettings } from './example.ts';
import { childrenOf, type Graph } from './graph.ts';
import { htmlOf } from './html.ts';
import { mermaidOf } from './mermaid.ts';
import { type Page, regionPage, wholePage } from './page.ts';
import { playgroundOf, readBundle } from './playground.ts';
import { pngOf } from './png.ts';
import { scxmlOf } from './scxml.ts';
import { sketchPage } from './sketch.ts';
import { svgFile } from './svg.ts';

export const FORMATS = [
  'svg',
  'svg-dark',
  'png',
  'html',
  'mermaid',
  'dot',
  'scxml',
  'json',
] as const;
export type Format = (typeof FORMATS)[number];

/** Formats in which two versions can stand side by side. */
export const DIFF_FORMATS: readonly Format[] = ['svg', 'svg-dark', 'png', 'html', 'json'];

export type Rendered =
  | { readonly ok: true; readonly content: string | Uint8Array }
  | { readonly ok: false; readonly problem: string };

const text = (content: string): Rendered => ({ ok: true, content });

/**
 * The graph: all its regions on one page, or its only one as large as it is. As HTML all of them are
 * the playground, which begins with the numbers of `settings`.
 */
export async function render(graph: Graph, format: Format, settings: Settings): Promise<Rendered> {
  switch (format) {
    case 'mermaid':
      return text(mermaidOf(graph));
    case 'dot':
      return text(dotOf(graph));
    case 'scxml':
      return text(scxmlOf(graph));
    case 'json':
      return text(`${JSON.stringify(graph, null, 2)}\n`);
    case 'html':
      return childrenOf(graph, null).length > 1
        ? playground(graph, settings)
        : text(htmlOf(await allPages(graph), graph));
    default:
      return picture(await pageOf(graph), format);
  }
}

async function playground(graph: Graph, settings: Settings): Promise<Rendered> {
  const bundle = await readBundle();
  if (!bundle) return { ok: false, problem: 'the playground is not built: run npm run build' };
  const sketches: [string, Page][] = [];
  for (const { id } of childrenOf(graph, null)) sketches.push([id, await sketchPage(graph, id)]);
  const pages = await allPages(graph);
  const example = exampleSettings();
  return text(playgroundOf({ graph, settings, example, sketches, pages, bundle }));
}

export async function renderDifference(difference: Difference, format: Format): Promise<Rendered> {
  if (format === 'json')
    return text(`${JSON.stringify({ changes: difference.changes }, null, 2)}\n`);
  const page = await differencePage(difference);
  if (format === 'html') return text(htmlOf([page], null));
  return picture(page, format);
}

function picture(page: Page, format: Format): Rendered {
  const svg = svgFile(page, format === 'svg-dark' ? 'dark' : 'light');
  if (format !== 'png') return text(svg);
  return { ok: true, content: pngOf(svg) };
}

async function pageOf(graph: Graph): Promise<Page> {
  const regions = childrenOf(graph, null);
  const [only] = regions;
  return only && regions.length === 1 ? regionPage(graph, only.id) : wholePage(graph);
}

/** For reading on a screen: the whole first, then each region with its actions. */
async function allPages(graph: Graph): Promise<Page[]> {
  const regions = childrenOf(graph, null);
  const pages = [await pageOf(graph)];
  if (regions.length > 1) {
    for (const region of regions) pages.push(await regionPage(graph, region.id));
  }
  return pages;
}
