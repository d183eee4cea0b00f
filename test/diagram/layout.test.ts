/**
 * What a reader needs of a picture, measured: no label lies on another, on a box or on an arrow,
 * text stays inside its box, and a print on A4 can be read.
 */

import assert from 'node:assert/strict';
import { childrenOf } from '../../src/diagram/graph.ts';
import type { Placed, PlacedArrow, Rect } from '../../src/diagram/layout.ts';
import {
  OVERVIEW_PT,
  type Page,
  READABLE_PT,
  regionPage,
  smallestTextPt,
  wholePage,
} from '../../src/diagram/page.ts';
import { pngOf } from '../../src/diagram/png.ts';
import { svgFile } from '../../src/diagram/svg.ts';
import { flow, lineWidth, widest, words } from '../../src/diagram/text.ts';
import { chart } from './fixture.ts';

const overlap = (a: Rect, b: Rect): boolean =>
  a.x + 0.5 < b.x + b.width &&
  b.x + 0.5 < a.x + a.width &&
  a.y + 0.5 < b.y + b.height &&
  b.y + 0.5 < a.y + a.height;

/** The straight pieces of an arrow as thin rectangles. */
function pieces({ points }: PlacedArrow): Rect[] {
  return points.slice(1).map((to, at) => {
    const from = points[at] ?? to;
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    return { x, y, width: Math.abs(from.x - to.x) + 1, height: Math.abs(from.y - to.y) + 1 };
  });
}

function collisions({ arrows, boxes }: Placed): string[] {
  const plain = boxes.filter((b) => b.box.children.length === 0);
  return arrows.flatMap((one) => {
    const { label } = one;
    if (!label) return [];
    const others = arrows.filter((other) => other !== one);
    return [
      ...others.filter((o) => o.label && overlap(label, o.label)).map((o) => `label ${o.arrow.id}`),
      ...others.filter((o) => pieces(o).some((p) => overlap(label, p))).map((o) => o.arrow.id),
      ...plain.filter((b) => overlap(label, b)).map((b) => `box ${b.box.id}`),
    ].map((what) => `${one.arrow.id} on ${what}`);
  });
}

function overflows({ boxes }: Placed): string[] {
  return boxes
    .filter(({ box, width }) => {
      const lines = [box.title, ...box.purpose, ...box.body.flatMap((p) => p.lines)];
      return widest(lines) > width;
    })
    .map(({ box }) => box.id);
}

describe('pictures', function () {
  this.timeout(120_000);

  const check = (page: Page, leastPt: number): void => {
    for (const { placed } of page.regions) {
      assert.deepEqual(collisions(placed), []);
      assert.deepEqual(overflows(placed), []);
    }
    const pt = smallestTextPt(page);
    assert.ok(pt >= leastPt, `the smallest text prints at ${pt.toFixed(2)} pt`);
    assert.ok(page.texts.every(({ at, line }) => at.x + lineWidth(line) <= page.width));
  };

  for (const { id } of childrenOf(chart, null)) {
    it(`of region ${id}: nothing overlaps, and it can be read on A4`, async () => {
      check(await regionPage(chart, id), READABLE_PT);
    });
  }

  it('of all regions: nothing overlaps, and one A4 page can be made out', async () => {
    const page = await wholePage(chart);
    check(page, OVERVIEW_PT);
    assert.equal(page.regions.length, 5);
    const rects = page.regions.map(({ placed, at }) => ({ ...placed, ...at }));
    for (const a of rects) {
      assert.ok(a.x + a.width <= page.width && a.y + a.height <= page.height);
      assert.ok(rects.every((b) => a === b || !overlap(a, b)));
    }
  });

  it('show every state, trigger and guard, in light and dark', async () => {
    const page = await wholePage(chart);
    for (const theme of ['light', 'dark'] as const) {
      const svg = svgFile(page, theme);
      for (const s of chart.states) assert.ok(svg.includes(`data-state="${s.id}"`), s.id);
      for (const t of chart.transitions) {
        if (t.guard) assert.ok(svg.includes(`[${t.guard}]`), t.guard);
        for (const { event } of t.triggers) assert.ok(svg.includes(event), event);
        for (const a of t.actions.filter((x) => x.kind === 'order')) {
          assert.ok(svg.includes(a.gives), a.gives);
        }
      }
    }
  });

  it('as PNG have their texts on a machine without fonts: bold, slanted and plain', () => {
    const svg = (text: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">${text}</svg>`;
    const drawn = ['font-weight="bold"', 'font-style="italic"', ''].map((style) =>
      pngOf(svg(`<text ${style} x="2" y="16">\u25cf Hold \u2192</text>`)),
    );
    const blank = pngOf(svg(''));
    assert.equal(
      new Set([...drawn, blank].map((png) => Buffer.from(png).toString('base64'))).size,
      4,
    );
  });
});

describe('text of pictures', () => {
  it('is broken between words, at the width asked for', () => {
    const lines = flow([words('one two three four five six seven', 'plain')], 60);
    assert.ok(lines.length > 1);
    assert.ok(widest(lines) <= 60);
    const text = lines.map((line) => line.map((s) => s.text).join('')).join(' ');
    assert.equal(text, 'one two three four five six seven');
  });
});
