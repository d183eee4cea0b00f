/** Everything that is made of the rows, written into the output directory. */

import type { Experiment } from '../experiment.ts';
import { pageOf } from '../report/page.ts';
import { type Sentences, sentencesOf } from '../report/sentences.ts';
import { adviseOn } from '../stats/advice.ts';
import { summarise } from '../stats/summary.ts';
import type { Table } from '../table.ts';
import { csvOf } from './csv.ts';
import { FILES, writePieces, writeWhole } from './folder.ts';
import { jsonOf, type Origin } from './json.ts';
import { writeParquet } from './parquet.ts';

/** Gives what the report says. Throws what the file system throws; the ledger is not touched. */
export function writeResults(
  folder: string,
  experiment: Experiment,
  table: Table,
  origin: Origin,
): Sentences {
  const summary = summarise(experiment, table);
  const advice = adviseOn(summary);
  const words = sentencesOf(summary, advice);
  writeWhole(folder, FILES.rows, (file) => writeParquet(file, experiment, table, origin.digest));
  writeWhole(folder, FILES.comparison, (file) => writePieces(file, csvOf(summary)));
  writeWhole(folder, FILES.summary, (file) =>
    writePieces(file, [jsonOf(summary, advice, words, origin)]),
  );
  writeWhole(folder, FILES.report, (file) =>
    writePieces(file, [pageOf(summary, advice, words, origin)]),
  );
  return words;
}
