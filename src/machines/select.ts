/**
 * Choice of target: a numbered, total order over the paths that are up (DOMAIN.md section 3,
 * BEHAVIOUR.md section 2). The criterion that decided against the runner-up is part of the reason;
 * the last criterion, the name, can never tie.
 *
 *   1 class   home; other SCVMs' storage, same zone first; management, local first
 *   2 stay    the present target
 *   3 spread  rendezvous weight of (host, SCVM), higher first (Thaler and Ravishankar, 1998)
 *   4 name    path id, code unit order
 */

import type { Path, PathId } from './model.ts';
import { rendezvousWeight } from './spread.ts';

export interface Choice {
  readonly path: PathId;
  /** What decided against the runner-up, e.g. `criterion 1 (class)`; `the only candidate`. */
  readonly criterion: string;
}

/** Rank by class, 0 best. Two paths of one rank are equals. */
export function classOf(p: Path): number {
  if (p.network === 'storage') return p.local ? 0 : p.sameZone ? 1 : 2;
  return p.local ? 3 : p.sameZone ? 4 : 5;
}

const criteria = ['class', 'stay', 'spread', 'name'] as const;

/** The best of `candidates` for this host; null if there are none. */
export function choose(
  candidates: readonly Path[],
  hostId: string,
  target: PathId | null,
): Choice | null {
  const ranked = candidates
    .map((p) => ({ p, keys: keysOf(p, hostId, target) }))
    .sort((a, b) => compare(a.keys, b.keys));
  const [best, next] = ranked;
  if (!best) return null;
  if (!next) return { path: best.p.id, criterion: 'the only candidate' };
  const at = best.keys.findIndex((k, i) => k !== next.keys[i]);
  return {
    path: best.p.id,
    criterion: `criterion ${at + 1} (${criteria[at]}) against ${next.p.id}`,
  };
}

type Keys = readonly [number, number, number, string];

function keysOf(p: Path, hostId: string, target: PathId | null): Keys {
  return [classOf(p), p.id === target ? 0 : 1, -rendezvousWeight(hostId, p.scvm), p.id];
}

function compare(a: Keys, b: Keys): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (a[3] < b[3] ? -1 : 1);
}
