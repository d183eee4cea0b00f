/**
 * Finishes the console's page after the bundler: the chart's regions are drawn into main.html from
 * the chart itself, so that a page needs no layout library and the daemon none either, and every
 * file is laid down compressed as well. Needs the built code.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FILES = ['console.html', 'console.js', 'console.css'];

export async function finishConsole(root) {
  const dist = join(root, 'dist');
  const load = (file) => import(pathToFileURL(join(dist, 'diagram', file)).href);
  const { graphOf } = await load('walk.js');
  const { exampleSettings } = await load('example.js');
  const { onlyRegion } = await load('graph.js');
  const { regionPage } = await load('page.js');
  const { svgElement } = await load('svg.js');
  const graph = graphOf(exampleSettings());

  /** States by name and arrows by shape: what is asked and ordered on them is in the full chart. */
  async function picture(region) {
    const whole = onlyRegion(graph, region);
    const delayed = new Set(whole.transitions.filter((t) => t.delay).map(wayOf));
    const starts = new Set(
      whole.states.filter((s) => s.initial).map((s) => `${s.id}>${s.initial}`),
    );
    const states = whole.states.map((s) => ({
      ...s,
      name: `${s.name}${ROOM}`,
      description: '',
      entry: [],
      exit: [],
    }));
    const ways = new Map(whole.transitions.map((t) => [wayOf(t), t]));
    const transitions = [...ways.values()]
      .filter((t) => t.target !== null && t.target !== t.source)
      .map((t) => ({ ...t, triggers: [], delay: null, delayTurn: null, guard: null, actions: [] }));
    const page = await regionPage({ ...whole, states, transitions }, region, false);
    const { width, height } = page;
    return svgElement({ ...page, title: `The states of region ${region}` }, '')
      .replace(/ width="[^"]*" height="[^"]*" viewBox="[^"]*"/, cropped(width, height))
      .replace(/<rect class="page"[^>]*>\n?/, '')
      .replaceAll(ROOM, '')
      .replace(
        /(<g data-from="([^"]*)" data-to="([^"]*)">)((?:<path[^>]*>\n?)*)/g,
        arrows(starts, delayed),
      )
      .replace(
        /<text class="name" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"[^>]*>/g,
        centred,
      );
  }

  const purposes = graph.states.map((s) => [s.id, s.description]);
  const page = await inserted(
    readFileSync(join(root, 'src', 'web', 'browser', 'console', 'main.html'), 'utf8'),
    picture,
    purposes,
  );
  writeFileSync(join(dist, 'web', 'console.html'), page);
  for (const file of FILES) {
    const bytes = readFileSync(join(dist, 'web', file));
    const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(dist, 'web', `${file}.br`), brotliCompressSync(bytes, best));
    writeFileSync(join(dist, 'web', `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

/** The page's letters are wider than those of the printed chart: each box is made for more. */
const ROOM = 'mmm';

const wayOf = (t) => `${t.source}>${t.target}`;

/**
 * A timer's arrow is dashed, as in the full chart. Where a state begins, which comes first in the
 * picture, is no transition that could be marked as taken.
 */
const arrows = (starts, delayed) => (whole, head, from, to, paths) => {
  const way = `${from}>${to}`;
  if (starts.delete(way)) return `<g>${paths}`;
  return delayed.has(way) ? head + paths.replace(/class="(edge|tip)"/g, 'class="$1 late"') : whole;
};

/** Without the region's own frame and name: the page has a card and a caption for these. */
function cropped(width, height) {
  const [w, h] = [width - 2 * FRAME, height - FRAME - HEAD].map(Math.ceil);
  return ` width="${w}" height="${h}" viewBox="${FRAME} ${HEAD} ${w} ${h}"`;
}
const FRAME = 8;
const HEAD = 34;

/** The page brings its own font, so a name is put in the middle instead of being squeezed. */
const centred = (_, x, y, length) =>
  `<text class="name" text-anchor="middle" x="${Math.round((Number(x) + Number(length) / 2) * 10) / 10}" y="${y}">`;

/** `<!-- region access -->` becomes its picture, `<!-- purposes -->` the states' purposes. */
async function inserted(template, picture, purposes) {
  let page = template;
  for (const [mark, region] of template.matchAll(/<!-- region (\w+) -->/g)) {
    page = page.replace(mark, await picture(region));
  }
  const list = purposes
    .filter(([, says]) => says !== '')
    .map(([id, says]) => `<li data-of="${escaped(id)}">${escaped(says)}</li>`);
  return page.replace('<!-- purposes -->', list.join(''));
}

const escaped = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
