/**
 * Sessions between the access services and the meta leader (DOMAIN.md section 2), from both ends.
 * The follower: a lease that heartbeats renew, jeopardy when they are not answered, and then expiry:
 * from there it serves nobody until it has a new session. The leader: sees both a little later, and
 * its list is what hosts are told. They can disagree: a follower whose heartbeats arrive but whose
 * answers are lost expires in a list that shows it alive.
 *
 * The leader lives on one of the SCVMs. When that dies another one takes over within 30 s, and its
 * list fills while the followers come to it. No session expires of that.
 */

import { type Cluster, type ScvmCondition, scvmOf } from './conditions.ts';
import type { Queue, Timer } from './queue.ts';
import type { Random } from './random.ts';

/** DOMAIN.md section 7: lease 7 s, jeopardy 30 s. */
const LEASE_MS = 7000;
const JEOPARDY_MS = 30_000;
/** The leader notices later; at worst 8 s after a service died. */
const LAG_MS = 1000;
/** A failover takes less than 30 s. */
const ELECTION_MS = { least: 3000, most: 25_000 } as const;
/** Nobody has come to the new leader yet, then some: they reconnect within 1.5 to 6 s. */
const EMPTY_MS = { least: 200, most: 1500 } as const;
const PARTIAL_MS = { least: 1300, most: 4500 } as const;

export interface Sessions {
  /** What carries heartbeats, or who answers them, may have changed. */
  look(): void;
  /** The access process of this SCVM began anew. */
  restarted(name: string): void;
  /** The leader dies where it is; another is elected. */
  failOver(): void;
  /** The leader is as somebody said; no election goes on. */
  settle(leader: Cluster['leader']): void;
}

interface Ends {
  readonly scvm: ScvmCondition;
  /** The follower hears answers; the leader hears heartbeats. */
  hears: boolean;
  isHeard: boolean;
  readonly expiry: Timer;
  readonly lapse: Timer;
  readonly removal: Timer;
}

/** `change`: what hosts perceive changes. */
export function createSessions(
  cluster: Cluster,
  queue: Queue,
  random: Random,
  change: (act: () => void) => void,
): Sessions {
  const ends = new Map<string, Ends>(
    [...cluster.scvms].map(([name, scvm]) => [name, endsOf(scvm)]),
  );
  const step = queue.timer(() => change(elect));
  const later = (timer: Timer, ms: number): void => timer.set(queue.nowMs() + ms);
  const between = (span: { least: number; most: number }): number =>
    random.int(span.least, span.most);

  function endsOf(scvm: ScvmCondition): Ends {
    const timed = (act: () => void): Timer => queue.timer(() => change(act));
    return {
      scvm,
      hears: true,
      isHeard: true,
      expiry: timed(() => {
        scvm.isExpired = true;
      }),
      lapse: timed(() => {
        scvm.session.state = 'lapsed';
      }),
      removal: timed(() => {
        scvm.session.state = 'absent';
      }),
    };
  }

  function lookAt(e: Ends): void {
    const { scvm } = e;
    const hasLeader = cluster.leader !== 'away';
    const beats = scvm.powered && scvm.service === 'up';
    const hears = beats && hasLeader && scvm.heartbeats === 'ok';
    const isHeard = beats && scvm.heartbeats !== 'cut';
    if (hears !== e.hears) {
      e.hears = hears;
      if (!hears) later(e.expiry, LEASE_MS + JEOPARDY_MS);
      else {
        e.expiry.clear();
        if (scvm.isExpired) renew(scvm);
      }
    }
    // Nobody counts while there is no leader, and the next one gives everybody the whole time.
    if (!hasLeader || isHeard) {
      e.lapse.clear();
      e.removal.clear();
      if (hasLeader && !e.isHeard) scvm.session.state = 'alive';
      e.isHeard = isHeard || !hasLeader;
    } else if (e.isHeard) {
      e.isHeard = false;
      later(e.lapse, LEASE_MS + LAG_MS);
      later(e.removal, LEASE_MS + JEOPARDY_MS + LAG_MS);
    }
  }

  /** A session of its own, younger than all before. */
  function renew(scvm: ScvmCondition): void {
    const [name = '', number = '0'] = scvm.session.uuid.split(/-(?=\d+$)/);
    const uuid = `${name}-${Number(number) + 1}`;
    scvm.session = { uuid, startMs: queue.nowMs(), state: 'alive' };
    scvm.isExpired = false;
  }

  function look(): void {
    const { powered } = scvmOf(cluster, cluster.leaderOn);
    if (!powered && cluster.leader !== 'away') failOver();
    for (const e of ends.values()) lookAt(e);
  }

  function failOver(): void {
    cluster.leader = 'away';
    later(step, between(ELECTION_MS));
  }

  /** One step further: elected, then some have come, then all. */
  function elect(): void {
    if (cluster.leader === 'away') {
      const able = [...cluster.scvms].filter(([, scvm]) => scvm.powered).map(([name]) => name);
      if (able.length === 0) {
        later(step, between(ELECTION_MS));
        return;
      }
      cluster.leaderOn = random.pick(able);
      cluster.leader = 'empty';
      later(step, between(EMPTY_MS));
    } else if (cluster.leader === 'empty') {
      cluster.leader = 'partial';
      later(step, between(PARTIAL_MS));
    } else cluster.leader = 'here';
    look();
  }

  return {
    look,
    restarted(name) {
      const e = ends.get(name);
      if (!e) return;
      e.scvm.life += 1;
      e.scvm.isExpired = true;
      e.hears = false;
    },
    failOver() {
      failOver();
      look();
    },
    settle(leader) {
      step.clear();
      cluster.leader = leader;
      const able = [...cluster.scvms].find(([, scvm]) => scvm.powered)?.[0];
      if (!scvmOf(cluster, cluster.leaderOn).powered && able) cluster.leaderOn = able;
      look();
    },
  };
}
