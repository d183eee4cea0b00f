/**
 * `reroute simulate --seed N`: what the seed drew, how the run went, and for a broken law the
 * timeline, a minimal script, and a golden dialogue if a file is named for it.
 */

import { writeFileSync } from 'node:fs';
import { drawPlan } from '../../sim/swarm/draw.ts';
import { goldenOf } from '../../sim/swarm/golden.ts';
import { type Plan, scriptOf } from '../../sim/swarm/plan.ts';
import type { Outcome } from '../../sim/swarm/play.ts';
import { shrink } from '../../sim/swarm/shrink.ts';
import { timelineOf } from '../../sim/swarm/timeline.ts';
import { duration } from '../format.ts';
import { colours, DONE, FAILED, fail, print, printJson } from '../output.ts';
import { baseSettings } from './base.ts';

export interface OneOptions {
  readonly seed: number;
  /** Length of the safety phase, ms; null: drawn. */
  readonly safetyMs: number | null;
  /** Hosts with a daemon, 1..64; null: drawn. */
  readonly hosts: number | null;
  readonly write?: string;
  readonly json?: boolean;
  /** Print the timeline of a good run as well. */
  readonly verbose?: boolean;
}

/** Lines of a timeline that are shown before a breach. */
const SHOWN_LINES = 60;

export function simulateOne(options: OneOptions): number {
  const base = baseSettings();
  const plan = drawPlan(options.seed, { safetyMs: options.safetyMs, hosts: options.hosts });
  if (!options.json) showPlan(plan);
  const { outcome, lines } = timelineOf(plan, base);
  if (options.json) printJson({ plan, outcome });
  if (outcome.broken === null) {
    if (!options.json) showGood(outcome, options.verbose ? lines : []);
    return options.write === undefined ? DONE : written(options.write, plan, outcome);
  }
  const small = shrink(plan, base);
  if (options.json) printJson({ shrunk: small });
  else {
    const hidden = options.verbose ? 0 : Math.max(0, lines.length - SHOWN_LINES);
    if (hidden > 0) print(`... ${hidden} lines before these (--verbose shows them)`);
    for (const line of lines.slice(hidden)) print(painted(line));
    print(`\nshrunk from ${plan.faults.length} faults to ${small.plan.faults.length}:\n`);
    print(scriptOf(small.plan, [], null));
    for (const line of timelineOf(small.plan, base).lines.slice(-SHOWN_LINES)) print(painted(line));
  }
  if (options.write !== undefined) written(options.write, small.plan, small.outcome);
  return FAILED;
}

function showPlan(plan: Plan): void {
  print(`seed ${plan.seed}`);
  for (const line of [...plan.header, ...plan.opening]) print(`  ${line}`);
  const end = `all faults end after ${duration(plan.safetyMs)}`;
  print(`  ${plan.faults.length} faults; ${end}`);
}

function showGood(o: Outcome, lines: readonly string[]): void {
  for (const line of lines) print(painted(line));
  const counts = `${o.facts} facts heard, ${o.orders} orders, ${o.switches} switches`;
  print(`no law broken in ${duration(o.simulatedMs)}: ${counts}, digest ${o.digest}`);
}

function painted(line: string): string {
  if (line.includes('BROKEN')) return colours.red(line);
  return / > /.test(line) ? colours.yellow(line) : line;
}

function written(file: string, plan: Plan, outcome: Outcome): number {
  try {
    writeFileSync(file, goldenOf(plan, outcome, baseSettings()));
    process.stderr.write(`wrote ${file}\n`);
    return DONE;
  } catch (error) {
    return fail(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}
