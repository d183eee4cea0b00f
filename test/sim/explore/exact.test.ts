/**
 * The exploration's canonical form changes no decision: random walks through its moves, with a plain
 * chart beside it that forgets nothing (plain.ts). Same states, same timers, same orders, always.
 */

import assert from 'node:assert/strict';
import type { Chart } from '../../../src/machines/chart.ts';
import type { ChartEvent } from '../../../src/machines/chart-events.ts';
import { compiled } from '../../../src/machines/compiled.ts';
import type { Order } from '../../../src/machines/orders.ts';
import { movesOf } from '../../../src/sim/explore/moves/all.ts';
import type { Kind, Move } from '../../../src/sim/explore/moves/move.ts';
import { createPlayer } from '../../../src/sim/explore/player.ts';
import { scaleOf } from '../../../src/sim/explore/scale.ts';
import { type Scope, WISHES } from '../../../src/sim/explore/scope.ts';
import { createSpace, type Spot } from '../../../src/sim/explore/space.ts';
import { startsOf } from '../../../src/sim/explore/start.ts';
import { createRandom, type Random } from '../../../src/sim/random.ts';
import { createPlain, type Plain } from './plain.ts';

/** Every kind of move, and spans that are what they are: an hour is 360 ticks, a minute 6. */
const everything = (scvms: 2 | 3): Scope => ({
  name: 'everything',
  says: '',
  durations: {
    scvms,
    backToNormal: 2,
    backToNormalMax: 8,
    forgive: 3,
    returnGuard: 5,
    dwell: 2,
    warmUp: 1,
    dark: 1,
    hour: 360,
    minute: 6,
    budgetPerHour: 2,
  },
  live: ['scvm1/data', 'scvm1/manage', 'scvm2/data', 'scvm2/manage'],
  joint: true,
  command: 'any',
  record: 'any',
  foreign: 'silent',
  twins: true,
  pins: WISHES,
  pauses: true,
  reloads: true,
  stalls: true,
  crashes: true,
  shadow: false,
  sessionAges: [null, 0, 5],
});

const keyOf = (o: Order): string => {
  if (o.type === 'SET_ROUTE')
    return `${o.type} ${o.kind} ${o.path} ${o.gateway} -${o.remove.length}`;
  return 'path' in o ? `${o.type} ${o.path}` : o.type;
};

function pictureOf({ value, context: c }: Spot['moment']): object {
  const { goal, memory, record } = c;
  return {
    value,
    target: c.target,
    goal: goal && `${goal.kind} ${goal.from} -> ${goal.path}`,
    relapses: memory.relapses,
    returned: memory.returned,
    pin: memory.pin && `${memory.pin.path} ${memory.pin.failsafe} ${memory.pin.untilMs !== null}`,
    paused: memory.paused,
    record: `${record.uuid !== null} ${record.clientIps.length} ${record.owedSinceMs !== null}`,
    verdicts: c.paths.map((v) => v.verdict).join(),
  };
}

interface Heard {
  readonly events: { type: string }[];
  readonly spy: Chart;
  boots: Parameters<Chart['start']>[0][];
}

/** The chart, and what it was told since the last look. */
function overheard(): Heard {
  const heard: Heard = {
    events: [],
    boots: [],
    spy: {
      start(input) {
        heard.boots.push(input);
        return compiled.start(input);
      },
      send(at, event) {
        heard.events.push(event);
        return compiled.send(at, event);
      },
    },
  };
  return heard;
}

function follow(plain: Plain, heard: Heard, move: Move | null): void {
  if (move?.kind === 'tick' || move?.kind === 'stall') plain.later(1, move.kind === 'tick');
  for (const input of heard.boots.splice(0)) {
    plain.start(input, move !== null && move.says === 'the daemon dies and starts');
  }
  for (const event of heard.events.splice(0)) plain.hear(event as ChartEvent);
}

/** How often a kind of move comes up, in busy times; kinds without a number: 1. */
const weights: Readonly<Partial<Record<Kind, number>>> = {
  tick: 12,
  paths: 12,
  command: 40,
  read: 3,
  pin: 0.5,
  pause: 0.2,
  resume: 3,
  stall: 0.5,
  boot: 0.2,
  reload: 0.5,
};

/** By turns much happens and little: long holds are served only in quiet times. */
function pickOf(random: Random, open: readonly Move[], isQuiet: boolean): Move {
  const kinds = [...new Set(open.map((m) => m.kind))];
  const weightOf = (kind: Kind): number =>
    isQuiet && kind === 'tick' ? 400 : (weights[kind] ?? 1);
  let at = random.unit() * kinds.reduce((sum, kind) => sum + weightOf(kind), 0);
  const kind = kinds.find((k) => {
    at -= weightOf(k);
    return at < 0;
  });
  const list = open.filter((m) => m.kind === (kind ?? 'again'));
  // In quiet times what comes up helps: otherwise nothing would ever stay up.
  const good = list.filter((m) => m.calm !== undefined || m.says.endsWith(' up'));
  return random.pick(good.length > 0 && random.chance(0.7) ? good : list);
}

function walk(seed: number, steps: number): { orders: number; kinds: Set<string> } {
  const random = createRandom(seed, 'explore');
  const scope = everything(seed % 2 === 0 ? 2 : 3);
  const space = createSpace(scaleOf(scope.durations), scope.live);
  const heard = overheard();
  const player = createPlayer(heard.spy, space, false);
  const moves = movesOf(scope, space);
  const kinds = new Set<string>();
  const first = startsOf(scope, space, player);
  // The starts were all heard; begin again with the one that is walked from.
  heard.events.length = 0;
  heard.boots.length = 0;
  let spot = first[random.int(0, first.length - 1)] as Spot;
  const plain = createPlain(compiled);
  player.play(spot, (hand) => {
    hand.boot(spot.moment.context.memory, false, spot.views);
    spot = { ...hand.now() };
  });
  follow(plain, heard, null);
  plain.orders();
  let orders = 0;
  for (let n = 0; n < steps; n += 1) {
    spot = space.spotOf(space.rowOf(spot));
    const open = moves.filter((m) => m.isOpen(spot));
    const move = pickOf(random, open, n % 120 > 60);
    kinds.add(move.kind);
    const shown = spot.views.shown.map((v) => v.verdict).join();
    if (
      shown !==
      plain
        .moment()
        .context.paths.map((v) => v.verdict)
        .join()
    ) {
      // What is wrong with a path that nobody asks may become anything at any time.
      const { record } = spot.moment.context;
      const told = { localUuid: record.uuid, clientIps: record.clientIps };
      plain.hear({ type: 'TICK', atMs: 0, paths: spot.views.shown, ...told });
      assert.deepEqual(plain.orders(), []);
    }
    const played = player.play(spot, move.play);
    follow(plain, heard, move);
    const where = `seed ${seed}, step ${n}: ${move.says}`;
    assert.deepEqual(plain.orders().map(keyOf), played.orders.map(keyOf), where);
    assert.deepEqual(pictureOf(plain.moment()), pictureOf(played.spot.moment), where);
    const timers = played.spot.timers.map((t) => `${t.id} ${t.left}`).sort();
    assert.deepEqual(plain.timers(), timers, where);
    orders += played.orders.length;
    spot = played.spot;
  }
  return { orders, kinds };
}

describe('explore: the canonical form', () => {
  it('decides as the plain chart does, over random walks through every kind of move', function () {
    this.timeout(120_000);
    const walks = Array.from({ length: 30 }, (_, seed) => walk(seed, 1000));
    const orders = walks.map((w) => w.orders);
    assert.ok(Math.min(...orders) > 20, `the walks order nothing: ${orders.join()}`);
    const kinds = new Set(walks.flatMap((w) => [...w.kinds]));
    for (const kind of ['stall', 'boot', 'reload', 'pin', 'foreign', 'record', 'late', 'session']) {
      assert.ok(kinds.has(kind), kind);
    }
  });
});
