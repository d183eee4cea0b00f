/**
 * The one composition root: configuration -> machines <-> io. It owns the lock, the log, the
 * journal and the loop, connects senses and hands, and decides nothing. Its twin is
 * src/sim/run.ts. However it ends, the route stays.
 */

import { join } from 'node:path';
import type { Config } from './config/config.ts';
import { type DaemonConsole, startConsole } from './daemon/console.ts';
import { createHands, type Hands } from './daemon/hands.ts';
import { startInspection } from './daemon/inspect.ts';
import { createLoop, type Loop } from './daemon/loop.ts';
import { loadSecrets, type Reloaded } from './daemon/reload.ts';
import { createSenses, type Senses } from './daemon/senses.ts';
import { steerHandlers } from './daemon/steer.ts';
import { createStallWatch, monotonicClock, wallTime } from './io/clock.ts';
import { type Control, createControl } from './io/control-server.ts';
import { rawSocketProblem } from './io/icmp/socket.ts';
import { createJournal } from './io/journal.ts';
import { takeLock } from './io/lock.ts';
import { createLog } from './io/log.ts';
import { createMemorySaver, loadMemory } from './io/memory-file.ts';
import { startWatchdog } from './io/watchdog.ts';
import { interpreted } from './machines/chart.ts';
import { unknownNames } from './machines/check-chart.ts';
import { controller } from './machines/controller.ts';
import { createEngine, type State } from './machines/decide.ts';
import type { Fact } from './machines/events.ts';
import type { Answer } from './machines/operator.ts';
import { toPlain } from './machines/plain.ts';
import { version } from './version.ts';

export interface DaemonOptions {
  readonly config: Config;
  readonly configFile: string;
  /** Decide and report, touch nothing. */
  readonly shadow: boolean;
  /** Log to standard output as well. */
  readonly console: boolean;
  /** Port for live inspection; null: none. */
  readonly inspectPort: number | null;
  /** What is unwise in the configuration, one line each. */
  readonly notes: readonly string[];
  /** Reads and checks the configuration again. */
  readonly readAgain: () => Promise<Reloaded>;
}

export interface Daemon {
  readonly state: () => State;
  /** Leaves the route where it is; at most about 150 ms. */
  stop(why: string): Promise<void>;
  reload(): Promise<Answer>;
}

export type Started =
  | { readonly ok: true; readonly daemon: Daemon }
  | { readonly ok: false; readonly problem: string };

/** Starts the controller on this host. Refuses when another holds the lock. */
export async function startDaemon(options: DaemonOptions): Promise<Started> {
  const wrong = unknownNames(controller);
  if (wrong.length > 0) throw new Error(`the chart is broken: ${wrong.join('; ')}`);
  let { config } = options;
  const { shadow } = options;
  // Blind it would keep a lock and promise what it cannot do.
  const blind = rawSocketProblem();
  if (blind !== null) return { ok: false, problem: blind };
  const lock = takeLock(config.lockFile);
  if (!lock.ok) return { ok: false, problem: lock.error };
  const secrets = await loadSecrets(config);
  if (!secrets.ok) {
    lock.release();
    return { ok: false, problem: secrets.problem };
  }

  const clock = monotonicClock();
  const wall = wallTime(clock);
  const log = createLog(config.log, { console: options.console });
  const startedAtMs = clock.nowMs();
  const loaded = loadMemory(config.stateDir, clock);
  if (lock.warning) log.warn(lock.warning);
  if (loaded.problem) log.warn(loaded.problem);
  for (const note of options.notes) log.warn(note);
  log.info(
    `reroute ${version} starts${shadow ? ' in shadow' : ''}, pid ${process.pid}, host ${config.settings.hostId}, configuration ${options.configFile}`,
  );

  let loop: Loop | null = null;
  let senses: Senses | null = null;
  let hands: Hands | null = null;
  const early: Fact[] = [];
  const report = (fact: Fact): void => {
    if (loop) loop.report(fact);
    else early.push(fact);
  };
  const stallWatch = createStallWatch({
    clock,
    report(fact) {
      senses?.discardRound();
      report(fact);
    },
  });
  const watchdog = startWatchdog({ onTrouble: (text) => log.error(text) });
  const saver = createMemorySaver({ stateDir: config.stateDir, clock, log });
  const journalDir = join(config.stateDir, 'journal');
  const journal = createJournal({
    dir: journalDir,
    maxSize: config.journal.maxSize,
    maxFiles: config.journal.maxFiles,
    header: () => ({
      version,
      settings: loop ? loop.state().snapshot.context.settings : config.settings,
      state: loop ? toPlain(loop.state()) : null,
    }),
    clock,
    log,
  });

  // Hands first: their helper processes must not inherit the raw socket that the senses open.
  hands = createHands({
    config,
    ...secrets,
    shadow,
    report,
    clock,
    log,
    saver,
    ownIp: () => loop?.state().beliefs.clientIps[0] ?? null,
    pace: (paces) => senses?.pace(paces),
  });
  senses = createSenses({ config, ...secrets, report, clock, log });
  const madeHands = hands;
  const madeSenses = senses;
  const inspection =
    options.inspectPort === null
      ? null
      : await startInspection({ port: options.inspectPort, host: config.settings.hostId, log });
  loop = createLoop({
    ...(inspection ? { engine: createEngine(inspection.watch(interpreted)) } : {}),
    settings: config.settings,
    started: { type: 'STARTED', atMs: startedAtMs, memory: loaded.memory, shadow },
    clock,
    journal,
    carryOut: madeHands.carryOut,
    checkStall: () => void stallWatch.checkNow(),
  });
  const madeLoop = loop;
  for (const fact of early) madeLoop.report(fact);

  async function reload(): Promise<Answer> {
    const next = await options.readAgain();
    if (!next.ok) {
      log.error(`reload refused, nothing changed: ${next.problem}`);
      return { ok: false, code: 'BAD_CONFIG', says: next.problem };
    }
    const fixed = fixedDifferences(config, next.config);
    config = next.config;
    madeSenses.retarget(config, next.token, next.ca);
    madeHands.retarget(config, next.token, next.ca);
    madeLoop.report({ type: 'RELOADED', atMs: clock.nowMs(), settings: config.settings });
    const rest = fixed.length > 0 ? `; needs a restart: ${fixed.join(', ')}` : '';
    log.info(`configuration reloaded${rest}`);
    return { ok: true, says: `reloaded ${options.configFile}${rest}` };
  }

  let shown: DaemonConsole | null = null;
  const handlers = steerHandlers({
    loop: madeLoop,
    clock,
    wallMs: wall.wallMs,
    journalDir,
    reload,
    about: () => ({
      version,
      pid: process.pid,
      uptimeMs: clock.nowMs() - startedAtMs,
      configFile: options.configFile,
      facts: madeLoop.facts(),
      console: shown?.about()?.url ?? null,
      counters: { ...madeSenses.counters(), log: log.counters(), journal: journal.counters() },
      ...madeHands.status(),
    }),
  });
  shown = await startConsole({
    config,
    loop: madeLoop,
    clock,
    wallMs: wall.wallMs,
    journalDir,
    flushJournal: journal.flush,
    startedAtMs,
    handlers,
    log,
  });
  const madeConsole = shown;
  const made = await createControl({
    socket: config.control.socket,
    handlers: { ...handlers, console: madeConsole.about },
    log,
  });
  const control: Control | null = made.ok ? made.control : null;
  // Without its socket the controller still does its main work; losing that would be worse.
  if (!made.ok) log.error(made.problem);

  async function stop(why: string): Promise<void> {
    log.info(
      `reroute stops: ${why}; the route stays with ${madeLoop.state().snapshot.context.target ?? 'nobody'}`,
    );
    madeLoop.stop();
    stallWatch.close();
    madeSenses.close();
    madeHands.close();
    await Promise.all([control?.close(), madeConsole.close(), inspection?.close()]);
    await Promise.all([journal.close(), saver.close()]);
    await Promise.all([log.close(), watchdog.close()]);
    if (lock.ok) lock.release();
  }

  return { ok: true, daemon: { state: madeLoop.state, stop, reload } };
}

/** What only a restart can change. */
function fixedDifferences(was: Config, is: Config): string[] {
  const fixed: [string, unknown, unknown][] = [
    ['nfs_ip', was.settings.nfsIp, is.settings.nfsIp],
    ['platform', was.platform, is.platform],
    ['insight', was.insight, is.insight],
    ['log', was.log, is.log],
    ['journal', was.journal, is.journal],
    ['state_dir', was.stateDir, is.stateDir],
    ['lock_file', was.lockFile, is.lockFile],
    ['control', was.control, is.control],
    [
      'switch.command_deadline',
      was.settings.switch.commandDeadlineMs,
      is.settings.switch.commandDeadlineMs,
    ],
  ];
  return fixed.filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b)).map(([name]) => name);
}
