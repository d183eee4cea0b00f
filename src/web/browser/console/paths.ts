/**
 * The table of paths: verdict with its reason, the three signals with their ages, round trips and
 * loss. Rows stay in place and only what changed in them is written; the curves exist only for
 * rows that are on the screen, so that 400 paths cost as much as the twenty that are seen.
 */

import type { Traffic } from '../../shapes.ts';
import { byId, keyed, setAttribute, setHidden, setText } from './dom.ts';
import { createPathRow, type PathRowView } from './path-row.ts';
import type { PathInfo, Shown } from './shown.ts';

export interface PathsCard {
  show(shown: Shown): void;
  traffic(traffic: Traffic | null): void;
  /** Colours changed: the curves are drawn anew. */
  redraw(): void;
}

/** Drawn a little before it comes into sight. */
const NEAR = { rootMargin: '200px' };
/** With fewer there is nothing to look for. */
const FIND_FROM = 13;
/** Those that matter come first; the others are a click away. */
const FIRST = 16;

/** `epochMs`: wall-clock time of second 0 of the daemon's clock. */
export function createPaths(epochMs: () => number): PathsCard {
  const body = byId('path-rows');
  const search = byId<HTMLInputElement>('path-search');
  const views = new Map<Element, PathRowView>();
  const byPath = new Map<string, PathRowView>();
  let shown: Shown | null = null;
  let latest: Traffic | null = null;

  for (const table of document.querySelectorAll('.paths table')) nameRoles(table);

  const seen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) views.get(target)?.visible(isIntersecting);
  }, NEAR);
  const again = (): void => {
    if (shown) update(shown);
  };
  const rows = keyed<Line>(
    body,
    ({ path, isMore }) => (isMore ? `${path.id} more` : path.id),
    ({ path, isMore }) => {
      const known = byPath.get(path.id);
      if (known && isMore) return known.more;
      const view = createPathRow(path, epochMs, () => latest, again);
      views.set(view.row, view);
      byPath.set(path.id, view);
      seen.observe(view.row);
      return view.row;
    },
  );
  search.addEventListener('input', again);
  const all = byId<HTMLButtonElement>('path-all');
  let showsAll = false;
  all.addEventListener('click', () => {
    showsAll = true;
    again();
  });

  function update(next: Shown): void {
    shown = next;
    const ordered = inOrder(next);
    setHidden(byId('path-find'), ordered.length < FIND_FROM);
    const word = search.value.trim().toLowerCase();
    const found = word === '' ? ordered : ordered.filter((p) => textOf(p).includes(word));
    setText(byId('path-count'), countText(ordered, found.length));
    const cut = !showsAll && word === '' && found.length > FIRST + 2;
    setHidden(all, !cut);
    setText(all, `Show all ${found.length}`);
    const lines = (cut ? found.slice(0, FIRST) : found).flatMap((path): Line[] => [
      { path, isMore: false },
      ...(byPath.get(path.id)?.isOpen() ? [{ path, isMore: true }] : []),
    ]);
    rows(lines, (row, { path }) => views.get(row)?.update(path, next));
    for (const [row, view] of views) {
      if (row.isConnected) continue;
      seen.unobserve(row);
      view.visible(false);
      views.delete(row);
      byPath.delete(view.id);
    }
  }

  return {
    show: update,
    traffic(traffic) {
      latest = traffic;
      for (const view of views.values()) view.traffic();
    },
    redraw() {
      for (const view of views.values()) view.redraw();
    },
  };
}

/** A path's row, or the one that opens below it. */
interface Line {
  readonly path: PathInfo;
  readonly isMore: boolean;
}

/** The target, home, what is not well, then as configured. */
function inOrder({ paths, target }: Shown): PathInfo[] {
  const rank = (p: PathInfo): number =>
    p.id === target ? 0 : p.isHome ? 1 : p.verdict === 'up' ? 3 : 2;
  return paths.toSorted((a, b) => rank(a) - rank(b));
}

const textOf = (p: PathInfo): string => `${p.id} ${p.ip} ${p.verdict} ${p.network}`.toLowerCase();

function countText(paths: readonly PathInfo[], found: number): string {
  const up = paths.filter((p) => p.verdict === 'up').length;
  const all = `${up} of ${paths.length} up`;
  return found === paths.length ? all : `${found} found, ${all}`;
}

/** On a phone rows are laid out as cards; the table stays one for a screen reader. */
function nameRoles(table: Element): void {
  setAttribute(table, 'role', 'table');
  for (const [tag, role] of [
    ['thead', 'rowgroup'],
    ['tbody', 'rowgroup'],
    ['tr', 'row'],
    ['th', 'columnheader'],
  ] as const) {
    for (const at of table.querySelectorAll(tag)) setAttribute(at, 'role', role);
  }
}
