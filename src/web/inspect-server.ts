/**
 * A local WebSocket (RFC 6455) on loopback that tells whoever attaches what the chart does: the
 * server behind `reroute run --inspect`. It knows sockets and bounds, not what is told. It listens
 * and never connects to anything; what readers send is ignored. A reader that is too slow misses
 * messages, and is then told where things stand.
 */

import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../io/log.ts';
import { hostProblem, hostsOf } from './policy.ts';

export interface InspectServer {
  readonly url: string;
  readers(): number;
  /** `make` is called once, and only if somebody reads. */
  tell(make: () => readonly string[]): void;
  close(): Promise<void>;
}

export interface InspectServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** What a reader is told first, and after it missed messages: where things stand. */
  readonly welcome: () => readonly string[];
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const HOST = '127.0.0.1';
const MAX_READERS = 4;
/** Bytes that may wait for a reader before it misses messages. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_FROM_READER_BYTES = 4096;

/** Rejects when it cannot listen. */
export async function openInspectServer(options: InspectServerOptions): Promise<InspectServer> {
  const { welcome, log } = options;
  let hosts: ReadonlySet<string> = new Set();
  const behind = new Set<WebSocket>();
  const server = new WebSocketServer({
    host: HOST,
    port: options.port,
    maxPayload: MAX_FROM_READER_BYTES,
    perMessageDeflate: false,
    verifyClient: ({ req }, answer) => {
      const problem = doorProblem(req.headers, hosts, server.clients.size);
      if (problem !== null) log.warn(`inspect: a reader was refused: ${problem}`);
      answer(problem === null, 403, problem ?? '');
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  hosts = hostsOf(HOST, port);
  server.on('error', (error) => log.warn(`inspect: ${error.message}`));
  server.on('connection', (reader) => {
    // A reader that goes away in the middle of a message is no news.
    reader.on('error', () => reader.terminate());
    reader.on('close', () => behind.delete(reader));
    for (const message of welcome()) reader.send(message);
  });

  function send(reader: WebSocket, messages: readonly string[]): void {
    if (reader.readyState !== reader.OPEN) return;
    if (reader.bufferedAmount > MAX_WAITING_BYTES) {
      behind.add(reader);
      return;
    }
    // What it missed cannot be told any more; where things stand can.
    if (behind.delete(reader)) for (const message of welcome()) reader.send(message);
    else for (const message of messages) reader.send(message);
  }

  return {
    url: `ws://${HOST}:${port}`,
    readers: () => server.clients.size,
    tell(make) {
      if (server.clients.size === 0) return;
      const messages = make();
      for (const reader of server.clients) send(reader, messages);
    },
    close: () =>
      new Promise((resolve) => {
        for (const reader of server.clients) reader.terminate();
        server.close(() => resolve());
      }),
  };
}

/** Null: may come in. A page of this machine may; one from elsewhere that an operator opened not. */
function doorProblem(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  hosts: ReadonlySet<string>,
  readers: number,
): string | null {
  const host = hostProblem(headers, hosts);
  if (host !== null) return host;
  if (readers >= MAX_READERS) return `${readers} readers are there already`;
  const { origin } = headers;
  if (origin === undefined) return null;
  const local = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(origin);
  return local ? null : `it is a page from ${origin.slice(0, 100)}`;
}
