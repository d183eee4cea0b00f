/**
 * What one replication measured: sums over all hosts of the run, so that rates over any part of an
 * experiment can be made from sums. The order of the columns is the order everywhere: in the
 * ledger, on the wire, in the raw results.
 */

import { z } from 'zod';
import type { HostMetrics } from '../sim/metrics.ts';

/** Column -> what it says. Durations are ms of virtual time. */
export const COLUMNS = {
  simulated_ms: 'Time simulated, all hosts together.',
  outage_ms: "Time in which a client's I/O stood still.",
  worst_outage_ms: 'The longest single standstill.',
  outages: 'Standstills.',
  switches: 'Moves of the route, as the table shows them.',
  needless_switches: 'Switches that did no good.',
  false_trips: 'Failovers away from a path that could serve when it was left.',
  away_ms: 'Time on another SCVM or network than the own.',
  management_ms: 'Time on the management network.',
  returns: 'Ways back to home.',
  return_ms: 'From home well for good to the route at home, all returns together.',
  worst_return_ms: 'The longest of them.',
  port_exposures: 'Arrivals at an SCVM whose old sockets may linger.',
  port_stalls: 'Arrivals that stalled the client.',
} as const;

export type Column = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly Column[];

/** Numbers in the order of COLUMN_NAMES. */
export type Row = readonly number[];

/** Finite, not negative, and small enough that sums of millions stay exact to the ms. */
const cell = z.number().min(0).max(1e15);
export const rowSchema = z.array(cell).length(COLUMN_NAMES.length);

/** Columns whose value over several hosts is the largest, not the sum. */
const WORST: readonly Column[] = ['worst_outage_ms', 'worst_return_ms'];

export function rowOf(hosts: readonly HostMetrics[]): Row {
  const cells = hosts.map(cellsOf);
  return COLUMN_NAMES.map((name) => {
    const values = cells.map((c) => c[name]);
    return WORST.includes(name) ? Math.max(...values) : values.reduce((sum, v) => sum + v, 0);
  });
}

function cellsOf(m: HostMetrics): Record<Column, number> {
  return {
    simulated_ms: m.simulatedMs,
    outage_ms: m.outageMs,
    worst_outage_ms: m.worstOutageMs,
    outages: m.outages,
    switches: m.switches,
    needless_switches: m.needlessSwitches,
    false_trips: m.falseTrips,
    away_ms: m.awayMs,
    management_ms: m.managementMs,
    returns: m.returnMs.length,
    return_ms: m.returnMs.reduce((sum, ms) => sum + ms, 0),
    worst_return_ms: Math.max(0, ...m.returnMs),
    port_exposures: m.portExposures,
    port_stalls: m.portStalls,
  };
}
