/**
 * Asks the running daemon over its control socket (control-server.ts), for the command line.
 * Whatever goes wrong on the way comes back as one line that says what to do.
 */

import { Agent } from 'node:http';
import axios from 'axios';
import { errorCode, errorText } from './errno.ts';

export type ControlReply =
  /** The daemon answered, whatever it said: `body` is its JSON, or text for /metrics. */
  { ok: true; status: number; body: unknown } | { ok: false; problem: string };

const ANSWER_MAX_BYTES = 16 * 1024 * 1024;

/** `path` with its query (`/history?n=5`). Never throws. */
export async function askControl(
  socket: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  timeoutMs = 5000,
): Promise<ControlReply> {
  try {
    const answer = await axios.request<unknown>({
      socketPath: socket,
      // Without this a proxy of the environment would be asked for our own socket.
      proxy: false,
      baseURL: 'http://localhost',
      url: path,
      method,
      // A POST without a body would be sent as a form.
      ...(method === 'POST' ? { data: body ?? {} } : {}),
      // A kept connection may belong to a daemon that is gone.
      httpAgent: new Agent({ keepAlive: false }),
      // Also bounds a daemon that accepts and then stands still.
      signal: AbortSignal.timeout(timeoutMs),
      maxRedirects: 0,
      maxContentLength: ANSWER_MAX_BYTES,
      validateStatus: () => true,
    });
    return { ok: true, status: answer.status, body: answer.data };
  } catch (error) {
    return { ok: false, problem: remedy(socket, timeoutMs, error) };
  }
}

function remedy(socket: string, timeoutMs: number, error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return (
        `no daemon is running for this configuration (no socket ${socket}): ` +
        'start it with reroute run --config F'
      );
    case 'ECONNREFUSED':
      return (
        `the daemon is gone (nobody answers on the socket ${socket}): ` +
        'start it again with reroute run --config F'
      );
    case 'EACCES':
    case 'EPERM':
      return `no right to use the socket ${socket}: run as root, as the daemon does`;
    case 'ERR_CANCELED':
    case 'ETIMEDOUT':
    case 'ECONNABORTED':
      return `the daemon on ${socket} did not answer within ${timeoutMs} ms: it stands still or is very busy`;
    case 'ECONNRESET':
      return `the daemon on ${socket} ended while it was asked`;
    case 'ENOTSOCK':
      return `${socket} is not a socket: is control.socket right?`;
    default:
      return `the daemon on ${socket} could not be asked: ${errorText(error)}`;
  }
}
