/**
 * What happened in a run, as lines for people: each fault as it was said, each answer of the
 * controller, the table as it changed, and at the end the law that broke.
 */

import { lineOf } from '../../machines/lines.ts';
import type { Settings } from '../../machines/settings.ts';
import { stamp } from '../dialogue.ts';
import type { Plan } from './plan.ts';
import { type Outcome, type PlayOptions, playPlan } from './play.ts';

export interface Timeline {
  readonly outcome: Outcome;
  readonly lines: readonly string[];
}

export function timelineOf(plan: Plan, base: Settings, options: PlayOptions = {}): Timeline {
  const lines: string[] = [];
  const outcome = playPlan(plan, base, {
    ...options,
    onLine(atMs, line) {
      lines.push(`${stamp(atMs)} > ${line}`);
    },
    onEntry(entry, host) {
      const who = host === 0 ? '' : `@${host + 1} `;
      const text = entry.kind === 'order' ? lineOf(entry.order) : null;
      if (text !== null && entry.kind === 'order') lines.push(`${stamp(entry.atMs)} ${who}${text}`);
      if (entry.kind !== 'table') return;
      const routes = entry.entries.map((e) => `${e.gateway} metric ${e.metric}`).join(', ');
      lines.push(`${stamp(entry.atMs)} ${who}table by ${entry.by}: [${routes}]`);
    },
  });
  const { broken } = outcome;
  if (broken) lines.push(`${stamp(broken.atMs)} BROKEN ${broken.law}: ${broken.says}`);
  return { outcome, lines };
}
