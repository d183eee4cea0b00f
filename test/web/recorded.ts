/**
 * Simulated runs as the journal of a daemon would hold them, in real files: headers with the whole
 * state, facts, orders, one wall clock for all of it.
 */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_VERSION, segmentName } from '../../src/io/journal.ts';
import type { State } from '../../src/machines/decide.ts';
import { toPlain } from '../../src/machines/plain.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { perform } from '../../src/sim/commands.ts';
import { createRun, type Run } from '../../src/sim/run.ts';
import { version } from '../../src/version.ts';
import { threeHosts } from '../sim/settings.ts';

export interface Recorder {
  readonly run: Run;
  /** Wall clock of a moment of the run. */
  wallMs(atMs: number): number;
  /** A line of the dialogue language; `segment` begins a new segment. */
  say(...lines: string[]): void;
  /** A line that no daemon wrote. */
  scribble(line: string): void;
  /** The file that is being written. */
  file(): string;
  /** How many were recorded. */
  facts(): number;
}

/** A day has more than a million lines. */
const LINES_AT_ONCE = 10_000;

/** Monotonic 0 of the run is `startWallMs`. */
export function record(
  dir: string,
  startWallMs: number,
  settings: Settings = threeHosts,
): Recorder {
  mkdirSync(dir, { recursive: true });
  let number = 1;
  let facts = 0;
  let lines: string[] = [];
  const file = (): string => join(dir, segmentName(number));
  const flush = (): void => {
    appendFileSync(file(), lines.join(''));
    lines = [];
  };
  const write = (entry: object): void => {
    lines.push(`${JSON.stringify(entry)}\n`);
    if (lines.length >= LINES_AT_ONCE) flush();
  };
  const header = (state: State | null): void => {
    const monoMs = run.queue.nowMs();
    const wallMs = startWallMs + monoMs;
    const body = { version, settings, state: state && toPlain(state) };
    write({ v: JOURNAL_VERSION, kind: 'header', wallMs, monoMs, ...body });
  };
  const run = createRun([settings], (e) => {
    if (e.kind === 'fact' && e.fact.type === 'STARTED') header(null);
    if (e.kind === 'fact') {
      facts += 1;
      write({ k: 'f', ...e.fact });
    }
    if (e.kind === 'order') write({ k: 'o', atMs: e.atMs, ...e.order });
  });
  writeFileSync(file(), '');
  return {
    run,
    file,
    facts: () => facts,
    wallMs: (atMs) => startWallMs + atMs,
    scribble: (line) => appendFileSync(file(), `${line}\n`),
    say(...words) {
      for (const line of words) {
        if (line !== 'segment') perform(run, line);
        else {
          flush();
          number += 1;
          header(run.host.state());
        }
      }
      flush();
    },
  };
}
