/**
 * The summary as JSON, for scripts: the experiment, the advice, and the cheapest settings with
 * every measure under every mix. comparison.csv has all settings.
 */

import type { Sentences } from '../report/sentences.ts';
import type { Advice } from '../stats/advice.ts';
import type { Estimate } from '../stats/estimate.ts';
import { MEASURE_NAMES } from '../stats/measures.ts';
import type { Summary, Under } from '../stats/summary.ts';
import { short } from './number.ts';

const SUBJECTS_MAX = 200;

export interface Origin {
  readonly version: string;
  readonly digest: string;
}

export function jsonOf(summary: Summary, advice: Advice, words: Sentences, o: Origin): string {
  const { experiment, space, subjects } = summary;
  const byCost = subjects
    .map((at) => ({ at, cost: summary.of(at).mean('cost') }))
    .sort((a, b) => a.cost - b.cost || a.at - b.at)
    .map(({ at }) => at);
  const first = byCost.slice(0, SUBJECTS_MAX);
  const shown = [...first, ...space.kept.filter((at) => !first.includes(at))];
  const value = {
    form: 1,
    ...o,
    experiment,
    answer: words.answer,
    reasons: words.reasons,
    limits: words.limits,
    advice,
    baseline: space.baseline,
    settings: space.settings,
    subjectsShown: shown.length,
    subjectsMeasured: subjects.length,
    subjects: shown.map((at) => subjectOf(summary, at)),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

function subjectOf(summary: Summary, at: number) {
  const { experiment: e } = summary;
  const of = summary.of(at);
  const unders: readonly Under[] = ['all', ...e.mixes.keys()];
  const under = unders.map((u) => {
    const name = u === 'all' ? 'all' : (e.mixes[u]?.name ?? '');
    const measures = MEASURE_NAMES.map((m) => {
      const { value, difference } = of.line(m, u);
      return [m, { ...estimated(value), difference: difference && estimated(difference) }];
    });
    return [name, Object.fromEntries(measures)];
  });
  const { policy, values } = of.subject;
  return { at, policy, values, replications: of.replications, under: Object.fromEntries(under) };
}

const estimated = ({ n, mean, low, high }: Estimate) => ({
  n,
  mean: short(mean),
  low: short(low),
  high: short(high),
});
