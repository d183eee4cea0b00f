/**
 * The pictures that are committed with the code, drawn under the balanced profile, and the part of
 * the README that shows them. A test compares them with the chart; `--update-docs` rewrites them.
 */

import { exampleSettings } from './example.ts';
import { childrenOf, type Graph, onlyRegion } from './graph.ts';
import { type Format, render } from './render.ts';
import { graphOf } from './walk.ts';

export const CHART_FOLDER = 'docs/chart';
const START = '<!-- chart -->';
const END = '<!-- /chart -->';

export interface CommittedFile {
  readonly name: string;
  readonly content: string;
}

/** Every committed file of the chart, by its name in `docs/chart`. */
export async function committedFiles(): Promise<CommittedFile[]> {
  const graph = graphOf(exampleSettings());
  const files = [...(await forms('chart', graph)), await form('chart.json', graph, 'json')];
  files.push(await form('chart.scxml', graph, 'scxml'));
  for (const { id } of childrenOf(graph, null)) {
    const region = onlyRegion(graph, id);
    if (region) files.push(...(await forms(id, region)));
  }
  return files;
}

async function forms(name: string, graph: Graph): Promise<CommittedFile[]> {
  return [
    await form(`${name}.svg`, graph, 'svg'),
    await form(`${name}-dark.svg`, graph, 'svg-dark'),
    await form(`${name}.mmd`, graph, 'mermaid'),
  ];
}

async function form(name: string, graph: Graph, format: Format): Promise<CommittedFile> {
  const rendered = await render(graph, format, exampleSettings());
  if (!rendered.ok) throw new Error(rendered.problem);
  return { name, content: String(rendered.content) };
}

/** The README's part between its two marks; null when it has no such part. */
export function readmeWithChart(readme: string): string | null {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END, start);
  if (start < 0 || end < 0) return null;
  return `${readme.slice(0, start + START.length)}\n${README_PART}${readme.slice(end)}`;
}

const shown = (name: string, says: string): string => `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="${CHART_FOLDER}/${name}-dark.svg">
  <img alt="${says}" src="${CHART_FOLDER}/${name}.svg">
</picture>
`;

const README_PART = `${shown('access', 'The region access of the statechart')}
Drawn from the chart itself by \`reroute diagram\`; a test fails when it no longer matches. All five
regions on one page: [light](${CHART_FOLDER}/chart.svg), [dark](${CHART_FOLDER}/chart-dark.svg).
`;
