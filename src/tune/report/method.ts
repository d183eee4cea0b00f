/** The report's last part: how it was measured, and what that leaves open. */

import { writeSpan } from '../span.ts';
import { MEASURE_NAMES, MEASURES } from '../stats/measures.ts';
import type { Summary } from '../stats/summary.ts';
import { mixSays } from '../world.ts';
import { escapeHtml } from './svg.ts';
import { folded, tableHtml } from './tables.ts';
import { figure, plural, valuesText } from './words.ts';

export function methodHtml(
  summary: Summary,
  origin: { readonly version: string; readonly digest: string },
  limits: string,
): string {
  const { experiment: e } = summary;
  const { scvms, hosts, zones } = e.cluster;
  const fixed = Object.entries(e.fixed).map(([key, value]) => `${key} ${value}`);
  const facts: readonly (readonly [string, string])[] = [
    [
      'Cluster',
      `${plural(hosts, 'host')}, ${plural(scvms, 'SCVM')}${zones > 1 ? ' in two zones' : ''}`,
    ],
    ['Baseline', `profile ${e.profile}, ${valuesText(e, e.baseline)}`],
    ...(fixed.length > 0 ? [['Held the same', fixed.join(', ')] as const] : []),
    ['Search', searchText(summary)],
    [
      'Replications',
      `${e.replications} of each setting under each mix, the same faults at the same times for every setting (common random numbers)`,
    ],
    [
      'Intervals',
      'Student’s t over the replications, 95 %; differences are taken within each replication. A difference is called one only if it also stands when all settings are compared at once (Bonferroni)',
    ],
    [
      'Cost',
      `seconds of outage + ${figure(e.prices.switch)} s per switch + ${figure(e.prices.awayHour)} s per hour away from home`,
    ],
    [
      'Old tool',
      'a model of it: a loop of 2 s, a session of 180 s, no damping, no breaking of connections, no NFS probe',
    ],
    ['Made by', `reroute ${origin.version}, experiment ${origin.digest}, seed ${e.seed}`],
  ];
  const list = facts
    .map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`)
    .join('\n');
  const mixes = tableHtml({
    head: ['fault mix', 'what it is', 'span', 'weight'],
    rows: e.mixes.map((m) => [m.name, mixSays(m.name), writeSpan(m.spanMs), figure(m.weight)]),
  });
  const measures = tableHtml({
    head: ['measure', 'what it is'],
    rows: MEASURE_NAMES.map((name) => [MEASURES[name].title, MEASURES[name].says]),
  });
  return `<section><h2>How it was measured, and how far it carries</h2>
<ul>
${limits}
<li>${CAVEAT_MODEL}</li>
<li>${CAVEAT_SKEW}</li>
</ul>
<dl>
${list}
</dl>
${mixes}
${folded('What each measure means', measures)}
</section>`;
}

const CAVEAT_MODEL =
  'A simulation: the decision is the daemon’s own, the cluster and its faults are a model. How often which fault comes in your cluster is not known here; look at the mix that is most like it.';
const CAVEAT_SKEW =
  'Outages are few and uneven: with a small number of replications an interval of their mean is too narrow on the upper side.';

function searchText({ experiment: e, space }: Summary): string {
  const ranges = e.ranges.map((range) => {
    const values =
      range.kind === 'list'
        ? range.values.length > 12
          ? `${range.values[0]} to ${range.values.at(-1)} in ${range.values.length} values`
          : range.values.join(', ')
        : `${range.from} to ${range.to}, ${range.scale}`;
    return `${range.key}: ${values}`;
  });
  const what =
    e.search.method === 'grid'
      ? `every combination, ${plural(space.settings, 'setting')}`
      : e.search.method === 'random'
        ? `${plural(space.settings, 'setting')} drawn at random`
        : `${plural(space.settings, 'setting')}, successive halving with ${e.search.rungs.join(', ')} replications, keeping ${figure(100 * e.search.keep)} % at each rung`;
  return `${what}; ${ranges.join('; ')}`;
}
