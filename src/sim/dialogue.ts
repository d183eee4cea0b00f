/**
 * Golden dialogues: a script of what happens to a simulated cluster, with the controller's answers
 * written below each line as `| …`. Reading such a file is reading the incident; running it must
 * give the same answers. The manner is that of etcd/raft's testdata.
 */

import { lawMakers } from '../laws/all.ts';
import { createJury, type Jury } from '../laws/jury.ts';
import type { Entry } from '../laws/trace.ts';
import { lineOf } from '../machines/lines.ts';
import type { Settings } from '../machines/settings.ts';
import { perform } from './commands.ts';
import { type Header, hostSettings, isHeaderLine, plainHeader, readHeaderLine } from './header.ts';
import { createRun, type OnEntry, type Run } from './run.ts';

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
  let header: Header = plainHeader(defaults);
  let run: Run | null = null;
  let juries: Jury[] = [];

  const onEntry: OnEntry = (entry: Entry, host: number): void => {
    const who = juries.length > 1 ? `@${host + 1} ` : '';
    for (const broken of juries[host]?.see(entry) ?? []) {
      violations.push(`${who}${stamp(broken.atMs)} ${broken.law}: ${broken.says}`);
    }
    if (entry.kind !== 'order') return;
    const text = lineOf(entry.order);
    if (text !== null) out.push(`${ANSWER}${who}${stamp(entry.atMs)} ${text}`);
  };

  function follow(line: string): void {
    if (isHeaderLine(line)) {
      if (run) throw new Error('this belongs before all that happens');
      header = readHeaderLine(header, line);
      return;
    }
    if (!run) {
      const settings = hostSettings(header);
      juries = settings.map((s) => createJury(s, lawMakers));
      run = createRun(settings, onEntry, { seed: header.seed });
    }
    perform(run, line);
  }

  script.split('\n').forEach((line, i) => {
    if (line.startsWith(ANSWER.trim())) return;
    out.push(line);
    const said = line.trim();
    if (said === '' || said.startsWith('#')) return;
    try {
      follow(said);
    } catch (cause) {
      throw new Error(`line ${i + 1}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  });
  return { text: out.join('\n'), violations };
}

export function stamp(atMs: number): string {
  return `${(atMs / 1000).toFixed(3)}s`;
}
