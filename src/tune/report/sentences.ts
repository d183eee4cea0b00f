/**
 * The recommendation in plain words: what to write, what it brings, what it costs, and how far the
 * numbers carry it.
 */

import { type Advice, type Span, TOLD } from '../stats/advice.ts';
import type { Estimate } from '../stats/estimate.ts';
import { MEASURES, type MeasureName } from '../stats/measures.ts';
import type { Summary } from '../stats/summary.ts';
import { amount, figure, nameOf, plural } from './words.ts';

export interface Sentences {
  /** One line: what to write. */
  readonly answer: string;
  /** What it brings and what it trades. */
  readonly reasons: readonly string[];
  /** How far it carries. */
  readonly limits: readonly string[];
}

export function sentencesOf(summary: Summary, advice: Advice): Sentences {
  const { experiment: e, space } = summary;
  const name = (at: number): string => nameOf(e, space.subject(at));
  const chosen = name(advice.chosen);
  const keep = `Keep ${chosen}, the baseline: of ${plural(advice.compared, 'setting')} none is measurably cheaper.`;
  const answer = advice.isBaseline ? keep : `Write ${chosen}.`;
  return {
    answer,
    reasons: [
      standing(summary, advice.chosen, chosen),
      ...tied(summary, advice),
      ...(advice.isBaseline
        ? []
        : [against(summary, advice.chosen, space.baseline, 'the baseline')]),
      ...otherPolicies(summary).map((at) => against(summary, advice.chosen, at, name(at))),
      ...trades(summary, advice),
    ],
    limits: priced(advice, summary),
  };
}

/** Subjects that are no setting of the chart. */
export const otherPolicies = ({ space, subjects }: Summary): number[] =>
  subjects.filter((at) => space.subject(at).policy !== 'chart');

function standing(summary: Summary, at: number, name: string): string {
  const of = summary.of(at);
  const says = (measure: MeasureName): string =>
    amount(measure, of.line(measure, 'all').value.mean);
  return (
    `With ${name} a host loses ${says('outage')} of I/O in 30 days, ${says('worst')} at most at a time, ` +
    `makes ${says('switches')} switches, and runs away from home for ${says('away')} of the time.`
  );
}

function against(summary: Summary, at: number, other: number, name: string): string {
  return `Against ${name}: ${differences(summary, at, other, TOLD)}.`;
}

/** Clear differences one by one, then what makes no clear one. */
function differences(
  summary: Summary,
  at: number,
  other: number,
  measures: readonly MeasureName[],
): string {
  const all = measures.map((measure) => ({
    measure,
    d: summary.difference(at, other, measure, 'all'),
  }));
  const clear = all.flatMap(({ measure, d }) => differenceText(measure, d) ?? []);
  const unclear = all
    .filter(({ measure, d }) => d.mean !== null && differenceText(measure, d) === null)
    .map(({ measure }) => plainTitle(measure));
  const rest = unclear.length === 0 ? [] : [`no clear difference in ${listed(unclear)}`];
  return [...clear, ...rest].join('; ');
}

/** `12.3 s less I/O outage (10.1 to 14.5)`; null: nothing to compare, or no clear difference. */
export function differenceText(measure: MeasureName, d: Estimate): string | null {
  if (d.mean === null) return null;
  if (d.mean === 0 && d.low === 0 && d.high === 0) return `the same ${plainTitle(measure)}`;
  const words = changeText(measure, d.mean);
  if (d.low === null || d.high === null) return words;
  if (d.low <= 0 && d.high >= 0) return null;
  const [near, far] = [Math.abs(d.low), Math.abs(d.high)].sort((a, b) => a - b);
  return `${words} (${figure(near ?? 0)} to ${figure(far ?? 0)})`;
}

function changeText(measure: MeasureName, change: number): string {
  const size = amount(measure, Math.abs(change));
  const isLess = change < 0;
  if (measure === 'return') return `home ${size} ${isLess ? 'sooner' : 'later'}`;
  if (measure === 'away') return `${size} of the time ${isLess ? 'less' : 'more'} away from home`;
  const isCount = measure === 'switches' || measure === 'needless';
  const word = isLess ? (isCount ? 'fewer' : 'less') : 'more';
  return `${size} ${word} ${plainTitle(measure)}`;
}

/** In the middle of a sentence. */
export const plainTitle = (measure: MeasureName): string =>
  MEASURES[measure].title.replace(/^(?!I\/O)./, (c) => c.toLowerCase());

function listed(words: readonly string[]): string {
  const [last = '', ...rest] = [...words].reverse();
  return rest.length === 0 ? last : `${rest.reverse().join(', ')} and ${last}`;
}

const WISHES = {
  outage: 'least I/O outage',
  switches: 'fewest switches',
  away: 'least time away from home',
} as const;

/** What somebody gets, and pays, who cares for one measure alone. */
function trades(summary: Summary, { extremes, chosen }: Advice): string[] {
  const measures = ['outage', 'switches', 'away'] as const;
  const wishes = new Map<number, string[]>();
  for (const measure of measures) {
    const at = extremes[measure];
    // Of a best that is best by luck nobody should hear.
    const own = at === null ? null : summary.difference(at, chosen, measure, 'all');
    if (at === null || own === null || differenceText(measure, own) === null) continue;
    wishes.set(at, [...(wishes.get(at) ?? []), WISHES[measure]]);
  }
  return [...wishes].map(([at, wanted]) => {
    const name = nameOf(summary.experiment, summary.space.subject(at));
    const text = listed(wanted);
    const head = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
    const compared = differences(summary, at, chosen, measures);
    return `${head}: ${name}. Against the recommended one: ${compared}.`;
  });
}

const SHOWN_TIES = 6;

function tied(summary: Summary, { ties, cheapest, chosen }: Advice): string[] {
  const others = [...new Set([cheapest, ...ties])].filter((at) => at !== chosen);
  if (others.length === 0) return [];
  const names = others
    .slice(0, SHOWN_TIES)
    .map((at) => nameOf(summary.experiment, summary.space.subject(at)));
  const rest = others.length - names.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return [
    `No dearer, as far as ${plural(summary.experiment.replications, 'replication')} can tell: ${names.join('; ')}${more}.`,
  ];
}

function priced({ holds, cheapest }: Advice, summary: Summary): string[] {
  const { prices } = summary.experiment;
  const span = ({ from, to }: Span): string =>
    to === null ? `at least ${figure(from)} s` : `between ${figure(from)} and ${figure(to)} s`;
  const name = nameOf(summary.experiment, summary.space.subject(cheapest));
  return [
    `Lowest in mean cost is ${name}, as long as one switch is worth ${span(holds.switch)} of outage ` +
      `(here ${figure(prices.switch)}), and one hour away from home ${span(holds.awayHour)} (here ${figure(prices.awayHour)}).`,
  ];
}
