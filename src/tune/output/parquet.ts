/**
 * The raw results as Apache Parquet: one row per setting, mix and replication, so that anybody can
 * ask them what the report did not. Written row group by row group; the bytes depend on the rows
 * alone.
 */

import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Experiment } from '../experiment.ts';
import { amountOf, kindOfKey } from '../keys.ts';
import { COLUMN_NAMES } from '../row.ts';
import { spaceOf } from '../space.ts';
import type { Table } from '../table.ts';
import { seedOf } from '../world.ts';

const ROW_GROUP = 50_000;

/** Throws what the file system throws. */
export function writeParquet(file: string, e: Experiment, table: Table, digest: string): void {
  const columns = [
    { name: 'subject', type: 'INT32' },
    { name: 'policy', type: 'STRING' },
    ...e.ranges.map(({ key }) => ({ name: columnOf(key), type: 'DOUBLE' }) as const),
    { name: 'mix', type: 'STRING' },
    { name: 'replication', type: 'INT32' },
    { name: 'seed', type: 'INT64' },
    ...COLUMN_NAMES.map((name) => ({ name, type: 'DOUBLE' }) as const),
  ] as const;
  parquetWriteRows({
    writer: fileWriter(file),
    rows: rowsOf(e, table),
    columns: columns.map((column) => ({ ...column, nullable: false })),
    rowGroupSize: ROW_GROUP,
    createdBy: 'reroute tune',
    kvMetadata: [
      { key: 'experiment', value: JSON.stringify(e) },
      { key: 'digest', value: digest },
    ],
  });
}

/** Durations are in ms, as everywhere in the raw results: `timers.dwell_ms`. */
const columnOf = (key: string): string => (kindOfKey(key) === 'duration' ? `${key}_ms` : key);

function* rowsOf(e: Experiment, table: Table): Generator<Record<string, unknown>> {
  const space = spaceOf(e);
  for (const { job, row } of table.rows()) {
    const { policy, values } = space.subject(job.subject);
    const mix = e.mixes[job.mix]?.name;
    if (mix === undefined) throw new RangeError(`the experiment has no mix ${job.mix}`);
    const keys = e.ranges.map(({ key }) => [columnOf(key), amountOf(key, values[key] ?? 0)]);
    const cells = COLUMN_NAMES.map((name, i) => [name, row[i]]);
    yield {
      subject: job.subject,
      policy,
      ...Object.fromEntries(keys),
      mix,
      replication: job.replication,
      seed: BigInt(seedOf(e, mix, job.replication)),
      ...Object.fromEntries(cells),
    };
  }
}
