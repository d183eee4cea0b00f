/**
 * What of the chart was reached by all explorations of a set: every state, and every candidate of
 * every event of every state. What cannot be reached has no place in a chart.
 */

import { describe, type Mark, type Marked } from './marks.ts';
import type { ScopeReport } from './report.ts';

export interface Coverage {
  readonly states: readonly { readonly state: string; readonly isMet: boolean }[];
  readonly transitions: readonly {
    readonly mark: Mark;
    readonly says: string;
    readonly taken: number;
  }[];
}

export function coverageOf(
  marked: Marked,
  found: readonly Pick<ScopeReport, 'met' | 'taken'>[],
): Coverage {
  const met = new Set(found.flatMap((x) => x.met));
  return {
    states: marked.states.map((state) => ({ state, isMet: met.has(state) })),
    transitions: marked.marks.map((mark) => ({
      mark,
      says: describe(mark),
      taken: found.reduce((sum, x) => sum + (x.taken[mark.id] ?? 0), 0),
    })),
  };
}

/** What is wrong with a coverage, in lines. */
export function gapsOf(coverage: Coverage): string[] {
  const { states, transitions } = coverage;
  return [
    ...states.filter((s) => !s.isMet).map((s) => `state ${s.state} was not reached`),
    ...transitions.filter((t) => t.taken === 0).map((t) => `transition ${t.says} was not taken`),
  ];
}
