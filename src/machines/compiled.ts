/**
 * Runs the compiled chart: the same microsteps as XState's, some hundred times faster. All regions
 * choose before any of them acts; then all leave, act and enter; then comes what was raised.
 */

import type { Chart, Effect, Microstep, Moment } from './chart.ts';
import type { ChartEvent } from './chart-events.ts';
import { type Act, type Candidate, compile, type Running, type Tables } from './compile.ts';
import type { Context } from './context.ts';
import { controller } from './controller.ts';

/** One combination of states of all regions. There is one object for each. */
interface Configuration {
  readonly states: readonly number[];
  readonly value: Moment['value'];
  /** By event: what may be chosen here, of the regions in which there is anything. */
  readonly choices: Map<string, readonly Choice[]>;
}

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

interface Choice {
  readonly region: number;
  readonly candidates: readonly Candidate[];
}

const NOTHING: readonly Effect[] = [];

export function createChart(machine: object): Chart {
  const tables = compile(machine);
  const configurations = createConfigurations(tables);

  function start(input: unknown): Microstep {
    const run = runFrom(tables.firstContext(input), { type: 'START' });
    const first = configurations.of(tables.regions.map((r) => r.first));
    perform(tables.enter, run);
    const begun = { at: new Place(first, run.context), effects: run.effects ?? NOTHING };
    const steps: Microstep[] = [begun];
    settle(first, run, steps);
    return { at: (steps.at(-1) ?? begun).at, effects: steps.flatMap((s) => s.effects) };
  }

  /** Everything that was raised, in turn. */
  function settle(from: Configuration, run: Running, steps: Microstep[]): void {
    let at = from;
    for (let i = 0; i < run.raised.length; i += 1) {
      run.event = run.raised[i] as ChartEvent;
      at = step(at, run, steps);
    }
  }

  /** One microstep; adds to `steps` if it did anything. */
  function step(from: Configuration, run: Running, steps: Microstep[]): Configuration {
    const choices = choicesOf(from, run.event.type);
    let chosen: Candidate | null = null;
    let others: Candidate[] | null = null;
    let to: number[] | null = null;
    for (let i = 0; i < choices.length; i += 1) {
      const { region, candidates } = choices[i] as Choice;
      const found = choose(candidates, run);
      if (found === null) continue;
      if (chosen === null) chosen = found;
      else others = [...(others ?? []), found];
      if (found.to === from.states[region]) continue;
      to ??= [...from.states];
      to[region] = found.to;
    }
    if (chosen === null) return from;
    const before = run.context;
    run.effects = null;
    if (others === null) {
      perform(chosen.exit, run);
      perform(chosen.act, run);
      perform(chosen.enter, run);
    } else performAll([chosen, ...others], run);
    const next = to === null ? from : configurations.of(to);
    const effects: readonly Effect[] = run.effects ?? NOTHING;
    if (next !== from || run.context !== before || effects !== NOTHING) {
      steps.push({ at: new Place(next, run.context), effects });
    }
    return next;
  }

  function choicesOf(at: Configuration, event: string): readonly Choice[] {
    const known = at.choices.get(event);
    if (known) return known;
    const made = (tables.rows.get(event) ?? []).flatMap(({ region, of }): Choice[] => {
      const candidates = of[at.states[region] ?? 0] ?? [];
      return candidates.length > 0 ? [{ region, candidates }] : [];
    });
    at.choices.set(event, made);
    return made;
  }

  return {
    start,
    send(at, event) {
      const run = runFrom(at.context, event);
      const steps: Microstep[] = [];
      const from = at instanceof Place ? at.configuration : configurations.read(at.value);
      settle(step(from, run, steps), run, steps);
      return steps;
    },
  };
}

function runFrom(context: Context, event: Running['event']): Running {
  return { context, event, effects: null, raised: [] };
}

function choose(candidates: readonly Candidate[], run: Running): Candidate | null {
  for (let i = 0; i < candidates.length; i += 1) {
    const c = candidates[i] as Candidate;
    if (c.isOpen === null || c.isOpen(run)) return c;
  }
  return null;
}

function perform(acts: readonly Act[], run: Running): void {
  for (let i = 0; i < acts.length; i += 1) (acts[i] as Act)(run);
}

/** Several regions at once: all leave, innermost and last first, then all act, then all enter. */
function performAll(chosen: readonly Candidate[], run: Running): void {
  for (let i = chosen.length - 1; i >= 0; i -= 1) perform((chosen[i] as Candidate).exit, run);
  for (const c of chosen) perform(c.act, run);
  for (const c of chosen) perform(c.enter, run);
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
    const number = states.reduce((n, s, i) => n * (texts[i]?.length ?? 0) + s, 0);
    const found = known.get(number);
    if (found) return found;
    const value = Object.fromEntries(regions.map((r, i) => [r.key, r.values[states[i] ?? 0]]));
    const made = { states: [...states], value, choices: new Map() };
    known.set(number, made);
    return made;
  }

  function read(value: Moment['value']): Configuration {
    const states = regions.map((r, i) => texts[i]?.indexOf(JSON.stringify(value[r.key])) ?? -1);
    if (states.includes(-1)) throw new Error(`the chart has no state ${JSON.stringify(value)}`);
    return of(states);
  }

  return { of, read };
}

/** The chart, compiled once at start. */
export const compiled: Chart = createChart(controller);
