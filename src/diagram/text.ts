/**
 * Text without a browser: widths and wrapping. The widths are those of Helvetica (Adobe AFM, 1/1000
 * em), which Arial and Liberation Sans share; every written line also carries its `textLength`, so
 * a viewer with another font squeezes it to the same width and nothing overlaps.
 */

/** What a piece of text is; the theme gives each its colour. */
export type Kind =
  | 'name'
  | 'purpose'
  | 'event'
  | 'delay'
  | 'guard'
  | 'action'
  | 'order'
  | 'raise'
  | 'plain';

export interface Span {
  readonly text: string;
  readonly kind: Kind;
}

export type Line = readonly Span[];

/** Sizes in px of the drawing; the smallest decides how it reads on paper. */
export const SMALL_PX = 11;
export const NAME_PX = 12;
export const LINE_PX = 12.2;

const REGULAR =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 ' +
  '556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 ' +
  '778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 ' +
  '278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 ' +
  '334 584';
const BOLD =
  '278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 ' +
  '556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 ' +
  '778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 ' +
  '333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 ' +
  '389 584';
const WIDTHS = { regular: REGULAR.split(' ').map(Number), bold: BOLD.split(' ').map(Number) };
/** Set a little narrower than drawn, as a condensed cut of the same fonts would be. */
const NARROW = 0.87;
/** For what is not printable ASCII: as wide as the widest letter. */
const OTHER = 1000;

export const isBold = (kind: Kind): boolean =>
  kind === 'name' || kind === 'event' || kind === 'delay' || kind === 'order';

export const sizeOf = (kind: Kind): number => (kind === 'name' ? NAME_PX : SMALL_PX);

export function widthOf({ text, kind }: Span): number {
  const table = isBold(kind) ? WIDTHS.bold : WIDTHS.regular;
  const units = [...text].reduce((sum, c) => sum + (table[c.charCodeAt(0) - 32] ?? OTHER), 0);
  return (units * sizeOf(kind) * NARROW) / 1000;
}

export const lineWidth = (line: Line): number => line.reduce((sum, s) => sum + widthOf(s), 0);

export const widest = (lines: readonly Line[]): number =>
  lines.reduce((most, line) => Math.max(most, lineWidth(line)), 0);

/**
 * Flows groups of spans into lines of at most `maxPx`. A group begins a new line unless all of it
 * fits behind the last; inside a group the break comes between spans. A span is never cut.
 */
export function flow(groups: readonly Line[], maxPx: number): Line[] {
  const lines: Span[][] = [];
  for (const group of groups.filter((g) => g.length > 0)) {
    const last = lines.at(-1);
    const behind = last ? [...last, ...group] : group;
    if (last && lineWidth(behind) <= maxPx) {
      lines[lines.length - 1] = [...behind];
      continue;
    }
    lines.push([]);
    for (const span of group) addSpan(lines, span, maxPx);
  }
  return lines.map(tidy);
}

function addSpan(lines: Span[][], span: Span, maxPx: number): void {
  const line = lines.at(-1) ?? [];
  if (line.length > 0 && lineWidth([...line, span]) > maxPx) lines.push([span]);
  else line.push(span);
}

/** Joins neighbours of one kind and drops the blank at the line's end. */
function tidy(line: Line): Line {
  const joined: Span[] = [];
  for (const span of line) {
    const last = joined.at(-1);
    if (last?.kind === span.kind)
      joined[joined.length - 1] = { ...last, text: last.text + span.text };
    else joined.push(span);
  }
  const last = joined.at(-1);
  return last ? [...joined.slice(0, -1), { ...last, text: last.text.trimEnd() }] : joined;
}

/** Words of one kind, each with its blank, ready to flow. */
export const words = (text: string, kind: Kind): Span[] =>
  (text === '' ? [] : text.split(' ')).map((word) => ({ text: `${word} `, kind }));
