/**
 * The log: one stable line per entry for people, in a file, and on standard output when asked.
 * winston does levels, format and fan-out; the file itself is ours (log-file.ts), because
 * winston's File transport goes silent for good after one ENOSPC and holds its backlog without a
 * bound. What replay needs is in the journal, not here.
 *
 * A flapping input cannot fill the log: each level has its own budget of lines per second, so that
 * a storm of `info` never costs an `error`.
 */

import { Writable } from 'node:stream';
import winston from 'winston';
import type { Config } from '../config/config.ts';
import { consoleSink, createLogFile } from './log-file.ts';
import { logLine } from './log-line.ts';

export type LogLevel = Config['log']['level'];

export interface LogCounters {
  /** Lines handed to the file. */
  readonly written: number;
  /** Lines over their level's budget. */
  readonly suppressed: number;
  /** Lines lost because the file or standard output did not take them. */
  readonly dropped: number;
  /** Failed file operations. */
  readonly errors: number;
}

export interface Log {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
  counters(): LogCounters;
  /** Writes what waits and closes; at most about 150 ms, also when the disk hangs. */
  close(): Promise<void>;
}

export interface LogOptions {
  /** Also write to standard output. */
  readonly console: boolean;
  /** Lines per second and level. */
  readonly linesPerSecond?: number;
}

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 } as const;
const BUDGET_MS = 1000;

/** Makes the log. Trouble with the file is told on stderr once per kind; the log goes on. */
export function createLog(config: Config['log'], options: LogOptions): Log {
  const { linesPerSecond = 200 } = options;
  const spent = { error: 0, warn: 0, info: 0, debug: 0 };
  let written = 0;
  let suppressed = 0;
  let suppressedNow = 0;
  let dropped = 0;
  let droppedNow = 0;
  let budgetEnd: NodeJS.Timeout | null = null;
  let closed = false;

  const tellStderr = (text: string): void => {
    process.stderr.write(`${logLine(Date.now(), 'warn', `log: ${text}`)}\n`);
  };
  watchStandardStreams();

  const file = createLogFile({ ...config, onTrouble: tellStderr });
  const fileSink = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      const entry = line.slice(0, -1);
      const note = `${droppedNow} log lines were lost: the log file could not be written`;
      // Together or not at all: alone the short note would fit again and again.
      const text = droppedNow > 0 ? `${logLine(Date.now(), 'warn', note)}\n${entry}` : entry;
      if (file.push(text)) {
        written++;
        droppedNow = 0;
      } else {
        dropped++;
        droppedNow++;
      }
      done();
    },
  });
  const transport = (stream: Writable) => new winston.transports.Stream({ stream, eol: '\n' });
  const logger = winston.createLogger({
    levels: LEVELS,
    level: config.level,
    format: winston.format.printf(({ level, message }) =>
      logLine(Date.now(), level, String(message)),
    ),
    transports: [transport(fileSink)],
  });
  if (options.console) logger.add(transport(consoleSink(() => dropped++)));
  logger.on('error', (error: Error) => {
    dropped++;
    tellStderr(error.message);
  });

  const endBudget = (): void => {
    budgetEnd = null;
    Object.assign(spent, { error: 0, warn: 0, info: 0, debug: 0 });
    if (suppressedNow === 0) return;
    logger.log('warn', `${suppressedNow} lines suppressed, more than ${linesPerSecond} a second`);
    suppressedNow = 0;
  };

  const write = (level: LogLevel, text: string): void => {
    if (closed || LEVELS[level] > LEVELS[config.level]) return;
    spent[level]++;
    if (budgetEnd === null) {
      budgetEnd = setTimeout(endBudget, BUDGET_MS);
      budgetEnd.unref();
    }
    if (spent[level] > linesPerSecond) {
      suppressed++;
      suppressedNow++;
      return;
    }
    logger.log(level, text);
  };

  return {
    error: (text) => write('error', text),
    warn: (text) => write('warn', text),
    info: (text) => write('info', text),
    debug: (text) => write('debug', text),
    counters: () => ({ written, suppressed, dropped, errors: file.errorCount() }),
    async close() {
      if (closed) return;
      closed = true;
      if (budgetEnd !== null) clearTimeout(budgetEnd);
      endBudget();
      await new Promise<void>((resolve) => {
        logger.once('finish', resolve);
        logger.end();
      });
      await file.close();
    },
  };
}

let watched = false;

/** A closed pipe on stdout or stderr is an 'error' event that would end the process. */
function watchStandardStreams(): void {
  if (watched) return;
  watched = true;
  const ignoreClosedReader = (): boolean => process.stdout.writable;
  process.stdout.on('error', ignoreClosedReader);
  process.stderr.on('error', ignoreClosedReader);
}
