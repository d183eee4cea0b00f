/**
 * From a plan that breaks a law to a minimal one that breaks the same law: delta debugging
 * (Zeller and Hildebrandt, 2002, ddmin) over the faults, then each fault made shorter, then the
 * head of the dialogue made plainer. Every candidate is played; the result is the last that failed.
 */

import type { Settings } from '../../machines/settings.ts';
import type { Fault, Plan } from './plan.ts';
import { type Outcome, type PlayOptions, playPlan } from './play.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly outcome: Outcome;
  /** Plans played. */
  readonly tries: number;
}

const MAX_TRIES = 600;

/** `plan` breaks a law when played. */
export function shrink(plan: Plan, base: Settings, options: PlayOptions = {}): Shrunk {
  let best = plan;
  let outcome = playPlan(plan, base, options);
  const law = outcome.broken?.law;
  let tries = 1;
  if (law === undefined) throw new Error('nothing to shrink: the plan breaks no law');

  function fails(candidate: Plan): boolean {
    if (tries >= MAX_TRIES) return false;
    tries += 1;
    const played = playPlan(candidate, base, options);
    if (played.broken?.law !== law) return false;
    best = candidate;
    outcome = played;
    return true;
  }

  cutTail();
  const withFaults = (faults: readonly Fault[]): boolean => fails({ ...best, faults });
  minimise(best.faults, withFaults);
  fewerHosts();
  minimise(best.header, (header) => isPlayable(header) && fails({ ...best, header }));
  minimise(best.opening, (opening) => opening.includes('boot') && fails({ ...best, opening }));
  for (let at = 0; at < best.faults.length; at += 1) shorten(at);
  minimise(best.faults, withFaults);
  cutTail();
  return { plan: best, outcome, tries };

  /** Hosts that no fault is aimed at and no law broke on, from the last. */
  function fewerHosts(): void {
    const aimed = best.faults.map((f) => hostOf(f.begin));
    const last = Math.max(1, (outcome.broken?.host ?? 0) + 1, ...aimed);
    const isLeft = (line: string): boolean => hostOf(line) <= last;
    const header = best.header.filter((line) => !line.startsWith('hosts'));
    const opening = best.opening.filter(isLeft);
    if (opening.length === best.opening.length) return;
    const hosts = last > 1 ? [`hosts ${last}`] : [];
    fails({ ...best, header: [...header, ...hosts], opening });
  }

  /** Nothing after the breach matters. */
  function cutTail(): void {
    const atMs = Math.ceil(outcome.broken?.atMs ?? best.safetyMs);
    if (atMs >= best.safetyMs) return;
    const faults = best.faults.filter((f) => f.atMs <= atMs);
    fails({ ...best, faults, safetyMs: atMs + 1000 });
  }

  function shorten(at: number): void {
    for (;;) {
      const fault = best.faults[at];
      if (!fault || fault.forMs === null || fault.forMs <= 100) return;
      const shorter = { ...fault, forMs: Math.ceil(fault.forMs / 200) * 100 };
      if (shorter.forMs >= fault.forMs) return;
      if (!withFaults(best.faults.map((f, i) => (i === at ? shorter : f)))) return;
    }
  }
}

/** The host that a line is said to. */
const hostOf = (line: string): number => Number(/^@(\d+) /.exec(line)?.[1] ?? 1);

const isPlayable = (header: readonly string[]): boolean =>
  header.some((line) => line.startsWith('cluster'));

/** ddmin: removes ever smaller parts for as long as what is left still fails. */
function minimise<T>(all: readonly T[], fails: (some: readonly T[]) => boolean): void {
  let left = all;
  let parts = 2;
  while (left.length > 0) {
    const size = Math.ceil(left.length / parts);
    const smaller = Array.from({ length: parts }, (_, i) => [
      ...left.slice(0, i * size),
      ...left.slice((i + 1) * size),
    ]).find((rest) => rest.length < left.length && fails(rest));
    if (smaller) {
      left = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size <= 1) return;
    else parts = Math.min(left.length, parts * 2);
  }
}
