/** `reroute import`: an old file in, a checked configuration on standard output. */

import { importOldFile } from '../config/import.ts';
import { formatProblem } from '../config/problems.ts';
import { readConfigFile } from '../io/config-file.ts';
import { DONE, fail, print, WRONG_USAGE } from './output.ts';

export async function importFile(file: string, options: { host: number }): Promise<number> {
  const read = await readConfigFile(file);
  if (!read.ok) return fail(read.problem, WRONG_USAGE);
  const imported = importOldFile(read.text, options.host - 1);
  if (!imported.ok) {
    return fail(imported.problems.map((p) => formatProblem(p, file)).join('\n'), WRONG_USAGE);
  }
  print(imported.text.trimEnd());
  for (const note of imported.notes) process.stderr.write(`${formatProblem(note, file)}\n`);
  return DONE;
}
