/**
 * SVG -> PNG through resvg, which draws with the fonts of this machine and carries none: without
 * any it would leave every text out in silence, so that is asked first and refused.
 */

import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';

export type Png =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: string };

/** Any sans-serif that is there; the text keeps its measured width. */
const FONT = {
  loadSystemFonts: true,
  defaultFontFamily: 'DejaVu Sans',
  sansSerifFamily: 'DejaVu Sans',
};

const LETTER =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16">H</text></svg>';

export const NO_FONT =
  'this machine has no font to draw text with; install one (on Debian: apt-get install ' +
  'fonts-dejavu-core), or write SVG or HTML';

/** `zoom` is pixels per px of the drawing; 3 prints sharply on A4. */
export function pngOf(
  svg: string,
  zoom = 3,
  font: NonNullable<ResvgRenderOptions['font']> = FONT,
): Png {
  if (new Resvg(LETTER, { font }).getBBox() === undefined) return { ok: false, problem: NO_FONT };
  const image = new Resvg(svg, { font, fitTo: { mode: 'zoom', value: zoom } }).render();
  return { ok: true, bytes: image.asPng() };
}
