/**
 * A gate: one condition that can hold a move back, with its answer in words and numbers; and the
 * gates of one move, asked together. Which gates there are is in `gates.ts`.
 */

import type { Context } from './context.ts';

/** What a gate is: two readings of the context, of which the chart needs only the first. */
export interface Rule {
  readonly name: string;
  /** OPEN, CLOSED, or the monotonic time in ms at which it opens by itself. */
  readonly opens: (c: Context) => number;
  /** It may open by itself. Absent: never, so nobody waits for it. */
  readonly timed?: true;
  /** One line with the numbers compared. */
  readonly says: (c: Context) => string;
}

export const OPEN = Number.NEGATIVE_INFINITY;
/** Time does not help. */
export const CLOSED = Number.POSITIVE_INFINITY;
export const when = (isOpen: boolean): number => (isOpen ? OPEN : CLOSED);

export const isOpen = (rule: Rule, c: Context): boolean => c.nowMs >= rule.opens(c);

/** A gate as it was found. */
export interface Gate {
  readonly name: string;
  readonly open: boolean;
  readonly says: string;
  /** When time alone will open it; null: open, or time does not help. */
  readonly opensAtMs: number | null;
}

export function ask(rule: Rule, c: Context): Gate {
  const { name } = rule;
  const opens = rule.opens(c);
  const says = rule.says(c);
  if (c.nowMs >= opens) return { name, open: true, says, opensAtMs: null };
  if (opens === CLOSED) return { name, open: false, says, opensAtMs: null };
  const inMs = Math.ceil(opens - c.nowMs);
  return { name, open: false, says: `${says}, opens in ${inMs} ms`, opensAtMs: opens };
}

/** All conditions of one move. */
export interface Gates {
  readonly rules: readonly Rule[];
  /** Every gate asked, in the order in which they are explained. */
  all(c: Context): Gate[];
  /** Are all of them open? Asks no further than the first closed one. */
  open(c: Context): boolean;
  /** When the first of the closed ones opens by itself; Infinity: none does. */
  nextOpensMs(c: Context): number;
}

export function gatesOf(...rules: readonly Rule[]): Gates {
  const timed = rules.filter((rule) => rule.timed);
  return {
    rules,
    all: (c) => rules.map((rule) => ask(rule, c)),
    open(c) {
      for (const rule of rules) if (!isOpen(rule, c)) return false;
      return true;
    },
    nextOpensMs(c) {
      let next = CLOSED;
      for (const rule of timed) {
        const opens = rule.opens(c);
        if (opens > c.nowMs && opens < next) next = opens;
      }
      return next;
    },
  };
}

export const allOpen = (gates: readonly Gate[]): boolean => gates.every((g) => g.open);
