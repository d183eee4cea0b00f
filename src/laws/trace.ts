/**
 * What a law sees: one run as a stream of entries, the same for a simulated run, a lab run and a
 * recorded journal. `truth` entries are known only to a world that owns the kernel's table (the
 * simulator) or watches it from outside (the lab); laws that need them say so.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId, RouteEntry } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';

export type Entry =
  /** A fact, just before it is decided on. */
  | { readonly kind: 'fact'; readonly fact: Fact }
  /** An order, in the order in which `decide` gave them. */
  | { readonly kind: 'order'; readonly atMs: number; readonly order: Order }
  /** The kernel's table changed; `by` this controller or somebody else. */
  | {
      readonly kind: 'table';
      readonly atMs: number;
      readonly by: 'controller' | 'other';
      readonly entries: readonly RouteEntry[];
    }
  /**
   * The simulator leapt: until `atMs` every path said again what it had last said, in its usual
   * rhythm, and no order was given. When each was last heard of.
   */
  | {
      readonly kind: 'quiet';
      readonly atMs: number;
      readonly paths: readonly Repeated[];
      readonly listsAtMs: number | null;
    };

/** When a path's last ping and service facts came. */
export interface Repeated {
  readonly path: PathId;
  readonly pingAtMs: number;
  readonly serviceAtMs: number;
}

/** A broken law, in one line with its numbers. */
export interface Violation {
  readonly law: string;
  readonly atMs: number;
  readonly says: string;
}
