/**
 * How large an abstract world is. Everything in a scope is explored to its end; what is not in it
 * never happens there. The scopes of a set together reach every state and transition of the chart;
 * each is the product of what its name says with the paths and the clock. The large sets are the
 * same scopes with more paths and longer spans.
 */

import type { PathId } from '../../machines/model.ts';
import type { Durations } from './scale.ts';

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
  /** Others may leave a second entry. */
  readonly twins: boolean;
  /** Pins as the operator may ask for them, on every live path. */
  readonly pins: readonly Wish[];
  readonly pauses: boolean;
  readonly reloads: boolean;
  readonly stalls: boolean;
  readonly crashes: boolean;
  /** Some daemons run in shadow. */
  readonly shadow: boolean;
  /** Home's session: how old it may be at the start, ticks; null: not listed. */
  readonly sessionAges: readonly (number | null)[];
}

/** A pin: until so many ticks from now, or until released; given up when it fails, or not. */
export interface Wish {
  readonly forTicks: number | null;
  readonly failsafe: boolean;
}

export const WISHES: readonly Wish[] = [
  { forTicks: null, failsafe: false },
  { forTicks: null, failsafe: true },
  { forTicks: 1, failsafe: false },
];
const PLAIN: Wish = { forTicks: null, failsafe: false };
const TIMED: Wish = { forTicks: 1, failsafe: true };

/** Every span as short as it can be and still be one; without relapses, a budget, or the dark. */
const SHORT: Omit<Durations, 'scvms'> = {
  backToNormal: 1,
  backToNormalMax: 1,
  forgive: 1,
  returnGuard: 1,
  dwell: 1,
  warmUp: 1,
  dark: 0,
  hour: 0,
  minute: 0,
  budgetPerHour: 1,
};

/** Spans of which each can be the one that is waited for. */
const MIXED: Omit<Durations, 'scvms'> = {
  ...SHORT,
  backToNormalMax: 2,
  forgive: 2,
  returnGuard: 2,
  dark: 1,
  hour: 3,
};

const plain: Omit<Scope, 'name' | 'says' | 'durations' | 'live'> = {
  joint: false,
  command: 'sure',
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

export type Scvms = 2 | 3;

const STORAGE: readonly PathId[] = ['scvm1/data', 'scvm2/data', 'scvm3/data'];

/** In the order in which they are explored. */
export function scopesOf(scvms: Scvms): Scope[] {
  const short = { scvms, ...SHORT };
  const mixed = { scvms, ...MIXED };
  const storage = STORAGE.slice(0, scvms);
  return [
    {
      ...plain,
      name: 'paths',
      says: 'storage and management paths in any health, whole SCVMs and networks at once',
      durations: short,
      live: [...storage, 'scvm1/manage'],
      joint: true,
    },
    {
      ...plain,
      name: 'clock',
      says: 'holds, relapses, guards and the budget; stalls; sessions that vouch for home',
      durations: mixed,
      // With three it would be millions of states.
      live: scvms === 2 ? [...storage, 'scvm1/manage'] : storage,
      stalls: true,
      sessionAges: [null, 0, 2],
    },
    {
      ...plain,
      name: 'command',
      says: 'route commands that fail in any way, tables that cannot be read',
      durations: short,
      live: storage,
      command: 'any',
    },
    {
      ...plain,
      name: 'table',
      says: 'others write the table, with a second entry as well; pauses; shadow',
      durations: short,
      live: storage,
      foreign: 'seen',
      twins: true,
      pauses: true,
      shadow: true,
    },
    {
      ...plain,
      name: 'unseen',
      says: 'others write the table, which is seen when it is next read; whole SCVMs at once',
      durations: short,
      live: storage,
      joint: true,
      foreign: 'silent',
      twins: true,
    },
    {
      ...plain,
      name: 'contested',
      says: 'others write the table again and again',
      durations: { ...short, minute: 1 },
      live: ['scvm1/data'],
      foreign: 'seen',
    },
    {
      ...plain,
      name: 'operator',
      says: 'pins for ever, for a time, and with failsafe',
      durations: short,
      live: storage,
      pins: WISHES,
    },
    {
      ...plain,
      name: 'life',
      says: 'the daemon dies and starts, with and without its memory, in shadow; pins and pauses',
      durations: short,
      live: storage,
      pins: [TIMED],
      pauses: true,
      crashes: true,
      shadow: true,
    },
    {
      ...plain,
      name: 'reload',
      says: 'SCVMs that come and go with the configuration; pins',
      durations: short,
      live: storage,
      pins: [PLAIN],
      reloads: true,
    },
    {
      ...plain,
      name: 'record',
      says: 'a leader that answers, answers late or never; sessions and addresses that come and go',
      durations: short,
      live: storage,
      record: 'any',
    },
  ];
}
