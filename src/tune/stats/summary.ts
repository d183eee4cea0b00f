/**
 * From rows to what can be said of each subject: every measure under every mix and over all of
 * them, with its interval and with its difference from the baseline, replication by replication.
 * Made subject by subject when asked for, because there may be a million.
 */

import type { Experiment } from '../experiment.ts';
import { type Space, type Subject, spaceOf } from '../space.ts';
import type { Table } from '../table.ts';
import { type Estimate, estimate, pairedEstimate } from './estimate.ts';
import { blended, type MeasureName, measured, type Sums, sumsOf } from './measures.ts';

/** Number of a mix, or all of them by their weights. */
export type Under = number | 'all';

export interface Line {
  readonly value: Estimate;
  /** Against the baseline; null for itself. */
  readonly difference: Estimate | null;
}

export interface SubjectSummary {
  readonly subject: Subject;
  /** Replications that are complete over all mixes. */
  readonly replications: number;
  line(measure: MeasureName, under: Under): Line;
  /** Mean over all mixes; Infinity where nothing was measured. */
  mean(measure: MeasureName): number;
}

export interface Summary {
  readonly experiment: Experiment;
  readonly space: Space;
  readonly baseline: SubjectSummary;
  /** Everything that was measured, by number. */
  readonly subjects: readonly number[];
  of(subject: number): SubjectSummary;
  /** Of one subject less another, replication by replication. */
  difference(subject: number, other: number, measure: MeasureName, under: Under): Estimate;
  /** One value per replication; null: not measured, or nothing to measure. */
  values(subject: number, measure: MeasureName, under: Under): readonly (number | null)[];
}

const KEPT_MAX = 10_000;

export function summarise(e: Experiment, table: Table): Summary {
  const space = spaceOf(e);

  /** Sums of each replication, kept for a while: ten measures are read off the same ones. */
  const known = new Map<string, readonly (Sums | null)[]>();

  function sumsUnder(subject: number, under: Under): readonly (Sums | null)[] {
    const key = `${subject} ${under}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= KEPT_MAX) known.clear();
    const made = Array.from({ length: e.replications }, (_, replication) => {
      const rowOf = (mix: number) => table.row({ subject, mix, replication });
      if (under === 'all')
        return blended(
          e,
          e.mixes.map((_mix, mix) => rowOf(mix)),
        );
      const row = rowOf(under);
      return row && sumsOf(row);
    });
    known.set(key, made);
    return made;
  }

  const values = (subject: number, measure: MeasureName, under: Under): (number | null)[] =>
    sumsUnder(subject, under).map((sums) => sums && measured(measure, sums, e.prices));

  function of(subject: number): SubjectSummary {
    return {
      subject: space.subject(subject),
      replications: values(subject, 'cost', 'all').filter((v) => v !== null).length,
      line(measure, under) {
        const mine = values(subject, measure, under);
        const isBaseline = subject === space.baseline;
        const base = isBaseline ? null : values(space.baseline, measure, under);
        return { value: estimate(mine), difference: base && pairedEstimate(mine, base) };
      },
      mean: (measure) => estimate(values(subject, measure, 'all')).mean ?? Number.POSITIVE_INFINITY,
    };
  }

  return {
    experiment: e,
    space,
    baseline: of(space.baseline),
    subjects: table.subjects(),
    of,
    difference: (subject, other, measure, under) =>
      pairedEstimate(values(subject, measure, under), values(other, measure, under)),
    values,
  };
}

/** Mean cost by the rows so far: what decides who goes on to the next rung. */
export function costSoFar(e: Experiment): (table: Table, subject: number) => number {
  return (table, subject) => summarise(e, table).of(subject).mean('cost');
}
