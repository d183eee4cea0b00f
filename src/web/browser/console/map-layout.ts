/**
 * Where everything of the little map goes, for a width. Pure. Two networks run across; this host
 * stands above them and the SCVMs below, its own under it. What does not fit becomes one box that
 * says how many there are and how they are.
 */

import type { PathInfo } from './shown.ts';

export interface Column {
  readonly x: number;
  readonly width: number;
  readonly scvm: string;
  readonly storage: PathInfo | null;
  readonly management: PathInfo | null;
  readonly isOwn: boolean;
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly Column[];
  /** How many SCVMs were left out, and the verdicts of their storage paths. */
  readonly rest: { readonly x: number; readonly count: number; readonly says: string } | null;
}

export const HOST_Y = 16;
export const BOX_HEIGHT = 50;
export const STORAGE_Y = 138;
export const MANAGEMENT_Y = 106;
export const SCVM_Y = 190;
const HEIGHT = SCVM_Y + BOX_HEIGHT + 12;
const COLUMN_LEAST = 84;
const COLUMN_MOST = 168;
const GAP = 12;
const GAP_MOST = 96;
const EDGE = 12;

export function layoutMap(
  paths: readonly PathInfo[],
  target: string | null,
  width: number,
): MapLayout {
  const scvms = [...new Set(paths.map((p) => p.scvm))];
  const room = Math.max(2, Math.floor((width - 2 * EDGE + GAP) / (COLUMN_LEAST + GAP)));
  const fits = scvms.length <= room;
  const shown = fits ? scvms : chosen(paths, scvms, target, room - 1);
  const count = shown.length + (fits ? 0 : 1);
  const each = Math.min(COLUMN_MOST, (width - 2 * EDGE - (count - 1) * GAP) / count);
  const spare = (width - 2 * EDGE - count * each) / Math.max(1, count - 1);
  const gap = Math.min(GAP_MOST, Math.max(GAP, spare));
  const columns = shown.map((scvm, i): Column => {
    const own = paths.filter((p) => p.scvm === scvm);
    return {
      x: EDGE + i * (each + gap),
      width: each,
      scvm,
      storage: own.find((p) => p.network === 'storage') ?? null,
      management: own.find((p) => p.network === 'management') ?? null,
      isOwn: own.some((p) => p.local),
    };
  });
  const others = scvms.filter((name) => !shown.includes(name));
  const rest = fits
    ? null
    : { x: EDGE + shown.length * (each + gap), count: others.length, says: tally(paths, others) };
  return { width, height: HEIGHT, columns, rest };
}

/** The own one, the target, then those that are not well, then the others. */
function chosen(
  paths: readonly PathInfo[],
  scvms: readonly string[],
  target: string | null,
  count: number,
): string[] {
  const rank = (scvm: string): number => {
    const own = paths.filter((p) => p.scvm === scvm);
    if (own.some((p) => p.local)) return 0;
    if (own.some((p) => p.id === target)) return 1;
    return own.some((p) => p.network === 'storage' && p.verdict !== 'up') ? 2 : 3;
  };
  const ranked = scvms.map((name, i) => ({ name, i, rank: rank(name) }));
  ranked.sort((a, b) => a.rank - b.rank || a.i - b.i);
  return ranked
    .slice(0, count)
    .sort((a, b) => a.i - b.i)
    .map((r) => r.name);
}

function tally(paths: readonly PathInfo[], scvms: readonly string[]): string {
  const names = new Set(scvms);
  const counts = new Map<string, number>();
  for (const p of paths) {
    if (p.network !== 'storage' || !names.has(p.scvm)) continue;
    counts.set(p.verdict, (counts.get(p.verdict) ?? 0) + 1);
  }
  return [...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ');
}
