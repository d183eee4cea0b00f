/**
 * Listens to the kernel's rtnetlink notifications through a kept-open `ip -o monitor`, which
 * flushes line by line. A notification is only a hint to look: the kernel drops notifications when
 * the listener's buffer is full, and announces no IPv4 route that vanishes with its interface. So
 * whoever uses this reads the state itself, now and then without a hint too.
 *
 * `ip monitor` reads no stdin and would outlive a killed daemon until the next event; where
 * util-linux `setpriv` is present it is bound to our life by PR_SET_PDEATHSIG.
 */

import type { ChildProcess } from 'node:child_process';
import { abandon, killGroup, startChild } from '../command.ts';
import { findTool } from './tools.ts';

export type MonitorObject = 'route' | 'link' | 'address' | 'neigh';

export interface MonitorOptions {
  readonly ipFile: string;
  readonly objects: readonly MonitorObject[];
  /** One notification, as printed. */
  readonly onLine: (line: string) => void;
  /** Notifications may have been missed: the listener began, died, or complained. */
  readonly onGap: () => void;
  readonly log: (line: string) => void;
}

const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 10_000;
/** The tool does not say when it begins to hear; it has surely begun after this. */
const DEAF_MS = 100;
/** A listener that lived this long had nothing wrong with its start. */
const SOUND_MS = 10_000;
const MAX_LINE = 64 * 1024;

/** Starts listening at once, and again whenever the listener dies. */
export function createMonitor(options: MonitorOptions): { close(): void } {
  const setpriv = findTool('setpriv');
  const monitor = [options.ipFile, '-4', '-o', 'monitor', ...options.objects];
  const [file = '', ...args] =
    setpriv === null ? monitor : [setpriv, '--pdeathsig', 'KILL', ...monitor];
  let child: ChildProcess | null = null;
  let closed = false;
  let restartMs = RESTART_MIN_MS;
  let restartTimer: NodeJS.Timeout | undefined;
  let hearingTimer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedMs = performance.now();
    const started = startChild(file, args, 'ignore');
    if (typeof started === 'string') {
      restart(started);
      return;
    }
    child = started;
    let rest = '';
    const lost = (why: string) => {
      if (child !== started) return;
      if (performance.now() - startedMs > SOUND_MS) restartMs = RESTART_MIN_MS;
      stop();
      restart(why);
    };
    started.on('error', (cause) => lost(cause.message));
    started.on('exit', (code, signal) => lost(`ended (${signal ?? code})`));
    started.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) lost('printed an endless line');
      for (const line of lines) if (child === started && line !== '') options.onLine(line);
    });
    started.stderr?.on('data', () => {
      if (child === started) options.onGap();
    });
    options.onGap();
    hearingTimer = setTimeout(options.onGap, DEAF_MS);
  }

  function stop(): void {
    clearTimeout(hearingTimer);
    const ended = child;
    child = null;
    if (ended === null) return;
    killGroup(ended);
    abandon(ended);
  }

  function restart(why: string): void {
    if (closed) return;
    options.log(`ip monitor ${options.objects.join(' ')} ${why}; again in ${restartMs} ms`);
    options.onGap();
    restartTimer = setTimeout(start, restartMs);
    restartMs = Math.min(restartMs * 2, RESTART_MAX_MS);
  }

  start();
  return {
    close() {
      closed = true;
      clearTimeout(restartTimer);
      stop();
    },
  };
}

/** Calls `act` once, `delayMs` after the first of many hints; `close` forgets a waiting call. */
export function createCoalescer(delayMs: number, act: () => void): { hint(): void; close(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    hint() {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, delayMs);
    },
    close: () => clearTimeout(timer),
  };
}
