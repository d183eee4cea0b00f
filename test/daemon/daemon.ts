/**
 * One run of the real daemon (`bin/reroute run`) on a host of the lab: started in the host's
 * namespace, asked over its control socket and its command line, watched through its journal.
 * When it is stopped, its run is held against the laws.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StatusAnswer } from '../../src/cli/format.ts';
import { askControl } from '../../src/io/control-client.ts';
import type { Overrides } from '../../src/lab/configure.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { monotonicMs } from '../../src/lab/truth.ts';
import { type JournalTail, tailJournalOf } from './journal-tail.ts';
import { assertLaws } from './laws.ts';

export const program = fileURLToPath(new URL('../../bin/reroute', import.meta.url));

/** What a program printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Daemon {
  readonly pid: number;
  readonly configFile: string;
  readonly dir: string;
  readonly startedAtMs: number;
  readonly journal: JournalTail;
  readonly exited: Promise<Ended>;
  status(): Promise<StatusAnswer>;
  /** A verb of the command line, pointed at this daemon's configuration. */
  cli(...args: string[]): Promise<Ended>;
  /** Its configuration file gets other values; nothing is loaded yet. */
  configure(overrides: Overrides): void;
  /** At home, every path up, the session record acknowledged. */
  settled(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Ends it (SIGTERM unless told otherwise) and checks the laws over its journal. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Timers short enough for a test; everything else is what a configuration without them has. */
export const SHORT: Overrides = {
  session: { poll_interval: '1s', timeout: '1s', session_lost: '6s', stale_after: '5s' },
  timers: { back_to_normal: '4s', return_guard: '2s', dwell: '2s', warm_up: '500ms' },
  switch: { command_deadline: '1s', budget_per_hour: 60 },
  insight: { interval: '1s' },
};

export interface RunOptions {
  readonly host?: string;
  readonly overrides?: Overrides;
  /** After `run --config F`. */
  readonly args?: readonly string[];
  /** Before the program: what starts it, with its arguments. */
  readonly wrapper?: readonly string[];
  /** Folder of an earlier run to go on in: its state, journal, lock and socket. */
  readonly dir?: string;
}

function merged(base: Overrides, over: Overrides): Overrides {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    const both = typeof before === 'object' && typeof value === 'object';
    result[key] = both ? { ...before, ...value } : value;
  }
  return result;
}

function collect(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs `bin/reroute` outside of any host. */
export function runCli(...args: string[]): Promise<Ended> {
  return collect(
    spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

let count = 0;

export function startDaemon(lab: Lab, options: RunOptions = {}): Daemon {
  const { host = 'host1', overrides = {}, args = [], wrapper = [] } = options;
  count += 1;
  const dir = options.dir ?? join(lab.runDir, host, `d${count}`);
  mkdirSync(dir, { recursive: true });
  const configFile = join(dir, 'reroute.yaml');
  const places = {
    log: { file: join(dir, 'log') },
    state_dir: dir,
    lock_file: join(dir, 'lock'),
    control: { socket: join(dir, 'sock') },
  };
  const configure = (more: Overrides) => {
    const all = merged(merged(merged(SHORT, overrides), more), places);
    writeFileSync(configFile, lab.configFor(host, all), { mode: 0o600 });
  };
  configure({});
  const journalDir = join(dir, 'journal');
  const journal = tailJournalOf(journalDir, options.dir ? entriesIn(journalDir) : 0);
  const startedAtMs = monotonicMs();
  const command = [...wrapper, process.execPath, program, 'run', '--config', configFile, ...args];
  const [file = '', ...rest] = command;
  const child = lab.exec(host, file, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  assert.ok(pid, 'the daemon did not start');
  const exited = collect(child);
  let ended: Ended | null = null;
  exited.then((how) => {
    ended = how;
  });
  const where = ['--config', configFile];

  return {
    pid,
    configFile,
    dir,
    startedAtMs,
    journal,
    exited,
    configure,
    async status() {
      const reply = await askControl(join(dir, 'sock'), 'GET', '/status');
      assert.ok(reply.ok, JSON.stringify(reply));
      return reply.body as StatusAnswer;
    },
    cli: (...words) => runCli(...words, ...where),
    settled: () =>
      journal.until(
        () =>
          ended !== null ||
          (journal.state('access') === 'Normal' &&
            journal.state('record') === 'Current' &&
            [1, 2, 3].every((n) =>
              ['data', 'manage'].every((kind) => journal.verdict(`scvm${n}/${kind}`) === 'up'),
            )),
        'settled at home',
        20_000,
      ),
    signal: (name) => void process.kill(pid, name),
    async stop(signal = 'SIGTERM') {
      if (ended === null) process.kill(pid, signal);
      const how = await exited;
      journal.close();
      assertLaws(journalDir, lab.truth.events, host, monotonicMs());
      return how;
    },
  };
}

function entriesIn(journalDir: string): number {
  const tail = tailJournalOf(journalDir);
  tail.close();
  return tail.entries.length;
}

/** Runs a program to its end; rejects when it fails. */
export function output(file: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} ${args.join(' ')}: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
