/**
 * An experiment, checked and frozen: which faults, which settings, how often, and what is
 * compared. Only the shapes; `parse.ts` makes them from text. Times are ms. Everything that a run
 * needs follows from one of these and from nothing else, so that its digest names its results.
 */

import type { MixName, PolicyName } from './world.ts';

/** A value as it is written in a configuration: `180s`, `2`, `true`. */
export type Written = string | number | boolean;

/** Written values by key, for example `timers.back_to_normal`. */
export type Values = Readonly<Record<string, Written>>;

/** What one key may become. */
export type Range =
  | { readonly key: string; readonly kind: 'list'; readonly values: readonly Written[] }
  /** Drawn between two amounts in the key's own unit (ms, count, factor), both included. */
  | {
      readonly key: string;
      readonly kind: 'span';
      readonly from: number;
      readonly to: number;
      readonly scale: Scale;
    };

export type Scale = 'linear' | 'log';

export type Search =
  /** Every combination of the ranges' lists. */
  | { readonly method: 'grid' }
  /** So many settings, drawn from the experiment's seed. */
  | { readonly method: 'random'; readonly settings: number }
  /** Drawn settings (or the grid: null); after each rung the better part goes on. */
  | {
      readonly method: 'halving';
      readonly settings: number | null;
      /** Replications that a setting has after each rung; ascending. */
      readonly rungs: readonly number[];
      /** Share that goes on, above 0 and below 1. */
      readonly keep: number;
    };

/** One fault mix and for how long it is played. */
export interface MixUse {
  readonly name: MixName;
  readonly spanMs: number;
  /** Its part in the numbers over all mixes; only the ratio counts. */
  readonly weight: number;
}

/** What things are worth, in seconds of outage. Of use only for ranking. */
export interface Prices {
  /** One switch. */
  readonly switch: number;
  /** One hour on another SCVM than the own. */
  readonly awayHour: number;
}

export interface Experiment {
  readonly title: string;
  /** 0..2^53-1. */
  readonly seed: number;
  readonly replications: number;
  readonly cluster: {
    readonly scvms: number;
    readonly hosts: number;
    readonly zones: number;
    readonly access: boolean;
  };
  readonly mixes: readonly MixUse[];
  readonly profile: 'conservative' | 'balanced' | 'fast';
  /** Held the same in every setting. */
  readonly fixed: Values;
  /** The setting that all others are compared with, beside `fixed`; every ranged key has one. */
  readonly baseline: Values;
  readonly ranges: readonly Range[];
  readonly search: Search;
  /** `chart` is always among them. */
  readonly policies: readonly PolicyName[];
  readonly prices: Prices;
}
