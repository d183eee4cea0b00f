/**
 * The REST interface as its callers see it (DOMAIN section 5): the leader's own answers, and the
 * front on every SCVM that forwards to the leader, as nginx does there. All trouble that a caller
 * can meet is made in the front, by mode; the leader's interface behind it stays sane.
 */

import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { RestMode } from './fault.ts';
import type { SessionMaster } from './session-master.ts';
import { monotonicMs } from './truth.ts';
import { type Leader, PORTS } from './wire.ts';

const BODY_LIMIT = 64 * 1024;
const SLOW_BYTE_MS = 200;

const envelope = (ec: string, data: unknown, msg = '') => ({
  ec,
  error: msg === '' ? {} : { msg },
  data,
});
const NO_LEADER = envelope('ENOLEADER', null, 'no meta leader');

const recordSchema = {
  type: 'object',
  required: ['client_ips'],
  properties: {
    client_ips: { type: 'array', maxItems: 16, items: { type: 'string', format: 'ipv4' } },
  },
};

/** What the leader answers; ENOLEADER when this SCVM does not lead. */
export function createLeaderRest(sessions: SessionMaster): FastifyInstance {
  const app = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    const message = error instanceof Error ? error.message : String(error);
    return reply.code(400).send(envelope('EINVAL', null, message));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(envelope('ENOTFOUND', null, 'no such resource')),
  );
  app.get('/api/v3/sessions', () => {
    const master = sessions.master();
    return master === null ? NO_LEADER : envelope('EOK', master.rows(monotonicMs()));
  });
  app.put<{ Params: { uuid: string }; Body: { client_ips: string[] } }>(
    '/api/v2/zbs_session/session/:uuid',
    { schema: { body: recordSchema } },
    (request) => {
      if (sessions.master() === null) return NO_LEADER;
      return sessions.refresh(request.params.uuid, request.body.client_ips)
        ? envelope('EOK', null)
        : envelope('ESESSIONNOTFOUND', null, 'no such session');
    },
  );
  return app;
}

export interface Front {
  readonly app: FastifyInstance;
  setLeader(leader: Leader | null): void;
  setMode(mode: RestMode): void;
}

function dribble(reply: FastifyReply, text: string): void {
  const raw = reply.raw;
  raw.writeHead(200, { 'content-type': 'application/json' });
  let sent = 0;
  const timer = setInterval(() => {
    raw.write(text.slice(sent, sent + 1));
    sent += 1;
    if (sent >= text.length) raw.end();
  }, SLOW_BYTE_MS);
  raw.once('close', () => clearInterval(timer));
}

function flood(reply: FastifyReply): void {
  const raw = reply.raw;
  raw.writeHead(200, { 'content-type': 'application/json' });
  raw.write('{"ec":"EOK","error":{},"data":[');
  const block = '{},'.repeat(20_000);
  const more = () => {
    while (!raw.destroyed && raw.write(block));
  };
  raw.on('drain', more);
  more();
}

export function createFront(forwardMs: number, leaderNow: Leader | null, modeNow: RestMode): Front {
  let leader = leaderNow;
  let mode = modeNow;
  const app = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const html = (reply: FastifyReply, code: number, text: string) =>
    reply
      .code(code)
      .type('text/html')
      .send(`<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\r\n`);

  /** The leader's answer; null: none within the time. */
  const askLeader = async (method: string, url: string, body: unknown) => {
    if (leader === null) return { status: 200, text: JSON.stringify(NO_LEADER) };
    try {
      const response = await fetch(`http://${leader.dataIp}:${PORTS.leader}${url}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: method === 'GET' ? null : String(body),
        signal: AbortSignal.timeout(forwardMs),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      // Refused, unreachable or too late: nginx says the same to its caller for all of them.
      return null;
    }
  };

  app.route({
    method: ['GET', 'PUT'],
    url: '*',
    handler: async (request, reply) => {
      if (mode === 'hang' || mode === 'reset' || mode === 'huge') {
        reply.hijack();
        if (mode === 'reset') request.raw.socket.resetAndDestroy();
        if (mode === 'huge') flood(reply);
        return reply;
      }
      if (mode === 'garbage')
        return reply.code(200).send('\u0000\u00ff{"ec":"EOK","data":[{"uuid"');
      if (mode === 'html') return html(reply, 200, 'Log in');
      if (mode === 'empty') return reply.send(envelope('EOK', []));
      const answer = await askLeader(request.method, request.url, request.body);
      if (answer === null) return html(reply, 504, '504 Gateway Time-out');
      if (mode === 'slow') {
        reply.hijack();
        dribble(reply, answer.text);
        return reply;
      }
      return reply.code(answer.status).type('application/json').send(answer.text);
    },
  });
  return {
    app,
    setLeader(next) {
      leader = next;
    },
    setMode(next) {
      mode = next;
    },
  };
}
