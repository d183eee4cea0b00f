/** Simulated runs as their journals would hold them. */

import type { Entry } from '../../src/laws/trace.ts';
import { toPlain } from '../../src/machines/plain.ts';
import type { Settings } from '../../src/machines/settings.ts';
import type { Recorded } from '../../src/replay/replay.ts';
import { perform } from '../../src/sim/commands.ts';
import { createRun } from '../../src/sim/run.ts';
import { threeHosts } from '../sim/settings.ts';

/** A dialogue's lines, after a trip through JSON; `segment` begins one with the whole state. */
export function record(script: readonly string[], settings: Settings = threeHosts): Recorded[] {
  const entries: Recorded[] = [{ kind: 'header', body: { settings } }];
  const keep = (e: Entry): void => {
    if (e.kind === 'fact') entries.push(e);
    if (e.kind === 'order') entries.push({ kind: 'order', atMs: e.atMs, order: e.order });
  };
  const run = createRun([settings], keep);
  for (const line of script) {
    if (line === 'segment')
      entries.push({ kind: 'header', body: { settings, state: toPlain(run.host.state()) } });
    else perform(run, line);
  }
  return JSON.parse(JSON.stringify(entries));
}

/** The access service of home dies again and again. */
export const flap = ['route via scvm1/data', 'boot', 'run 10s'].concat(
  Array.from({ length: 4 }, () => [
    'service scvm1 refused',
    'run 10s',
    'service scvm1 up',
    'run 230s',
  ]).flat(),
);
