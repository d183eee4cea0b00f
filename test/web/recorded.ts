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
}

/** Monotonic 0 of the run is `startWallMs`. */
export function record(
  dir: string,
  startWallMs: number,
  settings: Settings = threeHosts,
): Recorder {
  mkdirSync(dir, { recursive: true });
  let number = 1;
  const file = (): string => join(dir, segmentName(number));
  const write = (entry: object): void => appendFileSync(file(), `${JSON.stringify(entry)}\n`);
  const header = (state: State | null): void => {
    const monoMs = run.queue.nowMs();
    const wallMs = startWallMs + monoMs;
    const body = { version, settings, state: state && toPlain(state) };
    write({ v: JOURNAL_VERSION, kind: 'header', wallMs, monoMs, ...body });
  };
  const run = createRun([settings], (e) => {
    if (e.kind === 'fact' && e.fact.type === 'STARTED') header(null);
    if (e.kind === 'fact') write({ k: 'f', ...e.fact });
    if (e.kind === 'order') write({ k: 'o', atMs: e.atMs, ...e.order });
  });
  writeFileSync(file(), '');
  return {
    run,
    file,
    wallMs: (atMs) => startWallMs + atMs,
    scribble: (line) => appendFileSync(file(), `${line}\n`),
    say(...lines) {
      for (const line of lines) {
        if (line !== 'segment') perform(run, line);
        else {
          number += 1;
          header(run.host.state());
        }
      }
    },
  };
}
