/**
 * The comparison as CSV (RFC 4180), for a spreadsheet: one row per setting and mix, and one for all
 * mixes by their weights; each measure with its interval, and with that of its difference from the
 * baseline.
 */

import { stringify } from 'csv-stringify/sync';
import type { Estimate } from '../stats/estimate.ts';
import { MEASURE_NAMES } from '../stats/measures.ts';
import type { Summary, Under } from '../stats/summary.ts';
import { short } from './number.ts';

/** Pieces of the text, one per subject. */
export function* csvOf(summary: Summary): Generator<string> {
  const { experiment: e, subjects } = summary;
  const keys = e.ranges.map(({ key }) => key);
  yield line([
    'subject',
    'policy',
    ...keys,
    'mix',
    'replications',
    ...MEASURE_NAMES.flatMap(heads),
  ]);
  for (const at of subjects) {
    const of = summary.of(at);
    const unders: readonly Under[] = [...e.mixes.keys(), 'all'];
    const rows = unders.map((under) => {
      const lines = MEASURE_NAMES.map((measure) => of.line(measure, under));
      const cells = lines.flatMap(({ value, difference }) => [
        ...ends(value),
        ...(difference ? ends(difference) : [null, null, null]),
      ]);
      const n = Math.max(...lines.map(({ value }) => value.n));
      const mix = under === 'all' ? 'all' : (e.mixes[under]?.name ?? '');
      const values = keys.map((key) => of.subject.values[key] ?? '');
      return line([at, of.subject.policy, ...values, mix, n, ...cells]);
    });
    yield rows.join('');
  }
}

const heads = (measure: string): string[] =>
  [measure, `${measure}_vs_baseline`].flatMap((name) => [name, `${name}_low`, `${name}_high`]);

const ends = ({ mean, low, high }: Estimate): (number | null)[] => [
  short(mean),
  short(low),
  short(high),
];

type Cell = string | number | boolean | null;

const line = (cells: readonly Cell[]): string => stringify([cells.map(textOf)]);

/** Nothing measured is an empty cell. */
function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
