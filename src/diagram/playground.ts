/**
 * The reviewers' page: the chart, and beside it the same decision core and simulator to play with,
 * in one file. The pictures are laid out here; the code comes bundled from src/web/browser/playground
 * (`npm run build`). It begins with the numbers of the given settings, and always with the little
 * cluster of the shipped example: a golden scenario knows no other.
 */

import { readFile } from 'node:fs/promises';
import type { Settings } from '../machines/settings.ts';
import type { Graph } from './graph.ts';
import type { Page } from './page.ts';
import { policyOf } from './policy.ts';
import { REFERENCE_CSS, REFERENCE_SCRIPT, referenceOf, THEME_BUTTON } from './reference.ts';
import { svgElement } from './svg.ts';
import { escapeXml } from './xml.ts';

export interface PlaygroundParts {
  readonly graph: Graph;
  /** Whose numbers the page begins with. */
  readonly settings: Settings;
  /** The shipped example's: its cluster, and what a golden dialogue begins with. */
  readonly example: Settings;
  /** By region, at a glance. */
  readonly sketches: readonly (readonly [string, Page])[];
  readonly pages: readonly Page[];
  readonly bundle: Bundle;
}

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** Of this build; null: there is none. */
export async function readBundle(): Promise<Bundle | null> {
  // From dist/diagram, and from src/diagram.
  for (const folder of ['../web/', '../../dist/web/']) {
    const read = (name: string) => readFile(new URL(`${folder}${name}`, import.meta.url), 'utf8');
    try {
      return { script: await read('playground.js'), style: await read('playground.css') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}

export function playgroundOf(parts: PlaygroundParts): string {
  const { graph, pages, bundle, sketches } = parts;
  const style = `${REFERENCE_CSS}\n${bundle.style.trim()}\n${PRINT_CSS}`;
  const script = bundle.script.trim();
  const drawings = sketches.map(
    ([region, page]) => `<div data-sketch="${escapeXml(region)}">${svgElement(page, '')}</div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf([REFERENCE_SCRIPT, script], [style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reroute playground</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header class="top">
<h1>Reroute playground</h1>
<p>${escapeXml(GUIDE)}</p>
${THEME_BUTTON}
</header>
<main>
<div id="playground"><noscript>The playground needs JavaScript. The chart below does not.</noscript></div>
<section id="reference" aria-labelledby="reference-title">
<h2 id="reference-title">The whole chart</h2>
${referenceOf(pages, graph)}
</section>
</main>
<div id="sketches" hidden>
${drawings.join('\n')}
</div>
<script id="page-data" type="application/json">${dataOf(parts)}</script>
<script>${REFERENCE_SCRIPT}</script>
<script>${script}</script>
</body>
</html>
`;
}

const GUIDE =
  'The daemon\u2019s own decision core on a simulated cluster. Break something on the map, or start ' +
  'a story; step through what happens, and read why.';

/** What the page reads as data. No text in it can end the element that it stands in. */
function dataOf({ graph, settings, example }: PlaygroundParts): string {
  const { hostId, nfsIp, paths } = example;
  const data = { base: { ...settings, hostId, nfsIp, paths }, reference: example, graph };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

const PRINT_CSS = '@media print{.top,#playground{display:none}}';
