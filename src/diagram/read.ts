/**
 * A graph from the JSON that `reroute diagram --format json` wrote, perhaps by another version of
 * the program: nothing in it is believed before it has passed this schema.
 */

import { z } from 'zod';
import type { Graph } from './graph.ts';

const name = z.string().min(1).max(200);
const action = z.strictObject({
  name,
  kind: z.enum(['change', 'order', 'raise']),
  gives: z.string().max(200),
});
const state = z.strictObject({
  id: name,
  name,
  description: z.string().max(500),
  parent: name.nullable(),
  initial: name.nullable(),
  entry: z.array(action).max(50),
  exit: z.array(action).max(50),
});
const count = z.int().min(1).max(1000);
const trigger = z.strictObject({ event: name, turn: count, of: count });
const transition = z.strictObject({
  source: name,
  triggers: z.array(trigger).max(50),
  delay: z.strictObject({ name, ms: z.int().min(0), formula: z.string().max(500) }).nullable(),
  delayTurn: trigger.nullable(),
  guard: name.nullable(),
  actions: z.array(action).max(50),
  target: name.nullable(),
  reenter: z.boolean(),
});
const graph = z.strictObject({
  format: z.literal('reroute-chart'),
  version: z.literal(1),
  machine: name,
  description: z.string().max(500),
  states: z.array(state).min(1).max(500),
  transitions: z.array(transition).max(5000),
});

export type ReadGraph =
  | { readonly ok: true; readonly graph: Graph }
  | { readonly ok: false; readonly problem: string };

/** Refuses what is not JSON, has another shape, or names states that it does not hold. */
export function readGraph(text: string): ReadGraph {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
  const parsed = graph.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refused(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const unknown = strangers(parsed.data);
  return unknown ? refused(unknown) : { ok: true, graph: parsed.data };
}

const refused = (why: string): ReadGraph => ({
  ok: false,
  problem: `not a chart as \`reroute diagram --format json\` writes it (${why})`,
});

/** The first fault in how the states hang together; empty if there is none. */
function strangers({ states, transitions }: Graph): string {
  const seen = new Set<string>();
  for (const one of states) {
    if (seen.has(one.id)) return `state ${one.id} is there twice`;
    if (one.parent !== null && !seen.has(one.parent)) return `${one.id} has no parent before it`;
    const id = one.parent === null ? one.name : `${one.parent}.${one.name}`;
    if (one.id !== id) return `state ${one.id} should be called ${id}`;
    seen.add(one.id);
  }
  const named = [
    ...states.map((one) => one.initial),
    ...transitions.flatMap((t) => [t.source, t.target]),
  ];
  const missing = named.find((id) => id !== null && !seen.has(id));
  return missing ? `state ${missing} is not there` : '';
}
