/**
 * A gate: one condition that can hold a move back, with its answer in words and numbers; and the
 * gates of one move, asked together. Which gates there are is in `gates.ts`.
 */

import type { Context } from './context.ts';

export interface Gate {
  readonly name: string;
  readonly open: boolean;
  /** One line with the numbers compared. Written when it is read: most gates are only asked. */
  readonly says: string;
  /** When time alone will open it; null: open, or time does not help. */
  readonly opensAtMs: number | null;
}

/** One gate of a move, asked of the context. */
type Ask = (c: Context) => Gate;

/** The text is a function of its own, called when somebody reads it. */
class Asked implements Gate {
  readonly name: string;
  readonly open: boolean;
  readonly opensAtMs: number | null;
  readonly text: () => string;

  constructor(name: string, open: boolean, opensAtMs: number | null, text: () => string) {
    this.name = name;
    this.open = open;
    this.opensAtMs = opensAtMs;
    this.text = text;
  }

  get says(): string {
    return this.text();
  }
}

export const gate = (name: string, open: boolean, text: () => string): Gate =>
  new Asked(name, open, null, text);

/** Opens at a time. */
export const timed = (name: string, c: Context, opensAtMs: number, text: () => string): Gate =>
  c.nowMs >= opensAtMs
    ? new Asked(name, true, null, text)
    : new Asked(name, false, opensAtMs, () => {
        return `${text()}, opens in ${Math.ceil(opensAtMs - c.nowMs)} ms`;
      });

/** All conditions of one move. */
export interface Gates {
  /** Every gate asked, in the order in which they are explained. */
  all(c: Context): Gate[];
  /** Are all of them open? Asks no further than the first closed one. */
  open(c: Context): boolean;
}

export const gatesOf = (...asks: readonly Ask[]): Gates => ({
  all: (c) => asks.map((ask) => ask(c)),
  open: (c) => asks.every((ask) => ask(c).open),
});

export const allOpen = (gates: readonly Gate[]): boolean => gates.every((g) => g.open);
