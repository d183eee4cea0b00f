/** Verbs that ask or steer the running daemon over its control socket. */

import { askControl } from '../io/control-client.ts';
import {
  formatHistory,
  formatStatus,
  formatWhy,
  type HistoryAnswer,
  type StatusAnswer,
  type WhyAnswer,
} from './format.ts';
import { loadConfig } from './load-config.ts';
import { DONE, FAILED, fail, print, printJson, WRONG_USAGE } from './output.ts';

export interface Where {
  readonly config: string;
  /** Overrides the configuration's `control.socket`. */
  readonly socket?: string;
  readonly json?: boolean;
}

type Method = 'GET' | 'POST';

/** The daemon's answer, or the exit code after the problem was printed. */
async function ask(where: Where, method: Method, path: string, body?: object): Promise<unknown> {
  let socket = where.socket;
  if (!socket) {
    const loaded = await loadConfig(where.config);
    if (!loaded.ok) throw new Refused(loaded.text, WRONG_USAGE);
    socket = loaded.config.control.socket;
  }
  const reply = await askControl(socket, method, path, body);
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

function formatted(what: 'status' | 'why' | 'history', answer: unknown): string[] {
  if (what === 'status') return formatStatus(answer as StatusAnswer);
  if (what === 'why') return formatWhy(answer as WhyAnswer);
  return formatHistory(answer as HistoryAnswer);
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
