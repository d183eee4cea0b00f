/**
 * Plays one move of the abstract world: what it tells the chart, what the chart orders, and what
 * those orders do to the world. The events of a move follow `decide`: evidence first, then what is
 * passed on; a timer's end is a move of its own. Every order of the chart changes the world here
 * and nowhere else.
 */

import type { Chart, Effect, Microstep, Moment, TimerEvent } from '../../machines/chart.ts';
import type { ChartEvent } from '../../machines/chart-events.ts';
import { recalled } from '../../machines/hold.ts';
import type { Memory } from '../../machines/model.ts';
import { stateName } from '../../machines/notes.ts';
import type { Order } from '../../machines/orders.ts';
import { NO_IPS, OWN_IPS, UUID } from './canonical.ts';
import { markOf } from './marks.ts';
import { NOW_MS, ticksOf } from './scale.ts';
import type { Space, Spot, Timer, World } from './space.ts';
import type { Views } from './views.ts';

/** What one move led to. */
export interface Played {
  /** Where it began, after time went by and before anything was told. */
  readonly from: Spot;
  readonly spot: Spot;
  /** In the order in which they were given. */
  readonly orders: readonly Order[];
  /** Transitions that were taken, by their number in `marks.ts`. */
  readonly marks: readonly number[];
}

type Passed = Exclude<ChartEvent, { type: 'PROBE' | 'SESSION' | 'TICK' }>;

/** The hands of a move. */
export interface Hand {
  /** The spot as the move has made it so far. */
  now(): Spot;
  evidence(type: 'PROBE' | 'SESSION' | 'TICK', change?: Told): void;
  pass(event: Passed): void;
  world(change: Partial<World>): void;
  /**
   * Time went by; nothing has been told yet. Timers that end at the same tick end in some order
   * between two ticks: this one or the reverse.
   */
  later(timersRun: boolean, inReverse?: boolean): void;
  /** A daemon begins here, with what the last one saved. */
  boot(memory: Memory, shadow: boolean, views: Views): void;
}

/** What of the evidence is other than it was. */
export interface Told {
  readonly views?: Views;
  readonly uuid?: string | null;
  readonly ips?: readonly string[];
}

/** States of the regions by name, e.g. `Degraded.Doubting`. */
export interface Names {
  readonly access: string;
  readonly steering: string;
  readonly route: string;
  readonly record: string;
}

const named = new WeakMap<object, Names>();

export function namesOf({ value }: Moment): Names {
  const known = named.get(value);
  if (known) return known;
  const [access, steering, route, record] = ['access', 'steering', 'route', 'record'].map((r) =>
    stateName(value, r),
  ) as [string, string, string, string];
  const made = { access, steering, route, record };
  named.set(value, made);
  return made;
}

/** A timer has run out and is to be heard before time goes on. */
export const isDue = (spot: Spot): boolean => spot.timers.some((t) => t.left === 0);

/** As many timers may end at one evidence; more would be a loop in the chart. */
const MAX_TIMERS = 50;

type Draft = { -readonly [K in keyof Spot]: Spot[K] };

const draftOf = ({ settings, moment, timers, views, world }: Spot): Draft => ({
  settings,
  moment,
  timers,
  views,
  world,
});

export interface Player {
  play(from: Spot, move: (hand: Hand) => void): Played;
}

/** `prompt`: the leader acknowledges every record at once, unless a switch waits for it. */
export function createPlayer(chart: Chart, space: Space, prompt: boolean): Player {
  /** One object for each move, changed in place: copies would cost more than the chart does. */
  let spot: Draft;
  let begin: Spot;
  let orders: Order[] = [];
  let marks: number[] = [];
  let reversed = false;

  function effect(e: Effect): void {
    if (e.type === 'order') ordered(e.order);
    else if (e.type === 'arm') {
      const timer: Timer = { id: e.id, left: ticksOf(e.delayMs) };
      spot.timers = [...spot.timers.filter((t) => t.id !== e.id), timer];
    } else if (spot.timers.some((t) => t.id === e.id)) {
      spot.timers = spot.timers.filter((t) => t.id !== e.id);
    }
  }

  function ordered(order: Order): void {
    const mark = markOf(order);
    if (mark !== null) {
      marks.push(mark);
      return;
    }
    orders.push(order);
    if (order.type !== 'SET_ROUTE') return;
    hand.world({ command: order.remove.length > 0 ? 'sets and removes' : 'sets' });
  }

  function take(steps: readonly Microstep[]): void {
    for (const step of steps) {
      spot.moment = step.at;
      for (const e of step.effects) effect(e);
    }
    // The world's command ends with the deadline that the chart waits for, answered or not.
    const waits = namesOf(spot.moment).route === 'Switching.Installing';
    if (!waits && spot.world.command !== 'none') hand.world({ command: 'none' });
  }

  const send = (event: ChartEvent | TimerEvent): void => take(chart.send(spot.moment, event));

  /** As `decide` does after evidence; a timer that ends may begin another that is due at once. */
  function fireDue(): void {
    for (let fired = 0; fired < MAX_TIMERS; fired += 1) {
      const due = spot.timers.filter((t) => t.left === 0);
      const next = due[reversed ? due.length - 1 : 0];
      if (!next) return;
      spot.timers = spot.timers.filter((t) => t !== next);
      send({ type: next.id as TimerEvent['type'] });
    }
    throw new Error(`more than ${MAX_TIMERS} timers were due at once: the chart loops`);
  }

  const hand: Hand = {
    now: () => spot,
    evidence(type, { views = spot.views, uuid, ips } = {}) {
      const { record } = spot.moment.context;
      spot.views = views;
      send({
        type,
        atMs: NOW_MS,
        paths: views.shown,
        localUuid: uuid === undefined ? record.uuid : uuid,
        clientIps: ips ?? record.clientIps,
      });
      fireDue();
    },
    pass(event) {
      // What is due is heard before a fact is passed on; nothing else would change.
      if (isDue(spot)) hand.evidence('TICK');
      send(event);
      if (event.type === 'RELOADED') spot.settings = event.settings;
    },
    world(change) {
      spot.world = { ...spot.world, ...change };
    },
    later(timersRun, inReverse = false) {
      reversed = inReverse;
      begin = space.later(spot, timersRun);
      spot = draftOf(begin);
    },
    boot(saved, shadow, views) {
      const { settings } = spot;
      const memory = recalled(saved, settings);
      const first = chart.start({ settings, nowMs: NOW_MS, shadow, memory });
      spot.moment = first.at;
      spot.timers = [];
      spot.views = views;
      hand.world({ command: 'none' });
      take([first]);
      hand.evidence('TICK');
      send({ type: 'START' });
      if (prompt) hand.evidence('SESSION', { uuid: UUID, ips: OWN_IPS });
      else hand.evidence('SESSION', { uuid: null, ips: NO_IPS });
    },
  };

  function acknowledge(): void {
    const { record, route } = namesOf(spot.moment);
    if (record !== 'Asking' || route === 'Switching.Announcing') return;
    const { orderId } = spot.moment.context.record;
    send({ type: 'RECORD_ACKNOWLEDGED', atMs: NOW_MS, orderId });
  }

  return {
    play(at, move) {
      spot = draftOf(at);
      begin = at;
      orders = [];
      marks = [];
      reversed = false;
      move(hand);
      if (prompt) acknowledge();
      return { from: begin, spot, orders, marks };
    },
  };
}
