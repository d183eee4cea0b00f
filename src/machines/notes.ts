/**
 * What changed, in words: every transition of every region with its reason and its numbers
 * (law S9). The reason is read from the context after the step, never invented here.
 */

import type { Beliefs } from './beliefs.ts';
import type { Moment } from './chart.ts';
import { type Context, home, viewOf, wellForMs } from './context.ts';
import { holdMs } from './hold.ts';
import { explainVerdict } from './judge.ts';
import type { PathId } from './model.ts';
import type { Order, Region } from './orders.ts';

export const regions: readonly Region[] = ['access', 'steering', 'route', 'record'];

/** A region's state as one word: `Normal`, `Degraded.Doubting`. */
export function stateName(value: Moment['value'], region: string): string {
  return flat(value[region]);
}

function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(value as object)
    .map(([key, inner]) => `${key}.${flat(inner)}`)
    .join();
}

/** `entered` tells a region that was left and entered again in the same state. */
export function transitionNotes(
  from: Moment,
  to: Moment,
  event: string,
  b: Beliefs,
  entered: (region: Region) => boolean,
): Order[] {
  const notes: Order[] = [];
  const isSameValue = from.value === to.value;
  for (const region of regions) {
    if (isSameValue && !entered(region)) continue;
    const was = stateName(from.value, region);
    const is = stateName(to.value, region);
    if (was === is && !entered(region)) continue;
    const reason = reasonOf(region, is, from.context, to.context, b);
    notes.push({
      type: 'NOTE_TRANSITION',
      region,
      from: was,
      to: is,
      event: eventName(event),
      reason,
    });
  }
  return notes;
}

/** `xstate.after.holdLeft.controller.access.…` reads as `after holdLeft`. */
function eventName(event: string): string {
  return event.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');
}

function reasonOf(region: Region, is: string, was: Context, c: Context, b: Beliefs): string {
  switch (region) {
    case 'access':
      return accessReason(is, c, b);
    case 'steering':
      return steeringReason(is, was, c);
    case 'route':
      return routeReason(is, was, c, b);
    case 'record':
      return recordReason(is, c, b);
  }
}

/** The verdict as it stands now, with the numbers of now. */
function says(c: Context, b: Beliefs, id: PathId | null): string {
  if (id === null) return 'no target';
  const watched = b.paths.find((w) => w.path.id === id);
  if (!watched) return `${id} is not configured`;
  const { belief, view } = watched;
  return `${id} is ${view.verdict}: ${explainVerdict(belief, view, c.nowMs, c.settings)}`;
}

function accessReason(is: string, c: Context, b: Beliefs): string {
  const homeId = home(c).id;
  if (is === 'BackToNormal.Holding') {
    const { backToNormalMs, relapseFactor } = c.settings.timers;
    const hold = holdMs(c.memory.relapses, c.settings);
    return `${says(c, b, homeId)}; well for ${Math.round(wellForMs(c))} ms, hold ${backToNormalMs} ms x ${relapseFactor}^${c.memory.relapses} = ${hold} ms`;
  }
  if (is === 'BackToNormal.Due')
    return `hold of ${holdMs(c.memory.relapses, c.settings)} ms served`;
  if (is === 'Rerouted') {
    return `${says(c, b, c.target)}; ${says(c, b, homeId)}; relapses=${c.memory.relapses}`;
  }
  if (is === 'Degraded.WarmingUp') return `warm_up=${c.settings.timers.warmUpMs} ms`;
  return says(c, b, c.target);
}

function steeringReason(is: string, was: Context, c: Context): string {
  const pin = c.memory.pin;
  if (is === 'Paused') return c.run.shadow ? 'shadow' : 'the operator paused';
  if (is === 'Route') {
    const until = pin?.untilMs ? `for ${Math.round(pin.untilMs - c.nowMs)} ms` : 'until released';
    return `the operator pinned ${pin?.path} ${until}, failsafe=${pin?.failsafe}`;
  }
  if (was.memory.paused) return 'the operator resumed';
  if (was.memory.pin === null) return 'the pinned path is not configured any more';
  const expired = was.memory.pin.untilMs !== null && c.nowMs >= was.memory.pin.untilMs;
  if (expired) return `the pin on ${was.memory.pin.path} expired`;
  const view = viewOf(c, was.memory.pin.path);
  return view?.verdict === 'down' && was.memory.pin.failsafe
    ? `failsafe: ${was.memory.pin.path} is down: ${view.says}`
    : `the operator released the pin on ${was.memory.pin.path}`;
}

function routeReason(is: string, was: Context, c: Context, b: Beliefs): string {
  const goal = c.goal ?? was.goal;
  if (!goal) return 'no switch is under way';
  if (is === 'Unconfirmed') return `${goal.path}: ${goal.error}`;
  if (is !== 'Settled') return `to ${goal.path}: ${goal.says}`;
  if (c.target !== goal.path) return `gave ${goal.path} up: ${says(c, b, goal.path)}`;
  const took = Math.round(c.nowMs - goal.decidedAtMs);
  return `read back: the route leads to ${c.target}, ${took} ms after the decision`;
}

function recordReason(is: string, c: Context, b: Beliefs): string {
  const { record } = c;
  if (is === 'Unlisted') {
    if (c.run.shadow) return 'shadow: nothing is written';
    return record.uuid === null
      ? `no local session is listed ${b.lists.error}`
      : 'own addresses are not known';
  }
  if (is === 'Retrying') return `refused ${record.refusals} times in a row: ${record.error}`;
  if (is === 'Asking') return `session ${record.uuid}, addresses ${record.clientIps.join(' ')}`;
  return `the leader acknowledged session ${record.acked}, order ${record.orderId}`;
}
