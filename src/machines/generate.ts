/**
 * Makes JavaScript of the tables: per event one function that asks, region by region, the guards of
 * the state it stands in, and hands what was chosen on. Guards become calls at places of their own,
 * which V8 inlines; walking the tables instead costs twice the time (`npm run bench chart`).
 *
 * The text holds numbers of the tables only, never a name or a value from outside.
 */

import type { Candidate, Running, Tables } from './compile.ts';

/** Takes what each region chose; null: nothing. Same order as `regions`. */
export type Take<R> = (
  run: R,
  regions: readonly number[],
  chosen: readonly (Candidate | null)[],
) => void;

/** The same for an event that one region alone hears. */
export type TakeOne<R> = (run: R, region: number, chosen: Candidate) => void;

/** Runs one microstep from `states`, the number of each region's innermost state. */
export type Chooser<R> = (run: R, states: readonly number[]) => void;

export function generate<R extends Running>(
  tables: Tables,
  take: Take<R>,
  takeOne: TakeOne<R>,
): ReadonlyMap<string, Chooser<R>> {
  const candidates: Candidate[] = [];
  const made: Record<string, Chooser<R>> = {};
  const events = [...tables.rows.keys()];
  const rows = [...tables.rows.values()];
  const bodies = rows.map((row, i) => {
    const regions = row.map((r) => r.region);
    const switches = row.map(({ region, of }) => switchOf(region, of, candidates));
    return [
      `made[${i}] = (run, states) => {`,
      `let ${regions.map((r) => `t${r} = null`).join(', ')};`,
      ...switches,
      `if (${regions.map((r) => `t${r} === null`).join(' && ')}) return;`,
      regions.length === 1
        ? `takeOne(run, ${regions[0]}, t${regions[0]});`
        : `take(run, r${i}, [${regions.map((r) => `t${r}`).join(', ')}]);`,
      '};',
    ].join('\n');
  });
  const constants = [
    ...candidates.map(
      (c, i) => `const c${i} = c[${i}]${c.isOpen ? `, g${i} = c[${i}].isOpen` : ''};`,
    ),
    ...rows.map((row, i) => `const r${i} = [${row.map((r) => r.region).join(', ')}];`),
  ];
  const text = ['"use strict";', ...constants, ...bodies].join('\n');
  new Function('made', 'c', 'take', 'takeOne', text)(made, candidates, take, takeOne);
  return new Map(events.map((event, i) => [event, made[i] as Chooser<R>]));
}

/** `switch (states[1]) { case 0: if (g3(run)) t1 = c3; else t1 = c4; break; … }` */
function switchOf(
  region: number,
  of: readonly (readonly Candidate[])[],
  candidates: Candidate[],
): string {
  const cases = of.flatMap((list, state) => {
    // What stands behind a candidate without a guard is never asked.
    const last = list.findIndex((c) => c.isOpen === null);
    const asked = last < 0 ? list : list.slice(0, last + 1);
    const tests = asked.map((c) => {
      const i = candidates.push(c) - 1;
      return `${c.isOpen ? `if (g${i}(run)) ` : ''}t${region} = c${i};`;
    });
    return tests.length === 0 ? [] : [`case ${state}: ${tests.join(' else ')} break;`];
  });
  return `switch (states[${region}]) {\n${cases.join('\n')}\n}`;
}
