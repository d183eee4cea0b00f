/**
 * The simulator's composition root, twin of src/daemon.ts: one host's controller in a simulated
 * world on virtual time. Same `decide`, other senses and hands. Everything that happens is handed
 * to `onEntry` as a trace.
 */

import type { Entry } from '../laws/trace.ts';
import { decide, type State, start } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Memory, RouteEntry } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import { type Conditions, healthy } from './conditions.ts';
import { createHands, type Hands, ownEntry } from './hands.ts';
import { type Cancel, createQueue, type Queue } from './queue.ts';
import { createSenses, type Senses } from './senses.ts';

export interface Run {
  readonly world: Conditions;
  readonly queue: Queue;
  state(): State;
  /** Operator and other outside facts, at the present time. */
  tell(fact: Fact): void;
  advance(ms: number): void;
  /** Somebody else changes the kernel's table; the kernel notifies. */
  foreign(entries: RouteEntry[]): void;
  link(network: 'storage' | 'management', up: boolean): void;
  /** The process stands still, then notices. */
  stall(ms: number): void;
  /** The daemon dies without a word. */
  crash(): void;
  /** A daemon starts, with what the last one saved. */
  boot(options?: { shadow?: boolean }): void;
}

/** What the kernel's notification takes to arrive. */
const NOTICE_MS = 1;

export function createRun(settings: Settings, onEntry: (entry: Entry) => void): Run {
  const queue = createQueue();
  const world = healthy(settings.paths);
  let current = settings;
  let alive: { state: State; senses: Senses; hands: Hands } | null = null;
  let saved: Memory | null = null;
  let wake: Cancel | null = null;

  const onTable = (by: 'controller' | 'other', entries: readonly RouteEntry[]): void =>
    onEntry({ kind: 'table', atMs: queue.nowMs(), by, entries: [...entries] });

  function tell(fact: Fact): void {
    if (!alive) return;
    onEntry({ kind: 'fact', fact });
    if (fact.type === 'RELOADED') current = fact.settings;
    const [state, orders] = decide(alive.state, fact);
    alive.state = state;
    follow(orders);
  }

  function follow(orders: readonly Order[]): void {
    const at = queue.nowMs();
    for (const order of orders) {
      onEntry({ kind: 'order', atMs: at, order });
      if (order.type === 'PROBE_AT') alive?.senses.pace(order.paces);
      if (order.type === 'SAVE_MEMORY') saved = order.memory;
      alive?.hands.carryOut(order);
    }
    wake?.();
    if (!alive || !Number.isFinite(alive.state.wakeAtMs)) return;
    wake = queue.at(alive.state.wakeAtMs, () => tell({ type: 'TICK', atMs: queue.nowMs() }));
  }

  function foreign(entries: RouteEntry[]): void {
    world.table.entries = entries;
    onTable('other', entries);
    queue.at(queue.nowMs() + NOTICE_MS, () => {
      if (world.table.readable) {
        const read = [...world.table.entries];
        tell({ type: 'ROUTE_READ', atMs: queue.nowMs(), entries: read, orderId: null });
      }
    });
  }

  return {
    world,
    queue,
    state() {
      if (!alive) throw new Error('no daemon is running');
      return alive.state;
    },
    tell,
    advance: (ms) => queue.runUntil(queue.nowMs() + ms),
    foreign,
    link(network, up) {
      world.links[network] = up;
      alive?.senses.readLinks();
      if (up) return;
      // The kernel takes the /32 along without a word (research: link down).
      const gone = world.table.entries.filter((e) => {
        const p = world.paths.find((x) => x.ip === e.gateway);
        return p?.network !== network;
      });
      if (gone.length !== world.table.entries.length) foreign(gone);
    },
    stall(ms) {
      alive?.senses.discardRound();
      queue.jump(ms);
      tell({ type: 'STALLED', atMs: queue.nowMs(), stalledMs: ms });
    },
    crash() {
      wake?.();
      alive?.senses.stop();
      alive?.hands.stop();
      alive = null;
    },
    boot(options) {
      const shadow = options?.shadow ?? false;
      const fact = { type: 'STARTED' as const, atMs: queue.nowMs(), memory: saved, shadow };
      onEntry({ kind: 'fact', fact });
      const senses = createSenses(world, current, queue, tell);
      const hands = createHands(world, current, queue, tell, onTable);
      const [state, orders] = start(current, fact);
      alive = { state, senses, hands };
      follow(orders);
      senses.readLinks();
    },
  };
}

export { ownEntry };
