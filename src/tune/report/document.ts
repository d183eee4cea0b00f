/**
 * The HTML around a report: one file, light and dark, that asks no network and runs nothing. What it
 * holds is written by the report of an experiment and by the report of a replay.
 */

import { variables } from './palette.ts';
import { STYLE } from './style.ts';
import { escapeHtml, renumbered } from './svg.ts';

export interface Document {
  /** Above the title: `Timer experiment`. */
  readonly kind: string;
  /** Plain text. */
  readonly title: string;
  /** CSS of its own, behind the shared one. */
  readonly style?: string;
  /** HTML of the sections. */
  readonly body: string;
}

export function documentHtml({ kind, title, style, body }: Document): string {
  const own = style === undefined ? '' : `\n${style}`;
  return renumbered(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
:root{${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
${STYLE}${own}
</style>
</head>
<body>
<main>
<header><p class="kind">${escapeHtml(kind)}</p><h1>${escapeHtml(title)}</h1></header>
${body}
</main>
</body>
</html>
`);
}
