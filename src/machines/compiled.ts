/**
 * Runs the compiled chart: the same microsteps as XState's, some hundred times faster. All regions
 * choose before any of them acts; then all leave, act and enter; then comes what was raised.
 */

import type { Chart, Effect, Microstep, Moment } from './chart.ts';
import type { ChartEvent } from './chart-events.ts';
import { type Act, type Candidate, compile, type Running, type Tables } from './compile.ts';
import type { Context } from './context.ts';
import { controller } from './controller.ts';
import { generate } from './generate.ts';

/** One combination of states of all regions. There is one object for each. */
interface Configuration {
  readonly states: readonly number[];
  readonly value: Moment['value'];
}

/** One event's way through the chart. */
interface Pass extends Running {
  at: Configuration;
  /** The microsteps that did anything; null: none yet. */
  steps: Microstep[] | null;
}

const NO_EFFECTS: readonly Effect[] = [];
const NO_STEPS: readonly Microstep[] = [];
const NO_ACTS: readonly Act[] = [];

/** A moment of this chart: it knows its configuration, so that it need not be looked up. */
class Place implements Moment {
  readonly value: Moment['value'];
  readonly context: Context;
  readonly configuration: Configuration;

  constructor(configuration: Configuration, context: Context) {
    this.value = configuration.value;
    this.context = context;
    this.configuration = configuration;
  }
}

export function createChart(machine: object): Chart {
  const tables = compile(machine);
  const configurations = createConfigurations(tables);
  const choosers = generate<Pass>(tables, take, takeOne);

  function begin(at: Configuration, context: Context, event: Running['event']): Pass {
    return { at, context, event, effects: null, raised: null, steps: null };
  }

  /** Everything that was raised, in turn. */
  function settle(run: Pass): void {
    for (let i = 0; run.raised !== null && i < run.raised.length; i += 1) {
      run.event = run.raised[i] as ChartEvent;
      choosers.get(run.event.type)?.(run, run.at.states);
    }
  }

  /** Several regions may act: all leave, innermost and last first, then all act, then all enter. */
  function take(run: Pass, regions: readonly number[], all: readonly (Candidate | null)[]): void {
    const before = run.context;
    const to = [...run.at.states];
    run.effects = null;
    for (let i = all.length - 1; i >= 0; i -= 1) perform(all[i]?.exit ?? NO_ACTS, run);
    for (const c of all) perform(c?.act ?? NO_ACTS, run);
    for (const [i, c] of all.entries()) {
      perform(c?.enter ?? NO_ACTS, run);
      if (c) to[regions[i] as number] = c.to;
    }
    end(run, configurations.of(to), before);
  }

  function takeOne(run: Pass, region: number, chosen: Candidate): void {
    const before = run.context;
    run.effects = null;
    if (chosen.stays) {
      perform(chosen.act, run);
      end(run, run.at, before);
      return;
    }
    perform(chosen.exit, run);
    perform(chosen.act, run);
    perform(chosen.enter, run);
    end(run, configurations.of(run.at.states.with(region, chosen.to)), before);
  }

  return {
    start(input) {
      const first = configurations.of(tables.regions.map((r) => r.first));
      const run = begin(first, tables.firstContext(input), { type: 'START' });
      perform(tables.enter, run);
      run.steps = [{ at: new Place(first, run.context), effects: run.effects ?? NO_EFFECTS }];
      settle(run);
      return {
        at: new Place(run.at, run.context),
        effects: run.steps.flatMap((s) => s.effects),
      };
    },
    send(at, event) {
      const from = at instanceof Place ? at.configuration : configurations.read(at.value);
      const run = begin(from, at.context, event);
      choosers.get(event.type)?.(run, from.states);
      settle(run);
      return run.steps ?? NO_STEPS;
    },
  };
}

/** Keeps the microstep if it did anything. */
function end(run: Pass, next: Configuration, before: Context): void {
  const effects = run.effects ?? NO_EFFECTS;
  if (next === run.at && run.context === before && effects === NO_EFFECTS) return;
  run.at = next;
  const done = { at: new Place(next, run.context), effects };
  if (run.steps === null) run.steps = [done];
  else run.steps.push(done);
}

function perform(acts: readonly Act[], run: Running): void {
  for (let i = 0; i < acts.length; i += 1) (acts[i] as Act)(run);
}

interface Configurations {
  of(states: readonly number[]): Configuration;
  /** The configuration that a value describes. Throws on a value that the chart does not have. */
  read(value: Moment['value']): Configuration;
}

function createConfigurations({ regions }: Tables): Configurations {
  const known = new Map<number, Configuration>();
  const texts = regions.map((r) => r.values.map((v) => JSON.stringify(v)));

  function of(states: readonly number[]): Configuration {
    const number = states.reduce((n, s, i) => n * (texts[i] as string[]).length + s, 0);
    const found = known.get(number);
    if (found) return found;
    const value = Object.fromEntries(regions.map((r, i) => [r.key, r.values[states[i] as number]]));
    const made = { states: [...states], value };
    known.set(number, made);
    return made;
  }

  function read(value: Moment['value']): Configuration {
    const states = regions.map((r, i) =>
      (texts[i] as string[]).indexOf(JSON.stringify(value[r.key])),
    );
    if (states.includes(-1)) throw new Error(`the chart has no state ${JSON.stringify(value)}`);
    return of(states);
  }

  return { of, read };
}

/** The chart, compiled once at start. */
export const compiled: Chart = createChart(controller);
