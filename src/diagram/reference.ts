/**
 * The chart to look things up in, as part of a page: every picture, a search that dims what does not
 * match, and the states and transitions as tables. Printed, it is one region a page.
 */

import type { Graph } from './graph.ts';
import { transitionText } from './mermaid.ts';
import type { Page } from './page.ts';
import { svgElement } from './svg.ts';
import { SHAPE_CSS, themeCss } from './theme.ts';
import { escapeXml } from './xml.ts';

/** For the page's head: the reader's own choice of colours. */
export const THEME_BUTTON = '<button id="theme" type="button">Light or dark</button>';

/** `graph` is listed below the pages; null: without tables. */
export function referenceOf(pages: readonly Page[], graph: Graph | null): string {
  const figures = pages.map(
    (page) =>
      `<figure${page.isOverview ? ' class="overview"' : ''}>${svgElement(page, '')}` +
      `<figcaption>${escapeXml(page.title)}</figcaption></figure>`,
  );
  return `<div class="tools">
<label>Find <input id="find" type="search" placeholder="state, event, guard, order" autocomplete="off"></label>
<output id="found" for="find"></output>
</div>
${figures.join('\n')}
${graph ? tables(graph) : ''}`;
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

/** The drawings' own colours, and what stands around them. Printed: the overview is too small. */
export const REFERENCE_CSS = `#reference{padding:0 1rem 1rem}
.tools{position:sticky;top:0;z-index:4;display:flex;flex-wrap:wrap;gap:.4em 1.2em;align-items:center;padding:.6em 0;background:var(--page);border-bottom:1px solid var(--line)}
figure{margin:1em 0 2em;overflow-x:auto}
figure svg{display:block;max-width:100%;height:auto}
figcaption{padding-top:.3em}
table{border-collapse:collapse;width:100%}
td{overflow-wrap:anywhere}
td,th{border-bottom:1px solid var(--line);padding:.25em .6em;text-align:left;vertical-align:top}
.faint{opacity:.18}
tr.faint{display:none}
${SHAPE_CSS}
${themeCss('light')}
@media screen and (prefers-color-scheme: dark){
${themeCss('dark', ':root:not(.light) ')}
}
@media screen{
${themeCss('dark', ':root.dark ')}
}
@page{margin:5mm}
@media print{
:root,:root.dark{color-scheme:light}
#reference{padding:0}
.tools,h2,table,figcaption,figure.overview{display:none}
figure{margin:0;break-after:page}
figure svg{width:200mm;max-height:286mm}
}`;

/** Search dims what does not match; pointing at a state dims what does not touch it. */
export const REFERENCE_SCRIPT = `'use strict';
(() => {
const within = document.getElementById('reference');
const all = (what) => [...within.querySelectorAll(what)];
const parts = all('svg g[data-from], svg g[data-text]');
const rows = all('tbody tr');
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
for (const box of all('svg rect[data-state], svg g[data-text]')) {
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
});
})();`;
