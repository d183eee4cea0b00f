/**
 * Rungs: which subjects get how many replications. A grid and drawn settings have one rung. With
 * successive halving (Karnin, Koren and Somekh, 2013; Jamieson and Talwalkar, 2016) each rung keeps
 * the better share, by mean cost over everything measured so far, and measures those more often.
 * The baseline and the other policies are never dropped, since all others are compared with them.
 */

import type { Experiment } from './experiment.ts';
import type { Rung } from './job.ts';
import { spaceOf } from './space.ts';

/** How many rungs there are. */
export const rungCount = ({ search }: Experiment): number =>
  search.method === 'halving' ? search.rungs.length : 1;

export function firstRung(e: Experiment): Rung {
  const { count } = spaceOf(e);
  const to = e.search.method === 'halving' ? (e.search.rungs[0] ?? e.replications) : e.replications;
  return { at: 0, subjects: Array.from({ length: count }, (_, i) => i), from: 0, to };
}

/**
 * The rung after this one; null: it was the last. `costOf`: mean cost of a subject so far; equal
 * costs are decided by the subject's number, so that the choice is the same everywhere.
 */
export function nextRung(
  e: Experiment,
  rung: Rung,
  costOf: (subject: number) => number,
): Rung | null {
  if (e.search.method !== 'halving') return null;
  const to = e.search.rungs[rung.at + 1];
  if (to === undefined) return null;
  const { kept } = spaceOf(e);
  const rivals = rung.subjects
    .filter((subject) => !kept.includes(subject))
    .map((subject) => ({ subject, cost: costOf(subject) }))
    .sort((a, b) => a.cost - b.cost || a.subject - b.subject);
  const count = Math.max(1, Math.ceil(rivals.length * e.search.keep));
  const subjects = [...rivals.slice(0, count).map((r) => r.subject), ...kept].sort((a, b) => a - b);
  return { at: rung.at + 1, subjects, from: rung.to, to };
}

/** The most work there can be, as (subjects, replications) of each rung. */
export function workload(e: Experiment): readonly { subjects: number; replications: number }[] {
  const { count, kept } = spaceOf(e);
  if (e.search.method !== 'halving') return [{ subjects: count, replications: e.replications }];
  let rivals = count - kept.length;
  return e.search.rungs.map((to, i, rungs) => {
    if (i > 0)
      rivals =
        e.search.method === 'halving' ? Math.max(1, Math.ceil(rivals * e.search.keep)) : rivals;
    return { subjects: rivals + kept.length, replications: to - (rungs[i - 1] ?? 0) };
  });
}
