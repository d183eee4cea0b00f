/**
 * All rows of an experiment in memory: per subject one block of numbers, made when its first row
 * comes, so that subjects which an early rung dropped cost what they were measured.
 */

import type { Experiment } from './experiment.ts';
import type { Job } from './job.ts';
import { COLUMN_NAMES, type Row } from './row.ts';

export interface Table {
  /** False: this row was there already. */
  put(job: Job, row: Row): boolean;
  /** Null: not measured. */
  row(job: Job): Row | null;
  /** Subjects with at least one row, ascending. */
  subjects(): readonly number[];
  /** Every row, by subject, mix, replication. */
  rows(): Generator<{ readonly job: Job; readonly row: Row }>;
  readonly count: number;
}

const WIDTH = COLUMN_NAMES.length;

export function createTable(e: Experiment): Table {
  const blocks = new Map<number, Float64Array>();
  const perSubject = e.mixes.length * e.replications;
  let count = 0;

  const offsetOf = ({ mix, replication }: Job): number => {
    const isThere = mix < e.mixes.length && replication < e.replications;
    if (!isThere) throw new RangeError(`no cell for mix ${mix}, replication ${replication}`);
    return (mix * e.replications + replication) * WIDTH;
  };

  function row(job: Job): Row | null {
    const block = blocks.get(job.subject);
    const at = offsetOf(job);
    if (block === undefined || Number.isNaN(block[at])) return null;
    return Array.from(block.subarray(at, at + WIDTH));
  }

  const subjects = (): readonly number[] => [...blocks.keys()].sort((a, b) => a - b);

  return {
    put(job, cells) {
      let block = blocks.get(job.subject);
      if (block === undefined) {
        block = new Float64Array(perSubject * WIDTH).fill(Number.NaN);
        blocks.set(job.subject, block);
      }
      const at = offsetOf(job);
      if (!Number.isNaN(block[at])) return false;
      block.set(cells, at);
      count += 1;
      return true;
    },
    row,
    subjects,
    *rows() {
      for (const subject of subjects()) {
        for (let mix = 0; mix < e.mixes.length; mix += 1) {
          for (let replication = 0; replication < e.replications; replication += 1) {
            const job = { subject, mix, replication };
            const cells = row(job);
            if (cells !== null) yield { job, row: cells };
          }
        }
      }
    },
    get count() {
      return count;
    },
  };
}
