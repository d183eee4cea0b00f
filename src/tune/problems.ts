/**
 * What can be wrong in an experiment file beside what can be wrong in any file of ours: those
 * problems keep the codes of the configuration's catalogue (src/config/problems.ts). A code is
 * stable; docs/tuning/experiments.md lists these, and a test compares.
 */

import type { ConfigProblem, ProblemCode } from '../config/problems.ts';

export const TUNE_PROBLEMS = {
  TUNE_EMPTY: 'Nothing stands where at least one thing must: a range, the mixes, the policies.',
  TUNE_RANGE_ORDER: '`from` is not below `to`, or a step that leads nowhere.',
  TUNE_RANGE_FORM: 'A range without what the search needs of it: `step` or `count` for a grid.',
  TUNE_LOG_ZERO: 'A logarithmic scale that begins at 0.',
  TUNE_TWICE: 'The same value or the same key stands at two places.',
  TUNE_NO_EFFECT: 'A key of the configuration that changes nothing in a simulated cluster.',
  TUNE_KEY: 'A key that the configuration does not have.',
  TUNE_MIX: 'A fault mix that does not exist.',
  TUNE_RUNGS: 'Rungs that do not rise, or more of them than there are replications.',
  TUNE_CLUSTER: 'A cluster that cannot be: more hosts than SCVMs, or nowhere to go.',
  TUNE_SETTING: 'A combination of the ranges that the configuration would refuse.',
  TUNE_TOO_MANY: 'More than 10 million rows: settings times mixes times replications.',
} as const;

export type TuneCode = keyof typeof TUNE_PROBLEMS;

export interface TuneProblem extends Omit<ConfigProblem, 'code'> {
  readonly code: ProblemCode | TuneCode;
}

/** Two lines: where and what, then the remedy. */
export function formatTuneProblem(problem: TuneProblem, fileName: string): string {
  const { code, place, says, remedy } = problem;
  const at = problem.line === null ? '' : `:${problem.line}:${problem.column ?? 1}`;
  const found = problem.found === '' ? '' : ` (found: ${problem.found})`;
  return `${fileName}${at}: ${code}: ${place}: ${says}${found}\n    ${remedy}`;
}
