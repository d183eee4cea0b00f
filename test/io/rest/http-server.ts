/**
 * Real HTTP(S) servers on loopback for the tests of the REST part. What one answers is the test's
 * choice; it keeps every request it got.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (response: ServerResponse, seen: Seen) => void;

export interface HttpServer {
  readonly port: number;
  readonly seen: Seen[];
  readonly sockets: Set<Socket>;
  connections(): number;
  close(): Promise<void>;
}

export async function startHttpServer(
  host: string,
  handler: Handler,
  port = 0,
  tls?: { readonly key: string; readonly cert: string },
): Promise<HttpServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const got = { method, url, headers, body: Buffer.concat(chunks).toString() };
    seen.push(got);
    handler(response, got);
  }
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    serve(request, response).catch(() => response.destroy());
  }

  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    seen,
    sockets,
    connections: () => connections,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers with this text as the body, `type` as its content type. */
export function says(body: string, status = 200, type = 'application/json'): Handler {
  return (response) => response.writeHead(status, { 'content-type': type }).end(body);
}

export function sessionsBody(...data: unknown[]): string {
  return JSON.stringify({ ec: 'EOK', error: {}, data });
}

/** One valid entry of the session list. */
export function entry(ip: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    uuid: `uuid-${ip}`,
    ip,
    manage_ip: '192.168.85.15',
    zone: 'primary',
    alive: true,
    alive_sec: 200.5,
    local_client_ips: ['192.168.33.1', '10.10.85.11'],
    ...more,
  };
}

/** Accepts and never says anything. */
export const hang: Handler = () => undefined;
