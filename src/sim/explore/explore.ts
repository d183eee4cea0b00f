/**
 * Explores a scope to its end: from every state every move that the abstract world has, breadth
 * first, so that what is found first is found on a shortest way. The chart itself is asked for every
 * step; every law is checked on every edge, and over the whole graph at the end.
 */

import type { Chart } from '../../machines/chart.ts';
import { type Calm, type CalmReport, createCalm } from './calm.ts';
import { edgeLaws } from './laws/all.ts';
import type { Edge } from './laws/edge.ts';
import { type Marked, markedChart, runnable } from './marks.ts';
import { movesOf } from './moves/all.ts';
import type { Move } from './moves/move.ts';
import { createPlayer, isDue, type Names, namesOf, type Played, type Player } from './player.ts';
import { scaleOf } from './scale.ts';
import type { Scope } from './scope.ts';
import { COLUMNS, createSpace, type Row, type Space, type Spot } from './space.ts';
import { startsOf } from './start.ts';
import { createStore, type Store } from './store.ts';

/** A law is broken on the way out of a state: by a move, or (null) when the world becomes calm. */
export interface Breach {
  readonly law: string;
  readonly says: string;
  readonly at: number;
  readonly move: number | null;
}

export interface Count {
  readonly states: number;
  /** Of which so many have been left by every move. */
  readonly explored: number;
  readonly edges: number;
}

export interface Options {
  /** The chart with its marks; default: the chart as it is. */
  readonly marked?: Marked;
  /** The chart unmarked, as two ways to run it that must agree; each state is left once by it. */
  readonly lockstep?: Chart;
  /** Stop at the first breach. */
  readonly firstOnly?: boolean;
  /** Stop when more states than this are known; default: never. */
  readonly maxStates?: number;
  /** Called now and then; false: stop. */
  onCount?(count: Count): boolean;
}

export interface Exploration extends Count {
  readonly scope: Scope;
  /** Every state was explored. */
  readonly isWhole: boolean;
  /** Moves from a start to the state that is furthest from all. */
  readonly depth: number;
  /** The first breach of each kind. */
  readonly breaches: readonly Breach[];
  /** How often each transition was taken, by the number of its mark. */
  readonly taken: Uint32Array;
  /** States of the chart that were met, `access.Degraded.Doubting`. */
  readonly met: ReadonlySet<string>;
  /** Null unless the whole was explored. */
  readonly calm: CalmReport | null;
  /** To tell the way to a breach. */
  readonly ground: Ground;
}

/** What a graph stands on. */
export interface Ground {
  readonly space: Space;
  readonly player: Player;
  readonly moves: readonly Move[];
  readonly store: Store;
}

const COUNT_EVERY = 512;

export function explore(scope: Scope, options: Options = {}): Exploration {
  const marked = options.marked ?? markedChart();
  const space = createSpace(scaleOf(scope.durations), scope.live);
  const isPrompt = scope.record === 'prompt';
  const player = createPlayer(runnable(marked), space, isPrompt);
  const twin = options.lockstep ? createPlayer(options.lockstep, space, isPrompt) : null;
  const moves = movesOf(scope, space);
  const store = createStore(COLUMNS.length);
  const ground: Ground = { space, player, moves, store };
  const calm = createCalm();
  const taken = new Uint32Array(marked.marks.length);
  const breaches = new Map<string, Breach>();
  const find = (b: Breach): void => {
    // Numbers and names in a breach vary; one of each kind is told.
    const key = `${b.law} ${b.says.replace(/scvm\d\/\w+|\d+/g, '')}`;
    if (!breaches.has(key)) breaches.set(key, b);
  };
  try {
    for (const spot of startsOf(scope, space, player)) store.add(space.rowOf(spot), -1, -1);
  } catch (error) {
    find({ law: TOTAL, says: `at its start ${messageOf(error)}`, at: -1, move: null });
  }

  let [edges, explored, depth, levelEnd] = [0, 0, 0, store.size()];
  const isOver = (): boolean =>
    explored === store.size() ||
    (options.firstOnly === true && breaches.size > 0) ||
    store.size() > (options.maxStates ?? Number.POSITIVE_INFINITY);
  for (; !isOver(); explored += 1) {
    if (explored === levelEnd) [depth, levelEnd] = [depth + 1, store.size()];
    edges += leave(ground, explored, calm, taken, find);
    if (twin) leaveOnce(ground, twin, explored, find);
    if (explored % COUNT_EVERY > 0 || !options.onCount) continue;
    if (!options.onCount({ states: store.size(), explored, edges })) break;
  }
  const isWhole = explored === store.size();
  const report = isWhole ? calm.judge(space.scale, explored) : null;
  for (const { law, says, at } of report?.unrest ?? []) find({ law, says, at, move: null });
  return {
    scope,
    states: store.size(),
    explored,
    edges,
    depth,
    isWhole,
    breaches: [...breaches.values()],
    taken,
    met: space.statesMet(),
    calm: report,
    ground,
  };
}

const isSame = (a: Row, b: Row): boolean => a.every((x, i) => x === b[i]);
const ACTS = /^(SET_ROUTE|BREAK|REFRESH|REPORT|READ)/;

/** Every move out of one state; how many there were. */
function leave(
  ground: Ground,
  at: number,
  calm: Calm,
  taken: Uint32Array,
  find: (breach: Breach) => void,
): number {
  const { space, moves, store } = ground;
  const row = store.row(at);
  const spot = space.spotOf(row);
  const was = namesOf(spot.moment);
  const wasDue = isDue(spot);
  let edges = 0;
  let [rank, calmest, acts] = [Number.POSITIVE_INFINITY, at, false];
  for (let m = 0; m < moves.length; m += 1) {
    const move = moves[m] as Move;
    if (!move.isOpen(spot)) continue;
    edges += 1;
    const played = playSafely(ground.player, spot, move);
    if (typeof played === 'string') {
      find({ law: TOTAL, says: played, at, move: m });
      continue;
    }
    for (const mark of played.marks) taken[mark] = (taken[mark] ?? 0) + 1;
    const next = space.rowOf(played.spot);
    const isStill = isSame(row, next);
    const edge = edgeOf(ground, move, played, { was, wasDue, isStill, next });
    for (const law of edgeLaws) {
      const says = law.broken(edge);
      if (says !== null) find({ law: law.name, says, at, move: m });
    }
    const index = store.add(next, at, m);
    if (move.calm === undefined || move.calm >= rank || (isStill && move.kind !== 'tick')) continue;
    [rank, calmest] = [move.calm, index];
    acts = played.orders.some((o) => ACTS.test(o.type));
  }
  calm.note(at, calmest, rank === TICK_RANK, acts, spot, was);
  return edges;
}

/** One move out of a state, another one from state to state, by both ways to run the chart. */
function leaveOnce(
  { space, moves, store }: Ground,
  twin: Player,
  at: number,
  find: (breach: Breach) => void,
): void {
  const spot = space.spotOf(store.row(at));
  const open = moves.filter((move) => move.isOpen(spot));
  const move = open[at % open.length];
  if (!move) return;
  const says = playSafely(twin, spot, move);
  if (typeof says === 'string') find({ law: LOCKSTEP, says, at, move: moves.indexOf(move) });
}

const LOCKSTEP = 'compiled as written';

/** A throw in the chart would end the daemon. */
const TOTAL = 'the chart is total';
const messageOf = (error: unknown): string =>
  `it threw: ${error instanceof Error ? error.message : String(error)}`;

/** Only a tick takes time. */
const TICK_RANK = 9;

/** What it threw, if it did. */
function playSafely(player: Player, spot: Spot, move: Move): Played | string {
  try {
    return player.play(spot, move.play);
  } catch (error) {
    return messageOf(error);
  }
}

interface Seen {
  readonly was: Names;
  readonly wasDue: boolean;
  readonly isStill: boolean;
  readonly next: Row;
}

function edgeOf(ground: Ground, move: Move, played: Played, seen: Seen): Edge {
  const { was, wasDue, isStill, next } = seen;
  const { space, player } = ground;
  const twice = (): boolean =>
    isSame(next, space.rowOf(player.play(space.spotOf(next), move.play).spot));
  return {
    move,
    from: played.from,
    to: played.spot,
    was,
    is: namesOf(played.spot.moment),
    orders: played.orders,
    isStill,
    isStable: isStill || move.kind !== 'again' || twice(),
    wasDue,
  };
}
