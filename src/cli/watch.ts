/**
 * `reroute status --watch`: the status as it changes, until Ctrl-C or q. On a terminal it is drawn
 * in place with the newest notes below; elsewhere a block is printed at each change, or with --json
 * one line of JSON. A daemon that goes away is told, and waited for.
 */

import { askControl } from '../io/control-client.ts';
import { clockTime, formatStatus, type StatusAnswer, type WhyAnswer } from './format.ts';
import { openLive } from './live.ts';
import { colours as c, DONE, print } from './output.ts';

const POLL_MS = 500;
const ASK_MS = 2000;

/** What was last heard, and since when nothing. */
interface Heard {
  readonly status: StatusAnswer | null;
  readonly notes: readonly string[];
  /** Empty: it answers. */
  readonly problem: string;
  readonly sinceWallMs: number;
}

export async function watch(socket: string, json: boolean): Promise<number> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  if (process.stdout.isTTY && !json) await onTerminal(socket, end);
  else await asBlocks(socket, json, end.signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  return DONE;
}

async function* heard(socket: string, end: AbortSignal): AsyncGenerator<Heard> {
  let last: Heard = { status: null, notes: [], problem: '', sinceWallMs: Date.now() };
  while (!end.aborted) {
    const [status, why] = await Promise.all([
      askControl(socket, 'GET', '/status', undefined, ASK_MS),
      askControl(socket, 'GET', '/why', undefined, ASK_MS),
    ]);
    if (status.ok && why.ok && status.status === 200 && why.status === 200) {
      const notes = notesOf(why.body as WhyAnswer);
      const now = Date.now();
      last = { status: status.body as StatusAnswer, notes, problem: '', sinceWallMs: now };
    } else {
      const problem = status.ok ? 'the daemon gave no status' : status.problem;
      last = { ...last, problem, sinceWallMs: last.problem ? last.sinceWallMs : Date.now() };
    }
    yield last;
    await pause(POLL_MS, end);
  }
}

const notesOf = ({ chain, since }: WhyAnswer): string[] =>
  [...chain, ...since].map((n) => `${c.dim(clockTime(n.wallMs).slice(11))}  ${n.line}`);

async function onTerminal(socket: string, end: AbortController): Promise<void> {
  const live = openLive(process.stdout);
  const keys = listenForKeys(() => end.abort());
  let latest: Heard | null = null;
  const draw = (): void => {
    if (latest) live.draw(screenOf(latest), latest.notes);
  };
  process.stdout.on('resize', draw);
  try {
    for await (latest of heard(socket, end.signal)) draw();
  } finally {
    process.stdout.off('resize', draw);
    keys.close();
    live.close();
  }
}

function screenOf({ status, problem, sinceWallMs }: Heard): string[] {
  const lines = status ? formatStatus(status) : [];
  if (problem === '') return [...lines, c.dim('q or Ctrl-C ends')];
  const gone = c.inverse(c.red(` no answer since ${clockTime(sinceWallMs).slice(11, 19)} `));
  const stands = status ? c.dim('what stands below is what it said last') : '';
  return [`${gone} ${problem}`, stands, ...lines.map((line) => c.dim(line))];
}

async function asBlocks(socket: string, json: boolean, end: AbortSignal): Promise<void> {
  let shown = '';
  for await (const { status, problem } of heard(socket, end)) {
    const key = problem === '' && status ? standing(status) : problem;
    if (key === shown) continue;
    shown = key;
    if (json) print(JSON.stringify(problem === '' ? status : { ok: false, says: problem }));
    else if (problem !== '') print(`${clockTime(Date.now())}  ${problem}\n`);
    else if (status) print([clockTime(Date.now()), ...formatStatus(status), ''].join('\n'));
  }
}

/** What is worth a new block: not ages and countdowns. */
function standing(s: StatusAnswer): string {
  const { substate, steering, route, record, target, pin, paused, alarms, pid } = s;
  const paths = s.paths.map((p) => [p.id, p.verdict]);
  const names = Object.keys(alarms);
  return JSON.stringify([
    substate,
    steering,
    route,
    record,
    target,
    pin,
    paused,
    names,
    pid,
    paths,
  ]);
}

/** q and Ctrl-C, read without a newline; the terminal is put back on close. */
function listenForKeys(stop: () => void): { close(): void } {
  const { stdin } = process;
  if (!stdin.isTTY) return { close: () => undefined };
  const press = (key: Buffer): void => {
    if (['q', 'Q', '\u0003', '\u0004', '\u001b'].includes(key.toString())) stop();
  };
  const back = (): void => void stdin.setRawMode(false);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('data', press);
  process.once('exit', back);
  return {
    close() {
      stdin.off('data', press);
      process.off('exit', back);
      back();
      stdin.pause();
    },
  };
}

function pause(ms: number, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (end.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      end.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    end.addEventListener('abort', done, { once: true });
  });
}
