/** Experiments for the tests. */

import type { Experiment } from '../../src/tune/experiment.ts';
import { parseExperiment } from '../../src/tune/parse.ts';

/** Small enough to be run in a second. */
export const SMALL = `title: Small
seed: 3
replications: 3
mixes:
  restart-loop: { span: 1d, weight: 3 }
  nested-lab: { span: 4h }
ranges:
  timers.back_to_normal: [0s, 60s, 180s]
`;

/** Some 30 batches of it: long enough to be stopped in the middle. */
export const LONGER = SMALL.replace('replications: 3', 'replications: 14');

export const MINIMAL = `title: Minimal
replications: 2
mixes: { quiet-month: { span: 1d } }
ranges: { timers.dwell: [0s, 30s] }
`;

export function good(text: string): Experiment {
  const parsed = parseExperiment(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.experiment;
}
