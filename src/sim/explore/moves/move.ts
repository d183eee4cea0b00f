/** A move of the abstract world: what can happen next, with its words for people. */

import type { Pin } from '../../../machines/model.ts';
import type { Hand } from '../player.ts';
import type { Scope } from '../scope.ts';
import type { Space, Spot } from '../space.ts';

export type Kind =
  /** Nothing: the same evidence again, at the same time. */
  | 'again'
  | 'tick'
  | 'stall'
  /** The health of paths. */
  | 'paths'
  | 'session'
  /** The route command and what is read. */
  | 'command'
  | 'late'
  | 'read'
  /** Others write the table. */
  | 'foreign'
  | 'record'
  | 'pin'
  | 'release'
  | 'pause'
  | 'resume'
  | 'reload'
  | 'boot'
  | 'connections';

export interface Move {
  readonly kind: Kind;
  readonly says: string;
  isOpen(spot: Spot): boolean;
  play(hand: Hand): void;
  /** The pin that the operator asks for. */
  readonly wish?: Pin;
  /** Its rank among what a calm world does next, lowest first; absent: a calm world does not. */
  readonly calm?: number;
}

export type MoveMaker = (scope: Scope, space: Space) => Move[];
