/**
 * An access service's session with the meta leader, seen from the follower (DOMAIN section 2).
 * Held while heartbeats are answered; in jeopardy once the lease has passed without an answer;
 * expired when the jeopardy has passed too: then the service must stop serving, and the next
 * leader it reaches gives it a new session with a new uuid and age 0. A leader change within that
 * time keeps uuid and age.
 */

import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type FromLeader, fromLeader, readLines, sendLine } from './channel.ts';
import { monotonicMs, type SessionState } from './truth.ts';
import { type Leader, PORTS, type ProgramSettings } from './wire.ts';

const CHECK_MS = 100;
const RETRY_MS = 200;

export interface FollowerEvents {
  /** A session is held for the first time or again after an expiry: serve. */
  onHeld(): void;
  /** The session is gone: stop serving, drop everybody. */
  onExpired(): void;
  /** The leader says that these clients are logged in elsewhere now. */
  onRevoked(clients: readonly string[]): void;
  onState(uuid: string, state: SessionState): void;
}

export interface Follower {
  setLeader(leader: Leader | null): void;
  /** Told to the leader at once, or as soon as there is one. */
  login(client: string): void;
}

export function createFollower(settings: ProgramSettings, events: FollowerEvents): Follower {
  const { heartbeatMs, leaseMs, jeopardyMs } = settings.timings;
  let leader: Leader | null = null;
  let socket: Socket | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let session = { uuid: randomUUID() as string, startedMs: monotonicMs() };
  let state: 'none' | 'held' | 'jeopardy' = 'none';
  let clientIps: readonly string[] = [];
  let ackedAtMs = 0;
  let beatAtMs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  const unanswered = new Map<number, number>();
  const pendingLogins = new Set<string>();

  const hangUp = () => {
    socket?.destroy();
    socket = null;
    unanswered.clear();
  };

  const beat = (to: Socket, nowMs: number) => {
    beatAtMs = nowMs;
    seq += 1;
    unanswered.set(seq, nowMs);
    const { scvm, dataIp, manageIp, zone } = settings;
    const ageMs = Math.max(0, nowMs - session.startedMs);
    const { uuid } = session;
    const about = { scvm, uuid, ip: dataIp, manageIp, zone, ageMs, clientIps: [...clientIps] };
    sendLine(to, { type: 'beat', seq, ...about });
  };

  const acknowledged = (answered: number) => {
    const sentMs = unanswered.get(answered);
    if (sentMs === undefined) return;
    unanswered.delete(answered);
    // The lease counts from when the heartbeat was sent: the leader's clock cannot start earlier.
    ackedAtMs = sentMs;
    const before = state;
    state = 'held';
    if (before === 'none') {
      events.onState(session.uuid, 'new');
      events.onHeld();
    } else if (before === 'jeopardy') {
      events.onState(session.uuid, 'alive');
    }
    for (const client of pendingLogins) {
      if (socket !== null) sendLine(socket, { type: 'login', scvm: settings.scvm, client });
    }
    pendingLogins.clear();
  };

  const heard = (message: FromLeader) => {
    if (message.type === 'ack') acknowledged(message.seq);
    else if (message.type === 'revoke') events.onRevoked(message.clients);
    else clientIps = message.clientIps;
  };

  const dial = (to: Leader, nowMs: number) => {
    triedAtMs = nowMs;
    const dialled = connect({ host: to.dataIp, port: PORTS.session });
    socket = dialled;
    dialled.setNoDelay(true);
    readLines(dialled, fromLeader, heard);
    dialled.once('connect', () => {
      if (state === 'none') session = { uuid: randomUUID(), startedMs: monotonicMs() };
      beat(dialled, monotonicMs());
    });
    // What broke it does not matter here: `close` follows every error, and the check dials again.
    dialled.on('error', () => undefined);
    dialled.once('close', () => {
      if (socket === dialled) hangUp();
    });
  };

  const check = () => {
    const nowMs = monotonicMs();
    const silentMs = nowMs - ackedAtMs;
    if (state === 'held' && silentMs > leaseMs) {
      state = 'jeopardy';
      events.onState(session.uuid, 'jeopardy');
    }
    if (state === 'jeopardy' && silentMs > leaseMs + jeopardyMs) {
      state = 'none';
      clientIps = [];
      events.onState(session.uuid, 'expired');
      events.onExpired();
      hangUp();
    }
    const oldestMs = unanswered.values().next().value;
    if (oldestMs !== undefined && nowMs - oldestMs > 2 * heartbeatMs) hangUp();
    if (socket === null) {
      if (leader !== null && nowMs - triedAtMs >= RETRY_MS) dial(leader, nowMs);
    } else if (socket.connecting) {
      if (nowMs - triedAtMs > 2 * heartbeatMs) hangUp();
    } else if (nowMs - beatAtMs >= heartbeatMs) {
      beat(socket, nowMs);
    }
  };
  setInterval(check, CHECK_MS);

  return {
    setLeader(next) {
      if (next?.dataIp !== leader?.dataIp) hangUp();
      leader = next;
      triedAtMs = Number.NEGATIVE_INFINITY;
      check();
    },
    login(client) {
      if (state === 'held' && socket !== null && !socket.connecting) {
        sendLine(socket, { type: 'login', scvm: settings.scvm, client });
      } else {
        pendingLogins.add(client);
      }
    },
  };
}
