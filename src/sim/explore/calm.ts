/**
 * What takes time (L1, L2, L3, S6, S7), judged over the whole graph. From every state on, the world
 * may become calm: no health changes, every command works at once, every table is read, every record
 * is acknowledged, and ticks pass. Each state has one such next state, so all of them are the way
 * of one walk each; the walks are followed to their ends, and what must be reached has to be reached
 * within its bound and kept. Because this is asked of every reachable state, nothing that the world
 * did before can have led the chart to a place that it does not get out of.
 */

import type { PathId } from '../../machines/model.ts';
import { HOUR_MS, isLoop, mayAct, memoryOf, targetOf, verdictOf } from './laws/edge.ts';
import type { Names } from './player.ts';
import { type Scale, ticksOf } from './scale.ts';
import type { Spot } from './space.ts';

interface Aim {
  readonly law: string;
  readonly says: string;
  /** Ticks within which it is so for good. */
  bound(scale: Scale): number;
  isSo(spot: Spot, is: Names): boolean;
}

/** The path that the entry of the lowest metric leads to, the one that the kernel takes. */
function ledTo({ settings, world }: Spot): PathId | null {
  const [used] = [...world.table.entries].sort((a, b) => a.metric - b.metric);
  return settings.paths.find((p) => p.ip === used?.gateway)?.id ?? null;
}

const leads = (spot: Spot): boolean =>
  targetOf(spot) !== null &&
  ledTo(spot) === targetOf(spot) &&
  spot.world.table.entries.length === 1;
const isUp = (spot: Spot, id: string | null): boolean => verdictOf(spot, id) === 'up';

/** After warm-up and what is waited for when everything was dark: one pause before a retry. */
function switchTicks({ settings: s }: Scale): number {
  return ticksOf(s.timers.warmUpMs) + ticksOf(s.service.intervalMs) + 1;
}

/** Nothing holds the route from home longer than the longest of what may. */
function homeTicks(scale: Scale): number {
  const { timers } = scale.settings;
  const spans = [timers.backToNormalMaxMs, timers.returnGuardMs, timers.dwellMs].map(ticksOf);
  const hour = Math.ceil(HOUR_MS / scale.rates.budgetMs);
  return switchTicks(scale) + Math.max(...spans, hour);
}

export const aims: readonly Aim[] = [
  {
    law: 'L1 reach',
    says: 'in LOOP the route is on a path that is up, if any is',
    bound: switchTicks,
    isSo(spot) {
      const any = spot.views.of.some((h) => h.verdict === 'up');
      if (!isLoop(spot) || !any) return true;
      // Unknown is not left for that reason, and what others do to the route then is not undone:
      // nothing may be set blindly (S2).
      return isUp(spot, ledTo(spot)) || verdictOf(spot, targetOf(spot)) === 'unknown';
    },
  },
  {
    law: 'S1 one route',
    says: 'the table holds the one entry that leads to the target, if that is up',
    bound: switchTicks,
    isSo: (spot) => !mayAct(spot) || !isUp(spot, targetOf(spot)) || leads(spot),
  },
  {
    law: 'L2 home',
    says: 'in LOOP the route is at home, if home is up',
    bound: homeTicks,
    isSo(spot, is) {
      const home = spot.settings.paths[0]?.id ?? null;
      if (!isLoop(spot) || !isUp(spot, home)) return true;
      if (verdictOf(spot, targetOf(spot)) === 'unknown') return true;
      return targetOf(spot) === home && leads(spot) && is.access === 'Normal';
    },
  },
  {
    law: 'management is left',
    says: 'in LOOP the route is on a storage path, if it is on one that is up and a storage one is',
    bound: homeTicks,
    isSo(spot) {
      const { settings, views } = spot;
      const storage = settings.paths.map((p) => p.network === 'storage');
      const any = storage.some((is, i) => is && views.of[i]?.verdict === 'up');
      const at = settings.paths.findIndex((p) => p.id === targetOf(spot));
      return !isLoop(spot) || !any || views.of[at]?.verdict !== 'up' || storage[at] === true;
    },
  },
  {
    law: 'S7 operator first',
    says: "the route is where it is pinned to, if the pin's path is up",
    bound: switchTicks,
    isSo(spot) {
      const { pin } = memoryOf(spot);
      if (!pin || !mayAct(spot) || !isUp(spot, pin.path)) return true;
      return targetOf(spot) === pin.path && leads(spot);
    },
  },
  {
    law: 'S6 acknowledged record',
    says: 'the record is acknowledged',
    // A switch home at the end of the walk needs it once more.
    bound: homeTicks,
    isSo(spot, is) {
      const { run, record } = spot.moment.context;
      const canTell = !run.shadow && record.uuid !== null && record.clientIps.length > 0;
      return !canTell || is.record === 'Current';
    },
  },
];

/** The walk's end was not what it must be, or came too late. */
export interface Unrest {
  readonly law: string;
  readonly says: string;
  readonly at: number;
}

export interface CalmReport {
  /** The longest way to each aim, ticks, and from where; by the law's name. */
  readonly worst: readonly {
    readonly law: string;
    readonly ticks: number;
    readonly bound: number;
  }[];
  readonly unrest: readonly Unrest[];
}

export interface Calm {
  /** The calm step from a state; `acts`: it gave an order that does something. */
  note(at: number, next: number, isTick: boolean, acts: boolean, spot: Spot, is: Names): void;
  /** When every state has its step. */
  judge(scale: Scale, size: number): CalmReport;
}

const TICKS = 1;
const ACTS = 2;
const FIRST_AIM = 4;
const NEVER = 255;

export function createCalm(): Calm {
  let nexts = new Int32Array(1 << 16);
  let flags = new Uint8Array(1 << 16);

  function note(
    at: number,
    next: number,
    isTick: boolean,
    acts: boolean,
    spot: Spot,
    is: Names,
  ): void {
    if (at >= nexts.length) {
      const [n, f] = [new Int32Array(nexts.length * 2), new Uint8Array(nexts.length * 2)];
      n.set(nexts);
      f.set(flags);
      [nexts, flags] = [n, f];
    }
    nexts[at] = next;
    let flag = (isTick ? TICKS : 0) | (acts ? ACTS : 0);
    aims.forEach((aim, i) => {
      if (aim.isSo(spot, is)) flag |= FIRST_AIM << i;
    });
    flags[at] = flag;
  }

  const next = (at: number): number => nexts[at] as number;
  const has = (at: number, flag: number): boolean => ((flags[at] as number) & flag) !== 0;

  /** Every state in an order in which its next one comes before it; and where walks go in circles. */
  function inOrder(size: number): { order: Int32Array; circles: number[] } {
    const order = new Int32Array(size);
    const seen = new Uint8Array(size);
    const circles: number[] = [];
    let count = 0;
    for (let i = 0; i < size; i += 1) {
      const walk: number[] = [];
      let at = i;
      while (seen[at] === 0) {
        seen[at] = 1;
        walk.push(at);
        at = next(at);
      }
      if (seen[at] === 1 && next(at) !== at) circles.push(at);
      for (const w of walk.reverse()) {
        seen[w] = 2;
        order[count] = w;
        count += 1;
      }
    }
    return { order, circles };
  }

  /** Ticks from each state until the aim is reached for good; `NEVER`: it is not. */
  function ticksTo(order: Int32Array, flag: number): Uint8Array {
    const left = new Uint8Array(order.length);
    for (const at of order) {
      const to = next(at);
      if (to === at) left[at] = has(at, flag) ? 0 : NEVER;
      else {
        const rest = left[to] as number;
        const step = has(at, TICKS) ? 1 : 0;
        left[at] = rest === 0 && has(at, flag) ? 0 : Math.min(NEVER, rest + step);
      }
    }
    return left;
  }

  return {
    note,
    judge(scale, size) {
      const { order, circles } = inOrder(size);
      const unrest: Unrest[] = circles
        .slice(0, 1)
        .map((at) => ({ law: 'L3 settled', says: 'in a calm world it never comes to rest', at }));
      for (let at = 0; at < size; at += 1) {
        if (next(at) !== at || !has(at, ACTS)) continue;
        unrest.push({ law: 'L3 settled', says: 'at rest it goes on giving orders', at });
        break;
      }
      const worst = aims.map((aim, i) => {
        const left = ticksTo(order, FIRST_AIM << i);
        const bound = aim.bound(scale);
        let most = 0;
        let first = -1;
        for (let at = 0; at < size; at += 1) {
          most = Math.max(most, left[at] as number);
          if (first < 0 && (left[at] as number) > bound) first = at;
        }
        if (first >= 0) {
          const when = left[first] === NEVER ? 'never' : `only after ${left[first]} ticks`;
          unrest.push({ law: aim.law, says: `in a calm world ${when}: ${aim.says}`, at: first });
        }
        return { law: aim.law, ticks: most, bound };
      });
      return { worst, unrest };
    },
  };
}
