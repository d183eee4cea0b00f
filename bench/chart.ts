/**
 * Events per second through the chart alone: as an actor (`createActor`, `send`), compiled, and
 * written by hand as switch statements, over the same recorded events. Recorded from simulated
 * hosts: one at rest, whose paths change a little, and one whose access service restarts in a loop.
 * All three must end in the same state. In turns, medians.
 */

import assert from 'node:assert/strict';
import { type Actor, createActor, SimulatedClock } from 'xstate';
import { baseSettings } from '../src/cli/simulate/base.ts';
import type { Chart, Moment } from '../src/machines/chart.ts';
import type { ChartEvent } from '../src/machines/chart-events.ts';
import { compiled } from '../src/machines/compiled.ts';
import { controller } from '../src/machines/controller.ts';
import { createEngine } from '../src/machines/decide.ts';
import { stateName } from '../src/machines/notes.ts';
import type { ChartInput } from '../src/machines/setup.ts';
import { perform } from '../src/sim/commands.ts';
import { createRun } from '../src/sim/run.ts';
import { HandChart } from './hand-chart.ts';

type Heard = Parameters<Chart['send']>[1];

interface Recorded {
  readonly input: ChartInput;
  readonly events: readonly Heard[];
}

const ROUNDS = 9;

/** What the chart hears on a simulated host. */
function record(script: readonly string[]): Recorded {
  const events: Heard[] = [];
  let input: ChartInput | null = null;
  const engine = createEngine({
    start(given) {
      input = given;
      return compiled.start(given);
    },
    send(at, event) {
      events.push(event);
      return compiled.send(at, event);
    },
  });
  const run = createRun([baseSettings()], () => undefined, { engine });
  for (const line of script) perform(run, line);
  assert.ok(input);
  return { input, events };
}

const STREAMS: Readonly<Record<string, readonly string[]>> = {
  'at rest, once a second a look': ['route via scvm1/data', 'boot', 'run 2000s'],
  'restart loop': [
    'set-up',
    ...Array.from({ length: 60 }, () => [
      'service scvm1 refused',
      'run 4s',
      'service scvm1 up',
      'run 40s',
    ]).flat(),
  ].map((line) => (line === 'set-up' ? 'boot' : line)),
};

const namesOf = (value: Moment['value']): string =>
  ['access', 'steering', 'route', 'record'].map((r) => stateName(value, r)).join(' ');

interface Way {
  readonly name: string;
  /** Makes a chart at its beginning; returns what sends an event and what tells the end. */
  open(input: ChartInput): { send(event: Heard): void; end(): { names: string; context: object } };
}

const actor: Way = {
  name: 'createActor and send',
  open(input) {
    const it: Actor<typeof controller> = createActor(controller, {
      input,
      clock: new SimulatedClock(),
    });
    it.start();
    return {
      send: (event) => it.send(event as ChartEvent),
      end() {
        const { value, context } = it.getSnapshot();
        return { names: namesOf(value as Moment['value']), context };
      },
    };
  },
};

const tables: Way = {
  name: 'compiled',
  open(input) {
    let at = compiled.start(input).at;
    return {
      send(event) {
        const steps = compiled.send(at, event);
        const last = steps[steps.length - 1];
        if (last) at = last.at;
      },
      end: () => ({ names: namesOf(at.value), context: at.context }),
    };
  },
};

const hand: Way = {
  name: 'switch statements',
  open(input) {
    const it = new HandChart(compiled.start(input).at.context);
    return {
      send: (event) => it.send(event),
      end() {
        const inner = (s: string): string => {
          if (s === 'WarmingUp' || s === 'Doubting') return `Degraded.${s}`;
          if (s === 'Holding' || s === 'Due') return `BackToNormal.${s}`;
          return s === 'Announcing' || s === 'Installing' ? `Switching.${s}` : s;
        };
        const names = [it.access, it.steering, it.route, it.record].map(inner).join(' ');
        return { names, context: it.context };
      },
    };
  },
};

/** Nanoseconds per event, over so many passes through the stream. */
function time(way: Way, { input, events }: Recorded, passes: number): number {
  const begun = process.hrtime.bigint();
  for (let i = 0; i < passes; i += 1) {
    const { send } = way.open(input);
    for (const event of events) send(event);
  }
  return Number(process.hrtime.bigint() - begun) / (passes * events.length);
}

function endOf(way: Way, { input, events }: Recorded): object {
  const { send, end } = way.open(input);
  for (const event of events) send(event);
  return end();
}

export function run(): { title: string; rows: Record<string, string | number>[] }[] {
  return Object.entries(STREAMS).map(([title, script]) => {
    const recorded = record(script);
    const ways = [actor, tables, hand];
    const expected = endOf(actor, recorded);
    for (const way of ways) assert.deepEqual(endOf(way, recorded), expected, way.name);
    const passes = new Map<Way, number>([
      [actor, Math.ceil(10_000 / recorded.events.length)],
      [tables, Math.ceil(1_000_000 / recorded.events.length)],
      [hand, Math.ceil(1_000_000 / recorded.events.length)],
    ]);
    const times = new Map<Way, number[]>(ways.map((way) => [way, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of ways) times.get(way)?.push(time(way, recorded, passes.get(way) ?? 1));
    }
    const medianOf = (way: Way): number =>
      (times.get(way) ?? []).sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
    return {
      title: `chart alone: ${title} (${recorded.events.length} events, median of ${ROUNDS} rounds)`,
      rows: ways.map((way) => ({
        way: way.name,
        nsPerEvent: Math.round(medianOf(way)),
        eventsPerSecond: Math.round(1e9 / medianOf(way)),
        timesActor: medianOf(actor) / medianOf(way),
      })),
    };
  });
}
