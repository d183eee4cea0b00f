/**
 * SVG -> PNG through resvg. The font comes with the program (DejaVu Sans Condensed, from npm), not
 * from the machine: a picture has its texts on a machine without fonts too, and is the same on all.
 */

import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

const { resolve } = createRequire(import.meta.url);
const FACES = ['', '-Bold', '-Oblique', '-BoldOblique'];
const FAMILY = 'DejaVu Sans';

/** `zoom` is pixels per px of the drawing; 3 prints sharply on A4. */
export function pngOf(svg: string, zoom = 3): Uint8Array {
  const fontFiles = FACES.map((face) =>
    resolve(`dejavu-fonts-ttf/ttf/DejaVuSansCondensed${face}.ttf`),
  );
  const font = {
    loadSystemFonts: false,
    fontFiles,
    defaultFontFamily: FAMILY,
    sansSerifFamily: FAMILY,
  };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: zoom } }).render().asPng();
}
