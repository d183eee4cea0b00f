/**
 * The same decision over the compiled chart, for the simulator and what builds on it. The daemon
 * does not use it: it has time, and XState's own run of the chart is the reference.
 */

import { compiled } from './compiled.ts';
import { createEngine, type Engine } from './decide.ts';

export const fastEngine: Engine = createEngine(compiled);
