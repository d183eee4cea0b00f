/**
 * A script as a golden dialogue with the answers that it gets, in the form of test/scenarios: put
 * there, it is played by `npm test` and must answer the same.
 */

import type { Settings } from '../../../machines/settings.ts';
import { play } from '../../../sim/dialogue.ts';
import { writtenMs } from '../../../sim/words.ts';
import { differences } from './knobs.ts';
import { OPENING, type Script, settingsOf } from './script.ts';

/**
 * `base`: the page's own settings. `reference`: those that a dialogue begins with; what differs
 * from them is written as `set` lines. `untilMs`: it goes on until then.
 */
export function scenarioOf(
  script: Script,
  untilMs: number,
  base: Settings,
  reference: Settings,
): string {
  const sets = differences(reference, settingsOf(script, base));
  const lines = [
    '# Clicked together in the playground: say here what it shows and why it must stay so.',
    ...sets.map(([key, value]) => `set ${key} ${value}`),
    ...OPENING,
    ...timed(script, untilMs),
  ];
  return play(`${lines.join('\n')}\n`, reference).text;
}

/** The clicks until then, with the time that passes between them. */
function timed({ cues }: Script, untilMs: number): string[] {
  let nowMs = 0;
  const until = (ms: number): string[] => {
    const gap = ms - nowMs;
    nowMs = Math.max(nowMs, ms);
    return gap > 0 ? [`run ${writtenMs(gap)}`] : [];
  };
  const done = cues.filter((cue) => cue.atMs <= untilMs);
  return [...done.flatMap((cue) => [...until(cue.atMs), cue.line]), ...until(untilMs)];
}
