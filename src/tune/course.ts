/**
 * How far an experiment has come: takes results in any order, each as often as it comes, and tells
 * which batches are left. The ledger of an earlier run and the workers of this one feed it the same
 * way. Pure.
 */

import type { Experiment } from './experiment.ts';
import { type Batch, type BatchResult, batchAt, batchCount, jobCount, type Rung } from './job.ts';
import { firstRung, nextRung } from './rungs.ts';
import { createTable, type Table } from './table.ts';

export interface Course {
  readonly table: Table;
  /** Null: everything is measured. */
  rung(): Rung | null;
  /** Batches of this rung that have no result yet, in order. */
  pending(): Generator<Batch>;
  /** `known`: it was there already. A text: it is no result of this experiment, and why. */
  accept(result: BatchResult): 'new' | 'known' | { readonly problem: string };
  /** Rows of this rung that are done, and all of it. */
  progress(): { readonly done: number; readonly all: number };
}

/** `costOf`: what a subject costs by the rows so far; asked at the end of a rung. */
export function createCourse(
  e: Experiment,
  costOf: (table: Table, subject: number) => number,
): Course {
  const table = createTable(e);
  let rung: Rung | null = firstRung(e);
  let done = new Set<number>();
  let rows = 0;

  function advance(): void {
    while (rung !== null && done.size === batchCount(e, rung)) {
      rung = nextRung(e, rung, (subject) => costOf(table, subject));
      done = new Set();
      rows = 0;
    }
  }

  return {
    table,
    rung: () => rung,
    *pending() {
      const mine = rung;
      if (mine === null) return;
      for (let position = 0; position < batchCount(e, mine); position += 1) {
        if (rung !== mine) return;
        if (!done.has(position)) yield batchAt(e, mine, position);
      }
    },
    accept({ id, rows: cells }) {
      const place = /^(\d{1,6})-(\d{1,9})$/.exec(id);
      if (place === null) return { problem: `"${id.slice(0, 40)}" is no batch` };
      const [at, position] = [Number(place[1]), Number(place[2])];
      if (rung === null || at < rung.at) return 'known';
      if (at > rung.at) return { problem: `batch ${id} comes before its rung` };
      if (position >= batchCount(e, rung)) return { problem: `there is no batch ${id}` };
      if (done.has(position)) return 'known';
      const { jobs } = batchAt(e, rung, position);
      if (jobs.length !== cells.length) {
        return { problem: `batch ${id} has ${cells.length} rows, not ${jobs.length}` };
      }
      for (const [i, job] of jobs.entries()) {
        const row = cells[i];
        if (row !== undefined) table.put(job, row);
      }
      done.add(position);
      rows += jobs.length;
      advance();
      return 'new';
    },
    progress: () => ({ done: rows, all: rung === null ? rows : jobCount(e, rung) }),
  };
}
