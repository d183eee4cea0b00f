/**
 * One host of the simulated cluster: its kernel's table, its interfaces, its storage client, and
 * what steers its route. What happens to it is handed to `onEntry` as a trace; what its I/O feels
 * is measured (metrics.ts).
 */

import type { Entry } from '../laws/trace.ts';
import type { Engine, State } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Memory, Network, RouteEntry } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { createClient, type OnClient } from './client.ts';
import type { Conditions } from './conditions.ts';
import { createDaemon } from './daemon.ts';
import { createDuplicates, type Duplicates } from './duplicates.ts';
import { createMeter, type HostMetrics, type Trip } from './metrics.ts';
import { createOldTool } from './old-tool.ts';
import type { Body, Pilot } from './pilot.ts';
import type { Policy } from './policy.ts';
import type { Queue } from './queue.ts';
import type { Random } from './random.ts';
import { isServing, type Sight, sightOf, type Way } from './way.ts';
import type { Weather } from './weather.ts';

export interface HostOptions {
  readonly settings: Settings;
  readonly world: Conditions;
  readonly queue: Queue;
  readonly weather: Weather;
  /** The chance of the storage client, and of who claims an address. */
  readonly luck: { readonly client: Random; readonly arp: Random };
  /** Null: nobody listens. */
  readonly onEntry: ((entry: Entry) => void) | null;
  /** Its client is served on this way from now on. */
  readonly onLogin: (way: Way) => void;
  /** Its controller failed it over. */
  readonly onTrip: (trip: Trip) => void;
  /** Who serves it, or what the leader knows of it, may have changed. */
  readonly onTruth: () => void;
  /** What steers; default: the chart. */
  readonly policy?: Policy;
  /** What runs the chart; default: compiled (machines/fast.ts). */
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
  /** A daemon runs that may act, and does not stand still. */
  isActing(): boolean;
  /** Throws while no daemon with a chart runs. */
  state(): State;
  /** Does its storage client's I/O flow? */
  isFlowing(): boolean;
  metrics(): HostMetrics;
  readonly duplicates: Duplicates;
  /** Its watch over ARP saw two machines with the address of this path. */
  sawDuplicate(path: string): void;
  /** By its clock. */
  nowMs(): number;
  /** What it perceives of the world changes now, by `act` and nothing else. */
  change(act: () => void): void;
  /** The world is about to change: whoever leaps is brought up to date. */
  wake(): void;
  /** It has changed. */
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
  /** The whole host sleeps, and its monotonic clock with it. */
  suspend(ms: number): void;
  /** The daemon dies without a word. */
  crash(): void;
  /** A daemon starts, with what the last one saved unless that is lost. */
  boot(options?: { shadow?: boolean; amnesia?: boolean }): void;
  /** The same, unless one runs that may act. */
  revive(): void;
}

/** What the kernel's notification takes to arrive. */
const NOTICE_MS = 1;

export function createHost(options: HostOptions): Host {
  const { world, queue, weather, onEntry, policy = 'chart' } = options;
  const clock = queue.lane();
  /** What the daemon that runs, or ran last, has read. */
  let settings = options.settings;
  /** The file as it is now; a daemon that does not run has not read it yet. */
  let wanted = settings;
  let pilot: Pilot | null = null;
  let saved: Memory | null = null;
  /** World's time; in the past: it is awake. */
  let asleepUntilMs = Number.NEGATIVE_INFINITY;

  /** Nothing runs on a host that sleeps; what should happen on it happens when it wakes up. */
  function awake(act: () => void): void {
    if (queue.nowMs() >= asleepUntilMs) act();
    else queue.at(asleepUntilMs, act);
  }

  const see = (): Sight => sightOf(world, weather);
  const homeId = world.paths[0]?.id ?? '';
  const meter = createMeter(
    () => queue.nowMs(),
    homeId,
    (path) => isServing(world, path, weather),
    options.onTrip,
  );
  const felt: OnClient = {
    ...meter,
    flowed(way) {
      meter.flowed();
      options.onLogin(way);
    },
  };
  const client = createClient(world, queue, weather, options.luck.client, felt, see);

  function look(by: 'controller' | 'other' | null): void {
    const sight = see();
    meter.see(sight, by);
    client.look(sight);
  }

  const body: Body = {
    world,
    queue,
    clock,
    weather,
    onEntry,
    leaps: options.leaps ?? false,
    setTable(by, entries) {
      world.table.entries = entries;
      onEntry?.({ kind: 'table', atMs: clock.nowMs(), by, entries: [...entries] });
      look(by);
    },
    breakConnections: () => client.broken(see()),
    save(memory) {
      saved = memory;
    },
    recorded: options.onTruth,
    reloaded(next) {
      settings = next;
    },
    ordered: (order) => meter.ordered(order),
  };

  function foreign(entries: RouteEntry[]): void {
    body.setTable('other', entries);
    clock.at(clock.nowMs() + NOTICE_MS, () => {
      if (!world.table.readable) return;
      const read = [...world.table.entries];
      host.tell({ type: 'ROUTE_READ', atMs: clock.nowMs(), entries: read, orderId: null });
    });
  }

  const host: Host = {
    world,
    weather,
    base: options.settings,
    settings: () => wanted,
    isAlive: () => pilot !== null,
    isActing() {
      const isAwake = queue.nowMs() >= asleepUntilMs;
      return isAwake && pilot?.isShadow === false && pilot.isRunning();
    },
    state() {
      if (!pilot) throw new Error('no daemon is running');
      return pilot.state();
    },
    isFlowing: () => client.isFlowing(),
    metrics: () => meter.read(),
    duplicates: createDuplicates(
      world,
      queue,
      options.luck.arp,
      (act) => host.change(act),
      (path) => host.sawDuplicate(path),
    ),
    sawDuplicate(path) {
      const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
      host.tell({ type: 'DUPLICATE_SEEN', atMs: clock.nowMs(), path, macs });
    },
    nowMs: clock.nowMs,
    change(act) {
      host.wake();
      act();
      host.look();
      options.onTruth();
    },
    wake: () => pilot?.wake(),
    look() {
      look(null);
      pilot?.look();
    },
    tell: (fact) => awake(() => pilot?.tell({ ...fact, atMs: clock.nowMs() })),
    foreign,
    link(network, up) {
      world.links[network] = up;
      awake(() => pilot?.readLinks());
      if (up) return;
      // The kernel takes the /32 along without a word (research: link down).
      const left = world.table.entries.filter((e) => {
        const p = world.paths.find((x) => x.ip === e.gateway);
        return p?.network !== network;
      });
      if (left.length !== world.table.entries.length) foreign(left);
    },
    serviceDied(scvm) {
      if (queue.nowMs() >= asleepUntilMs) pilot?.serviceDied(scvm);
    },
    reload(next) {
      wanted = next;
      awake(() => pilot?.reload(next));
    },
    freeze: (ms) => awake(() => pilot?.freeze(ms)),
    suspend(ms) {
      if (queue.nowMs() < asleepUntilMs) return;
      asleepUntilMs = queue.nowMs() + ms;
      clock.pause(ms);
    },
    crash: () => awake(end),
    boot: (how = {}) => awake(() => begin(how)),
    revive: () =>
      awake(() => {
        if (pilot?.isShadow !== false) begin({});
      }),
  };

  function end(): void {
    pilot?.stop();
    pilot = null;
  }

  function begin({
    shadow = false,
    amnesia = false,
  }: {
    shadow?: boolean;
    amnesia?: boolean;
  }): void {
    end();
    const begun = { settings, memory: amnesia ? null : saved, shadow };
    pilot =
      policy === 'chart'
        ? createDaemon(body, begun, options.engine)
        : createOldTool(body, settings, policy);
    // The laws know a configuration from its fact: a changed file is read right after the start.
    if (wanted !== settings) host.reload(wanted);
  }

  return host;
}
