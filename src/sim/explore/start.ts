/** The spots that an exploration begins with: a daemon that has just started, over several tables. */

import type { Moment } from '../../machines/chart.ts';
import { noMemory } from '../../machines/hold.ts';
import type { Player } from './player.ts';
import type { Scope } from './scope.ts';
import type { Space, Spot } from './space.ts';

/** What stands before the first start: nothing of it is looked at. */
const NOWHERE = { value: {}, context: {} } as unknown as Moment;

export function startsOf(scope: Scope, space: Space, player: Player): Spot[] {
  const { settings } = space.scale;
  const { tables, views } = space;
  const found = [tables.empty, ...scope.live.map((id) => tables.to(id))];
  const shadows = scope.shadow ? [false, true] : [false];
  return found.flatMap((table) =>
    scope.sessionAges.flatMap((age) =>
      shadows.map((shadow) => {
        const fresh = views.fresh(settings.paths.length, age);
        const world = { table, command: 'none' as const };
        const blank = { settings, moment: NOWHERE, timers: [], views: fresh, world };
        return player.play(blank, (hand) => hand.boot(noMemory, shadow, fresh)).spot;
      }),
    ),
  );
}
