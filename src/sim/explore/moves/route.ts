/**
 * The kernel's table: the route command takes effect, is read back, fails, cannot be read, or says
 * nothing until its deadline; others write the table; it is read without being asked for.
 */

import { ROUTE_ID, STALE_ID } from '../canonical.ts';
import type { Hand } from '../player.ts';
import { NOW_MS } from '../scale.ts';
import type { Spot } from '../space.ts';
import type { KernelTable } from '../tables.ts';
import type { Move, MoveMaker } from './move.ts';

const atMs = NOW_MS;

function read(hand: Hand, orderId: number | null): void {
  const { entries } = hand.now().world.table;
  hand.pass({ type: 'ROUTE_READ', atMs, entries, orderId });
}

const isOpen = (spot: Spot): boolean => spot.world.command !== 'none';

export const commandMoves: MoveMaker = (scope, space) => {
  const effect = ({ world, moment }: Spot): KernelTable => {
    const { goal } = moment.context;
    if (!goal || world.command === 'none') return world.table;
    return space.tables.after(world.table, goal.path, world.command === 'sets and removes');
  };
  const works: Move = {
    kind: 'command',
    says: 'the route command works and is read back',
    calm: 2,
    isOpen,
    play(hand) {
      hand.world({ table: effect(hand.now()), command: 'none' });
      read(hand, ROUTE_ID);
    },
  };
  const takesEffect: Move = {
    kind: 'command',
    says: 'the route command takes effect',
    calm: 1,
    isOpen: (spot) => effect(spot) !== spot.world.table,
    play: (hand) => hand.world({ table: effect(hand.now()) }),
  };
  if (scope.command === 'sure') return [works, fails];
  return [takesEffect, isReadBack, isUnreadable, fails, failsLate];
};

const isReadBack: Move = {
  kind: 'command',
  says: 'the table is read back',
  calm: 2,
  isOpen,
  play(hand) {
    hand.world({ command: 'none' });
    read(hand, ROUTE_ID);
  },
};

const isUnreadable: Move = {
  kind: 'command',
  says: 'the table cannot be read back',
  isOpen,
  play(hand) {
    hand.world({ command: 'none' });
    hand.pass({ type: 'ROUTE_UNREADABLE', atMs, error: 'EIO', orderId: ROUTE_ID });
  },
};

const fails: Move = {
  kind: 'command',
  says: 'the route command fails',
  isOpen,
  play(hand) {
    hand.world({ command: 'none' });
    hand.pass({ type: 'ROUTE_REFUSED', atMs, orderId: ROUTE_ID, error: 'EPERM' });
  },
};

const failsLate: Move = {
  kind: 'late',
  says: 'an older route command fails',
  isOpen: (spot) => spot.moment.context.goal !== null,
  play: (hand) => hand.pass({ type: 'ROUTE_REFUSED', atMs, orderId: STALE_ID, error: 'EPERM' }),
};

const isRead: Move = {
  kind: 'read',
  says: 'the table is read',
  calm: 3,
  isOpen: () => true,
  play: (hand) => read(hand, null),
};

const isBlurred: Move = {
  kind: 'read',
  says: 'the table cannot be read',
  isOpen: () => true,
  play: (hand) => hand.pass({ type: 'ROUTE_UNREADABLE', atMs, error: 'EIO', orderId: null }),
};

export const readMoves: MoveMaker = (scope) =>
  scope.command === 'sure' ? [isRead] : [isRead, isBlurred];

/** Others write the table; `seen`: the kernel's notice follows at once. */
export const foreignMoves: MoveMaker = (scope, space) => {
  if (scope.foreign === 'none') return [];
  const { tables } = space;
  const single = scope.live.map((id) => tables.to(id));
  const fixed = [tables.empty, tables.alien, ...single];
  const moves = fixed.map((table) => foreign(scope.foreign, table.says, () => table));
  if (!scope.twins) return moves;
  const twin = foreign(scope.foreign, 'has a second entry', (t) => tables.twinOf(t));
  return [...moves, twin];
};

function foreign(
  how: 'seen' | 'silent' | 'none',
  says: string,
  change: (table: KernelTable) => KernelTable,
): Move {
  return {
    kind: 'foreign',
    says: `others write the table: it ${says}${how === 'seen' ? ', and it is read' : ''}`,
    isOpen: ({ world }) => change(world.table) !== world.table,
    play(hand) {
      hand.world({ table: change(hand.now().world.table) });
      if (how === 'seen') read(hand, null);
    },
  };
}

/** Answers on broken connections decide nothing; heard right after an arrival. */
export const connectionMoves: MoveMaker = () => {
  const arrived = ({ moment }: Spot): boolean => moment.context.memory.arrivedAtMs === NOW_MS;
  return [
    {
      kind: 'connections',
      says: 'old connections are broken',
      isOpen: arrived,
      play: (hand) => hand.pass({ type: 'CONNECTIONS_BROKEN', atMs, orderId: STALE_ID, count: 1 }),
    },
    {
      kind: 'connections',
      says: 'old connections cannot be broken',
      isOpen: arrived,
      play: (hand) =>
        hand.pass({
          type: 'CONNECTIONS_KEPT',
          atMs,
          orderId: STALE_ID,
          error: 'ENOSYS',
          supported: false,
        }),
    },
  ];
};
