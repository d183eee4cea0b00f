/**
 * SVG 1.1 of placed regions. Every piece of text is its own element with `textLength`, so the
 * picture does not depend on the viewer's fonts. States carry `data-state`, arrows `data-from` and
 * `data-to`: a page can find the active state in it.
 */

import { GAP_PX, PAD_PX } from './boxes.ts';
import type { Placed, PlacedArrow, PlacedBox, Point } from './layout.ts';
import type { Page, PageText } from './page.ts';
import { LINE_PX, type Line, lineWidth, NAME_PX, SMALL_PX, widest, widthOf } from './text.ts';
import { fillClass, SHAPE_CSS, type ThemeName, themeCss } from './theme.ts';
import type { Paragraph } from './words.ts';
import { escapeXml } from './xml.ts';

/** A whole file: the page with the theme's rules in it. */
export function svgFile(page: Page, theme: ThemeName): string {
  return svgElement(page, `<style>${SHAPE_CSS}\n${themeCss(theme)}</style>\n`);
}

/** The element alone, `style` first in it; without one the page around it brings the rules. */
export function svgElement(page: Page, style: string): string {
  const { width, height, title } = page;
  const body = [
    `<rect class="page" width="${n(width)}" height="${n(height)}"/>`,
    ...page.regions.map((r) => group(regionSvg(r.placed), r.at)),
    ...page.texts.map(textSvg),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" ` +
    `viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-label="${escapeXml(title)}">\n` +
    `<title>${escapeXml(title)}</title>\n${style}${body.join('\n')}\n</svg>\n`
  );
}

/** At most two decimals: enough for a picture, and the same on every machine. */
const n = (x: number): string => String(Math.round(x * 100) / 100);

const group = (inner: string, { x, y }: Point): string =>
  `<g transform="translate(${n(x)} ${n(y)})">\n${inner}\n</g>`;

const textSvg = ({ at, line, mark }: PageText): string => lineSvg(line, at.x, at.y, mark);

/** Arrows into an inner state pass behind the outer one's text. */
function regionSvg(placed: Placed): string {
  return [
    ...placed.boxes.map(shapeSvg),
    ...placed.arrows.map(arrowSvg),
    ...placed.boxes.map((box) => contentSvg(box, placed.arrows)),
  ].join('\n');
}

const cssOf = ({ box }: PlacedBox): string =>
  box.kind === 'state' ? fillClass(box.state?.name ?? '') : box.kind;

function shapeSvg(placed: PlacedBox): string {
  const { box, x, y, width, height } = placed;
  if (box.kind === 'start') {
    const radius = width / 2;
    return `<circle class="dot" cx="${n(x + radius)}" cy="${n(y + radius)}" r="${n(radius)}"/>`;
  }
  const css = `${cssOf(placed)} ${box.state?.mark ?? ''}`.trim();
  const state = box.state ? ` data-state="${escapeXml(box.id)}"` : '';
  return `<rect class="${css}"${state} x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="7"/>`;
}

/** `arrows`: those that may pass through the box's head. */
function contentSvg(placed: PlacedBox, arrows: readonly PlacedArrow[]): string {
  const { box, x, y, width } = placed;
  if (box.kind === 'start') return '';
  if (box.kind === 'any') return lineSvg(box.title, x + PAD_PX, y + PAD_PX / 2 + SMALL_PX);
  const headPx = PAD_PX + NAME_PX;
  const ruleAt = y + headPx + box.purpose.length * LINE_PX + PAD_PX * 0.6;
  const align = box.children.length > 0 ? clearAlignment(placed, ruleAt, arrows) : 0.5;
  const head = [box.title, ...box.purpose].map((line, at) => {
    const left = x + PAD_PX + (width - 2 * PAD_PX - lineWidth(line)) * align;
    const base = y + headPx + at * LINE_PX - (at === 0 ? 2 : 3);
    const behind = box.children.length > 0 ? backing(cssOf(placed), left, base, line) : '';
    return behind + lineSvg(line, left, base);
  });
  const rule = `<path class="rule" d="M${n(x)} ${n(ruleAt)}H${n(x + width)}"/>`;
  const content = [
    ...head,
    ...(box.body.length > 0 ? [rule] : []),
    paragraphsSvg(box.body, x + PAD_PX, ruleAt + 2),
  ].join('\n');
  return `<g data-text="${escapeXml(box.id)}">${content}</g>`;
}

/** Where the head stands between left (0) and right (1) so that the fewest arrows cross it. */
function clearAlignment(
  { box, x, y, width }: PlacedBox,
  bottom: number,
  arrows: readonly PlacedArrow[],
): number {
  const headPx = widest([box.title, ...box.purpose]);
  const room = width - 2 * PAD_PX - headPx;
  const crossings = (align: number): number => {
    const left = x + PAD_PX + room * align;
    return arrows.flatMap(({ points }) =>
      points.slice(1).filter((to, at) => {
        const from = points[at] ?? to;
        const [top, low] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
        const [west, east] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
        return top < bottom && low > y && west < left + headPx && east > left;
      }),
    ).length;
  };
  return [0.5, 0, 1].reduce((best, at) => (crossings(at) < crossings(best) ? at : best));
}

/** The box's own colour behind a line of text. */
function backing(css: string, x: number, base: number, line: Line): string {
  const [width, height] = [n(lineWidth(line) + 4), n(LINE_PX)];
  const top = n(base - LINE_PX + 3);
  return `<rect class="${css} bare" x="${n(x - 2)}" y="${top}" width="${width}" height="${height}"/>`;
}

function paragraphsSvg(list: readonly Paragraph[], x: number, top: number): string {
  let y = top;
  return list
    .map(({ lines, mark }) => {
      const texts = lines.map((line, i) => lineSvg(line, x, y + (i + 1) * LINE_PX - 3, mark));
      y += lines.length * LINE_PX + GAP_PX;
      return texts.join('');
    })
    .join('\n');
}

function lineSvg(line: Line, x: number, y: number, mark?: string): string {
  let at = x;
  return line
    .map((span) => {
      const indent = span.text.length - span.text.trimStart().length;
      const start = at + widthOf({ ...span, text: ' '.repeat(indent) });
      at += widthOf(span);
      const text = span.text.trim();
      if (text === '') return '';
      const css = mark ? `${span.kind} ${mark}` : span.kind;
      const length = n(widthOf({ ...span, text }));
      return (
        `<text class="${css}" x="${n(start)}" y="${n(y)}" textLength="${length}" ` +
        `lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`
      );
    })
    .join('');
}

const TIP_PX = 8;

function arrowSvg({ arrow, points, label }: PlacedArrow): string {
  const css = `${arrow.delayed ? ' late' : ''}${arrow.mark ? ` ${arrow.mark}` : ''}`;
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? tip;
  const parts = [
    `<path class="edge${css}" d="${rounded(points)}"/>`,
    `<path class="tip${css}" d="${tipPath(before, tip)}"/>`,
    label ? paragraphsSvg(arrow.label, label.x, label.y) : '',
  ];
  const [from, to] = [arrow.source, arrow.target].map((id) => escapeXml(id.replace(/:.*$/, '')));
  return `<g data-from="${from}" data-to="${to}">${parts.join('\n')}</g>`;
}

const CORNER_PX = 5;

/** Straight lines with rounded corners. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const steps = rest.map((corner, at) => {
    const from = points[at] ?? corner;
    const next = rest[at + 1];
    if (!next) return `L${n(corner.x)} ${n(corner.y)}`;
    const a = towards(corner, from);
    const b = towards(corner, next);
    return `L${n(a.x)} ${n(a.y)}Q${n(corner.x)} ${n(corner.y)} ${n(b.x)} ${n(b.y)}`;
  });
  return `M${n(first.x)} ${n(first.y)}${steps.join('')}`;
}

/** The point a corner's radius away from it, at most half of the way. */
function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y);
  const part = length === 0 ? 0 : Math.min(CORNER_PX, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * part, y: corner.y + (other.y - corner.y) * part };
}

function tipPath(from: Point, to: Point): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [bx, by] = [to.x - ux * TIP_PX, to.y - uy * TIP_PX];
  const half = TIP_PX / 2.2;
  return (
    `M${n(to.x)} ${n(to.y)}L${n(bx - uy * half)} ${n(by + ux * half)}` +
    `L${n(bx + uy * half)} ${n(by - ux * half)}Z`
  );
}
