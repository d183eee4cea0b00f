/**
 * The frame of a law: takes the stream apart by kind, stamps what was broken with the law's name
 * and time, and says a breach that lasts only once. A law that waits for something looks when the
 * next fact arrives, because only then are all orders of the step before known; so the last step
 * of a trace is not judged for what it left undone.
 */

import type { Fact } from '../machines/events.ts';
import type { Order } from '../machines/orders.ts';
import type { Entry, Law } from './trace.ts';

export type Quiet = Extract<Entry, { kind: 'quiet' }>;

/** What one law looks at. Each answers with what is broken, in one line, or null. */
export interface Watch {
  fact?(fact: Fact): string | null;
  order?(order: Order, atMs: number): string | null;
  table?(change: Extract<Entry, { kind: 'table' }>): string | null;
  quiet?(rest: Quiet): void;
}

export function lawOf(name: string, watch: Watch): Law {
  return {
    name,
    see(entry) {
      const says = saysOf(watch, entry);
      if (!says) return null;
      return { law: name, atMs: entry.kind === 'fact' ? entry.fact.atMs : entry.atMs, says };
    },
  };
}

function saysOf(watch: Watch, entry: Entry): string | null | undefined {
  if (entry.kind === 'fact') return watch.fact?.(entry.fact);
  if (entry.kind === 'order') return watch.order?.(entry.order, entry.atMs);
  if (entry.kind === 'table') return watch.table?.(entry);
  watch.quiet?.(entry);
  return null;
}

/** Lets a breach through once, and again only after it had ended: a trace has millions of entries. */
export function createLatch(): (says: string | null) => string | null {
  let held = false;
  return (says) => {
    const first = says !== null && !held;
    held = says !== null;
    return first ? says : null;
  };
}

export const NEVER = Number.NEGATIVE_INFINITY;

export const ms = (n: number): string => `${Math.round(n)} ms`;
