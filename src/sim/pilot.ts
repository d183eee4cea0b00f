/**
 * What steers a host's route, and what it finds there: the daemon with the chart (daemon.ts), or a
 * model of the tool before it (old-tool.ts).
 */

import type { Entry } from '../laws/trace.ts';
import type { State } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Memory, RouteEntry } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Settings } from '../machines/settings.ts';
import type { Conditions } from './conditions.ts';
import type { Lane, Queue } from './queue.ts';
import type { Weather } from './weather.ts';

/** A host as its pilot finds it. */
export interface Body {
  readonly world: Conditions;
  /** The world's time: only for what the world does. */
  readonly queue: Queue;
  /** The host's own clock. */
  readonly clock: Lane;
  readonly weather: Weather;
  /** Null: nobody listens. */
  readonly onEntry: ((entry: Entry) => void) | null;
  /** Leap over times in which nothing can happen; the orders are the same (leap.ts). */
  readonly leaps: boolean;
  /** Sets the kernel's table. */
  setTable(by: 'controller' | 'other', entries: RouteEntry[]): void;
  /** Aborts the TCP connections to the NFS address. */
  breakConnections(): void;
  save(memory: Memory): void;
  /** The leader took a session record of this host. */
  recorded(): void;
  /** These settings are in force. */
  reloaded(settings: Settings): void;
  /** An order was given. */
  ordered(order: Order): void;
}

export interface Pilot {
  /** It decides and never acts. */
  readonly isShadow: boolean;
  /** It runs, and does not stand still. */
  isRunning(): boolean;
  /** Operator and other outside facts, at the present time. */
  tell(fact: Fact): void;
  readLinks(): void;
  /** The far end of kept-open connections died. */
  serviceDied(scvm: string): void;
  reload(settings: Settings): void;
  /** The process stands still from now on, then notices. */
  freeze(ms: number): void;
  /** The world is about to change: up to date, and not dozing (leap.ts). */
  wake(): void;
  /** It has changed. */
  look(): void;
  /** It dies without a word. */
  stop(): void;
  /** Throws where no chart steers. */
  state(): State;
}
