/**
 * What is read off the rows: each measure is made from sums over host time, so that it means the
 * same for one mix, for all of them weighted, and for clusters of any size. Rates are per host and
 * 30 days. For all of them less is better.
 */

import type { Experiment, Prices } from '../experiment.ts';
import { COLUMN_NAMES, type Column, type Row } from '../row.ts';

export const MEASURES = {
  outage: { title: 'I/O outage', unit: 's', says: 'seconds without I/O, per host and 30 days' },
  worst: { title: 'Longest outage', unit: 's', says: 'the longest single standstill of a run' },
  switches: { title: 'Switches', unit: '', says: 'moves of the route, per host and 30 days' },
  needless: { title: 'Needless switches', unit: '', says: 'those that did no good' },
  false_trips: {
    title: 'False trips',
    unit: '',
    says: 'failovers away from a path that could serve, per host and 30 days',
  },
  away: { title: 'Time away from home', unit: '%', says: 'share of the time on another SCVM' },
  return: {
    title: 'Time to return',
    unit: 's',
    says: 'from home well for good to the route there',
  },
  exposures: {
    title: 'Port exposures',
    unit: '',
    says: 'arrivals where old sockets may linger, per host and 30 days',
  },
  stalls: { title: 'Port stalls', unit: '', says: 'arrivals that stalled the client' },
  cost: { title: 'Cost', unit: 's', says: 'outage, switches and time away, priced in outage' },
} as const;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

const MONTH_MS = 30 * 86_400_000;
const HOUR_MS = 3_600_000;

export type Sums = Readonly<Record<Column, number>>;

/** Null where there was nothing to measure, e.g. the time to return without a return. */
export function measured(name: MeasureName, s: Sums, prices: Prices): number | null {
  const monthly = (n: number): number => (n * MONTH_MS) / s.simulated_ms;
  switch (name) {
    case 'outage':
      return monthly(s.outage_ms) / 1000;
    case 'worst':
      return s.worst_outage_ms / 1000;
    case 'switches':
      return monthly(s.switches);
    case 'needless':
      return monthly(s.needless_switches);
    case 'false_trips':
      return monthly(s.false_trips);
    case 'away':
      return (100 * s.away_ms) / s.simulated_ms;
    case 'return':
      return s.returns === 0 ? null : s.return_ms / s.returns / 1000;
    case 'exposures':
      return monthly(s.port_exposures);
    case 'stalls':
      return monthly(s.port_stalls);
    case 'cost':
      return (
        monthly(s.outage_ms) / 1000 +
        prices.switch * monthly(s.switches) +
        (prices.awayHour * monthly(s.away_ms)) / HOUR_MS
      );
  }
}

/** One mix's row as sums. */
export function sumsOf(row: Row): Sums {
  const cells = COLUMN_NAMES.map((name, i): [Column, number] => [name, row[i] ?? 0]);
  return Object.fromEntries(cells) as Record<Column, number>;
}

/**
 * The rows of one replication, one per mix, as if a host had spent its time in each mix by the
 * weights. Null if one is missing.
 */
export function blended(e: Experiment, rows: readonly (Row | null)[]): Sums | null {
  const total = Object.fromEntries(COLUMN_NAMES.map((name) => [name, 0])) as Record<Column, number>;
  for (const [i, { weight }] of e.mixes.entries()) {
    const row = rows[i];
    if (!row) return null;
    const sums = sumsOf(row);
    for (const name of COLUMN_NAMES) {
      const isWorst = name.startsWith('worst_');
      if (isWorst) total[name] = Math.max(total[name], sums[name]);
      else total[name] += (sums[name] * weight * MONTH_MS) / sums.simulated_ms;
    }
  }
  return total;
}
