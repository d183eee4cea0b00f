/**
 * A plain daemon's chart beside a canonical spot: real times that only grow, real order numbers,
 * real names of sessions. It is told what the spot is told, in its own terms, and must order the
 * same. Nothing here saturates, forgets or renames.
 */

import type { Chart, Moment, TimerEvent } from '../../../src/machines/chart.ts';
import type { ChartEvent } from '../../../src/machines/chart-events.ts';
import { recalled } from '../../../src/machines/hold.ts';
import type { PathView } from '../../../src/machines/model.ts';
import type { Order } from '../../../src/machines/orders.ts';
import type { ChartInput } from '../../../src/machines/setup.ts';
import { NEW_UUID, RECORD_ID, ROUTE_ID } from '../../../src/sim/explore/canonical.ts';
import { NOW_MS, TICK_MS } from '../../../src/sim/explore/scale.ts';

type Heard = ChartEvent | TimerEvent;

export interface Plain {
  moment(): Moment;
  /** Begins anew at the present time, with its own memory or with the one that is given. */
  start(input: ChartInput, remembers: boolean): void;
  /** So many ticks go by; running timers get nearer unless the process stands still. */
  later(ticks: number, timersRun: boolean): void;
  /** One event as the canonical chart heard it. */
  hear(event: Heard): void;
  /** Orders since the last call. */
  orders(): Order[];
  /** Ids of running timers with the ticks that are left. */
  timers(): string[];
}

/** What is shown of a path, with the time at which its present run of `up` began. */
function grownUp(view: PathView, old: PathView | undefined, nowMs: number): PathView {
  if (view.upSinceMs === null) return { ...view, ...kept(view, old, nowMs) };
  const isNew = old?.verdict !== 'up' || (view.upSinceMs === NOW_MS && old.upSinceMs !== nowMs);
  return { ...view, upSinceMs: isNew ? nowMs : old.upSinceMs, ...kept(view, old, nowMs) };
}

function kept(view: PathView, old: PathView | undefined, nowMs: number): Partial<PathView> {
  const start = view.sessionStartMs;
  return {
    badAtMs: view.badAtMs === null ? null : nowMs,
    sessionStartMs: start === null ? null : (old?.sessionStartMs ?? nowMs - (NOW_MS - start)),
  };
}

export function createPlain(chart: Chart): Plain {
  let at: Moment;
  let nowMs = 5_000_000;
  let views: readonly PathView[] = [];
  let timers: { readonly id: string; dueMs: number }[] = [];
  const given: Order[] = [];
  let sessions = 0;
  let uuid = 'session 0';

  function take(steps: readonly ReturnType<Chart['start']>[]): void {
    for (const step of steps) {
      at = step.at;
      for (const e of step.effects) {
        if (e.type === 'order') given.push(e.order);
        else timers = timers.filter((t) => t.id !== e.id);
        if (e.type === 'arm') timers.push({ id: e.id, dueMs: nowMs + e.delayMs });
      }
    }
  }

  const idOf = (id: number): number =>
    id === ROUTE_ID ? (at.context.goal?.orderId ?? -1) : id === RECORD_ID ? record() : id;
  const record = (): number => at.context.record.orderId;

  function nameOf(name: string | null): string | null {
    if (name === NEW_UUID) {
      sessions += 1;
      uuid = `session ${sessions}`;
    }
    return name === null ? null : uuid;
  }

  function translated(event: Heard): Heard {
    if (event.type === 'PROBE' || event.type === 'SESSION' || event.type === 'TICK') {
      views = event.paths.map((v) =>
        grownUp(
          v,
          views.find((o) => o.id === v.id),
          nowMs,
        ),
      );
      return { ...event, atMs: nowMs, paths: views, localUuid: nameOf(event.localUuid) };
    }
    if (event.type === 'PIN_ASKED') {
      const { untilMs } = event;
      return { ...event, atMs: nowMs, untilMs: untilMs === null ? null : untilMs - NOW_MS + nowMs };
    }
    // The prompt leader answers with the number that the canonical chart gave.
    if (event.type === 'RECORD_ACKNOWLEDGED' && event.orderId > ROUTE_ID) {
      return { ...event, atMs: nowMs, orderId: record() };
    }
    if ('orderId' in event && event.orderId !== null) {
      return { ...event, atMs: nowMs, orderId: idOf(event.orderId) } as ChartEvent;
    }
    return 'atMs' in event ? { ...event, atMs: nowMs } : event;
  }

  return {
    moment: () => at,
    start(input, remembers) {
      timers = [];
      views = [];
      const memory = remembers ? recalled(at.context.memory, input.settings) : input.memory;
      take([chart.start({ ...input, memory, nowMs })]);
    },
    later(ticks, timersRun) {
      nowMs += ticks * TICK_MS;
      if (!timersRun) for (const t of timers) t.dueMs += ticks * TICK_MS;
    },
    hear(event) {
      if (event.type.startsWith('xstate.after.')) {
        const timer = timers.find((t) => t.id === event.type);
        if (!timer || timer.dueMs > nowMs) throw new Error(`${event.type} is not due`);
        timers = timers.filter((t) => t !== timer);
      }
      take(chart.send(at, translated(event)));
    },
    orders: () => given.splice(0),
    timers: () =>
      timers.map((t) => `${t.id} ${Math.max(0, Math.ceil((t.dueMs - nowMs) / TICK_MS))}`).sort(),
  };
}
