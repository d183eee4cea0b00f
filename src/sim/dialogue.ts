/**
 * Golden dialogues: a script of what happens to a simulated cluster, with the controller's answers
 * written below each line as `| …`. Reading such a file is reading the incident; running it must
 * give the same answers. The manner is that of etcd/raft's testdata.
 */

import { allLaws } from '../laws/all.ts';
import type { Entry, Law } from '../laws/trace.ts';
import { lineOf } from '../machines/lines.ts';
import type { Settings } from '../machines/settings.ts';
import { commands, withSetting } from './commands.ts';
import { createRun, type Run } from './run.ts';

const ANSWER = '| ';

export interface Played {
  /** The script with the answers of this run. */
  readonly text: string;
  /** Broken laws, one line each. */
  readonly violations: readonly string[];
}

/** Play a script. Throws on a line that it does not understand, with its number. */
export function play(script: string, defaults: Settings): Played {
  const out: string[] = [];
  const violations: string[] = [];
  let settings = defaults;
  let run: Run | null = null;
  let laws: Law[] = [];

  const onEntry = (entry: Entry): void => {
    for (const law of laws) {
      const broken = law.see(entry);
      if (broken) violations.push(`${stamp(broken.atMs)} ${broken.law}: ${broken.says}`);
    }
    const text = entry.kind === 'order' ? lineOf(entry.order) : null;
    if (text !== null && entry.kind === 'order') out.push(`${ANSWER}${stamp(entry.atMs)} ${text}`);
  };

  script.split('\n').forEach((line, i) => {
    if (line.startsWith(ANSWER.trim())) return;
    out.push(line);
    const [verb, ...args] = line.trim().split(/\s+/);
    if (!verb || verb.startsWith('#')) return;
    try {
      if (verb === 'set') {
        if (run) throw new Error('set comes before the first other line');
        settings = withSetting(settings, args[0] ?? '', args[1] ?? '');
        return;
      }
      if (!run) {
        laws = allLaws(settings);
        run = createRun(settings, onEntry);
      }
      const command = commands[verb];
      if (!command) throw new Error(`"${verb}" is not one of ${Object.keys(commands).join(', ')}`);
      command(run, args);
    } catch (cause) {
      throw new Error(`line ${i + 1}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  });
  return { text: out.join('\n'), violations };
}

function stamp(atMs: number): string {
  return `${(atMs / 1000).toFixed(3)}s`;
}
