/**
 * `reroute simulate --explore`: every state of the chart with a small world, each law on every edge,
 * scope by scope, and what of the chart was reached by all of them together.
 */

import { type Coverage, coverageOf, gapsOf } from '../../sim/explore/coverage.ts';
import { markedChart } from '../../sim/explore/marks.ts';
import type { ScopeReport } from '../../sim/explore/report.ts';
import { type Scvms, scopesOf } from '../../sim/explore/scope.ts';
import { colours as c, DONE, FAILED, print, printJson } from '../output.ts';
import type { Result, Task } from './scout.ts';
import { runTasks } from './tasks.ts';

export interface ExploreOptions {
  readonly scvms: Scvms;
  /** 0..256 threads. */
  readonly workers: number;
  readonly lockstep: boolean;
  readonly json?: boolean;
}

export async function exploreAll(options: ExploreOptions): Promise<number> {
  const { scvms, lockstep, json } = options;
  const scopes = scopesOf(scvms);
  const reports = new Array<ScopeReport>(scopes.length);
  const tasks = scopes.map((_, place) => ({
    kind: 'scope' as const,
    scvms,

    place,
    lockstep,
  }));
  if (!json) print(`${scvms} SCVMs: every state of the chart with a small world`);
  await runTasks<Task, Result>({
    file: 'scout',
    tasks,
    workers: options.workers,
    onResult(result, place) {
      const report = result as ScopeReport;
      reports[place] = report;
      if (!json) showScope(report);
    },
  });
  const coverage = coverageOf(markedChart(), reports);
  const gaps = gapsOf(coverage);
  if (json) printJson({ scvms, lockstep, scopes: reports, coverage, gaps });
  else {
    showAll(reports, coverage, gaps);
    if (lockstep) print('XState left each state by one move as well; differences are breaches');
  }
  const isBroken = reports.some((r) => r.breaches.length > 0 || !r.isWhole);
  return isBroken || gaps.length > 0 ? FAILED : DONE;
}

const count = (n: number): string => n.toLocaleString('en').replaceAll(',', ' ');

function showScope(r: ScopeReport): void {
  const numbers = `${count(r.states).padStart(10)} states ${count(r.edges).padStart(11)} edges`;
  const kept = r.breaches.length === 0 ? c.green('no law broken') : c.red('BROKEN');
  print(`${r.name.padEnd(10)}${numbers}  depth ${String(r.depth).padStart(2)}  ${kept}  ${r.says}`);
  for (const b of r.breaches) {
    print(c.red(`  ${b.law}: ${b.says}`));
    for (const line of b.way) print(`    ${line}`);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function showAll(
  reports: readonly ScopeReport[],
  coverage: Coverage,
  gaps: readonly string[],
): void {
  const [states, edges] = [sum(reports.map((r) => r.states)), sum(reports.map((r) => r.edges))];
  print(
    `${'all'.padEnd(10)}${count(states).padStart(10)} states ${count(edges).padStart(11)} edges`,
  );
  for (const line of longest(reports)) print(line);
  const met = coverage.states.filter((s) => s.isMet).length;
  const taken = coverage.transitions.filter((t) => t.taken > 0).length;
  print(
    `reached: ${met} of ${coverage.states.length} states of the chart, ` +
      `${taken} of ${coverage.transitions.length} transitions`,
  );
  for (const gap of gaps) print(c.red(`  ${gap}`));
}

/** Of each law that takes time: the longest a calm world took, with the bound that is promised. */
function longest(reports: readonly ScopeReport[]): string[] {
  const all = reports.flatMap((r) => r.worst.map((w) => ({ ...w, scope: r.name })));
  return [...new Set(all.map((w) => w.law))].map((law) => {
    const [worst] = all.filter((w) => w.law === law).sort((a, b) => b.ticks - a.ticks);
    if (!worst) throw new Error(`no scope has ${law}`);
    const { ticks, bound, scope } = worst;
    return `in a calm world ${law} takes ${ticks} ticks at most (${scope}), ${bound} are allowed`;
  });
}
