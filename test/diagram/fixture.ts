/** What the diagram's tests share: the graph under the shipped example, and edits of it. */

import { exampleSettings } from '../../src/diagram/example.ts';
import type { Graph, State, Transition } from '../../src/diagram/graph.ts';
import { graphOf } from '../../src/diagram/walk.ts';

export const chart: Graph = graphOf(exampleSettings());

/** A deep copy: an edit never reaches another test. */
export const copy = (): Graph => structuredClone(chart);

export function withState(graph: Graph, id: string, edit: Partial<State>): Graph {
  return { ...graph, states: graph.states.map((s) => (s.id === id ? { ...s, ...edit } : s)) };
}

export function withTransition(
  graph: Graph,
  is: (t: Transition) => boolean,
  edit: Partial<Transition>,
): Graph {
  const found = graph.transitions.filter(is);
  if (found.length !== 1) throw new Error(`${found.length} transitions are meant, not one`);
  return { ...graph, transitions: graph.transitions.map((t) => (is(t) ? { ...t, ...edit } : t)) };
}

export const without = (graph: Graph, is: (t: Transition) => boolean): Graph => ({
  ...graph,
  transitions: graph.transitions.filter((t) => !is(t)),
});
