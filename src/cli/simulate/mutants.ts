/**
 * `reroute simulate --mutants KINDS`: plants one bug after the other into the chart and explores
 * until a law notices it; the score says what the laws are worth.
 */

import { type Caught, type Mutant, type MutantKind, mutantsOf } from '../../sim/explore/mutants.ts';
import type { Scvms } from '../../sim/explore/scope.ts';
import { colours as c, DONE, FAILED, print, printJson } from '../output.ts';
import type { Result, Task } from './scout.ts';
import { runTasks } from './tasks.ts';

export interface MutantOptions {
  readonly kinds: readonly MutantKind[];
  readonly scvms: Scvms;
  /** 0..256 threads. */
  readonly workers: number;
  readonly json?: boolean;
}

interface Line extends Pick<Mutant, 'kind' | 'subject' | 'how'> {
  readonly caught: Caught | null;
}

export async function plantAll({ kinds, scvms, workers, json }: MutantOptions): Promise<number> {
  const all = kinds.flatMap((of) => mutantsOf(of).map((mutant, place) => ({ of, place, mutant })));
  const lines = new Array<Line>(all.length);
  await runTasks<Task, Result>({
    file: 'scout',
    tasks: all.map(({ of, place }) => ({ kind: 'mutant' as const, scvms, of, place })),
    workers,
    onResult(result, i) {
      const { kind, subject, how } = (all[i] as (typeof all)[number]).mutant;
      const line = { kind, subject, how, caught: result as Caught | null };
      lines[i] = line;
      if (!json) print(textOf(line));
    },
  });
  const scores = kinds.map((kind) => {
    const own = lines.filter((line) => line.kind === kind);
    return { kind, planted: own.length, caught: own.filter((line) => line.caught).length };
  });
  if (json) printJson({ scvms, scores, mutants: lines });
  else for (const s of scores) print(`${s.kind}: ${s.caught} of ${s.planted} planted bugs noticed`);
  return lines.every((line) => line.caught) ? DONE : FAILED;
}

function textOf({ kind, subject, how, caught }: Line): string {
  const bug = `${kind} ${subject}, ${how}`;
  if (!caught) return c.red(`NOT NOTICED  ${bug}`);
  return `noticed  ${bug}\n         by ${caught.law} (${caught.scope}): ${caught.says}`;
}
