/**
 * The report: one HTML file with everything in it, pictures and numbers, and nothing that asks a
 * network or runs. It says first what to do, then why, then how it was measured and what that
 * leaves open. No time stands in it: the same rows make the same bytes.
 */

import type { Origin } from '../output/json.ts';
import type { Advice } from '../stats/advice.ts';
import type { MeasureName } from '../stats/measures.ts';
import { MEASURES } from '../stats/measures.ts';
import { frontOf } from '../stats/pareto.ts';
import type { Summary } from '../stats/summary.ts';
import { mixSays } from '../world.ts';
import { type CurveSet, curvesOf, type View } from './curves.ts';
import { documentHtml } from './document.ts';
import { methodHtml } from './method.ts';
import { levelsOf, responseSvg } from './response.ts';
import { otherPolicies, type Sentences } from './sentences.ts';
import { escapeHtml } from './svg.ts';
import { comparison, curveTable, folded, headOf, type TableText, tableHtml } from './tables.ts';
import { dotsOf, farFrom, NARROW, tradeOffSvg, WIDE } from './trade-off.ts';
import { amount, figure, nameOf, plural, withInterval } from './words.ts';

const CURVES: readonly MeasureName[] = [
  'outage',
  'switches',
  'away',
  'return',
  'worst',
  'exposures',
];
const DIFFERENCES: readonly MeasureName[] = ['outage', 'switches', 'away', 'cost'];
const CURVES_OF_A_MIX: readonly MeasureName[] = ['outage', 'switches', 'away', 'return'];
const GLANCE: readonly MeasureName[] = ['outage', 'switches', 'away'];
const TABLE: readonly MeasureName[] = [
  'outage',
  'worst',
  'switches',
  'needless',
  'false_trips',
  'away',
  'return',
  'exposures',
  'stalls',
  'cost',
];
const TABLE_ROWS_MAX = 60;

export function pageOf(summary: Summary, advice: Advice, words: Sentences, origin: Origin): string {
  const { experiment: e } = summary;
  const sets = e.ranges.map(({ key }) => curvesOf(summary, key));
  const items = (list: readonly string[]): string =>
    list.map((text) => `<li>${escapeHtml(text)}</li>`).join('\n');
  const sections = [
    answerHtml(summary, advice.chosen, words.answer, items(words.reasons)),
    tradeOffHtml(summary, sets, advice.chosen),
    ...sets.map((set) => curvesHtml(summary, set)),
    mixesHtml(summary, sets, advice.chosen),
    numbersHtml(summary, advice.chosen),
    methodHtml(summary, origin, items(words.limits)),
  ];
  return documentHtml({ kind: 'Timer experiment', title: e.title, body: sections.join('\n') });
}

const section = (title: string, body: string): string =>
  `<section><h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;

const TILES: readonly MeasureName[] = ['outage', 'worst', 'switches', 'away'];

function answerHtml(summary: Summary, chosen: number, answer: string, reasons: string): string {
  const { space } = summary;
  const columns = [
    { at: chosen, name: chosen === space.baseline ? 'baseline, recommended' : 'recommended' },
    ...(chosen === space.baseline ? [] : [{ at: space.baseline, name: 'baseline' }]),
    ...otherPolicies(summary).map((at) => ({ at, name: 'old tool' })),
  ];
  const tiles = TILES.map((measure) => {
    const lines = columns.map(({ at, name }, i) => {
      const { mean } = summary.of(at).line(measure, 'all').value;
      const shown = escapeHtml(amount(measure, mean));
      return `<div class="${i === 0 ? 'big' : 'small'}"><b>${shown}</b><span>${escapeHtml(name)}</span></div>`;
    });
    return `<div class="tile"><h3>${escapeHtml(MEASURES[measure].title)}</h3>${lines.join('')}</div>`;
  });
  return `<section class="answer"><p class="lead">${escapeHtml(answer)}</p>
<div class="tiles">${tiles.join('\n')}</div>
<p class="note">Means per host and 30 days over all fault mixes by their weights.</p>
<ul>${reasons}</ul></section>`;
}

function legend(set: CurveSet, hasOther: boolean): string {
  const named = set.curves.filter((c) => c.name !== '');
  const entries = named.map(
    (c, i) => `<span class="key"><i class="s${i}"></i>${escapeHtml(c.name)}</span>`,
  );
  const other = hasOther ? ['<span class="key"><i class="old"></i>the old tool</span>'] : [];
  return `<p class="legend">${[...entries, ...other].join(' ')}</p>`;
}

function tradeOffHtml(summary: Summary, sets: readonly CurveSet[], chosen: number): string {
  const [set] = sets;
  if (!set) return '';
  const pairs: readonly (readonly [MeasureName, MeasureName])[] = [
    ['switches', 'outage'],
    ['away', 'outage'],
  ];
  const figures = pairs.map(([x, y]) => {
    const shown = { x, y, chosen, set };
    const front = frontOf(dotsOf(summary, x, y));
    const rows = front.map((d) => {
      const of = summary.of(d.at);
      const cells = [x, y].map((m) => withInterval(of.line(m, 'all').value));
      return [nameOf(summary.experiment, of.subject), ...cells];
    });
    const notes = farFrom(summary, x, y).map(
      (text) => `<p class="note">Outside of this picture: ${escapeHtml(text)}.</p>`,
    );
    const table = tableHtml({ head: ['on the front', headOf(x), headOf(y)], rows });
    return `<figure class="card"><h3>${escapeHtml(MEASURES[y].title)} against ${escapeHtml(MEASURES[x].title.toLowerCase())}</h3>
<div class="wide">${tradeOffSvg(summary, shown, WIDE)}</div><div class="narrow">${tradeOffSvg(summary, shown, NARROW)}</div>
${notes.join('')}${folded(`Numbers: the ${plural(front.length, 'setting')} on the front`, table)}</figure>`;
  });
  const isPath = set.curves.every((c) => c.points.every((p) => p.subjects.length === 1));
  const says =
    'Each mark is one setting; down and to the left is better. The broad green line joins the Pareto front: ' +
    'the settings that no other beats in both.';
  return section(
    'What is traded for what',
    `<p>${says}</p>\n${isPath ? legend(set, false) : ''}\n${figures.join('\n')}`,
  );
}

function curvesHtml(summary: Summary, set: CurveSet): string {
  const shown = (measures: readonly MeasureName[], kind: View['kind']): string =>
    measures
      .map((measure) => curveFigure(summary, set, { measure, under: 'all', kind }))
      .join('\n');
  const hasOther = otherPolicies(summary).length > 0;
  const says = 'Over all fault mixes. The band is the 95 % confidence interval of the mean.';
  const paired =
    'The same less the baseline, replication by replication: both met the same faults, so the bands ' +
    'are narrower. A band that does not touch 0 is a difference.';
  return section(
    `What ${set.title} does`,
    `<p>${says}</p>\n${legend(set, hasOther)}\n<div class="figures">${shown(CURVES, 'value')}</div>
<p>${paired}</p>\n<div class="figures">${shown(DIFFERENCES, 'difference')}</div>`,
  );
}

function curveFigure(summary: Summary, set: CurveSet, view: View): string {
  const far = levelsOf(set, summary, view).filter(({ isFar }) => isFar);
  const notes = far.map(
    ({ name, e }) =>
      `<p class="note">Above this picture: ${escapeHtml(`${name}, ${amount(view.measure, e.mean)}`)}.</p>`,
  );
  const table = tableHtml(curveTable(set, summary, view));
  return `<figure class="card">${responseSvg(set, summary, view)}
${notes.join('')}${folded('Numbers', table)}</figure>`;
}

function mixesHtml(summary: Summary, sets: readonly CurveSet[], chosen: number): string {
  const { experiment: e } = summary;
  const [set] = sets;
  if (!set || e.mixes.length < 2) return '';
  const hasOther = otherPolicies(summary).length > 0;
  const parts = e.mixes.map(({ name }, mix) => {
    const figures = CURVES_OF_A_MIX.map((measure) =>
      curveFigure(summary, set, { measure, under: mix, kind: 'value' }),
    );
    return `<details class="mix"><summary><b>${escapeHtml(name)}</b> ${escapeHtml(mixSays(name))}</summary>
<div class="figures">${figures.join('\n')}</div></details>`;
  });
  return section(
    'Each fault mix by itself',
    `<p>What ${escapeHtml(set.title)} does under each of them; a host lives in one of these, not in their mean.</p>\n${tableHtml(glance(summary, chosen))}\n${legend(set, hasOther)}\n${parts.join('\n')}`,
  );
}

/** One line per mix: what is recommended beside what it is compared with. */
function glance(summary: Summary, chosen: number): TableText {
  const { experiment: e, space } = summary;
  const own = chosen === space.baseline ? [chosen] : [chosen, space.baseline];
  const columns = [...own, ...otherPolicies(summary)];
  const nameFor = (at: number): string =>
    at === chosen ? 'recommended' : at === space.baseline ? 'baseline' : 'old tool';
  const head = GLANCE.flatMap((m) => columns.map((at) => `${headOf(m)}: ${nameFor(at)}`));
  const rows = e.mixes.map(({ name }, mix) => [
    name,
    ...GLANCE.flatMap((m) => columns.map((at) => figure(summary.of(at).line(m, mix).value.mean))),
  ]);
  return { head: ['fault mix', ...head], rows };
}

function numbersHtml(summary: Summary, chosen: number): string {
  const { experiment: e, space } = summary;
  const byCost = summary.subjects
    .map((at) => ({ at, cost: summary.of(at).mean('cost') }))
    .sort((a, b) => a.cost - b.cost || a.at - b.at)
    .map(({ at }) => at);
  const first = byCost.slice(0, TABLE_ROWS_MAX);
  const shown = [...first, ...space.kept.filter((at) => !first.includes(at))];
  const rest = byCost.length - shown.length;
  const note =
    rest > 0 ? `<p class="note">${plural(rest, 'more setting')}: comparison.csv.</p>` : '';
  const all = tableHtml(comparison(summary, shown, TABLE, 'all', chosen));
  const each = e.mixes.map(({ name }, mix) =>
    folded(name, tableHtml(comparison(summary, shown, TABLE, mix, chosen))),
  );
  return section(
    'The numbers',
    `<p>Cheapest first. Means with their 95 % confidence intervals; rates are per host and 30 days.</p>
${folded('All fault mixes by their weights', all)}\n${each.join('\n')}\n${note}`,
  );
}
