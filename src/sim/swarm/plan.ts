/**
 * A seed's plan: what the cluster is and everything that will happen to it, as data. All of it is
 * lines of a dialogue (commands.ts), so that a plan can be read, cut down, and kept as a golden
 * scenario.
 */

import { writtenMs } from '../words.ts';

/** One fault. `atMs` from the start of the run; both times are whole ms. */
export interface Fault {
  readonly atMs: number;
  readonly begin: string;
  /** How long it lasts; null: it has no end of its own. */
  readonly forMs: number | null;
  /** What ends it; null: nothing does. */
  readonly end: string | null;
}

export interface Plan {
  readonly seed: number;
  /** Lines of the dialogue's head, e.g. `cluster 4 zones`. */
  readonly header: readonly string[];
  /** What happens at time 0, e.g. `boot`. */
  readonly opening: readonly string[];
  readonly faults: readonly Fault[];
  /** When all faults end. */
  readonly safetyMs: number;
}

/** A line and when it is said. */
export interface Cue {
  readonly atMs: number;
  readonly line: string;
}

/** Everything up to the end of the safety phase, in order. */
export function cuesOf(plan: Plan): Cue[] {
  const cues = plan.opening.map((line): Cue => ({ atMs: 0, line }));
  for (const { atMs, begin, forMs, end } of plan.faults) {
    cues.push({ atMs, line: begin });
    if (end !== null) cues.push({ atMs: atMs + (forMs ?? 0), line: end });
  }
  const inTime = cues.filter((cue) => cue.atMs <= plan.safetyMs);
  return inTime.sort((a, b) => a.atMs - b.atMs);
}

/** The plan as a dialogue without answers. `calmMs`: the liveness phase; null: leave it out. */
export function scriptOf(plan: Plan, title: readonly string[], calmMs: number | null): string {
  const lines = [...title.map((t) => `# ${t}`), ...plan.header];
  let now = 0;
  for (const { atMs, line } of cuesOf(plan)) {
    if (atMs > now) lines.push(`run ${writtenMs(atMs - now)}`);
    now = Math.max(now, atMs);
    lines.push(line);
  }
  if (plan.safetyMs > now) lines.push(`run ${writtenMs(plan.safetyMs - now)}`);
  if (calmMs !== null) lines.push('heal', `run ${writtenMs(calmMs)}`);
  return `${lines.join('\n')}\n`;
}
