/**
 * An experiment from where it stands to its end: rung by rung, batches to the crew, results into
 * the ledger before they count. Whatever stops it, the ledger has everything that was finished.
 */

import type { Course } from './course.ts';
import type { Crew } from './crew/crew.ts';
import type { Ledger } from './ledger.ts';

export interface CarryOut {
  readonly course: Course;
  readonly crew: Crew;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

/**
 * Resolves when everything is measured, or when it was aborted and those under way are finished.
 * Rejects with what the ledger's file or the crew had to say.
 */
export async function carryOut({
  course,
  crew,
  ledger,
  signal,
  onProgress,
}: CarryOut): Promise<void> {
  while (course.rung() !== null && !signal.aborted) {
    const before = course.progress().done;
    const rung = course.rung();
    await crew.run(
      course.pending(),
      (result) => {
        const taken = course.accept(result);
        if (typeof taken === 'object') throw new Error(taken.problem);
        if (taken === 'known') return;
        ledger.append(result);
        onProgress();
      },
      signal,
    );
    const isStuck = course.rung() === rung && course.progress().done === before;
    if (isStuck && !signal.aborted) throw new Error('the workers gave nothing back');
  }
}
