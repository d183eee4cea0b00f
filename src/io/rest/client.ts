/**
 * HTTP towards SCVMs, over axios: one request, one bounded answer, never a throw. It knows nothing
 * of what is asked. The whole exchange has one deadline, from connecting to the last byte, since
 * axios' own `timeout` does not end a body that trickles. Answers are text of at most 1 MiB;
 * redirects and proxies (environment variables too) are never followed, because an answer must
 * come from the SCVM that was asked. Errors are one short line and never contain the token.
 */

import assert from 'node:assert';
import http from 'node:http';
import https from 'node:https';
import { isIPv4 } from 'node:net';
import axios, { AxiosError } from 'axios';

export const MAX_BODY_BYTES = 1024 * 1024;
const MAX_ERROR_CHARS = 200;
/** An idle connection is closed after this, before servers usually do. */
const IDLE_MS = 30_000;

export interface ClientOptions {
  readonly scheme: 'http' | 'https';
  /** 1..65535 */
  readonly port: number;
  /** Content of the token file; whitespace around it is dropped. null: no authorization. */
  readonly token: string | null;
  /** PEM of the CA to trust for https; null: the system's. */
  readonly ca: string | null;
}

export interface Request {
  readonly method: 'GET' | 'PUT';
  /** Dotted IPv4: nothing is ever looked up. */
  readonly ip: string;
  /** Begins with a slash. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** For everything together, ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type Answer =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly error: string };

export interface Client {
  /** Never rejects. Only a 2xx status is ok. */
  ask(request: Request): Promise<Answer>;
  /** Closes idle connections and ends those in use. */
  close(): void;
}

export function createClient(options: ClientOptions): Client {
  const token = options.token?.trim() || null;
  const keep = { keepAlive: true, maxFreeSockets: 1, timeout: IDLE_MS };
  const agents = {
    httpAgent: new http.Agent(keep),
    httpsAgent: new https.Agent({ ...keep, ...(options.ca === null ? {} : { ca: options.ca }) }),
  };
  const instance = axios.create({
    ...agents,
    adapter: 'http',
    proxy: false,
    maxRedirects: 0,
    maxContentLength: MAX_BODY_BYTES,
    maxBodyLength: MAX_BODY_BYTES,
    // Compressed answers are not asked for, so nothing small can unfold into something large.
    decompress: false,
    headers: { 'Accept-Encoding': 'identity', Accept: 'application/json' },
    responseType: 'text',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
  });

  async function ask(request: Request): Promise<Answer> {
    assert(isIPv4(request.ip) && request.path.startsWith('/'), 'address or path');
    if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
      return { ok: false, error: 'the token has characters that a header cannot carry' };
    }
    const abort = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, request.timeoutMs);
    const giveUp = () => abort.abort();
    if (request.signal?.aborted) giveUp();
    request.signal?.addEventListener('abort', giveUp);
    try {
      const response = await instance.request<unknown>({
        method: request.method,
        url: `${options.scheme}://${request.ip}:${options.port}${request.path}`,
        signal: abort.signal,
        headers: {
          ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(request.body === undefined ? {} : { data: request.body }),
      });
      return answerOf(response.status, response.data);
    } catch (error) {
      const text = timedOut ? `no whole answer within ${request.timeoutMs} ms` : textOf(error);
      const hidden = token === null ? text : text.replaceAll(token, '(token)');
      return { ok: false, error: hidden.replace(/\s+/g, ' ').slice(0, MAX_ERROR_CHARS) };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', giveUp);
    }
  }

  return {
    ask,
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function answerOf(status: number, body: unknown): Answer {
  if (status >= 300 && status < 400) {
    return { ok: false, error: `redirect (status ${status}) is not followed` };
  }
  if (status < 200 || status > 299) return { ok: false, error: `status ${status}` };
  return { ok: true, body: typeof body === 'string' ? body : '' };
}

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ERR_CANCELED: 'given up',
};

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (error instanceof AxiosError && /^maxContentLength/.test(error.message)) {
    return `body of more than ${MAX_BODY_BYTES} bytes`;
  }
  if (error.message === 'stream has been aborted') return 'connection reset within the body';
  const text = code !== null && Object.hasOwn(CODES, code) ? CODES[code] : error.message;
  return code === null ? `${text}` : `${text} (${code})`;
}
