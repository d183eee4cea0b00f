/** Verbs that ask or steer the running daemon over its control socket. */

import { askControl } from '../io/control-client.ts';
import { formatStatus, formatWhy, type StatusAnswer, type WhyAnswer } from './format.ts';
import { formatHistory, type HistoryAnswer } from './history.ts';
import { loadConfig } from './load-config.ts';
import { DONE, FAILED, fail, print, printJson, WRONG_USAGE } from './output.ts';

export interface Where {
  readonly config: string;
  /** Overrides the configuration's `control.socket`. */
  readonly socket?: string;
  readonly json?: boolean;
}

type Method = 'GET' | 'POST';

async function socketOf(where: Where): Promise<string> {
  if (where.socket) return where.socket;
  const loaded = await loadConfig(where.config);
  if (!loaded.ok) throw new Refused(loaded.text, WRONG_USAGE);
  return loaded.config.control.socket;
}

/** The daemon's answer; a problem is thrown as Refused. */
async function ask(where: Where, method: Method, path: string, body?: object): Promise<unknown> {
  const reply = await askControl(await socketOf(where), method, path, body);
  if (!reply.ok) throw new Refused(reply.problem, FAILED);
  if (reply.status >= 500) throw new Refused(JSON.stringify(reply.body), FAILED);
  return reply.body;
}

class Refused extends Error {
  readonly code: number;
  constructor(says: string, code: number) {
    super(says);
    this.code = code;
  }
}

async function guarded(where: Where, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (where.json) printJson({ ok: false, says: error.message });
    return fail(error.message, error.code);
  }
}

export function show(where: Where, what: 'status' | 'why' | 'history', n = 50): Promise<number> {
  return guarded(where, async () => {
    const answer = await ask(where, 'GET', what === 'history' ? `/history?n=${n}` : `/${what}`);
    if (where.json) printJson(answer);
    else for (const line of formatted(what, answer)) print(line);
    return DONE;
  });
}

/** `status --watch`. A daemon that is not there is waited for. */
export function watchStatus(where: Where): Promise<number> {
  return guarded(where, async () => {
    const socket = await socketOf(where);
    const { watch } = await import('./watch.ts');
    return watch(socket, where.json === true);
  });
}

/** Where the web console is, and what steering from it asks for. */
export function showConsole(where: Where): Promise<number> {
  return guarded(where, async () => {
    const answer = (await ask(where, 'GET', '/console')) as ConsoleAnswer;
    if (where.json) printJson(answer);
    if (answer.url === null) return where.json ? FAILED : fail(CONSOLE_OFF);
    if (where.json) return DONE;
    print(`console  ${answer.url}`);
    print(
      `token    ${answer.token ?? 'none: nothing can be steered from the console, see the log'}`,
    );
    return DONE;
  });
}

interface ConsoleAnswer {
  readonly url: string | null;
  readonly token: string | null;
}

const CONSOLE_OFF =
  'the console is off: control.http is off in the configuration, or it could not listen (see the log)';

function formatted(what: 'status' | 'why' | 'history', answer: unknown): string[] {
  if (what === 'status') return formatStatus(answer as StatusAnswer);
  if (what === 'why') return formatWhy(answer as WhyAnswer);
  const { isTTY, columns } = process.stdout;
  return formatHistory(answer as HistoryAnswer, isTTY ? columns : null);
}

export function steer(where: Where, path: string, body: object = {}): Promise<number> {
  return guarded(where, async () => {
    const answer = (await ask(where, 'POST', path, body)) as { ok?: boolean; says?: string };
    if (where.json) printJson(answer);
    else if (answer.ok) print(answer.says ?? 'done');
    else return fail(answer.says ?? JSON.stringify(answer));
    return answer.ok ? DONE : FAILED;
  });
}
