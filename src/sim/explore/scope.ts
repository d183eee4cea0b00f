/**
 * How large an abstract world is. Everything in a scope is explored to its end; what is not in it
 * never happens there. The scopes together reach every state and transition of the chart.
 */

import type { PathId } from '../../machines/model.ts';
import { type Durations, SMALL } from './scale.ts';

export interface Scope {
  readonly name: string;
  readonly says: string;
  readonly durations: Durations;
  /** Paths whose health may change; all others are down for ever. */
  readonly live: readonly PathId[];
  /** Whole SCVMs, networks, and everything at once may change as well. */
  readonly joint: boolean;
  /** The route command works and is read back, or fails, or does nothing; or anything of it. */
  readonly command: 'sure' | 'any';
  /** The leader acknowledges at once, or does anything at any time. */
  readonly record: 'prompt' | 'any';
  /** What others do to the kernel's table: nothing; seen at once; seen when it is next read. */
  readonly foreign: 'none' | 'seen' | 'silent';
  /** Tables that others may leave. */
  readonly twins: boolean;
  /** Pins as the operator may ask for them, on every live path. */
  readonly pins: readonly Wish[];
  readonly pauses: boolean;
  readonly reloads: boolean;
  readonly stalls: boolean;
  readonly crashes: boolean;
  readonly shadow: boolean;
  /** Home's session: how old it may be at the start, ticks; null: not listed. */
  readonly sessionAges: readonly (number | null)[];
}

/** A pin: until so many ticks from now, or until released; given up when it fails, or not. */
export interface Wish {
  readonly forTicks: number | null;
  readonly failsafe: boolean;
}

const WISHES: readonly Wish[] = [
  { forTicks: null, failsafe: false },
  { forTicks: null, failsafe: true },
  { forTicks: 1, failsafe: false },
];

const TWO: readonly PathId[] = ['scvm1/data', 'scvm1/manage', 'scvm2/data', 'scvm2/manage'];

export const base: Scope = {
  name: 'base',
  says: '',
  durations: { scvms: 2, ...SMALL },
  live: TWO,
  joint: true,
  command: 'any',
  record: 'prompt',
  foreign: 'none',
  twins: false,
  pins: [],
  pauses: false,
  reloads: false,
  stalls: false,
  crashes: false,
  shadow: false,
  sessionAges: [null],
};

export { WISHES };
