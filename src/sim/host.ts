/**
 * One host of the simulated cluster: its kernel's table, its interfaces, its storage client, and
 * what steers its route. What happens to it is handed to `onEntry` as a trace; what its I/O feels
 * is measured (metrics.ts).
 */

import type { Entry } from '../laws/trace.ts';
import type { State } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Memory, Network, RouteEntry } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { createClient } from './client.ts';
import type { Conditions } from './conditions.ts';
import { createDaemon, type Engine } from './daemon.ts';
import { createMeter, type HostMetrics } from './metrics.ts';
import { createOldTool } from './old-tool.ts';
import type { Body, Pilot } from './pilot.ts';
import type { Policy } from './policy.ts';
import type { Queue } from './queue.ts';
import type { Random } from './random.ts';
import { isServing, type Sight, sightOf } from './way.ts';
import type { Weather } from './weather.ts';

export type { Engine } from './daemon.ts';

export interface HostOptions {
  readonly settings: Settings;
  readonly world: Conditions;
  readonly queue: Queue;
  readonly weather: Weather;
  /** The chance of the storage client. */
  readonly luck: Random;
  /** Null: nobody listens. */
  readonly onEntry: ((entry: Entry) => void) | null;
  /** What steers; default: the chart. */
  readonly policy?: Policy;
  /** What runs the chart. */
  readonly engine?: Engine;
  /** Leap over times in which nothing can happen; the orders are the same (leap.ts). */
  readonly leaps?: boolean;
}

export interface Host {
  readonly world: Conditions;
  readonly weather: Weather;
  /** The settings it began with, and those now in force. */
  readonly base: Settings;
  settings(): Settings;
  isAlive(): boolean;
  /** A daemon runs, and may act. */
  steers(): boolean;
  /** Throws while no daemon with a chart runs. */
  state(): State;
  /** Does its storage client's I/O flow? */
  isFlowing(): boolean;
  metrics(): HostMetrics;
  /** The truth about it may have changed. */
  look(): void;
  /** Operator and other outside facts, at the present time. */
  tell(fact: Fact): void;
  /** Somebody else changes the kernel's table; the kernel notifies. */
  foreign(entries: RouteEntry[]): void;
  link(network: Network, up: boolean): void;
  /** The far end of kept-open connections died. */
  serviceDied(scvm: string): void;
  reload(settings: Settings): void;
  /** The process stands still from now on, then notices. */
  freeze(ms: number): void;
  /** The daemon dies without a word. */
  crash(): void;
  /** A daemon starts, with what the last one saved unless that is lost. */
  boot(options?: { shadow?: boolean; amnesia?: boolean }): void;
}

/** What the kernel's notification takes to arrive. */
const NOTICE_MS = 1;

export function createHost(options: HostOptions): Host {
  const { world, queue, weather, onEntry, policy = 'chart' } = options;
  let settings = options.settings;
  /** The file as it is now; a daemon that does not run has not read it yet. */
  let wanted = settings;
  let pilot: Pilot | null = null;
  let saved: Memory | null = null;

  const see = (): Sight => sightOf(world, weather);
  const homeId = world.paths[0]?.id ?? '';
  const meter = createMeter(
    () => queue.nowMs(),
    homeId,
    (path) => isServing(world, path, weather),
  );
  const client = createClient(world, queue, weather, options.luck, meter, see);

  function look(by: 'controller' | 'other' | null): void {
    const sight = see();
    meter.see(sight, by);
    client.look(sight);
  }

  const body: Body = {
    world,
    queue,
    weather,
    onEntry,
    leaps: options.leaps ?? false,
    setTable(by, entries) {
      world.table.entries = entries;
      onEntry?.({ kind: 'table', atMs: queue.nowMs(), by, entries: [...entries] });
      look(by);
    },
    breakConnections: () => client.broken(see()),
    save(memory) {
      saved = memory;
    },
    ordered: (order) => meter.ordered(order),
  };

  function foreign(entries: RouteEntry[]): void {
    body.setTable('other', entries);
    queue.worldAt(queue.nowMs() + NOTICE_MS, () => {
      if (!world.table.readable) return;
      const read = [...world.table.entries];
      host.tell({ type: 'ROUTE_READ', atMs: queue.nowMs(), entries: read, orderId: null });
    });
  }

  const host: Host = {
    world,
    weather,
    base: options.settings,
    settings: () => wanted,
    isAlive: () => pilot !== null,
    steers: () => pilot?.isShadow === false,
    state() {
      if (!pilot) throw new Error('no daemon is running');
      return pilot.state();
    },
    isFlowing: () => client.isFlowing(),
    metrics: () => meter.read(),
    look: () => look(null),
    tell: (fact) => pilot?.tell(fact),
    foreign,
    link(network, up) {
      world.links[network] = up;
      pilot?.readLinks();
      if (up) return;
      // The kernel takes the /32 along without a word (research: link down).
      const left = world.table.entries.filter((e) => {
        const p = world.paths.find((x) => x.ip === e.gateway);
        return p?.network !== network;
      });
      if (left.length !== world.table.entries.length) foreign(left);
    },
    serviceDied: (scvm) => pilot?.serviceDied(scvm),
    reload(next) {
      wanted = next;
      if (!pilot) return;
      settings = next;
      pilot.reload(next);
    },
    freeze: (ms) => pilot?.freeze(ms),
    crash() {
      pilot?.stop();
      pilot = null;
    },
    boot({ shadow = false, amnesia = false } = {}) {
      host.crash();
      const begin = { settings, memory: amnesia ? null : saved, shadow };
      pilot =
        policy === 'chart'
          ? createDaemon(body, begin, options.engine)
          : createOldTool(body, settings, policy);
      // The laws know a configuration from its fact: a changed file is read right after the start.
      if (wanted !== settings) host.reload(wanted);
    },
  };
  return host;
}
