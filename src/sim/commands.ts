/**
 * The verbs of a dialogue script: what may happen in the simulated world, one line each. A line
 * that begins with `@2` is about the second host; without, about the first. Unknown words are
 * errors; nothing is guessed.
 */

import type { Host } from './host.ts';
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

/** A line that was understood. */
export interface Said {
  /** Position of the only host that it is about; null: all. */
  readonly host: number | null;
  /** Throws if its other words are not understood, or name what is not there. */
  do(run: Run): void;
}

/** Throws on a line whose verb it does not know. */
export function understood(line: string): Said {
  const words = line.trim().split(/\s+/);
  const at = words[0]?.startsWith('@') ? numberOf(words.shift()?.slice(1), 1, 64) : 1;
  const [verb = '', ...args] = words;
  const [shared, own, timed] = [worldVerbs[verb], hostVerbs[verb], timeVerbs[verb]];
  if (own) return { host: at - 1, do: (run) => onHost(run, at, (host) => own(host, args)) };
  if (timed) return { host: null, do: (run) => onHost(run, at, () => timed(run, args)) };
  const all = shared ?? allVerbs[verb];
  if (!all) throw new Error(`"${verb}" is not one of ${verbs.join(', ')}`);
  return {
    host: null,
    do(run) {
      all(run, args);
      run.touch();
    },
  };
}

function onHost(run: Run, number: number, act: (host: Host) => void): void {
  const host = run.hosts[number - 1];
  if (!host) throw new Error(`there is no host ${number}`);
  act(host);
  host.touch();
}

/** Is this line, without `@`, about one host? */
export const isOfHost = (line: string): boolean => (line.split(' ')[0] ?? '') in hostVerbs;

/** Does what one line says. Throws on a line that it does not understand. */
export function perform(run: Run, line: string): void {
  understood(line).do(run);
}
