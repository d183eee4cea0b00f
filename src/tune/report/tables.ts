/** Tables of the numbers behind the pictures. Every number that a picture shows stands in one. */

import { MEASURES, type MeasureName } from '../stats/measures.ts';
import type { Summary, Under } from '../stats/summary.ts';
import { type CurveSet, pointEstimate, type View } from './curves.ts';
import { levelsOf } from './response.ts';
import { escapeHtml } from './svg.ts';
import { figure, nameOf, withInterval } from './words.ts';

export interface TableText {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows to set off, by position. */
  readonly strong?: readonly number[];
}

export function tableHtml({ head, rows, strong = [] }: TableText): string {
  const cell = (tag: 'td' | 'th', text: string): string => `<${tag}>${escapeHtml(text)}</${tag}>`;
  const line = (cells: readonly string[], i: number): string => {
    const [first = '', ...rest] = cells;
    const mark = strong.includes(i) ? ' class="strong"' : '';
    return `<tr${mark}><th scope="row">${escapeHtml(first)}</th>${rest.map((c) => cell('td', c)).join('')}</tr>`;
  };
  return `<div class="scroll"><table><thead><tr>${head.map((h) => cell('th', h)).join('')}</tr></thead><tbody>
${rows.map(line).join('\n')}
</tbody></table></div>`;
}

/** Behind a line that opens it. */
export const folded = (title: string, html: string): string =>
  `<details><summary>${escapeHtml(title)}</summary>\n${html}\n</details>`;

export const headOf = (measure: MeasureName): string => {
  const { title, unit } = MEASURES[measure];
  return unit === '' ? title : `${title}, ${unit}`;
};

/** Subjects by measures, under one mix or all. */
export function comparison(
  summary: Summary,
  subjects: readonly number[],
  measures: readonly MeasureName[],
  under: Under,
  chosen: number,
): TableText {
  const rows = subjects.map((at) => {
    const of = summary.of(at);
    const cells = measures.map((m) => withInterval(of.line(m, under).value));
    return [nameOf(summary.experiment, of.subject), ...cells];
  });
  return {
    head: ['setting', ...measures.map(headOf)],
    rows,
    strong: subjects.flatMap((at, i) => (at === chosen ? [i] : [])),
  };
}

/** The points of response curves: one row per value of the key, one column per curve. */
export function curveTable(set: CurveSet, summary: Summary, view: View): TableText {
  const values = [...new Set(set.curves.flatMap((c) => c.points.map((p) => p.written)))];
  const rows = values.map((written) => [
    written,
    ...set.curves.map((curve) => {
      const point = curve.points.find((p) => p.written === written);
      return point ? withInterval(pointEstimate(summary, point, view)) : figure(null);
    }),
  ]);
  const others = levelsOf(set, summary, view).map(({ name, e }) => [
    name,
    withInterval(e),
    ...set.curves.slice(1).map(() => ''),
  ]);
  const names = set.curves.map((c) => (c.name === '' ? headOf(view.measure) : c.name));
  return { head: [set.title, ...names], rows: [...rows, ...others] };
}
