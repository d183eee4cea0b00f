/**
 * The kernel's tables of the abstract world: the route leads to one of the configured paths, to a
 * stranger, nowhere, or has a second entry of a higher metric beside it. What a SET_ROUTE does to
 * each of them follows src/io/routes: replace at metric 0, then delete what the order names.
 */

import type { Path, PathId, RouteEntry } from '../../machines/model.ts';

export interface KernelTable {
  readonly index: number;
  readonly says: string;
  readonly entries: readonly RouteEntry[];
}

export interface Tables {
  readonly all: readonly KernelTable[];
  readonly empty: KernelTable;
  readonly alien: KernelTable;
  /** Exactly the one entry that leads to a path. */
  to(path: PathId): KernelTable;
  /** The same with a stranger's entry beside it; of an empty table: the stranger's. */
  twinOf(table: KernelTable): KernelTable;
  /** What is left after SET_ROUTE to `path`. */
  after(table: KernelTable, path: PathId, removes: boolean): KernelTable;
}

const entry = (gateway: string, metric: number): RouteEntry => ({
  gateway,
  device: 'eth1',
  metric,
  protocol: metric === 0 ? '133' : 'static',
  plain: true,
});

const STRANGER = '10.9.9.9';

export function createTables(paths: readonly Path[]): Tables {
  const all: KernelTable[] = [];
  const add = (says: string, entries: readonly RouteEntry[]): KernelTable => {
    const table = { index: all.length, says, entries };
    all.push(table);
    return table;
  };
  const empty = add('holds no route', []);
  const alien = add('leads to a stranger', [entry(STRANGER, 0)]);
  const ones = paths.map((p) => add(`leads to ${p.id}`, [entry(p.ip, 0)]));
  const twins = paths.map((p) =>
    add(`leads to ${p.id}, with a second entry`, [entry(p.ip, 0), entry(STRANGER, 100)]),
  );
  const indexOf = (path: PathId): number => paths.findIndex((p) => p.id === path);
  const at = (list: readonly KernelTable[], i: number): KernelTable => {
    const found = list[i];
    if (!found) throw new Error('a table of a path that is not configured');
    return found;
  };
  return {
    all,
    empty,
    alien,
    to: (path) => at(ones, indexOf(path)),
    twinOf(table) {
      const i = ones.indexOf(table);
      return i < 0 ? alien : at(twins, i);
    },
    after(table, path, removes) {
      const i = indexOf(path);
      return twins.includes(table) && !removes ? at(twins, i) : at(ones, i);
    },
  };
}
