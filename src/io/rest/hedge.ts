/**
 * Asks several servers one question so that a dead one costs nothing: the first at once, the next
 * as soon as one has failed or after `hedgeMs` without an answer, a few at a time; the first good
 * answer wins and the others are given up. Only schedule, no meaning: what is good is the caller's
 * `ask`. See "The Tail at Scale" (Dean and Barroso, 2013) on hedged requests.
 */

const MAX_PARALLEL = 3;
const MAX_ERROR_CHARS = 1000;

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

export interface HedgeOptions<T> {
  /** In order of preference; a server named twice is asked twice. */
  readonly servers: readonly string[];
  /** Must end within `timeoutMs` and when `signal` aborts, and never reject. */
  ask(server: string, timeoutMs: number, signal: AbortSignal): Promise<Attempt<T>>;
  readonly hedgeMs: number;
  /** For all servers together. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
  /** Gives the whole question up. */
  readonly signal: AbortSignal;
}

export type Hedged<T> =
  | { readonly ok: true; readonly value: T; readonly from: string; readonly asked: number }
  /** Every server that was asked, with its error, in one line of bounded length. */
  | { readonly ok: false; readonly error: string; readonly asked: number };

/** min(300, a quarter of the timeout): time for a last server even when the first two hang. */
export function defaultHedgeMs(timeoutMs: number): number {
  return Math.max(1, Math.min(300, timeoutMs / 4));
}

export function askHedged<T>(options: HedgeOptions<T>): Promise<Hedged<T>> {
  const { servers, ask, hedgeMs, timeoutMs, nowMs, signal } = options;
  const startMs = nowMs();
  const errors: string[] = [];
  const running = new Set<AbortController>();
  let asked = 0;
  let done = false;
  let timer: NodeJS.Timeout | undefined;

  return new Promise((resolve) => {
    function finish(result: Hedged<T>): void {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      for (const abort of running) abort.abort();
      resolve(result);
    }

    function giveUp(): void {
      finish({ ok: false, error: 'given up', asked });
    }

    async function run(server: string, leftMs: number): Promise<void> {
      const abort = new AbortController();
      running.add(abort);
      const attempt = await ask(server, leftMs, abort.signal);
      running.delete(abort);
      if (done) return;
      if (attempt.ok) return finish({ ok: true, value: attempt.value, from: server, asked });
      errors.push(`${server}: ${attempt.error}`);
      next();
    }

    /** Asks the next server if there is one and room for it; ends when nothing is left. */
    function next(): void {
      clearTimeout(timer);
      const leftMs = timeoutMs - (nowMs() - startMs);
      const server = leftMs >= 1 ? servers[asked] : undefined;
      if (server !== undefined && running.size < MAX_PARALLEL) {
        asked += 1;
        timer = setTimeout(next, hedgeMs);
        void run(server, Math.floor(leftMs));
      } else if (running.size === 0) {
        finish({ ok: false, error: listOf(errors, servers.length - asked), asked });
      }
    }

    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp);
    next();
  });
}

function listOf(errors: readonly string[], unasked: number): string {
  if (errors.length === 0) return 'no server to ask';
  const rest = unasked > 0 ? `; ${unasked} not asked` : '';
  let text = '';
  for (const [index, error] of errors.entries()) {
    const longer = text === '' ? error : `${text}; ${error}`;
    if (longer.length > MAX_ERROR_CHARS) return `${text}; and ${errors.length - index} more${rest}`;
    text = longer;
  }
  return text + rest;
}
