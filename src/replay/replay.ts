/**
 * A recorded journal through the chart again: the same facts must give the same orders. Starts at
 * every header that holds a state (segments, restarts, gaps) or at STARTED. Pure; what reads the
 * files is not here.
 */

import { decide, type State, start } from '../machines/decide.ts';
import type { Fact } from '../machines/events.ts';
import type { Order } from '../machines/orders.ts';
import { fromPlain, type PlainState } from '../machines/plain.ts';
import type { Settings } from '../machines/settings.ts';

/** What a journal holds, as far as a replay needs it. */
export type Recorded =
  | { readonly kind: 'header'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'order'; readonly atMs: number; readonly order: { readonly type: string } }
  | { readonly kind: 'note' | 'gap' | 'problem' };

/** One place where the replay gave other orders than the journal holds. */
export interface Difference {
  readonly atMs: number;
  readonly fact: string;
  /** Orders as JSON; null: none on that side. */
  readonly recorded: string | null;
  readonly replayed: string | null;
}

export interface Replayed {
  readonly facts: number;
  readonly orders: number;
  /** Facts that could not be replayed: they stand before any state is known. */
  readonly skipped: number;
  /** The first of them, at most `MAX_DIFFERENCES`. */
  readonly differences: readonly Difference[];
}

const MAX_DIFFERENCES = 20;

interface Turn {
  readonly atMs: number;
  readonly fact: string;
  readonly replayed: string[];
  readonly recorded: string[];
}

export function replay(entries: Iterable<Recorded>): Replayed {
  let state: State | null = null;
  let settings: Settings | null = null;
  let turn: Turn | null = null;
  let facts = 0;
  let orders = 0;
  let skipped = 0;
  const differences: Difference[] = [];

  const close = (): void => {
    if (turn && differences.length < MAX_DIFFERENCES) differences.push(...compare(turn));
    turn = null;
  };

  for (const entry of entries) {
    if (entry.kind === 'header') {
      close();
      settings = (entry.body.settings as Settings | undefined) ?? settings;
      state = entry.body.state ? stateOf(entry.body.state) : null;
    } else if (entry.kind === 'fact') {
      close();
      const step = stepOf(state, settings, entry.fact);
      if (!step) {
        skipped += 1;
        continue;
      }
      facts += 1;
      state = step[0];
      const replayed = step[1].map((o) => JSON.stringify(o));
      turn = { atMs: entry.fact.atMs, fact: entry.fact.type, replayed, recorded: [] };
    } else if (entry.kind === 'order') {
      orders += 1;
      turn?.recorded.push(JSON.stringify(entry.order));
    } else if (entry.kind === 'gap') {
      // What follows a gap begins with a header; until then nothing can be compared.
      turn = null;
      state = null;
    }
  }
  close();
  return { facts, orders, skipped, differences };
}

/** Throws with what to do: a header is checked by its format's number alone. */
function stateOf(plain: unknown): State {
  try {
    return fromPlain(plain as PlainState);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `a header of the journal holds no state that this program can go on from (${why}): ` +
        'replay it with the version that wrote it',
      { cause },
    );
  }
}

function stepOf(
  state: State | null,
  settings: Settings | null,
  fact: Fact,
): readonly [State, Order[]] | null {
  if (fact.type === 'STARTED') return settings ? start(settings, fact) : null;
  return state ? decide(state, fact) : null;
}

function compare(turn: Turn): Difference[] {
  const length = Math.max(turn.recorded.length, turn.replayed.length);
  const found: Difference[] = [];
  for (let i = 0; i < length; i += 1) {
    const recorded = turn.recorded[i] ?? null;
    const replayed = turn.replayed[i] ?? null;
    if (recorded !== replayed) found.push({ atMs: turn.atMs, fact: turn.fact, recorded, replayed });
  }
  return found;
}
