/**
 * One HTML file with everything in it: the pictures, a search, and the same chart as tables. Its
 * content security policy forbids every request, so it works from a file and stays silent on a
 * network. Colours follow the reader's system; a button overrides them.
 */

import type { Graph } from './graph.ts';
import { transitionText } from './mermaid.ts';
import type { Page } from './page.ts';
import { svgElement } from './svg.ts';
import { FONTS, SHAPE_CSS, themeCss } from './theme.ts';
import { escapeXml } from './xml.ts';

/** `graph` is listed below the pages; null for a comparison, whose picture carries its own list. */
export function htmlOf(pages: readonly Page[], graph: Graph | null): string {
  const title = pages[0]?.title ?? '';
  const figures = pages.map(
    (page) =>
      `<figure>${svgElement(page, '')}<figcaption>${escapeXml(page.title)}</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<label>Find <input id="find" type="search" placeholder="state, event, guard, order" autocomplete="off"></label>
<output id="found" for="find"></output>
<button id="theme" type="button">Light or dark</button>
</header>
<main>
${figures.join('\n')}
${graph ? tables(graph) : ''}
</main>
<script>
${SCRIPT}
</script>
</body>
</html>
`;
}

function tables(graph: Graph): string {
  const states = graph.states.map((s) => row([s.id, s.description]));
  const moves = graph.transitions.map((t) =>
    row([
      t.source,
      transitionText(t),
      t.target ? (t.reenter ? `${t.target} (again)` : t.target) : '',
    ]),
  );
  return `<h2>States</h2>
<table><thead><tr><th>state</th><th>purpose</th></tr></thead><tbody>
${states.join('\n')}
</tbody></table>
<h2>Transitions</h2>
<table><thead><tr><th>from</th><th>when, and what is done</th><th>to</th></tr></thead><tbody>
${moves.join('\n')}
</tbody></table>`;
}

const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;

const STYLE = `:root{color-scheme:light dark;--page:#fff;--ink:#111827;--line:#c6ccd6}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.4 ${FONTS}}
header{position:sticky;top:0;display:flex;flex-wrap:wrap;gap:.8em 1.2em;align-items:baseline;padding:.6em 1em;background:var(--page);border-bottom:1px solid var(--line)}
h1{font-size:1.1em;margin:0;flex:1 1 20em}
main{padding:1em}
figure{margin:0 0 2em;overflow-x:auto}
figure svg{display:block;max-width:100%;height:auto}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid var(--line);padding:.25em .6em;text-align:left;vertical-align:top}
button,input{font:inherit}
.faint{opacity:.18}
tr.faint{display:none}
${SHAPE_CSS}
${themeCss('light')}
@media (prefers-color-scheme: dark){
:root:not(.light){--page:#0d1117;--ink:#eef2f6;--line:#3a4552}
${themeCss('dark', ':root:not(.light) ')}
}
:root.light{color-scheme:light}
:root.dark{color-scheme:dark;--page:#0d1117;--ink:#eef2f6;--line:#3a4552}
${themeCss('dark', ':root.dark ')}
@page{size:A4 landscape;margin:5mm}
@media print{header,h2,table,figcaption{display:none}main{padding:0}figure{margin:0;break-after:page}figure svg{width:100%;max-height:196mm}}`;

/** Search dims what does not match; pointing at a state dims what does not touch it. */
const SCRIPT = `'use strict';
const parts = [...document.querySelectorAll('svg g[data-from], svg g[data-text]')];
const rows = [...document.querySelectorAll('tbody tr')];
const find = document.getElementById('find');
const found = document.getElementById('found');
const dim = (list, keep) => list.forEach((e) => e.classList.toggle('faint', !keep(e)));
const search = () => {
  const word = find.value.trim().toLowerCase();
  const has = (e) => word === '' || e.textContent.toLowerCase().includes(word);
  dim(parts, (e) => has(e) || (word !== '' && e.dataset.from !== undefined && e.textContent === ''));
  dim(rows, has);
  found.textContent = word === '' ? '' : rows.filter(has).length + ' of ' + rows.length + ' lines';
};
find.addEventListener('input', search);
const touches = (e, id) => [e.dataset.from, e.dataset.to, e.dataset.text].some(
  (x) => x !== undefined && (x === id || x.startsWith(id + '.')));
for (const box of document.querySelectorAll('svg rect[data-state], svg g[data-text]')) {
  const id = box.dataset.state ?? box.dataset.text;
  if (!id.includes('.')) continue;
  box.addEventListener('mouseenter', () => {
    const near = new Set([id]);
    for (const e of parts) if (e.dataset.from !== undefined && touches(e, id)) {
      near.add(e.dataset.from);
      near.add(e.dataset.to);
    }
    dim(parts, (e) => e.dataset.from !== undefined ? touches(e, id)
      : near.has(e.dataset.text) || touches(e, id) || !e.dataset.text.includes('.'));
  });
  box.addEventListener('mouseleave', search);
}
document.getElementById('theme').addEventListener('click', () => {
  const root = document.documentElement.classList;
  const dark = root.contains('dark') ||
    (!root.contains('light') && matchMedia('(prefers-color-scheme: dark)').matches);
  root.toggle('dark', !dark);
  root.toggle('light', dark);
});`;
