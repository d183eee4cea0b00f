/**
 * The simulator's composition root, twin of src/daemon.ts: hosts with their daemons in one
 * simulated cluster on virtual time. Same `decide`, other senses and hands.
 */

import type { Entry } from '../laws/trace.ts';
import type { Engine } from '../machines/decide.ts';
import type { Settings } from '../machines/settings.ts';
import { type Cluster, healthyCluster, healthyHost } from './conditions.ts';
import { createHost, type Host } from './host.ts';
import type { HostMetrics } from './metrics.ts';
import type { Policy } from './policy.ts';
import { createQueue, type Horizon, type Queue } from './queue.ts';
import { createRandom } from './random.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createWeather } from './weather.ts';

export interface RunOptions {
  /** Of the luck of the wires; the world is calm until somebody changes the weather. */
  readonly seed?: number;
  /** Leap over quiet times (leap.ts); default: no. */
  readonly leaps?: boolean;
  readonly engine?: Engine;
  /** What steers the hosts; default: the chart. */
  readonly policy?: Policy;
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
  /** What all hosts perceive changes now. */
  touch(): void;
  /** A change of what all hosts perceive that is due later. */
  later(inMs: number, task: () => void): void;
  /** Changes of the world: of what all hosts perceive, and of what each does alone. */
  readonly horizons: { readonly cluster: Horizon; readonly hosts: readonly Horizon[] };
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

  const touch = (): void => {
    cluster.changedAtMs = queue.nowMs();
    for (const host of hosts) host.look();
  };
  const shared = queue.horizon();
  const later = (inMs: number, task: () => void): void => {
    shared.at(queue.nowMs() + inMs, () => {
      task();
      touch();
    });
  };
  const own = settings.map(() => queue.horizon());

  const seed = options.seed ?? 0;
  const luck = createRandom(seed, 'leader');
  const sessions = createSessions(cluster, queue, shared, luck, touch);
  const hosts: Host[] = settings.map((s, i) => {
    const horizon = own[i] ?? shared;
    const laterHere = (inMs: number, task: () => void): void => {
      horizon.at(queue.nowMs() + inMs, () => {
        task();
        hosts[i]?.touch();
      });
    };
    const source = { storage: `10.10.85.${11 + i}`, management: `192.168.85.${11 + i}` };
    return createHost({
      settings: s,
      world: healthyHost(cluster, s.paths, source),
      queue,
      horizons: { own: horizon, shared },
      weather: createWeather(seed, s.hostId, s.paths, laterHere),
      luck: {
        client: createRandom(seed, 'client', s.hostId),
        arp: createRandom(seed, 'arp', s.hostId),
      },
      onEntry: onEntry && ((entry) => onEntry(entry, i)),
      ...(options.policy ? { policy: options.policy } : {}),
      ...(options.engine ? { engine: options.engine } : {}),
      leaps: options.leaps ?? false,
    });
  });
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
    touch,
    later,
    horizons: { cluster: shared, hosts: own },
  };
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
