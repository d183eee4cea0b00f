/**
 * The verbs of a dialogue script: what may happen in the simulated world, one line each. A line
 * that begins with `@2` is about the second host; without, about the first. Unknown words are
 * errors; nothing is guessed.
 */

import { healHost, hostVerbs } from './host-verbs.ts';
import type { Run } from './run.ts';
import { durationMs, numberOf } from './words.ts';
import { type Do, healCluster, worldVerbs } from './world-verbs.ts';

/** Verbs that let time pass: not for use inside of a run. */
const timeVerbs: Readonly<Record<string, Do>> = {
  run: (run, [text]) => run.advance(durationMs(text)),
  /** The process stands still, and the dialogue goes on when it noticed. */
  stall: (run, [text]) => {
    run.host.freeze(durationMs(text));
    run.advance(durationMs(text));
  },
};

const allVerbs: Readonly<Record<string, Do>> = {
  /** Every fault ends. */
  heal: (run) => {
    healCluster(run);
    for (const host of run.hosts) healHost(host);
  },
};

export const verbs: readonly string[] = [
  ...Object.keys(timeVerbs),
  ...Object.keys(allVerbs),
  ...Object.keys(worldVerbs),
  ...Object.keys(hostVerbs),
];

/** Is this line, without `@`, about one host? */
export const isOfHost = (line: string): boolean => (line.split(' ')[0] ?? '') in hostVerbs;

/** Does what one line says. Throws on a line that it does not understand. */
export function perform(run: Run, line: string): void {
  const words = line.trim().split(/\s+/);
  const at = words[0]?.startsWith('@') ? numberOf(words.shift()?.slice(1), 1, 64) : 1;
  const [verb = '', ...args] = words;
  const host = run.hosts[at - 1];
  if (!host) throw new Error(`there is no host ${at}`);
  const [shared, own, timed] = [
    worldVerbs[verb] ?? allVerbs[verb],
    hostVerbs[verb],
    timeVerbs[verb],
  ];
  if (own) host.change(() => own(host, args));
  else if (shared) run.change(() => shared(run, args));
  else if (timed) timed(run, args);
  else throw new Error(`"${verb}" is not one of ${verbs.join(', ')}`);
}
