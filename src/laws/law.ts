/**
 * The frame of a law: what it looks at, and what is known of the run by then. The jury (`jury.ts`)
 * shows each entry to all laws; what a law waits for it looks at when the next fact arrives, before
 * that is folded in, because only then are all orders of the step before known. So the last step of
 * a trace is not judged for what it left undone.
 */

import type { Fact } from '../machines/events.ts';
import type { Order } from '../machines/orders.ts';
import type { Ledger } from './signals.ts';
import type { Standing } from './standing.ts';
import type { Steering } from './steering.ts';
import type { Entry } from './trace.ts';

export type Quiet = Extract<Entry, { kind: 'quiet' }>;

/** One reading of the run for all laws: they ask it, the jury alone changes it. */
export interface Known {
  readonly facts: Omit<Ledger, 'see' | 'rest'>;
  readonly run: Omit<Standing, 'see' | 'obey'>;
  readonly steering: Omit<Steering, 'see' | 'obey'>;
}

/** Each answers with what is broken, in one line, or null. O(1) amortised per entry. */
export interface Law {
  readonly name: string;
  /** A fact has arrived and is not known yet. */
  before?(fact: Fact): string | null;
  /** It is known now. */
  fact?(fact: Fact): string | null;
  /** An order was given and is not known yet. */
  order?(order: Order, atMs: number): string | null;
  table?(change: Extract<Entry, { kind: 'table' }>): string | null;
  quiet?(rest: Quiet): void;
}

/** Makes a law for a run. What is known begins with the settings of its start. */
export type LawMaker = (known: Known) => Law;

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
