/**
 * The settings that have a slider: the chart's timers and thresholds, each with the values it can
 * take and one line on what it does. Names are those of the configuration file; keys are those of
 * the dialogue language.
 */

import type { Settings } from '../../../machines/settings.ts';
import { durationMs, writtenMs } from '../../../sim/words.ts';

export interface Knob {
  /** `timers.back_to_normal`, as a dialogue's `set` line writes it. */
  readonly key: string;
  /** As the configuration file names it. */
  readonly name: string;
  readonly says: string;
  /** Least to most; ms of a duration, else a number. */
  readonly stops: readonly number[];
  readonly unit: 'ms' | 'number';
  readonly read: (s: Settings) => number;
}

const S = 1000;
const MIN = 60 * S;

const span = (
  key: string,
  name: string,
  stops: readonly number[],
  read: Knob['read'],
  says: string,
): Knob => ({ key, name, says, stops, unit: 'ms', read });

const count = (
  key: string,
  name: string,
  stops: readonly number[],
  read: Knob['read'],
  says: string,
): Knob => ({ key, name, says, stops, unit: 'number', read });

export interface KnobGroup {
  readonly title: string;
  readonly knobs: readonly Knob[];
}

export const knobGroups: readonly KnobGroup[] = [
  {
    title: 'Going home',
    knobs: [
      span(
        'timers.back_to_normal',
        'back_to_normal',
        [
          0,
          5 * S,
          10 * S,
          20 * S,
          30 * S,
          MIN,
          90 * S,
          2 * MIN,
          3 * MIN,
          4 * MIN,
          5 * MIN,
          10 * MIN,
        ],
        (s) => s.timers.backToNormalMs,
        'Home must be well this long before the route returns.',
      ),
      count(
        'timers.relapse_factor',
        'relapse_factor',
        [1, 1.5, 2, 3, 4],
        (s) => s.timers.relapseFactor,
        'Each relapse multiplies the hold by this. 1: a fixed hold.',
      ),
      span(
        'timers.back_to_normal_max',
        'back_to_normal_max',
        [MIN, 3 * MIN, 5 * MIN, 10 * MIN, 30 * MIN, 60 * MIN],
        (s) => s.timers.backToNormalMaxMs,
        'The hold never grows beyond this.',
      ),
      span(
        'timers.forgive',
        'forgive',
        [MIN, 5 * MIN, 10 * MIN, 30 * MIN, 60 * MIN],
        (s) => s.timers.forgiveMs,
        'So much good service at home forgives one relapse.',
      ),
      span(
        'timers.return_guard',
        'return_guard',
        [0, 10 * S, 30 * S, MIN, 2 * MIN, 5 * MIN],
        (s) => s.timers.returnGuardMs,
        'Never back onto a path that was left less than this ago: its old sockets linger.',
      ),
      span(
        'timers.dwell',
        'dwell',
        [0, 5 * S, 10 * S, 30 * S, MIN, 2 * MIN],
        (s) => s.timers.dwellMs,
        'No move for preference sooner than this after the last one.',
      ),
      count(
        'switch.budget_per_hour',
        'budget_per_hour',
        [0, 1, 2, 4, 6, 12, 30],
        (s) => s.switch.budgetPerHour,
        'At most so many moves for preference an hour.',
      ),
    ],
  },
  {
    title: 'Leaving a path',
    knobs: [
      count(
        'probe.fall',
        'fall',
        [1, 2, 3, 4, 5, 8],
        (s) => s.probe.fallCount,
        'So many pings lost in a row …',
      ),
      span(
        'probe.confirm_min',
        'confirm_min',
        [0, 100, 250, 500, S, 2 * S, 5 * S],
        (s) => s.probe.confirmMinMs,
        '… that also span this: the path is down.',
      ),
      count(
        'probe.rise',
        'rise',
        [1, 2, 3, 5, 10],
        (s) => s.probe.riseCount,
        'So many replies in a row: it is up again.',
      ),
      span(
        'service.hold',
        'service_hold',
        [0, 500, S, 2 * S, 5 * S, 10 * S],
        (s) => s.service.holdMs,
        'The access service is refused or silent for this long: the path is down.',
      ),
      span(
        'session.lost',
        'session_lost',
        [0, 2 * S, 4 * S, 6 * S, 10 * S, 30 * S],
        (s) => s.session.lostMs,
        'The session is lapsed or absent in fresh lists for this long: the path is down.',
      ),
      span(
        'timers.warm_up',
        'warm_up',
        [0, S, 2 * S, 5 * S, 10 * S],
        (s) => s.timers.warmUpMs,
        'After its start the daemon watches this long before it acts.',
      ),
    ],
  },
];

export const knobs: readonly Knob[] = knobGroups.flatMap((g) => g.knobs);

/** The stops of a knob with this value among them. */
export const stopsWith = (knob: Knob, value: number): readonly number[] =>
  knob.stops.includes(value) ? knob.stops : [...knob.stops, value].sort((a, b) => a - b);

/** As a dialogue writes it. */
export const written = ({ unit }: Knob, value: number): string =>
  unit === 'ms' ? writtenMs(value) : String(value);

/** For people: `3 min`, `20 s`, `500 ms`, `2`. */
export function shown({ unit }: Knob, value: number): string {
  if (unit === 'number') return String(value);
  if (value >= MIN && value % MIN === 0) return `${value / MIN} min`;
  return value >= S || value === 0 ? `${value / S} s` : `${value} ms`;
}

/** Why a written value cannot be this knob's; null: it can. */
export function knobProblem(knob: Knob, text: string): string | null {
  const [least = 0, most = 0] = [knob.stops[0], knob.stops.at(-1)];
  const range = `${written(knob, least)} to ${written(knob, most)}`;
  let value: number;
  try {
    value = knob.unit === 'ms' ? durationMs(text) : Number(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const fits = text !== '' && value >= least && value <= most;
  return fits ? null : `${knob.name} is ${range}, not ${text}`;
}

const GROUPS = ['probe', 'service', 'session', 'timers', 'switch'] as const;

/** Every number that differs, as key and written value: what turns `from` into `to`. */
export function differences(from: Settings, to: Settings): readonly (readonly [string, string])[] {
  return GROUPS.flatMap((group) => {
    const [old, now] = [from[group], to[group]] as unknown as Record<string, unknown>[];
    return Object.entries(now ?? {})
      .filter(([field, value]) => old?.[field] !== value)
      .map(([field, value]) => [`${group}.${keyOf(field)}`, writtenField(field, value)] as const);
  });
}

/** `backToNormalMs` -> `back_to_normal`. */
const keyOf = (field: string): string =>
  field.replace(/(Ms|Count)$/, '').replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function writtenField(field: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return field.endsWith('Ms') ? writtenMs(Number(value)) : String(value);
}
