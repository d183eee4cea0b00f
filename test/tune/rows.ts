/** Made-up rows, so that a test knows what must come out. */

import type { Experiment } from '../../src/tune/experiment.ts';
import type { Job } from '../../src/tune/job.ts';
import { COLUMN_NAMES, type Column, type Row } from '../../src/tune/row.ts';
import { spaceOf } from '../../src/tune/space.ts';
import { createTable, type Table } from '../../src/tune/table.ts';

const MONTH_MS = 30 * 86_400_000;

/** A month of one host: rates are the numbers themselves. */
export function rowWith(cells: Partial<Record<Column, number>>): Row {
  const all: Partial<Record<Column, number>> = { simulated_ms: MONTH_MS, ...cells };
  return COLUMN_NAMES.map((name) => all[name] ?? 0);
}

/** Every run of every subject, by what `cellsOf` says. */
export function tableWith(
  e: Experiment,
  cellsOf: (job: Job) => Partial<Record<Column, number>>,
): Table {
  const table = createTable(e);
  for (let subject = 0; subject < spaceOf(e).count; subject += 1) {
    for (let mix = 0; mix < e.mixes.length; mix += 1) {
      for (let replication = 0; replication < e.replications; replication += 1) {
        const job = { subject, mix, replication };
        table.put(job, rowWith(cellsOf(job)));
      }
    }
  }
  return table;
}
