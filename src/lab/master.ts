/**
 * The SessionMaster of the meta leader: who has a session, since when, and whose clients are one
 * hypervisor. Pure: time comes in with each call. Entries are kept while alive, shown as not alive
 * from the end of the lease, and removed after the grace. A new leader starts empty and learns
 * everything from the followers' heartbeats, uuid, age and client addresses included.
 */

import type { SessionBeat } from './channel.ts';
import { PRIVATE_HOST_IP } from './plan.ts';

export interface SessionChange {
  readonly scvm: string;
  readonly uuid: string;
  readonly state: 'new' | 'alive' | 'lapsed' | 'removed';
}

export interface Revocation {
  /** The access service that must drop them. */
  readonly scvm: string;
  readonly clients: readonly string[];
}

/** One row of `GET /api/v3/sessions` (DOMAIN section 5, assumed shape). */
export interface SessionRow {
  readonly uuid: string;
  readonly ip: string;
  readonly manage_ip: string;
  readonly zone?: string;
  readonly alive: boolean;
  readonly alive_sec: number;
  readonly local_client_ips: readonly string[];
}

export interface Master {
  beat(beat: SessionBeat, nowMs: number): SessionChange[];
  sweep(nowMs: number): SessionChange[];
  rows(nowMs: number): SessionRow[];
  /** The SCVM whose session it is; null: no such session. */
  refresh(uuid: string, clientIps: readonly string[]): string | null;
  /** What must be dropped elsewhere; `recorded` false: the client's other addresses are unknown. */
  login(scvm: string, client: string): { recorded: boolean; revoke: Revocation[] };
}

interface Entry {
  readonly beat: SessionBeat;
  readonly atMs: number;
  readonly alive: boolean;
}

export function createMaster(leaseMs: number, graceMs: number): Master {
  /** By data IP: an SCVM has one session, a new uuid takes the old one's place. */
  const byIp = new Map<string, Entry>();
  const entries = () => [...byIp.values()];

  const sweep = (nowMs: number): SessionChange[] => {
    const changes: SessionChange[] = [];
    for (const [ip, entry] of byIp) {
      const { scvm, uuid } = entry.beat;
      const silentMs = nowMs - entry.atMs;
      if (silentMs > leaseMs + graceMs) {
        byIp.delete(ip);
        changes.push({ scvm, uuid, state: 'removed' });
      } else if (silentMs > leaseMs && entry.alive) {
        byIp.set(ip, { ...entry, alive: false });
        changes.push({ scvm, uuid, state: 'lapsed' });
      }
    }
    return changes;
  };

  return {
    sweep,
    beat(beat, nowMs) {
      const changes: SessionChange[] = sweep(nowMs);
      const before = byIp.get(beat.ip);
      // A heartbeat can have left before the record that was just acknowledged reached its sender.
      const known = before?.beat.uuid === beat.uuid ? before.beat.clientIps : beat.clientIps;
      byIp.set(beat.ip, { beat: { ...beat, clientIps: known }, atMs: nowMs, alive: true });
      const { scvm, uuid } = beat;
      if (before?.beat.uuid !== uuid) changes.push({ scvm, uuid, state: 'new' });
      else if (!before.alive) changes.push({ scvm, uuid, state: 'alive' });
      return changes;
    },
    rows(nowMs) {
      return entries().map(({ beat, atMs, alive }) => ({
        uuid: beat.uuid,
        ip: beat.ip,
        manage_ip: beat.manageIp,
        ...(beat.zone === null ? {} : { zone: beat.zone }),
        alive,
        alive_sec: Math.floor((beat.ageMs + (nowMs - atMs)) / 1000),
        local_client_ips: beat.clientIps,
      }));
    },
    refresh(uuid, clientIps) {
      for (const [ip, entry] of byIp) {
        if (entry.beat.uuid !== uuid) continue;
        byIp.set(ip, { ...entry, beat: { ...entry.beat, clientIps: [...clientIps] } });
        return entry.beat.scvm;
      }
      return null;
    },
    login(scvm, client) {
      const isPrivate = client === PRIVATE_HOST_IP;
      // Every host is 192.168.33.1 to its own SCVM, so that address is known by where it came in.
      const home = entries().find(({ beat }) =>
        isPrivate ? beat.scvm === scvm : beat.clientIps.includes(client),
      );
      const shared = home?.beat.clientIps ?? (isPrivate ? [] : [client]);
      const revoke = entries()
        .filter(({ beat }) => beat.scvm !== scvm)
        .map(({ beat }) => ({
          scvm: beat.scvm,
          clients: beat === home?.beat ? [...shared, PRIVATE_HOST_IP] : [...shared],
        }))
        .filter(({ clients }) => clients.length > 0);
      return { recorded: home !== undefined && home.beat.clientIps.length > 0, revoke };
    },
  };
}
