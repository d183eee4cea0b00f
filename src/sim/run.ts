/**
 * The simulator's composition root, twin of src/daemon.ts: hosts with their daemons in one
 * simulated cluster on virtual time. Same `decide`, other senses and hands.
 */

import type { Served } from '../laws/c1-single-access.ts';
import type { Failover } from '../laws/c2-spread.ts';
import type { Entry } from '../laws/trace.ts';
import type { Engine } from '../machines/decide.ts';
import type { Settings } from '../machines/settings.ts';
import { type Cluster, healthyCluster, healthyHost } from './conditions.ts';
import { createHost, type Host } from './host.ts';
import { createLogins, type Logins } from './logins.ts';
import type { HostMetrics, Trip } from './metrics.ts';
import type { Policy } from './policy.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRandom } from './random.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { equalsOf, type Way } from './way.ts';
import { createWeather } from './weather.ts';

export interface RunOptions {
  /** Of the luck of the wires; the world is calm until somebody changes the weather. */
  readonly seed?: number;
  /** Leap over quiet times (leap.ts); default: no. */
  readonly leaps?: boolean;
  readonly engine?: Engine;
  /** What steers the hosts; default: the chart. */
  readonly policy?: Policy;
  /** Hears who serves each client, whenever that may have changed (law C1). */
  readonly onServed?: (served: Served) => void;
  /** Hears of each failover (law C2). */
  readonly onFailover?: (failover: Failover) => void;
}

export interface Run {
  readonly queue: Queue;
  readonly cluster: Cluster;
  readonly sessions: Sessions;
  readonly hosts: readonly Host[];
  /** The first host: the one a dialogue is about. */
  readonly host: Host;
  /** Of each host, as it is now. */
  metrics(): HostMetrics[];
  advance(ms: number): void;
  /** What all hosts perceive of the world changes now, by `act` and nothing else. */
  change(act: () => void): void;
}

/** Entries come with the position of their host. */
export type OnEntry = (entry: Entry, host: number) => void;

/**
 * One host per element of `settings`, all with the same SCVMs in the same order of names, each
 * with its own local one. No daemon runs before it is booted. `onEntry` null: nobody listens, which
 * is cheaper.
 */
export function createRun(
  settings: readonly Settings[],
  onEntry: OnEntry | null,
  options: RunOptions = {},
): Run {
  const queue = createQueue();
  const names = [...new Set(settings[0]?.paths.map((p) => p.scvm))].sort(byNumber);
  const cluster = healthyCluster(names);

  const change = (act: () => void): void => {
    for (const host of hosts) host.wake();
    act();
    for (const host of hosts) host.look();
    logins?.look();
  };
  const seed = options.seed ?? 0;
  const luck = createRandom(seed, 'leader');
  const sessions = createSessions(cluster, queue, luck, change);
  let logins: Logins | null = null;
  /** Logins of time 0, before there is anybody to note them. */
  const mounted: [number, Way][] = [];
  const hosts: Host[] = settings.map((s, i) => {
    const later = (inMs: number, act: () => void): void => {
      queue.at(queue.nowMs() + inMs, () => hosts[i]?.change(act));
    };
    const source = { storage: `10.10.85.${11 + i}`, management: `192.168.85.${11 + i}` };
    return createHost({
      settings: s,
      world: healthyHost(cluster, s.paths, source),
      queue,
      weather: createWeather(seed, s.hostId, s.paths, later),
      luck: {
        client: createRandom(seed, 'client', s.hostId),
        arp: createRandom(seed, 'arp', s.hostId),
      },
      onLogin: (way) => (logins ? logins.login(i, way) : mounted.push([i, way])),
      onTruth: () => logins?.look(),
      onTrip: (trip) => tellOf(i, trip),
      onEntry: onEntry && ((entry) => onEntry(entry, i)),
      ...(options.policy ? { policy: options.policy } : {}),
      ...(options.engine ? { engine: options.engine } : {}),
      leaps: options.leaps ?? false,
    });
  });
  logins = createLogins(cluster, queue, hosts, options.onServed ?? null);
  for (const [i, way] of mounted) logins.login(i, way);
  function tellOf(i: number, { from, to, sound }: Trip): void {
    const who = hosts[i];
    if (!who || !options.onFailover) return;
    options.onFailover({
      host: i,
      atMs: queue.nowMs(),
      from: scvmOfPath(from),
      to: scvmOfPath(to),
      among: equalsOf(who.world, to, who.weather),
      wasSound: sound,
    });
  }

  const host = hosts[0];
  if (!host) throw new Error('a run needs a host');
  return {
    queue,
    cluster,
    sessions,
    hosts,
    host,
    metrics: () => hosts.map((h) => h.metrics()),
    advance: (ms) => queue.runUntil(queue.nowMs() + ms),
    change,
  };
}

/** `scvm1/data` is one of scvm1. */
const scvmOfPath = (id: string): string => id.replace(/\/.*$/, '');

function byNumber(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== y) return x - y;
  return a < b ? -1 : 1;
}

/** 12 of `scvm12`; 0: it ends in no number. */
const numberIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
