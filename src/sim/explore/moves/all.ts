/** Every move that a scope has, in a fixed order: their numbers are kept for traces. */

import type { Scope } from '../scope.ts';
import type { Space } from '../space.ts';
import type { Move } from './move.ts';
import { bootMoves, operatorMoves, reloadMoves } from './operator.ts';
import { pathMoves, restartMoves } from './paths.ts';
import { recordMoves } from './record.ts';
import { commandMoves, connectionMoves, foreignMoves, readMoves } from './route.ts';
import { timeMoves } from './time.ts';

export function movesOf(scope: Scope, space: Space): Move[] {
  const makers = [
    timeMoves,
    pathMoves,
    restartMoves,
    commandMoves,
    readMoves,
    foreignMoves,
    connectionMoves,
    recordMoves,
    operatorMoves,
    reloadMoves,
    bootMoves,
  ];
  return makers.flatMap((make) => make(scope, space));
}
