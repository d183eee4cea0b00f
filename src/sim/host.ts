/**
 * One host of the simulated cluster with its daemon: the same `decide`, virtual senses and hands.
 * It plays the part of src/daemon: facts in, one at a time and in order, orders out, a timer for
 * the next TICK. Everything that happens is handed to `onEntry` as a trace.
 */

import type { Entry } from '../laws/trace.ts';
import type { State } from '../machines/decide.ts';
import { decide, start } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Memory, Network, RouteEntry } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import type { Conditions } from './conditions.ts';
import { createHands, type Hands } from './hands.ts';
import { createLeaper, type Leaper } from './leap.ts';
import type { Cancel, Queue } from './queue.ts';
import { createSenses, type Senses } from './senses.ts';
import type { Weather } from './weather.ts';

/** What decides: the chart itself, or something proven to decide the same. */
export interface Engine {
  readonly start: typeof start;
  readonly decide: typeof decide;
}

export interface HostOptions {
  readonly settings: Settings;
  readonly world: Conditions;
  readonly queue: Queue;
  readonly weather: Weather;
  readonly onEntry: (entry: Entry) => void;
  readonly engine?: Engine;
  /** Leap over times in which nothing can happen; the orders are the same (leap.ts). */
  readonly leaps?: boolean;
}

/** A daemon that runs. */
export interface Life {
  state: State;
  readonly senses: Senses;
  readonly hands: Hands;
  readonly leaper: Leaper | null;
}

export interface Host {
  readonly world: Conditions;
  readonly weather: Weather;
  /** The settings it began with, and those now in force. */
  readonly base: Settings;
  settings(): Settings;
  isAlive(): boolean;
  /** Throws while no daemon runs. */
  state(): State;
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
/** Behind all other events of its time. */
const TICK_RANK = 1e6;

export function createHost(options: HostOptions): Host {
  const { world, queue, weather, onEntry } = options;
  const engine: Engine = options.engine ?? { start, decide };
  let settings = options.settings;
  /** The file as it is now; a daemon that does not run has not read it yet. */
  let wanted = settings;
  let alive: Life | null = null;
  let saved: Memory | null = null;
  let wake: Cancel | null = null;
  let wakeAtMs = Number.NaN;
  /** What arrived while the process stood still; null: it runs. */
  let mail: Fact[] | null = null;

  const onTable = (by: 'controller' | 'other', entries: readonly RouteEntry[]): void =>
    onEntry({ kind: 'table', atMs: queue.nowMs(), by, entries: [...entries] });

  function tell(fact: Fact): void {
    if (!alive) return;
    if (mail) {
      mail.push(fact);
      return;
    }
    onEntry({ kind: 'fact', fact });
    const [state, orders] = engine.decide(alive.state, fact);
    alive.state = state;
    follow(orders);
    alive?.leaper?.rest(orders.length > 0);
  }

  function follow(orders: readonly Order[]): void {
    const at = queue.nowMs();
    for (const order of orders) {
      onEntry({ kind: 'order', atMs: at, order });
      if (order.type === 'PROBE_AT') alive?.senses.pace(order.paces);
      if (order.type === 'SAVE_MEMORY') saved = order.memory;
      alive?.hands.carryOut(order);
    }
    if (alive) sleepUntil(alive.state.wakeAtMs);
  }

  function sleepUntil(atMs: number): void {
    if (atMs === wakeAtMs) return;
    wake?.();
    wakeAtMs = atMs;
    if (Number.isFinite(atMs)) wake = queue.at(atMs, onWake, TICK_RANK);
  }

  function onLeapt(): void {
    if (alive) sleepUntil(alive.state.wakeAtMs);
  }

  function onWake(): void {
    wakeAtMs = Number.NaN;
    if (!mail) tell({ type: 'TICK', atMs: queue.nowMs() });
  }

  function foreign(entries: RouteEntry[]): void {
    world.table.entries = entries;
    onTable('other', entries);
    queue.worldAt(queue.nowMs() + NOTICE_MS, () => {
      if (!world.table.readable) return;
      const read = [...world.table.entries];
      tell({ type: 'ROUTE_READ', atMs: queue.nowMs(), entries: read, orderId: null });
    });
  }

  function thaw(stalledMs: number, life: Life): void {
    if (alive !== life || !mail) return;
    const waiting = mail;
    mail = null;
    life.senses.restart();
    life.hands.restart();
    tell({ type: 'STALLED', atMs: queue.nowMs(), stalledMs });
    for (const fact of waiting) tell({ ...fact, atMs: queue.nowMs() });
  }

  function end(): void {
    wake?.();
    wakeAtMs = Number.NaN;
    mail = null;
    alive?.senses.stop();
    alive?.hands.stop();
    alive?.leaper?.stop();
    alive = null;
  }

  const host: Host = {
    world,
    weather,
    base: options.settings,
    settings: () => wanted,
    isAlive: () => alive !== null,
    state() {
      if (!alive) throw new Error('no daemon is running');
      return alive.state;
    },
    tell,
    foreign,
    link(network, up) {
      world.links[network] = up;
      alive?.senses.readLinks();
      if (up) return;
      // The kernel takes the /32 along without a word (research: link down).
      const left = world.table.entries.filter((e) => {
        const p = world.paths.find((x) => x.ip === e.gateway);
        return p?.network !== network;
      });
      if (left.length !== world.table.entries.length) foreign(left);
    },
    serviceDied(scvm) {
      if (!mail) alive?.senses.serviceDied(scvm);
    },
    reload(next) {
      wanted = next;
      if (!alive) return;
      settings = next;
      alive.senses.retarget(next);
      alive.hands.retarget(next);
      tell({ type: 'RELOADED', atMs: queue.nowMs(), settings: next });
    },
    freeze(ms) {
      if (!alive || mail) return;
      const life = alive;
      mail = [];
      life.senses.freeze();
      life.hands.freeze();
      queue.worldAt(queue.nowMs() + ms, () => thaw(ms, life));
    },
    crash: end,
    boot({ shadow = false, amnesia = false } = {}) {
      end();
      const fact: Fact = {
        type: 'STARTED',
        atMs: queue.nowMs(),
        memory: amnesia ? null : saved,
        shadow,
      };
      onEntry({ kind: 'fact', fact });
      const senses = createSenses(world, settings, queue, weather, tell);
      const hands = createHands(world, settings, queue, tell, onTable);
      senses.retarget(settings);
      const [state, orders] = engine.start(settings, fact);
      const life: Life = {
        state,
        senses,
        hands,
        leaper: options.leaps ? createLeaper(options, () => life, onLeapt) : null,
      };
      alive = life;
      follow(orders);
      senses.readLinks();
      // The laws know a configuration from its fact: a changed file is read right after the start.
      if (wanted !== settings) host.reload(wanted);
    },
  };
  return host;
}
