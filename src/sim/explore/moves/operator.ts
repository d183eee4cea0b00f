/** The operator, and the life of the daemon: pins, pauses, reloads, deaths and starts. */

import { noMemory } from '../../../machines/hold.ts';
import type { PathId } from '../../../machines/model.ts';
import type { Settings } from '../../../machines/settings.ts';
import { NOW_MS, TICK_MS } from '../scale.ts';
import type { Wish } from '../scope.ts';
import type { Space } from '../space.ts';
import type { Move, MoveMaker } from './move.ts';

const atMs = NOW_MS;

function pin(path: PathId, { forTicks, failsafe }: Wish): Move {
  const until = forTicks === null ? '' : ` for ${forTicks} ticks`;
  const untilMs = forTicks === null ? null : NOW_MS + forTicks * TICK_MS;
  return {
    kind: 'pin',
    wish: { path, untilMs, failsafe },
    says: `the operator pins ${path}${until}${failsafe ? ', with failsafe' : ''}`,
    isOpen: ({ settings }) => settings.paths.some((p) => p.id === path),
    play: (hand) => hand.pass({ type: 'PIN_ASKED', atMs, path, untilMs, failsafe }),
  };
}

const release: Move = {
  kind: 'release',
  says: 'the operator releases the pin',
  isOpen: () => true,
  play: (hand) => hand.pass({ type: 'RELEASE_ASKED', atMs }),
};

const pauses: readonly Move[] = [
  {
    kind: 'pause',
    says: 'the operator pauses',
    isOpen: () => true,
    play: (hand) => hand.pass({ type: 'PAUSE_ASKED', atMs }),
  },
  {
    kind: 'resume',
    says: 'the operator resumes',
    isOpen: () => true,
    play: (hand) => hand.pass({ type: 'RESUME_ASKED', atMs }),
  },
];

export const operatorMoves: MoveMaker = (scope) => [
  ...scope.live.flatMap((id) => scope.pins.map((wish) => pin(id, wish))),
  ...(scope.pins.length > 0 ? [release] : []),
  ...(scope.pauses ? pauses : []),
];

/** As `decide` does it: what is believed under the new settings first, then the settings. */
function reload(space: Space, says: string, to: Settings): Move {
  return {
    kind: 'reload',
    says: `a reload: ${says}`,
    isOpen: ({ settings }) => settings !== to,
    play(hand) {
      const views = space.views.resized(hand.now().views, to.paths.length);
      hand.evidence('TICK', { views });
      hand.pass({ type: 'RELOADED', atMs, settings: to });
    },
  };
}

export const reloadMoves: MoveMaker = (scope, space) => {
  if (!scope.reloads) return [];
  const { settings, reduced } = space.scale;
  return [
    reload(space, 'the last SCVM is gone, connections are kept', reduced),
    reload(space, 'everything as it was', settings),
  ];
};

export const bootMoves: MoveMaker = (scope, space) => {
  if (!scope.crashes) return [];
  const boot = (says: string, isForgotten: boolean): Move => ({
    kind: 'boot',
    says,
    isOpen: () => true,
    play(hand) {
      const { settings, moment } = hand.now();
      const { memory, run } = moment.context;
      const views = space.views.fresh(settings.paths.length, scope.sessionAges[0] ?? null);
      hand.boot(isForgotten ? noMemory : memory, run.shadow, views);
    },
  });
  return [boot('the daemon dies and starts', false), boot('it starts without its memory', true)];
};
