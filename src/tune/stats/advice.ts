/**
 * Which setting to write, and what it trades: the cheapest by the experiment's prices, unless the
 * baseline cannot be told apart from it, because nobody should change a default for noise. What
 * the choice hangs on is said as well: the settings that are no worse, and the range of each price
 * within which the choice stays the same.
 */

import type { Prices } from '../experiment.ts';
import { directionOf } from './estimate.ts';
import type { MeasureName } from './measures.ts';
import type { Summary } from './summary.ts';

export interface Advice {
  /** Number of the subject that is recommended. */
  readonly chosen: number;
  readonly isBaseline: boolean;
  /** The one with the lowest mean cost; often the chosen. */
  readonly cheapest: number;
  /** Others whose cost cannot be told apart from the cheapest; cheapest first. */
  readonly ties: readonly number[];
  /** Settings compared. */
  readonly compared: number;
  /** The best in one measure alone; null: the chosen is. */
  readonly extremes: Readonly<Record<'outage' | 'switches' | 'away', number | null>>;
  /** Prices between which the cheapest stays so, all else equal; null: no bound there. */
  readonly holds: Readonly<Record<keyof Prices, Span>>;
}

export interface Span {
  readonly from: number;
  readonly to: number | null;
}

interface Candidate {
  readonly at: number;
  readonly cost: number;
  readonly outage: number;
  readonly switches: number;
  readonly awayHours: number;
}

const HOURS_A_MONTH = 720;

/** Among the settings of the chart that were measured most often. */
export function adviseOn(summary: Summary): Advice {
  const all = candidates(summary);
  const best = all[0];
  if (!best) throw new Error('nothing was measured');
  const costs = (at: number) => summary.values(at, 'cost', 'all');
  const rivals = all.slice(1);
  const ties = rivals
    .filter((c) => directionOf(costs(c.at), costs(best.at), rivals.length) !== 'higher')
    .map((c) => c.at);
  const { baseline } = summary.space;
  const chosen = ties.includes(baseline) ? baseline : best.at;
  const least = (by: (c: Candidate) => number): number | null => {
    const found = all.reduce((a, b) => (by(b) < by(a) ? b : a));
    return found.at === chosen || by(found) === by(at(all, chosen)) ? null : found.at;
  };
  return {
    chosen,
    isBaseline: chosen === baseline,
    cheapest: best.at,
    ties,
    compared: all.length,
    extremes: {
      outage: least((c) => c.outage),
      switches: least((c) => c.switches),
      away: least((c) => c.awayHours),
    },
    holds: {
      switch: spanOf(all, best, (c) => c.switches, summary.experiment.prices.switch),
      awayHour: spanOf(all, best, (c) => c.awayHours, summary.experiment.prices.awayHour),
    },
  };
}

/** Cheapest first; equal ones by number. */
function candidates(summary: Summary): Candidate[] {
  const measured = summary.subjects
    .filter((at) => summary.space.subject(at).policy === 'chart')
    .map((at) => ({ at, of: summary.of(at) }));
  const most = Math.max(...measured.map(({ of }) => of.replications));
  return measured
    .filter(({ of }) => of.replications === most && most > 0)
    .map(({ at, of }) => ({
      at,
      cost: of.mean('cost'),
      outage: of.mean('outage'),
      switches: of.mean('switches'),
      awayHours: (of.mean('away') / 100) * HOURS_A_MONTH,
    }))
    .sort((a, b) => a.cost - b.cost || a.at - b.at);
}

function at(all: readonly Candidate[], subject: number): Candidate {
  const found = all.find((c) => c.at === subject);
  if (!found) throw new Error(`subject ${subject} was not compared`);
  return found;
}

/** Cost is linear in a price: each rival gives one bound. */
function spanOf(
  all: readonly Candidate[],
  best: Candidate,
  amountOf: (c: Candidate) => number,
  price: number,
): Span {
  let from = 0;
  let to: number | null = null;
  for (const rival of all) {
    const more = amountOf(best) - amountOf(rival);
    if (rival === best || more === 0) continue;
    const even = price + (rival.cost - best.cost) / more;
    if (more > 0) to = to === null ? even : Math.min(to, even);
    else from = Math.max(from, even);
  }
  return { from, to };
}

/** Measures that a comparison in words is about. */
export const TOLD: readonly MeasureName[] = ['outage', 'worst', 'switches', 'away'];
