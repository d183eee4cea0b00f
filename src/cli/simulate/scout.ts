/** What a thread does for an exploration: one scope to its end, or one planted bug until noticed. */

import { explore } from '../../sim/explore/explore.ts';
import { compiledAsWritten } from '../../sim/explore/lockstep.ts';
import { type Caught, catchMutant, type MutantKind, mutantsOf } from '../../sim/explore/mutants.ts';
import { reportOf, type ScopeReport } from '../../sim/explore/report.ts';
import { type Scvms, scopesOf } from '../../sim/explore/scope.ts';

export type Task =
  | {
      readonly kind: 'scope';
      readonly scvms: Scvms;
      /** Its place among the scopes. */
      readonly place: number;
      /** XState leaves each state by one move as well, and must do the same. */
      readonly lockstep: boolean;
    }
  | {
      readonly kind: 'mutant';
      readonly scvms: Scvms;
      readonly of: MutantKind;
      readonly place: number;
    };

export type Result = ScopeReport | Caught | null;

/** Null: no law noticed the planted bug. Throws if there is no such place. */
export default function work(task: Task): Result {
  if (task.kind === 'scope') {
    const scope = at(scopesOf(task.scvms), task.place);
    const twin = task.lockstep ? { lockstep: compiledAsWritten } : {};
    return reportOf(explore(scope, twin));
  }
  return catchMutant(at(mutantsOf(task.of), task.place), scopesOf(task.scvms));
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new Error(`there is nothing at place ${place} of ${list.length}`);
  return found;
}
