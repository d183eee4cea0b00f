/**
 * A mean with its confidence interval (Student, 1908): mean +- t(n-1) x s / sqrt(n). Replications
 * are independent draws, so this is what they support; with a skewed measure and few of them it is
 * too narrow on the far side, and a report says so. Where two settings are compared, the
 * differences of the same replication are taken (common random numbers: the same faults at the
 * same times), which leaves out what both suffered alike.
 */

import jstat from 'jstat';

export interface Estimate {
  /** Values it rests on. */
  readonly n: number;
  /** Null: there was no value. */
  readonly mean: number | null;
  /** Null: fewer than two values. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The level of every interval that is shown. */
export const LEVEL = 0.95;

/** Null values (nothing to measure in that replication) are left out. */
export function estimate(values: readonly (number | null)[], level = LEVEL): Estimate {
  const known = values.filter((v): v is number => v !== null);
  const n = known.length;
  if (n === 0) return { n, mean: null, low: null, high: null };
  const mean = known.reduce((sum, v) => sum + v, 0) / n;
  if (n === 1) return { n, mean, low: null, high: null };
  const variance = known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = quantile(n - 1, level) * Math.sqrt(variance / n);
  return { n, mean, low: mean - half, high: mean + half };
}

/** Of the differences, pair by pair; pairs with a null are left out. */
export function pairedEstimate(
  values: readonly (number | null)[],
  others: readonly (number | null)[],
  level = LEVEL,
): Estimate {
  const differences = values.map((v, i) => {
    const other = others[i] ?? null;
    return v === null || other === null ? null : v - other;
  });
  return estimate(differences, level);
}

/**
 * `lower` or `higher` where the whole interval lies on one side of 0. With `comparisons` of them
 * at once the level is raised (Bonferroni), so that 1 in 20 reports finds a difference that is
 * none, not 1 in 20 lines of each.
 */
export function directionOf(
  values: readonly (number | null)[],
  others: readonly (number | null)[],
  comparisons: number,
): 'lower' | 'higher' | 'unclear' {
  const { low, high } = pairedEstimate(values, others, 1 - (1 - LEVEL) / Math.max(1, comparisons));
  if (low === null || high === null) return 'unclear';
  if (high < 0) return 'lower';
  return low > 0 ? 'higher' : 'unclear';
}

const quantiles = new Map<string, number>();

function quantile(dof: number, level: number): number {
  const key = `${dof} ${level}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const value = jstat.jStat.studentt.inv(1 - (1 - level) / 2, dof);
  quantiles.set(key, value);
  return value;
}
