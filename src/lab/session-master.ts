/**
 * The leader's end of the session channel: carries heartbeats and logins into master.ts and its
 * revocations and records back to the access services. Exists on every SCVM, works on the leader
 * only; on the others a caller is hung up on.
 */

import { createServer, type Socket } from 'node:net';
import { fromFollower, readLines, sendLine } from './channel.ts';
import { createMaster, type Master, type SessionChange } from './master.ts';
import type { Supervisor } from './programs/inside.ts';
import { monotonicMs } from './truth.ts';
import { type Leader, PORTS } from './wire.ts';

const SWEEP_MS = 100;

export interface SessionMaster {
  setLeader(leader: Leader | null): void;
  /** Null while this SCVM does not lead. */
  master(): Master | null;
  /** False: no such session. */
  refresh(uuid: string, clientIps: readonly string[]): boolean;
  listen(): Promise<void>;
}

export function createSessionMaster(supervisor: Supervisor): SessionMaster {
  const { settings, tell } = supervisor;
  const { leaseMs, graceMs } = settings.timings;
  let master: Master | null = null;
  const callers = new Map<Socket, string | null>();

  const report = (changes: readonly SessionChange[]) => {
    for (const change of changes) tell({ type: 'session', by: settings.scvm, ...change });
  };
  const toScvm = (scvm: string, message: Parameters<typeof sendLine>[1]) => {
    for (const [socket, name] of callers) if (name === scvm) sendLine(socket, message);
  };

  const server = createServer((socket) => {
    if (master === null) {
      socket.destroy();
      return;
    }
    callers.set(socket, null);
    socket.setNoDelay(true);
    readLines(socket, fromFollower, (message) => {
      if (master === null) return;
      callers.set(socket, message.scvm);
      if (message.type === 'beat') {
        report(master.beat(message, monotonicMs()));
        sendLine(socket, { type: 'ack', seq: message.seq });
        return;
      }
      const { scvm, client } = message;
      const { recorded, revoke } = master.login(scvm, client);
      tell({ type: 'login', scvm, host: null, client, recorded });
      for (const { scvm: elsewhere, clients } of revoke) {
        toScvm(elsewhere, { type: 'revoke', clients: [...clients] });
      }
    });
    // A follower that goes away loses nothing yet: its lease says when.
    socket.on('error', () => undefined);
    socket.once('close', () => callers.delete(socket));
  });

  setInterval(() => {
    if (master !== null) report(master.sweep(monotonicMs()));
  }, SWEEP_MS);

  return {
    master: () => master,
    setLeader(leader) {
      const leads = leader?.scvm === settings.scvm;
      if (leads === (master !== null)) return;
      master = leads ? createMaster(leaseMs, graceMs) : null;
      for (const socket of callers.keys()) socket.destroy();
    },
    refresh(uuid, clientIps) {
      const scvm = master?.refresh(uuid, clientIps) ?? null;
      const ec = scvm === null ? 'ESESSIONNOTFOUND' : 'EOK';
      tell({ type: 'record', uuid, scvm, clientIps, ec });
      if (scvm !== null) toScvm(scvm, { type: 'record', clientIps: [...clientIps] });
      return scvm !== null;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: settings.dataIp, port: PORTS.session }, resolve);
      }),
  };
}
