/**
 * `reroute replay`: a recorded journal through the chart again. Identical decisions, or where they
 * differ; with another configuration, what would have gone differently. Logs of the old tool are
 * read for their switches.
 */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type JournalLine, readJournal } from '../io/journal-read.ts';
import { isOldLog, readOldLog } from '../replay/old-log.ts';
import { type Difference, type Recorded, type Replayed, replay } from '../replay/replay.ts';
import { type Course, type WhatIf, whatIf } from '../replay/what-if.ts';
import { duration } from './format.ts';
import { loadConfig } from './load-config.ts';
import { DONE, FAILED, fail, print, printJson, WRONG_USAGE } from './output.ts';
import type { Subject } from './replay/page.ts';

export interface ReplayOptions {
  readonly config?: string;
  readonly json?: boolean;
  /** File for the report; goes with `config`. */
  readonly report?: string;
}

const OLD_LOG_MAX_BYTES = 256 * 1024 * 1024;

export async function replayFile(file: string, options: ReplayOptions): Promise<number> {
  if (options.report !== undefined && options.config === undefined) {
    return fail('--report compares: name the other configuration with --config', WRONG_USAGE);
  }
  if (!existsSync(file)) {
    const what = 'a journal folder (<state_dir>/journal), a file of it, or a log of the old tool';
    return fail(`${file} does not exist: name ${what}`, WRONG_USAGE);
  }
  const old = oldLogText(file);
  if (old !== null) return showOldLog(old, options);
  const problems: string[] = [];
  const entries = watched(readJournal(file, { onBroken: 'continue' }), problems);
  if (options.config === undefined) return showReplay(entries, problems, options);
  const loaded = await loadConfig(options.config);
  if (!loaded.ok) return fail(loaded.text, WRONG_USAGE);
  const compared = whatIf(entries, loaded.config.settings);
  tell(problems);
  if (compared.strangers.length > 0) {
    return fail(
      `the journal tells of ${compared.strangers.join(', ')}, which ${options.config} does not have: ` +
        "take the journal's own configuration and change numbers only",
      WRONG_USAGE,
    );
  }
  if (options.json) printJson({ problems, ...compared });
  else for (const line of whatIfLines(compared)) print(line);
  if (options.report !== undefined) {
    const subject = {
      journal: basename(file),
      config: basename(options.config),
      paths: loaded.config.settings.paths.map((p) => p.id),
      problems,
    };
    const trouble = await writeReport(options.report, compared, subject);
    if (trouble !== null) return fail(trouble);
  }
  return problems.length === 0 ? DONE : FAILED;
}

/** Never over a file that is there. Null: written. */
async function writeReport(to: string, compared: WhatIf, subject: Subject): Promise<string | null> {
  const { pageOf } = await import('./replay/page.ts');
  try {
    writeFileSync(to, pageOf(compared, subject), { flag: 'wx' });
    process.stderr.write(`wrote ${to}\n`);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the report cannot be written: ${why}; name a new file`;
  }
}

/** Passes entries on and keeps what was wrong with the file. A cut last line is a crash, no fault. */
function* watched(lines: Iterable<JournalLine>, problems: string[]): Generator<Recorded> {
  for (const entry of lines) {
    if (entry.kind === 'problem') problems.push(`${entry.segment}:${entry.line}: ${entry.text}`);
    yield entry;
  }
}

function tell(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`reroute: ${problem}\n`);
}

function showReplay(entries: Iterable<Recorded>, problems: string[], o: ReplayOptions): number {
  let done: Replayed;
  try {
    done = replay(entries);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  tell(problems);
  const same = done.differences.length === 0 && done.facts > 0;
  if (o.json) printJson({ same, problems, ...done });
  else {
    print(
      `${done.facts} facts, ${done.orders} orders, ${done.skipped} facts before any known state`,
    );
    for (const line of done.differences.flatMap(differenceLines)) print(line);
    print(
      same
        ? 'identical decisions'
        : done.facts === 0
          ? 'nothing to replay'
          : 'the decisions differ',
    );
  }
  return same && problems.length === 0 ? DONE : FAILED;
}

function differenceLines(d: Difference): string[] {
  return [
    `at ${d.atMs} ms, after ${d.fact}:`,
    `  recorded ${d.recorded ?? 'nothing'}`,
    `  replayed ${d.replayed ?? 'nothing'}`,
  ];
}

function whatIfLines(w: WhatIf): string[] {
  const course = (name: string, c: Course): string[] => [
    `${name}: ${c.switches.length} switches, outage ${duration(c.outageMs)}, away ${(100 * c.awayShare).toFixed(1)} % of the time`,
    ...c.switches.map(
      (s) => `  ${s.atMs} ms  ${s.from ?? 'no target'} -> ${s.to} (${s.kind}), ${s.reason}`,
    ),
  ];
  const saved = w.recorded.switches.length - w.other.switches.length;
  const word = saved >= 0 ? `${saved} switches saved` : `${-saved} switches added`;
  return [
    `span ${duration(w.spanMs)}`,
    ...course('recorded', w.recorded),
    ...course('other', w.other),
    `${word}, outage ${w.other.outageMs - w.recorded.outageMs} ms more`,
    'orders are taken to succeed at once, and observations not to feel the switches',
  ];
}

/** The text of an old log; null if the file is something else. */
function oldLogText(file: string): string | null {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > OLD_LOG_MAX_BYTES || file.endsWith('.ndjson')) return null;
    const text = readFileSync(file, 'utf8');
    return isOldLog(text) ? text : null;
  } catch {
    // Unreadable: the journal reader says so with the reason.
    return null;
  }
}

function showOldLog(text: string, options: ReplayOptions): number {
  const log = readOldLog(text);
  if (options.json) printJson(log);
  else {
    for (const s of log.switches) print(`${s.time}  route ${s.what}: ${s.dst} via ${s.gateway}`);
    for (const t of log.troubles) print(`trouble in line ${t.line}: ${t.text}`);
    print(
      `${log.switches.length} route changes, ${log.troubles.length} troubles, ${log.otherLines} other lines`,
    );
  }
  return DONE;
}
