/**
 * What src/machines/fast.ts is to the simulator, in a browser: the bundler puts this in its place.
 * The compiled chart makes code at start, which the page's policy forbids; the chart itself, as the
 * daemon runs it, is fast enough for one host.
 */

import { interpreted } from '../../../machines/chart.ts';
import { createEngine, type Engine } from '../../../machines/decide.ts';

export const fastEngine: Engine = createEngine(interpreted);
