/**
 * S8, an order is not a fact: a switch counts (NOTE_SWITCH), connections are broken and the
 * heartbeat moves only in the step that read the kernel's table and found the route there; a switch
 * that was refused, read back otherwise or not answered is retried, given up or reported.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId, RouteEntry } from '../machines/model.ts';
import type { Order, OrderOf } from '../machines/orders.ts';
import { createLatch, type LawMaker, ms, NEVER } from './law.ts';
import { answerBoundMs, leadsTo } from './standing.ts';

/** An order without an answer is reported this long after its bound. */
const LATE_MS = 2000;

export const orderIsNotFact: LawMaker = ({ run }) => {
  let fact: Fact | null = null;
  let noted = false;
  let alarmed = false;
  /** The latest SET_ROUTE, when it was given, and whether an answer denied it. */
  let sent = { orderId: 0, atMs: NEVER, denied: false };
  let deniedSteps = 0;
  const latch = createLatch();

  function denies(f: Fact): boolean {
    if (f.type === 'ROUTE_REFUSED' || f.type === 'ROUTE_UNREADABLE') {
      return f.orderId === sent.orderId;
    }
    if (f.type !== 'ROUTE_READ' || f.orderId !== sent.orderId) return false;
    return !leadsTo(f.entries, run.is.switching?.path ?? null, run.is.settings);
  }

  /** What the step that is over left undone. */
  function undone(): string | null {
    const open = run.is.switching;
    if (!open || alarmed) {
      deniedSteps = 0;
      return null;
    }
    deniedSteps = sent.denied ? deniedSteps + 1 : 0;
    if (deniedSteps > 1) {
      return `the switch to ${open.path} was denied and is neither retried nor reported`;
    }
    const forMs = run.is.nowMs - sent.atMs;
    if (forMs <= answerBoundMs(run.is.settings) + LATE_MS) return null;
    return `the switch to ${open.path} is unanswered for ${ms(forMs)} and not reported`;
  }

  function switched(order: OrderOf<'NOTE_SWITCH'>): string | null {
    noted = true;
    const says = `counted the switch to ${order.to}`;
    if (fact?.type !== 'ROUTE_READ') return `${says} on ${fact?.type ?? 'nothing'}`;
    const found = fact.entries.map((e) => `${e.gateway}${e.plain ? '' : ' (odd)'}`).join(', ');
    if (!leadsTo(fact.entries, order.to, run.is.settings)) return `${says} with [${found}]`;
    const { switching } = run.is;
    if (switching?.path === order.to && order.orderId === switching.orderId) return null;
    return `${says} by order ${order.orderId}, which was not the one under way`;
  }

  function reported(path: PathId | null): string | null {
    const says = `moved the heartbeat to ${path ?? 'nobody'}`;
    if (fact?.type !== 'ROUTE_READ') return `${says} on ${fact?.type ?? 'nothing'}`;
    const lowest = Math.min(...fact.entries.map((e) => e.metric));
    const used = fact.entries.filter((e) => e.metric === lowest);
    const ips = run.is.settings.paths.map((p) => p.ip);
    // Entries of one metric leave open which of them is used.
    const isKnown = (e: RouteEntry): boolean => e.plain && ips.some((ip) => ip === e.gateway);
    const known = used.length > 0 && used.every(isKnown);
    const right = path === null ? !known : used.some((e) => leadsTo([e], path, run.is.settings));
    return right ? null : `${says}, but the table uses [${used.map((e) => e.gateway).join(', ')}]`;
  }

  function judge(order: Order): string | null {
    if (order.type === 'NOTE_SWITCH') return switched(order);
    if (order.type === 'REPORT_TO') return reported(order.path);
    if (order.type !== 'BREAK_CONNECTIONS' || noted) return null;
    return 'broke connections in a step that confirmed no switch';
  }

  return {
    name: 'S8 order is not fact',
    before(next) {
      const says = latch(undone());
      return next.type === 'STARTED' ? null : says;
    },
    fact(next) {
      fact = next;
      noted = false;
      if (next.type === 'STARTED') alarmed = false;
      if (next.type === 'STALLED') sent.atMs += next.stalledMs;
      if (denies(next)) sent.denied = true;
      return null;
    },
    order(order) {
      const says = judge(order);
      if (order.type === 'SET_ROUTE') {
        sent = { orderId: order.orderId, atMs: run.is.nowMs, denied: false };
      } else if (order.type === 'RAISE_ALARM' || order.type === 'CLEAR_ALARM') {
        if (order.alarm === 'route_unconfirmed') alarmed = order.type === 'RAISE_ALARM';
      }
      return says;
    },
  };
};
