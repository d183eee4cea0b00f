/**
 * One HTML file with everything in it: pictures, a search, and the same chart as tables. Its content
 * security policy forbids every request and every script but its own, so it works from a file and
 * stays silent on a network. Colours follow the reader's system; a button overrides them.
 */

import type { Graph } from './graph.ts';
import type { Page } from './page.ts';
import { policyOf } from './policy.ts';
import { REFERENCE_CSS, REFERENCE_SCRIPT, referenceOf, THEME_BUTTON } from './reference.ts';
import { FONTS } from './theme.ts';
import { escapeXml } from './xml.ts';

/** `graph` is listed below the pages; null for a comparison, whose picture carries its own list. */
export function htmlOf(pages: readonly Page[], graph: Graph | null): string {
  const title = pages[0]?.title ?? '';
  const style = `${STYLE}\n${REFERENCE_CSS}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf([REFERENCE_SCRIPT], [style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<header class="top"><h1>${escapeXml(title)}</h1>${THEME_BUTTON}</header>
<main id="reference">
${referenceOf(pages, graph)}
</main>
<script>${REFERENCE_SCRIPT}</script>
</body>
</html>
`;
}

const STYLE = `:root{color-scheme:light dark;--page:light-dark(#fff,#0d1117);--ink:light-dark(#111827,#eef2f6);--line:light-dark(#c6ccd6,#3a4552)}
:root.light{color-scheme:light}
:root.dark{color-scheme:dark}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.4 ${FONTS}}
h1{font-size:1.1em;margin:0}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.4em 1em;padding:.6em 1em}
button,input{font:inherit}
@media print{.top{display:none}}`;
