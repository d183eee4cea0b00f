/**
 * The space of an exploration: a *spot* is where the chart stands, what it remembers, what is left
 * of its timers, and what the abstract world really is. A *row* is the same spot as numbers of
 * parts; equal rows are equal spots. Also here: what one tick makes of a spot before anybody acts.
 */

import type { Moment } from '../../machines/chart.ts';
import type { Context } from '../../machines/context.ts';
import type { Memory, PathId } from '../../machines/model.ts';
import type { Settings } from '../../machines/settings.ts';
import {
  canonicalTable,
  goalPart,
  LAST_ID,
  longestHoldMs,
  memoryPart,
  recordPart,
  runPart,
  tablePart,
} from './canonical.ts';
import { createPart } from './parts.ts';
import { NOW_MS, type Scale, TICK_MS, ticksOf } from './scale.ts';
import { createTables, type KernelTable, type Tables } from './tables.ts';
import { createViews, type Views, type ViewTable } from './views.ts';

/** A running `after` of the chart. */
export interface Timer {
  readonly id: string;
  /** Ticks until it is due; 0: due now. */
  readonly left: number;
}

/** What really is, beside the health of the paths. */
export interface World {
  readonly table: KernelTable;
  /** The route command that was ordered and has not answered. */
  readonly command: 'none' | 'sets' | 'sets and removes';
}

export interface Spot {
  readonly settings: Settings;
  readonly moment: Moment;
  readonly timers: readonly Timer[];
  readonly views: Views;
  readonly world: World;
}

/** Numbers of parts, in the order of `COLUMNS`. */
export type Row = readonly number[];
export const COLUMNS = [
  'settings',
  'regions',
  'timers',
  'views',
  'target',
  'table',
  'goal',
  'memory',
  'record',
  'run',
  'world',
] as const;

export interface Space {
  readonly scale: Scale;
  readonly tables: Tables;
  readonly views: ViewTable;
  rowOf(spot: Spot): Row;
  spotOf(row: Row): Spot;
  /** Time goes by for everything that has an age; timers run down unless the process stands still. */
  later(spot: Spot, timersRun: boolean): Spot;
  /** States of the chart that were met, compound ones as well: `access.Degraded.Doubting`. */
  statesMet(): Set<string>;
  /** How many different parts of each kind were met. */
  sizes(): Record<string, number>;
}

const COMMANDS: readonly World['command'][] = ['none', 'sets', 'sets and removes'];

/** Which paths a decision may look at in any other way than "is it up?"; null: at all of them. */
export function relevant({ moment, settings }: Spot): boolean[] | null {
  const { target, goal, memory, run } = moment.context;
  // A target may be taken from the table as it is.
  if (target === null || memory.paused || run.shadow) return null;
  const named: (PathId | null | undefined)[] = [target, goal?.path, goal?.from, memory.pin?.path];
  return settings.paths.map((p, i) => i === 0 || named.includes(p.id));
}

const inOrder = (list: readonly Timer[]): readonly Timer[] =>
  [...list].sort((a, b) => (a.id < b.id ? -1 : 1));

function addStates(value: unknown, above: string, met: Set<string>): void {
  if (typeof value === 'string') met.add(above + value);
  else {
    for (const [key, inner] of Object.entries(value as object)) {
      met.add(above + key);
      addStates(inner, `${above}${key}.`, met);
    }
  }
}

/** The same answer for the same object: parts that keep their identity keep their number. */
function memo<T extends object>(of: (value: T) => T): (value: T) => T {
  const known = new WeakMap<T, T>();
  return (value) => {
    const found = known.get(value);
    if (found) return found;
    const made = of(value);
    known.set(value, made);
    return made;
  };
}

/** `live`: paths that are not down for ever. */
export function createSpace(scale: Scale, live: readonly PathId[]): Space {
  const full = scale.settings;
  const tables = createTables(full.paths);
  const dark = ticksOf(full.service.intervalMs);
  // Home's age is also compared with a hold that began a tick ago, and a tick later with that.
  const caps = { home: Math.max(dark, ticksOf(longestHoldMs(full)), 2), other: dark };
  const views = createViews(full.paths, caps, live);
  const regions = createPart<Moment['value']>({
    name: 'regions',
    keyOf: (value) => JSON.stringify(value),
    make: (value) => value,
  });
  const timers = createPart<readonly Timer[]>({
    name: 'timers',
    keyOf: (list) =>
      inOrder(list)
        .map((t) => `${t.id} ${t.left}`)
        .join(),
    make: inOrder,
  });
  const memories = createPart(memoryPart(scale));
  const goals = createPart(goalPart);
  const records = createPart(recordPart);
  const runs = createPart(runPart(scale));
  const known = createPart(tablePart);
  const all = [regions, timers, memories, goals, records, runs, known];
  const worlds: World[] = tables.all.flatMap((table) =>
    COMMANDS.map((command) => ({ table, command })),
  );

  const isHolding = ({ value }: Moment): boolean =>
    typeof value.access === 'object' && 'BackToNormal' in (value.access as object);

  function rowOf(spot: Spot): Row {
    const { moment, settings, world } = spot;
    const c = moment.context;
    const mask = relevant(spot);
    const seen = mask ? views.merged(spot.views, mask) : spot.views;
    return [
      settings === full ? 0 : 1,
      regions.indexOf(moment.value),
      timers.indexOf(spot.timers),
      seen.index,
      c.target === null ? 0 : 1 + full.paths.findIndex((p) => p.id === c.target),
      known.indexOf(canonicalTable(c)),
      c.goal === null ? 0 : 1 + goals.indexOf(c.goal),
      memories.indexOf(c.memory),
      records.indexOf(c.record),
      runs.indexOf(c.run, isHolding(moment) ? 1 : 0),
      world.table.index * COMMANDS.length + COMMANDS.indexOf(world.command),
    ];
  }

  function spotOf(row: Row): Spot {
    const at = (column: number): number => row[column] as number;
    const settings = at(0) === 0 ? full : scale.reduced;
    const seen = views.all[at(3)] as Views;
    const context: Context = {
      settings,
      nowMs: NOW_MS,
      run: runs.at(at(9)),
      paths: seen.shown,
      target: at(4) === 0 ? null : (full.paths[at(4) - 1]?.id ?? null),
      table: known.at(at(5)),
      goal: at(6) === 0 ? null : goals.at(at(6) - 1),
      memory: memories.at(at(7)),
      record: records.at(at(8)),
      lastOrderId: LAST_ID,
    };
    const world = worlds[at(10)] as World;
    const moment = { value: regions.at(at(1)), context };
    return { settings, moment, timers: timers.at(at(2)), views: seen, world };
  }

  const olderMemory = memo((m: Memory): Memory => {
    const back = (atMs: number): number => atMs - TICK_MS;
    const maybe = (atMs: number | null): number | null => (atMs === null ? null : back(atMs));
    return {
      ...m,
      servingSinceMs: maybe(m.servingSinceMs),
      arrivedAtMs: maybe(m.arrivedAtMs),
      leftAtMs: Object.fromEntries(Object.entries(m.leftAtMs).map(([id, at]) => [id, back(at)])),
      preferredAtMs: m.preferredAtMs.map((at) => at - scale.rates.budgetMs),
      pin: m.pin && { ...m.pin, untilMs: maybe(m.pin.untilMs) },
    };
  });

  const olderRun = memo((r: Context['run']): Context['run'] => ({
    ...r,
    startedAtMs: r.startedAtMs - TICK_MS,
    heldFromMs: r.heldFromMs - TICK_MS,
    repairedAtMs: r.repairedAtMs.map((at) => at - scale.rates.contestedMs),
  }));

  const olderTimers = memo((list: readonly Timer[]): readonly Timer[] =>
    list.map((t) => ({ ...t, left: Math.max(0, t.left - 1) })),
  );

  function later(spot: Spot, timersRun: boolean): Spot {
    const { moment } = spot;
    const c = moment.context;
    const seen = views.aged(spot.views);
    const memory = olderMemory(c.memory);
    const context = { ...c, memory, run: olderRun(c.run), paths: seen.shown };
    return {
      ...spot,
      views: seen,
      moment: { value: moment.value, context },
      timers: timersRun ? olderTimers(spot.timers) : spot.timers,
    };
  }

  return {
    scale,
    tables,
    views,
    rowOf,
    spotOf,
    later,
    statesMet() {
      const met = new Set<string>();
      for (let i = 0; i < regions.size(); i += 1) addStates(regions.at(i), '', met);
      return met;
    },
    sizes: () => ({
      views: views.all.length,
      ...Object.fromEntries(all.map((part) => [part.name, part.size()])),
    }),
  };
}
