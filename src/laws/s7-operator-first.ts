/**
 * S7, operator first: paused and in shadow nothing moves the route and no connection is broken;
 * pinned, the route is ordered to the pin's path only, until it is released, expires, or its
 * failsafe trips; a pin onto a path that the facts show well is taken, and none ends by itself.
 * A repair to where the route stood anyway moves nothing and is allowed; that the pin
 * is obeyed once its path is up, is law L1's.
 */

import type { Fact } from '../machines/events.ts';
import type { Pin } from '../machines/model.ts';
import type { OrderOf } from '../machines/orders.ts';
import { accusation } from './evidence.ts';
import { type LawMaker, ms } from './law.ts';
import { isExpired, isSame, type Regime } from './steering.ts';

/** A path that was good for this long by the facts must be accepted as a pin. */
const SURELY_UP_MS = 1000;
/** An expired pin is dropped within this. */
const EXPIRY_MS = 2000;

export const operatorFirst: LawMaker = ({ facts, run, steering }) => {
  let asked: Extract<Fact, { type: 'PIN_ASKED' }> | null = null;
  let released = false;
  /** Last SET_ROUTE that was given while moving was allowed. */
  let allowedId = 0;
  /** The switch that was told of already: its repetitions are one breach. */
  let toldAtMs: number | null = null;

  const surelyUp = (id: string): boolean => {
    const since = facts.of(id)?.goodSinceMs ?? null;
    return since !== null && facts.nowMs() - since >= SURELY_UP_MS;
  };

  const mayDrop = (pin: Pin): boolean => {
    const x = facts.of(pin.path);
    const failed = !x || accusation(x, facts.nowMs(), facts.settings()) !== null;
    return released || isExpired(pin, facts.nowMs()) || (pin.failsafe && failed) || !x;
  };

  /** What the step that is over left undone. */
  function undone(): string | null {
    const { pin, paused, shadow } = steering.now();
    const wish = asked === null ? null : pinOf(asked);
    asked = null;
    released = false;
    const isOwed = wish !== null && !isExpired(wish, facts.nowMs()) && !paused && !shadow;
    if (isOwed && surelyUp(wish.path) && !isSame(pin, wish)) {
      return `the pin to ${wish.path} was not taken, although it is up by the facts`;
    }
    const until = pin?.untilMs ?? null;
    const lateMs = until === null || paused || shadow ? 0 : facts.nowMs() - until;
    return lateMs > EXPIRY_MS
      ? `the pin to ${pin?.path} is kept ${ms(lateMs)} after its end`
      : null;
  }

  function forbids(r: Regime, order: OrderOf<'SET_ROUTE'>): string | null {
    if (r.shadow || r.paused) return `${r.shadow ? 'in shadow' : 'paused'}`;
    const { pin } = r;
    if (!pin || order.path === pin.path || mayDrop(pin)) return null;
    const restores = order.kind === 'repair' && order.path === run.is.target;
    return restores ? null : `pinned to ${pin.path}`;
  }

  function routed(order: OrderOf<'SET_ROUTE'>): string | null {
    // A step acts under the old regime until it comes to the operator's wish.
    const why = forbids(steering.now(), order);
    const wished = asked && order.path === asked.path && order.kind === 'pin';
    const allowed = !why || wished || forbids(steering.before(), order) === null;
    if (allowed) {
      allowedId = order.orderId;
      return null;
    }
    const again = run.isRetry(order) && run.is.switching?.firstAtMs === toldAtMs;
    toldAtMs = run.isRetry(order) ? (run.is.switching?.firstAtMs ?? null) : run.is.nowMs;
    return again ? null : `${order.kind} to ${order.path} ordered while ${why}`;
  }

  function broke(order: OrderOf<'BREAK_CONNECTIONS'>): string | null {
    const { paused, shadow } = steering.now();
    if ((!paused && !shadow) || order.orderId === allowedId) return null;
    return `connections broken while ${shadow ? 'in shadow' : 'paused'}`;
  }

  function saved(order: OrderOf<'SAVE_MEMORY'>): string | null {
    const { pin } = steering.now();
    const next = order.memory.pin;
    if (isSame(pin, next)) return null;
    if (next) return asked && isSame(next, pinOf(asked)) ? null : `pinned to ${next.path} unasked`;
    // A pin that is over when it arrives takes the place of the one before all the same.
    const isReplaced = asked !== null && isExpired(pinOf(asked), facts.nowMs());
    return pin && !mayDrop(pin) && !isReplaced ? `the pin to ${pin.path} ended by itself` : null;
  }

  return {
    name: 'S7 operator first',
    before(fact) {
      const says = undone();
      return fact.type === 'STARTED' ? null : says;
    },
    fact(fact) {
      if (fact.type === 'PIN_ASKED') asked = fact;
      if (fact.type === 'RELEASE_ASKED') released = true;
      if (fact.type === 'STARTED') allowedId = 0;
      return null;
    },
    order(order) {
      let says: string | null = null;
      if (order.type === 'SET_ROUTE') says = routed(order);
      else if (order.type === 'BREAK_CONNECTIONS') says = broke(order);
      else if (order.type === 'SAVE_MEMORY') says = saved(order);
      return says;
    },
  };
};

function pinOf(f: Extract<Fact, { type: 'PIN_ASKED' }>): Pin {
  return { path: f.path, untilMs: f.untilMs, failsafe: f.failsafe };
}
