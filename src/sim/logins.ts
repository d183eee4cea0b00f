/**
 * Single access from the servers' side (DOMAIN.md section 4). A client that begins to be served logs
 * in to the access service, by the address that it comes from. The meta leader has its logins
 * elsewhere revoked, as far as it can tell that they are the same hypervisor's: the same address, or
 * addresses of one session record, as the daemons really sent it. Until then both would execute what
 * still reaches them.
 *
 * A login ends with the process that holds it, with that process's session (it serves nobody then),
 * or by being revoked. What is true of each client is told whenever it may have changed.
 */

import type { Served } from '../laws/c1-single-access.ts';
import { type Cluster, type Conditions, leaderAnswers, scvmOf } from './conditions.ts';
import type { Queue } from './queue.ts';
import type { Way } from './way.ts';

export interface Logins {
  /** The host's client is served on this way from now on. */
  login(host: number, way: Way): void;
  /** Who serves, who can be told, or what is recorded may have changed. */
  look(): void;
}

/** A host as far as its logins go. */
export interface Member {
  readonly world: Conditions;
  /** Runs a daemon that may act now. */
  isActing(): boolean;
}

interface Login {
  readonly scvm: string;
  readonly life: number;
  readonly address: string;
}

/** From the second login to the end of the first, once the leader can. Assumed: two RPCs on a LAN. */
const REVOKE_MS = 50;
/** Every hypervisor's address on its own private network. */
const PRIVATE_ADDRESS = '192.168.33.1';

export function createLogins(
  cluster: Cluster,
  queue: Queue,
  members: readonly Member[],
  tell: ((served: Served) => void) | null,
): Logins {
  /** By host, the newest last. */
  const held: Login[][] = members.map(() => []);
  /** Hosts with more than one login. */
  const contested = new Set<number>();
  const due = members.map((_, host) => queue.timer(() => revoke(host)));
  const isDue = members.map(() => false);

  function isAlive({ scvm: name, life }: Login): boolean {
    const scvm = scvmOf(cluster, name);
    return scvm.powered && scvm.service !== 'refused' && scvm.life === life && !scvm.isExpired;
  }

  /** The session whose hypervisor it is, as the leader knows; null: it does not. */
  function hypervisorOf({ address, scvm }: Login): string | null {
    if (address === PRIVATE_ADDRESS) return scvmOf(cluster, scvm).session.uuid;
    for (const { session } of cluster.scvms.values()) {
      if (cluster.records.get(session.uuid)?.includes(address)) return session.uuid;
    }
    return null;
  }

  function isSame(a: Login, b: Login): boolean {
    if (a.address === b.address && a.address !== PRIVATE_ADDRESS) return true;
    const known = hypervisorOf(a);
    return known !== null && known === hypervisorOf(b);
  }

  function canBeTold(name: string): boolean {
    const { powered, service, heartbeats } = scvmOf(cluster, name);
    return powered && service === 'up' && heartbeats === 'ok';
  }

  /** Would the leader acknowledge this host's record, and is there a daemon that could send it? */
  function couldRecord({ world, isActing }: Member): boolean {
    const home = scvmOf(cluster, world.paths[0]?.scvm ?? '');
    const isListed = home.session.state !== 'absent';
    const takes = cluster.leader === 'here' && cluster.recordWriter === 'ok';
    return isListed && takes && leaderAnswers(world) && isActing();
  }

  function look(): void {
    for (const host of contested) lookAt(host);
  }

  function lookAt(host: number): void {
    const all = (held[host] ?? []).filter(isAlive);
    held[host] = all;
    const newest = all.at(-1);
    const older = all.filter((x) => x.scvm !== newest?.scvm);
    if (older.length === 0) contested.delete(host);
    else contested.add(host);
    const unknown = older.filter((x) => newest && !isSame(x, newest));
    const able = cluster.leader !== 'away';
    const revocable = older.filter((x) => able && !unknown.includes(x) && canBeTold(x.scvm));
    if (revocable.length > 0 && !isDue[host]) {
      isDue[host] = true;
      due[host]?.set(queue.nowMs() + REVOKE_MS);
    }
    const member = members[host];
    if (!member || !tell) return;
    tell({
      host,
      atMs: queue.nowMs(),
      by: [...new Set(all.map((x) => x.scvm))],
      isRevocable: revocable.length > 0,
      isUnknown: unknown.length > 0,
      couldRecord: couldRecord(member),
      hasDaemon: member.isActing(),
    });
  }

  function revoke(host: number): void {
    isDue[host] = false;
    const all = held[host] ?? [];
    const newest = all.at(-1);
    if (cluster.leader !== 'away' && newest) {
      const stays = (x: Login): boolean =>
        x.scvm === newest.scvm || !isSame(x, newest) || !canBeTold(x.scvm);
      held[host] = all.filter(stays);
    }
    lookAt(host);
  }

  return {
    login(host, { scvm, network }) {
      const source = members[host]?.world.source;
      const address = network === 'private' ? PRIVATE_ADDRESS : (source?.[network] ?? '');
      const { life } = scvmOf(cluster, scvm);
      // Where it is mounted from before time passes is where it always was.
      const before = queue.nowMs() === 0 ? [] : (held[host] ?? []);
      const others = before.filter((x) => x.scvm !== scvm || x.address !== address);
      held[host] = [...others, { scvm, life, address }];
      if (others.length > 0) lookAt(host);
    },
    look,
  };
}
