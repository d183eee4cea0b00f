/**
 * A kept-open `ip -j -force -batch -`: ten times faster than a spawn, because nothing is forked
 * at the moment of a switch. It is the fast way only; whoever asks it must have another one, for
 * `ask` answers null when the tool is away, old, hung or out of step.
 *
 * Protocol: the commands go in as lines, the last one is a `route show`. In JSON mode that prints
 * exactly one line, `[]` for an empty table, which marks the end of the answer. Refusals come on
 * stderr as text and `Command failed -:LINE`, so our lines are counted. `-echo` is not used: in
 * iproute2 6.1 it shifts the answers by one after a failure. The tool ends when its stdin closes,
 * so it dies with us even when we are killed.
 */

import type { ChildProcess } from 'node:child_process';
import { abandon, killGroup, startChild } from '../command.ts';

export interface BatchReply {
  /** The JSON line of the last command. */
  readonly output: string;
  /** Refusals: index of the command -> the tool's text. */
  readonly refusals: ReadonlyMap<number, string>;
}

export interface Batch {
  /** Null: no answer in time, or none possible; nothing is known of the commands' effect. */
  ask(commands: readonly string[]): Promise<BatchReply | null>;
  close(): void;
}

export interface BatchOptions {
  readonly file: string;
  /** A `route show` that must answer before the tool counts as usable. */
  readonly handshake: string;
  /** Longest wait for an answer, ms. */
  readonly confirmMs: number;
  readonly log: (line: string) => void;
}

interface Pending {
  readonly firstLine: number;
  readonly count: number;
  readonly timer: NodeJS.Timeout;
  readonly settle: (reply: BatchReply | null) => void;
  output: string;
  ended: boolean;
}

const HANDSHAKE_MS = 2000;
const RESTART_MIN_MS = 1000;
const RESTART_MAX_MS = 30_000;
const MAX_TEXT = 1024 * 1024;

export function createBatch(options: BatchOptions): Batch {
  let child: ChildProcess | null = null;
  let ready = false;
  let closed = false;
  let linesSent = 0;
  let errors = '';
  let pending: Pending | null = null;
  let restartMs = RESTART_MIN_MS;
  let restartTimer: NodeJS.Timeout | undefined;

  function start(): void {
    const started = startChild(options.file, ['-j', '-force', '-batch', '-'], 'pipe');
    if (typeof started === 'string') {
      lose(started);
      return;
    }
    child = started;
    linesSent = 0;
    errors = '';
    const lostIt = (why: string) => {
      if (child === started) lose(why);
    };
    started.on('error', (cause) => lostIt(cause.message));
    started.on('exit', (code, signal) => lostIt(`ended (${signal ?? code})`));
    started.stdin?.on('error', (cause) => lostIt(cause.message));
    started.stdout?.on('data', (chunk: Buffer) => {
      if (child === started) onOutput(chunk.toString('utf8'));
    });
    started.stderr?.on('data', (chunk: Buffer) => {
      if (child === started) onErrors(chunk.toString('utf8'));
    });
    void send([options.handshake], HANDSHAKE_MS).then((reply) => {
      if (reply === null || child !== started) return;
      if (reply.output.trimStart().startsWith('[')) ready = true;
      else lostIt('has no JSON output');
    });
  }

  /** Kills what is left of the tool, answers the one who waits, and tries again later. */
  function lose(why: string): void {
    const lost = child;
    child = null;
    ready = false;
    if (lost !== null) {
      killGroup(lost);
      abandon(lost);
    }
    finish(null);
    if (closed) return;
    options.log(`routes: the kept-open ip tool ${why}; again in ${restartMs} ms`);
    restartTimer = setTimeout(start, restartMs);
    restartMs = Math.min(restartMs * 2, RESTART_MAX_MS);
  }

  function finish(reply: BatchReply | null): void {
    const done = pending;
    pending = null;
    if (done === null) return;
    clearTimeout(done.timer);
    done.settle(reply);
  }

  function onOutput(text: string): void {
    if (pending === null || pending.ended) {
      lose('spoke without being asked');
      return;
    }
    pending.output += text;
    if (pending.output.length > MAX_TEXT) lose('printed more than its bound');
    else if (pending.output.endsWith('\n')) endAnswer(pending);
  }

  function onErrors(text: string): void {
    errors += text;
    if (errors.length > MAX_TEXT) {
      lose('complained more than its bound');
      return;
    }
    // The last command, the reading one, was refused: no output will mark the end.
    const last = pending === null ? null : pending.firstLine + pending.count - 1;
    if (last !== null && errors.includes(`Command failed -:${last}\n`)) lose('could not read');
  }

  /** Refusals were written before the output; one more poll phase has surely read their pipe. */
  function endAnswer(answered: Pending): void {
    answered.ended = true;
    setImmediate(() => {
      if (pending !== answered) return;
      const refusals = takeRefusals(errors, answered.firstLine);
      errors = '';
      if (ready) restartMs = RESTART_MIN_MS;
      finish({ output: answered.output, refusals });
    });
  }

  function send(commands: readonly string[], waitMs: number): Promise<BatchReply | null> {
    return new Promise((resolve) => {
      const asked = child;
      if (asked === null || pending !== null) {
        resolve(null);
        return;
      }
      const timer = setTimeout(() => {
        // Timers run before the poll phase: after our own stall the answer may lie in the pipe.
        setImmediate(() => {
          if (pending === mine && !mine.ended) lose(`did not answer within ${waitMs} ms`);
        });
      }, waitMs);
      const mine: Pending = {
        firstLine: linesSent + 1,
        count: commands.length,
        timer,
        settle: resolve,
        output: '',
        ended: false,
      };
      pending = mine;
      linesSent += commands.length;
      asked.stdin?.write(`${commands.join('\n')}\n`);
    });
  }

  start();
  return {
    ask: (commands) =>
      ready ? send(commands, options.confirmMs) : Promise.resolve<BatchReply | null>(null),
    close() {
      closed = true;
      clearTimeout(restartTimer);
      if (child !== null) lose('closed');
    },
  };
}

/** stderr's text, cut at each `Command failed -:LINE`. */
function takeRefusals(text: string, firstLine: number): Map<number, string> {
  const refusals = new Map<number, string>();
  let said: string[] = [];
  for (const line of text.split('\n')) {
    const failed = /^Command failed -:(\d+)$/.exec(line);
    if (failed === null) {
      if (line.trim() !== '') said.push(line.trim());
    } else {
      refusals.set(Number(failed[1]) - firstLine, said.join('; ').slice(0, 300));
      said = [];
    }
  }
  return refusals;
}
