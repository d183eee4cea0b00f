/**
 * What a reviewer did: the settings that were changed, and each click with its time, as a line of
 * the dialogue language (src/sim/commands.ts). A script is data and never changes: playing it again
 * gives the same run, which is how time goes back, how a link is shared and how a golden scenario
 * is written.
 */

import type { Settings } from '../../../machines/settings.ts';
import { withSetting } from '../../../sim/words.ts';

/** A click. */
export interface Cue {
  /** Whole ms since the beginning. */
  readonly atMs: number;
  readonly line: string;
}

export interface Script {
  /** Changed settings: key (`timers.back_to_normal`) -> written value (`20s`). */
  readonly sets: Readonly<Record<string, string>>;
  /** In order of their times. */
  readonly cues: readonly Cue[];
  /** It is played at least until here, ms. */
  readonly untilMs: number;
}

/** A run ends here, and a script holds so many clicks: what a browser keeps with ease. */
export const LAST_MS = 2 * 3_600_000;
export const MOST_CUES = 200;

/** How every run begins: host 1's route stands at home, and its daemon starts. */
export const OPENING: readonly string[] = ['route via scvm1/data', 'boot'];

export const empty: Script = { sets: {}, cues: [], untilMs: 0 };

/** The settings of this script. Throws on a key or value that is not understood. */
export function settingsOf(script: Script, base: Settings): Settings {
  return Object.entries(script.sets).reduce((s, [key, value]) => withSetting(s, key, value), base);
}

/** One more click; what was clicked later is dropped. The same script when it is full. */
export function clicked(script: Script, atMs: number, line: string): Script {
  const kept = script.cues.filter((cue) => cue.atMs <= atMs);
  if (kept.length >= MOST_CUES || atMs > LAST_MS) return script;
  return { ...script, cues: [...kept, { atMs, line }], untilMs: atMs };
}

/** Clicks that one more at this time would drop. */
export const dropped = (script: Script, atMs: number): number =>
  script.cues.filter((cue) => cue.atMs > atMs).length;

/** One setting changed; null: back to the page's own value. */
export function withSet(script: Script, key: string, value: string | null): Script {
  const { [key]: _, ...others } = script.sets;
  return { ...script, sets: value === null ? others : { ...others, [key]: value } };
}
