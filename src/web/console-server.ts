/**
 * The console's HTTP server, on loopback: the page, a live stream, the past, and four wishes. It
 * knows routes, shapes and bounds; what is shown and what a wish means is the provider's. Reading
 * is free to whoever may use this machine, as `reroute status` is not secret; a wish asks for the
 * token and for the console's own page as its origin.
 */

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '../io/log.ts';
import { type Asset, type Assets, encoded } from './assets.ts';
import { hostProblem, hostsOf, originProblem, SECURITY_HEADERS, siteProblem } from './policy.ts';
import type { Provider } from './provider.ts';
import { createRefusals } from './refusals.ts';
import type { Hello, WishAnswer } from './shapes.ts';
import { createStream } from './stream.ts';
import type { Token } from './token.ts';

export interface ConsoleOptions {
  /** A loopback address. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly provider: Provider;
  readonly assets: Assets;
  /** Null: nothing can be steered from here, with the reason in `steerSays`. */
  readonly token: Token | null;
  readonly steerSays: string;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** Monotonic ms. */
  readonly nowMs: () => number;
}

export interface Console {
  /** `http://127.0.0.1:9470` */
  readonly url: string;
  /** Open streams. */
  readers(): number;
  /** Breaks open connections; does not wait for anybody. */
  close(): Promise<void>;
}

const BODY_MAX_BYTES = 4096;
const HEAD_MAX_BYTES = 8192;
const REQUEST_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 64;

const nothing = z.strictObject({}).nullish();
const pin = z.strictObject({
  target: z.string().min(1).max(256),
  for_ms: z.exactOptional(z.int().min(1).max(2_147_483_647)),
  failsafe: z.exactOptional(z.boolean()),
});
const momentQuery = z.strictObject({ at: z.coerce.number().int().min(0).max(8.64e15) });

const no = (code: string, says: string): WishAnswer => ({ ok: false, code, says });

/** Rejects when it cannot listen there. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { host, port, provider, assets, token, log } = options;
  let hosts: ReadonlySet<string> = new Set();
  const server = createServer(log);
  const hello = (): Hello => ({
    ...provider.hello(),
    build: assets.build,
    canSteer: token !== null,
    steerSays: options.steerSays,
  });
  const refusals = createRefusals(log, options.nowMs);
  const stream = createStream({ provider, hello, nowMs: options.nowMs, log });

  server.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const host = hostProblem(request.headers, hosts);
    if (host !== null) {
      refusals.note(`console: refused: ${host}`);
      return reply.code(421).send(no('wrong_host', host));
    }
    // The page itself may be followed to from elsewhere.
    const isPage = assets.byUrl.has(request.routeOptions.url ?? '');
    const site = isPage ? null : siteProblem(request.headers);
    if (site === null) return;
    refusals.note(`console: ${request.url.slice(0, 100)} refused: ${site}`);
    return reply.code(403).send(no('wrong_origin', site));
  });

  for (const [url, asset] of assets.byUrl) {
    server.get(url, (request, reply) => sendAsset(asset, request, reply));
  }
  server.get('/api/stream', (_request, reply) => {
    openStream(reply, stream.join);
  });
  server.get('/api/hello', (_request, reply) =>
    fresh(reply).send({ ...hello(), readers: stream.readers() }),
  );
  server.get('/api/traffic', (_request, reply) => fresh(reply).send(provider.traffic()));
  server.get('/api/timeline', async (_request, reply) => json(reply, await provider.timeline()));
  server.get('/api/moment', async (request, reply) => {
    const query = momentQuery.safeParse(request.query);
    if (!query.success) {
      return reply.code(400).send(no('bad_request', 'at: ms since 1970, a whole number'));
    }
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    return json(reply, await provider.moment(query.data.at, gone.signal));
  });

  /** Null: may pass. */
  function doorProblem(request: FastifyRequest): { status: number; answer: WishAnswer } | null {
    const origin = originProblem(request.headers, hosts);
    if (origin !== null) return { status: 403, answer: no('wrong_origin', origin) };
    if (token === null) return { status: 403, answer: no('read_only', options.steerSays) };
    const given = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      return { status: 401, answer: no('no_token', 'give the token that `reroute console` shows') };
    }
    if (token.isRight(given)) return null;
    const says =
      'wrong token, nothing was changed: `reroute console` on the host shows the right one';
    return { status: 401, answer: no('wrong_token', says) };
  }

  function wish<T>(path: string, schema: z.ZodType<T>, grant: (body: T) => WishAnswer): void {
    server.post(path, {
      // Before the body is read: who may not ask is not listened to.
      onRequest: async (request, reply) => {
        const problem = doorProblem(request);
        if (problem === null) return;
        refusals.note(`console: ${path} refused: ${problem.answer.says}`);
        return reply.code(problem.status).send(problem.answer);
      },
      handler: async (request, reply) => {
        const body = schema.safeParse(request.body ?? undefined);
        if (!body.success) return reply.code(400).send(no('bad_request', issuesOf(body.error)));
        const answer = grant(body.data);
        log.info(`console: ${path} ${JSON.stringify(body.data ?? {})}: ${answer.says}`);
        return reply.code(answer.ok ? 200 : 409).send(answer);
      },
    });
  }
  wish('/api/pin', pin, (body) => provider.pin(body));
  wish('/api/release', nothing, () => provider.release());
  wish('/api/pause', nothing, () => provider.pause());
  wish('/api/resume', nothing, () => provider.resume());

  await server.listen({ host, port });
  const address = server.server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  hosts = hostsOf(host, bound);
  return {
    url: `http://${[...hosts][0]}`,
    readers: stream.readers,
    async close() {
      stream.close();
      await server.close();
    },
  };
}

function createServer(log: Pick<Log, 'warn'>): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 4 * REQUEST_TIMEOUT_MS,
    keepAliveTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    http: { maxHeaderSize: HEAD_MAX_BYTES },
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  // What a foreign page's form could send without being asked.
  server.removeContentTypeParser('text/plain');
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(no('unknown_route', 'nothing is here; the console is at /')),
  );
  server.setErrorHandler((error: unknown, request, reply) => {
    const text = error instanceof Error ? error.message : String(error);
    const status = statusOf(error);
    if (status === 413) {
      const says = `the request is too large: its body may have ${BODY_MAX_BYTES} bytes`;
      return reply.code(413).send(no('too_large', says));
    }
    if (status < 500) return reply.code(status).send(no('bad_request', text));
    log.warn(`console: ${request.method} ${request.url.slice(0, 100)} failed: ${text}`);
    return reply.code(status).send(no('internal', text));
  });
  return server;
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Asked again each time: an open page of an old build must not outlive the daemon's update.
  reply.headers({ 'cache-control': 'no-cache', etag: asset.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
  const accept = String(request.headers['accept-encoding'] ?? '');
  const { body, encoding } = encoded(asset, accept);
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.type(asset.type).send(body);
}

const fresh = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-store');

const json = (reply: FastifyReply, text: string): FastifyReply =>
  fresh(reply).type('application/json; charset=utf-8').send(text);

function openStream(reply: FastifyReply, join: (out: FastifyReply['raw']) => boolean): void {
  const { raw } = reply;
  reply.hijack();
  raw.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) raw.setHeader(name, value);
  raw.setHeader('content-type', 'text/event-stream; charset=utf-8');
  if (join(raw)) return;
  raw.statusCode = 503;
  raw.setHeader('content-type', 'application/json; charset=utf-8');
  raw.setHeader('retry-after', '10');
  raw.end(JSON.stringify(no('too_many_readers', 'too many consoles are open: close one')));
}

const issuesOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    .join('; ')
    .slice(0, 500);
