/**
 * What the abstract world lets every path look like: a verdict and, while it is up, for how long.
 * The world owns these, the chart is only shown them, so a law that asks them asks the truth.
 * Ages are counted in ticks and saturate where nothing compares them any more: home's at the
 * longest hold, the others' at the wait after a blackout. One object for each combination.
 */

import type { Path, PathId, PathView, Verdict } from '../../machines/model.ts';
import { NOW_MS, TICK_MS } from './scale.ts';

export interface Health {
  readonly verdict: Verdict;
  /** Ticks since it came up, saturated; 0 unless it is up. */
  readonly age: number;
}

export interface Views {
  readonly index: number;
  /** In the order of the settings, home first; a reload may have cut the end off. */
  readonly of: readonly Health[];
  /** Home was seen unwell in this life of the daemon. */
  readonly wasBad: boolean;
  /** Age of home's session, ticks, saturated; null: not listed, or it vouches for nothing. */
  readonly sessionAge: number | null;
  /** The same as the chart is told. */
  readonly shown: readonly PathView[];
}

export interface ViewTable {
  readonly all: readonly Views[];
  of(healths: readonly Health[], wasBad: boolean, sessionAge: number | null): Views;
  /** Paths (by position) take a verdict; those that have it keep their age. */
  changed(v: Views, at: readonly number[], verdict: Verdict): Views;
  /** Home's access service began anew, and no probe noticed. */
  restarted(v: Views): Views;
  /** One tick later. */
  aged(v: Views): Views;
  /** Paths that no decision asks but whether they are up: what else is wrong with them is nothing. */
  merged(v: Views, relevant: readonly boolean[]): Views;
  /** With so many paths: new ones are unknown, those that never live down. */
  resized(v: Views, count: number): Views;
  /** So many paths, of which nothing is known. */
  fresh(count: number, sessionAge: number | null): Views;
}

export interface Caps {
  readonly home: number;
  readonly other: number;
}

const unknown: Health = { verdict: 'unknown', age: 0 };
const down: Health = { verdict: 'down', age: 0 };

export function createViews(
  paths: readonly Path[],
  caps: Caps,
  live: readonly PathId[],
): ViewTable {
  const all: Views[] = [];
  const byKey = new Map<string, Views>();
  const aging = new Map<Views, Views>();

  function of(healths: readonly Health[], wasBad: boolean, sessionAge: number | null): Views {
    const vouches = wasBad ? null : sessionAge;
    const key = `${wasBad ? 'b' : ''}${vouches ?? ''}|${healths.map(letterOf).join('')}`;
    const known = byKey.get(key);
    if (known) return known;
    const shown = healths.map((h, i) => viewOf(paths[i]?.id ?? '', h, i === 0, wasBad, vouches));
    const made = { index: all.length, of: healths, wasBad, sessionAge: vouches, shown };
    all.push(made);
    byKey.set(key, made);
    return made;
  }

  const agedOf = (h: Health, i: number): Health => {
    const cap = i === 0 ? caps.home : caps.other;
    return h.verdict === 'up' && h.age < cap ? { ...h, age: h.age + 1 } : h;
  };

  const first = (i: number): Health => (live.includes(paths[i]?.id ?? '') ? unknown : down);
  const several = (count: number, make: (i: number) => Health): Health[] =>
    Array.from({ length: count }, (_, i) => make(i));

  return {
    all,
    of,
    changed(v, at, verdict) {
      const healths = v.of.map((h, i) =>
        at.includes(i) && h.verdict !== verdict ? { verdict, age: 0 } : h,
      );
      const isBad = (verdict === 'suspect' || verdict === 'down') && at.includes(0);
      return of(healths, v.wasBad || isBad, v.sessionAge);
    },
    restarted: (v) => of([{ verdict: 'up', age: 0 }, ...v.of.slice(1)], true, null),
    aged(v) {
      const known = aging.get(v);
      if (known) return known;
      const session = v.sessionAge === null ? null : Math.min(v.sessionAge + 1, caps.home);
      const made = of(v.of.map(agedOf), v.wasBad, session);
      aging.set(v, made);
      return made;
    },
    merged(v, relevant) {
      const loose = v.of.some((h, i) => !relevant[i] && isVague(h));
      if (!loose) return v;
      const healths = v.of.map((h, i) => (!relevant[i] && isVague(h) ? down : h));
      return of(healths, v.wasBad, v.sessionAge);
    },
    resized(v, count) {
      return of(
        several(count, (i) => v.of[i] ?? first(i)),
        v.wasBad,
        v.sessionAge,
      );
    },
    fresh: (count, sessionAge) => of(several(count, first), false, sessionAge),
  };
}

const isVague = (h: Health): boolean => h.verdict === 'suspect' || h.verdict === 'unknown';

const letterOf = (h: Health): string => (h.verdict === 'up' ? `${h.age}` : (h.verdict[0] ?? ''));

function viewOf(
  id: PathId,
  h: Health,
  isHome: boolean,
  wasBad: boolean,
  sessionAge: number | null,
): PathView {
  return {
    id,
    verdict: h.verdict,
    cause: h.verdict === 'up' ? 'none' : h.verdict === 'unknown' ? 'unasked' : 'ping',
    says: `it is ${h.verdict}`,
    upSinceMs: h.verdict === 'up' ? NOW_MS - h.age * TICK_MS : null,
    badAtMs: isHome && wasBad ? NOW_MS : null,
    sessionStartMs: isHome && sessionAge !== null ? NOW_MS - sessionAge * TICK_MS : null,
  };
}
