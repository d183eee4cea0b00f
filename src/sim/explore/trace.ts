/** The way to a breach, in steps for people: what happened, what moved, what was ordered. */

import { lineOf } from '../../machines/lines.ts';
import type { Order } from '../../machines/orders.ts';
import type { Breach, Ground } from './explore.ts';
import type { Move } from './moves/move.ts';
import { type Names, namesOf } from './player.ts';
import type { Spot } from './space.ts';

/** Steps of a calm world that are shown after a state that it does not get out of. */
const CALM_STEPS = 12;

export function traceOf(ground: Ground, breach: Breach): string[] {
  const { store, space, moves } = ground;
  if (breach.at < 0) return ['the daemon starts'];
  const way: number[] = [];
  let first = breach.at;
  while (store.parentOf(first) >= 0) {
    way.unshift(store.moveOf(first));
    first = store.parentOf(first);
  }
  if (breach.move !== null) way.push(breach.move);
  let spot = space.spotOf(store.row(first));
  const lines = [`the daemon has started; the table ${spot.world.table.says}`];
  for (const m of way) {
    const step = stepOf(ground, spot, moves[m] as Move);
    lines.push(...step.lines);
    if (!step.to) return lines;
    spot = step.to;
  }
  if (breach.move !== null) return lines;
  lines.push('from here on the world is calm');
  for (let i = 0; i < CALM_STEPS; i += 1) {
    const move = calmMove(ground, spot);
    const step = stepOf(ground, spot, move);
    lines.push(...step.lines);
    if (!step.to || space.rowOf(step.to).join() === space.rowOf(spot).join()) break;
    spot = step.to;
  }
  return lines;
}

function calmMove({ space, player, moves }: Ground, spot: Spot): Move {
  const row = space.rowOf(spot).join();
  const calm = moves
    .filter((m) => m.calm !== undefined && m.isOpen(spot))
    .sort((a, b) => (a.calm ?? 0) - (b.calm ?? 0));
  const found = calm.find(
    (m) => m.kind === 'tick' || space.rowOf(player.play(spot, m.play).spot).join() !== row,
  );
  if (!found) throw new Error('a calm world has nothing to do');
  return found;
}

interface Step {
  readonly lines: readonly string[];
  readonly to: Spot | null;
}

function stepOf({ space, player }: Ground, spot: Spot, move: Move): Step {
  const said = `> ${move.says}`;
  try {
    const played = player.play(spot, move.play);
    const moved = movesBetween(namesOf(spot.moment), namesOf(played.spot.moment));
    const lines = [said, ...moved, ...played.orders.flatMap(orderLine)];
    return { lines, to: space.spotOf(space.rowOf(played.spot)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { lines: [said, `    the chart threw: ${why}`], to: null };
  }
}

const movesBetween = (was: Names, is: Names): string[] =>
  (['access', 'steering', 'route', 'record'] as const).flatMap((region) =>
    was[region] === is[region] ? [] : [`    ${region}: ${was[region]} -> ${is[region]}`],
  );

function orderLine(order: Order): string[] {
  const line = lineOf(order);
  return line === null || order.type === 'REFRESH_RECORD' ? [] : [`    order: ${line}`];
}
