/** What one exploration found, as plain data: to be sent between threads, printed, and added up. */

import type { CalmReport } from './calm.ts';
import type { Exploration } from './explore.ts';
import { traceOf } from './trace.ts';

export interface ScopeReport {
  /** Name of the scope, and what of the world it lets happen. */
  readonly name: string;
  readonly says: string;
  readonly states: number;
  readonly edges: number;
  /** Moves from a start to the state that is furthest from all. */
  readonly depth: number;
  /** Every state was left by every move. */
  readonly isWhole: boolean;
  readonly breaches: readonly {
    readonly law: string;
    readonly says: string;
    /** A shortest way to it, step by step. */
    readonly way: readonly string[];
  }[];
  /** How often each transition was taken, by the number of its mark. */
  readonly taken: readonly number[];
  /** States of the chart that were met. */
  readonly met: readonly string[];
  /** The longest a calm world took to each aim; empty unless whole. */
  readonly worst: CalmReport['worst'];
}

export function reportOf(x: Exploration): ScopeReport {
  return {
    name: x.scope.name,
    says: x.scope.says,
    states: x.states,
    edges: x.edges,
    depth: x.depth,
    isWhole: x.isWhole,
    breaches: x.breaches.map((b) => ({ law: b.law, says: b.says, way: traceOf(x.ground, b) })),
    taken: [...x.taken],
    met: [...x.met],
    worst: x.calm?.worst ?? [],
  };
}
