/**
 * The daemon's control socket: HTTP/1.1 with JSON over a Unix socket (unix(7)), for the verbs that
 * ask and steer a running daemon. It knows routes, shapes and bounds; what a request means is in
 * the handlers it is given. Who may connect is decided by the file's mode, 0600: root only.
 */

import { chmod, lstat, rename, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { errorCode, errorText } from './errno.ts';
import type { Log } from './log.ts';

/** What a steering request came to. `code` is stable, for scripts; `says` is for people. */
export type Answer = { ok: true; says: string } | { ok: false; says: string; code: string };

const pinSchema = z.strictObject({
  /** A path, an SCVM, or any of its addresses. */
  target: z.string().min(1).max(256),
  /** Ends by itself after this, ms, 1..2147483647 (a Node timer's range). */
  for_ms: z.exactOptional(z.int().min(1).max(2_147_483_647)),
  failsafe: z.exactOptional(z.boolean()),
});
const nothingSchema = z.strictObject({}).nullish();
const historySchema = z.strictObject({
  n: z.coerce.number().int().min(1).max(10_000).default(50),
});

export type PinRequest = z.infer<typeof pinSchema>;

/** A handler that throws is the programmer's error: answered with 500 and logged. */
export interface ControlHandlers {
  status(): object;
  why(): object;
  /** The newest `n` entries, 1..10000. */
  history(n: number): object | Promise<object>;
  pin(request: PinRequest): Answer;
  release(): Answer;
  pause(): Answer;
  resume(): Answer;
  reload(): Promise<Answer>;
  /** Where the console is and the token that steering from it asks for; null: it is off. */
  console?(): object | null;
  /** Text in the Prometheus exposition format. */
  metrics?(): string;
}

export interface ControlOptions {
  /** Path of the socket, at most 103 bytes. */
  readonly socket: string;
  readonly handlers: ControlHandlers;
  readonly log: Pick<Log, 'warn'>;
}

export interface Control {
  /** Breaks open connections and removes the socket; does not wait for anybody. */
  close(): Promise<void>;
}

const BODY_MAX_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 5000;
/** sun_path has 108 bytes with its end; `.new` is appended while the socket is made. */
const SOCKET_PATH_MAX = 103;

export async function createControl(
  options: ControlOptions,
): Promise<{ ok: true; control: Control } | { ok: false; problem: string }> {
  const { socket, handlers, log } = options;
  const refuse = (text: string) => ({ ok: false as const, problem: `control ${socket}: ${text}` });
  if (Buffer.byteLength(socket) > SOCKET_PATH_MAX) {
    return refuse(`longer than the ${SOCKET_PATH_MAX} bytes that a socket's path may have`);
  }
  const server = createServer(handlers, log);
  const made = `${socket}.new`;
  try {
    const occupied = await occupant(socket);
    if (occupied !== null) return refuse(occupied);
    await removeSocket(made);
    await server.listen({ path: made });
    await chmod(made, 0o600);
    // In one step, with its final mode: there is no moment when others could connect.
    await rename(made, socket);
  } catch (error) {
    await server.close();
    return refuse(errorText(error));
  }
  const close = async () => {
    const closing = server.close();
    await removeSocket(socket).catch((error: unknown) => log.warn(errorText(error)));
    await closing;
  };
  return { ok: true, control: { close } };
}

function createServer(handlers: ControlHandlers, log: Pick<Log, 'warn'>): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 4 * REQUEST_TIMEOUT_MS,
    keepAliveTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  server.server.maxConnections = 16;

  server.setNotFoundHandler((request, reply) =>
    send(reply, 404, refusal('unknown_route', `no ${request.method} ${pathOf(request.url)} here`)),
  );
  server.setErrorHandler((error: unknown, request, reply) => {
    const status = statusOf(error);
    if (status < 500) return send(reply, status, refusal('bad_request', errorText(error)));
    log.warn(`control: ${request.method} ${pathOf(request.url)} failed: ${errorText(error)}`);
    return send(reply, 500, refusal('internal', errorText(error)));
  });

  const steer = <T>(
    path: string,
    schema: z.ZodType<T>,
    run: (body: T) => Answer | Promise<Answer>,
  ) =>
    server.post(path, async (request, reply) => {
      const body = schema.safeParse(request.body ?? undefined);
      if (!body.success) return send(reply, 400, refusal('bad_request', issuesOf(body.error)));
      const answer = await run(body.data);
      return send(reply, answer.ok ? 200 : 409, answer);
    });

  server.get('/status', () => handlers.status());
  server.get('/why', () => handlers.why());
  server.get('/history', async (request, reply) => {
    const query = historySchema.safeParse(request.query);
    if (!query.success) return send(reply, 400, refusal('bad_request', issuesOf(query.error)));
    return handlers.history(query.data.n);
  });
  server.get('/console', () => handlers.console?.() ?? { url: null, token: null });
  const { metrics } = handlers;
  if (metrics !== undefined) {
    server.get('/metrics', (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics()),
    );
  }
  steer('/pin', pinSchema, (body) => handlers.pin(body));
  steer('/release', nothingSchema, () => handlers.release());
  steer('/pause', nothingSchema, () => handlers.pause());
  steer('/resume', nothingSchema, () => handlers.resume());
  steer('/reload', nothingSchema, () => handlers.reload());
  return server;
}

const send = (reply: FastifyReply, status: number, body: Answer) => reply.code(status).send(body);

const refusal = (code: string, says: string): Answer => ({ ok: false, says, code });

const pathOf = (url: string): string => (url.split('?')[0] ?? '').slice(0, 100);

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

const issuesOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    .join('; ')
    .slice(0, 1000);

/** What stands at the socket's path and must not be replaced; null: nothing, or a dead socket. */
async function occupant(socket: string): Promise<string | null> {
  const about = await lstat(socket).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (about === null) return null;
  if (!about.isSocket()) return 'a file that is not a socket stands there; left alone';
  return new Promise((resolve) => {
    const caller = connect({ path: socket });
    const settle = (text: string | null) => {
      caller.destroy();
      resolve(text);
    };
    caller.setTimeout(1000, () => settle('something holds it and does not answer'));
    caller.once('connect', () => settle('another daemon answers there'));
    caller.once('error', (error) => {
      const code = errorCode(error);
      // Refused: nobody listens any more. All else (EAGAIN: a full backlog) is somebody's.
      settle(code === 'ECONNREFUSED' || code === 'ENOENT' ? null : errorText(error));
    });
  });
}

async function removeSocket(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}
