/**
 * The simulator's composition root, twin of src/daemon.ts: hosts with their daemons in one
 * simulated cluster on virtual time. Same `decide`, other senses and hands.
 */

import type { Entry } from '../laws/trace.ts';
import type { Settings } from '../machines/settings.ts';
import { type Cluster, healthyCluster, healthyHost } from './conditions.ts';
import { createHost, type Engine, type Host } from './host.ts';
import type { HostMetrics } from './metrics.ts';
import type { Policy } from './policy.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRandom } from './random.ts';
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
  readonly hosts: readonly Host[];
  /** The first host: the one a dialogue is about. */
  readonly host: Host;
  /** Of each host, as it is now. */
  metrics(): HostMetrics[];
  advance(ms: number): void;
  /** The world that hosts perceive changes now. */
  touch(): void;
  /** A change of the world that is due later. */
  later(inMs: number, task: () => void): void;
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
  const later = (inMs: number, task: () => void): void => {
    queue.worldAt(queue.nowMs() + inMs, () => {
      task();
      touch();
    });
  };

  const seed = options.seed ?? 0;
  const hosts = settings.map((s, i) => {
    const source = { storage: `10.10.85.${11 + i}`, management: `192.168.85.${11 + i}` };
    return createHost({
      settings: s,
      world: healthyHost(cluster, s.paths, source),
      queue,
      weather: createWeather(seed, s.hostId, s.paths, later),
      luck: createRandom(seed, 'client', s.hostId),
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
    hosts,
    host,
    metrics: () => hosts.map((h) => h.metrics()),
    advance: (ms) => queue.runUntil(queue.nowMs() + ms),
    touch,
    later,
  };
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
