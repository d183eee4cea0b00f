/**
 * The access service of one SCVM: NFSv3 over TCP 2049 as far as a failover needs it. NULL is
 * answered at once; every other procedure is acknowledged by TCP at once and answered after the
 * time a disk would take, so that a client can be caught with a request in flight. Serves only
 * while it has a session. It stores nothing: file data is not what the lab is about.
 */

import { createServer, type Socket } from 'node:net';
import { createFollower } from '../follower.ts';
import { createRecordReader, encodeReply, PROC_NULL, parseCall } from '../rpc.ts';
import { monotonicMs } from '../truth.ts';
import { PORTS } from '../wire.ts';
import { connectSupervisor } from './inside.ts';

const MAX_CONNECTIONS = 512;
const REPORT_MS = 250;

const supervisor = connectSupervisor();
const { settings, tell } = supervisor;
const connections = new Set<Socket>();
/** The connections that did more than ask whether somebody is at home. */
const logins = new Set<Socket>();
const served = new Map<string, { fromMs: number; toMs: number; answered: number }>();

function clientOf(socket: Socket): string {
  return socket.remoteAddress ?? 'unknown';
}

function countAnswer(client: string): void {
  const nowMs = monotonicMs();
  const run = served.get(client);
  if (run === undefined) served.set(client, { fromMs: nowMs, toMs: nowMs, answered: 1 });
  else served.set(client, { fromMs: run.fromMs, toMs: nowMs, answered: run.answered + 1 });
}

function reportServed(): void {
  for (const [client, run] of served) {
    tell({ type: 'served', scvm: settings.scvm, host: null, client, ...run });
  }
  served.clear();
}

function serve(socket: Socket): void {
  if (connections.size >= MAX_CONNECTIONS) {
    socket.destroy();
    return;
  }
  connections.add(socket);
  socket.setNoDelay(true);
  const client = clientOf(socket);
  const read = createRecordReader((record) => {
    const call = parseCall(record);
    if (call === null) {
      socket.destroy();
    } else if (call.procedure === PROC_NULL) {
      socket.write(encodeReply(call, settings.scvm));
    } else {
      // Asking whether somebody is at home (NULL) is no login: probes revoke nobody.
      if (!logins.has(socket)) follower.login(client);
      logins.add(socket);
      setTimeout(() => {
        if (!socket.writable) return;
        socket.write(encodeReply(call, settings.scvm));
        countAnswer(client);
      }, settings.timings.answerMs);
    }
  });
  socket.on('data', (chunk: Buffer) => {
    if (!read(chunk)) socket.destroy();
  });
  // The peer's trouble ends its connection, nothing else; `close` follows.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    connections.delete(socket);
    logins.delete(socket);
  });
}

const server = createServer(serve);

function drop(which: (socket: Socket) => boolean): number {
  let dropped = 0;
  for (const socket of connections) {
    if (!which(socket)) continue;
    socket.resetAndDestroy();
    dropped += 1;
  }
  return dropped;
}

const follower = createFollower(settings, {
  onHeld() {
    server.listen({ host: '0.0.0.0', port: PORTS.nfs }, () =>
      tell({ type: 'process', what: `${settings.scvm} access`, state: 'serving' }),
    );
  },
  onExpired() {
    server.close();
    drop(() => true);
    tell({ type: 'process', what: `${settings.scvm} access`, state: 'not serving' });
  },
  onRevoked(clients) {
    // A connection that only asked NULL holds no login that could be revoked.
    const dropped = drop((socket) => logins.has(socket) && clients.includes(clientOf(socket)));
    if (dropped > 0) reportServed();
    tell({ type: 'revoked', scvm: settings.scvm, clients, dropped });
  },
  onState(uuid, state) {
    tell({ type: 'session', by: settings.scvm, scvm: settings.scvm, uuid, state });
  },
});

setInterval(reportServed, REPORT_MS);
supervisor.onTold((message) => {
  if (message.type === 'leader') follower.setLeader(message.leader);
});
follower.setLeader(settings.leader);
supervisor.say({ type: 'ready' });
