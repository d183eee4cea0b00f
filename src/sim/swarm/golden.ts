/**
 * A plan as a golden dialogue with the answers that it gets, for test/scenarios.
 */

import type { Settings } from '../../machines/settings.ts';
import { play } from '../dialogue.ts';
import { type Plan, scriptOf } from './plan.ts';
import type { Outcome } from './play.ts';

/** The whole text of the file. The liveness phase is written only if the law broke in it. */
export function goldenOf(plan: Plan, outcome: Outcome, base: Settings): string {
  const { broken } = outcome;
  const isLate = broken !== null && broken.atMs > plan.safetyMs;
  const calmMs = isLate ? Math.ceil(broken.atMs - plan.safetyMs) + 1000 : null;
  const title = [
    `Found by simulate --seed ${plan.seed}, shrunk. ${broken ? `Broke ${broken.law}:` : ''}`,
    ...(broken ? [broken.says.split('\n')[0] ?? ''] : []),
  ];
  return play(scriptOf(plan, title, calmMs), base).text;
}
