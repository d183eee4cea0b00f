/**
 * When each path was observed to be bad: pings lost, or a service refused or silent. Bare
 * observations, not verdicts, so that courses under different settings can be held against them.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId } from '../machines/model.ts';

export interface Spell {
  readonly path: PathId;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Trouble {
  see(fact: Fact): void;
  isBad(path: PathId): boolean;
  /** Up to `atMs`, in the order of their beginning. */
  spells(atMs: number): readonly Spell[];
}

/** A spell that begins this soon after the last one of its path goes on with it. */
const JOINED_MS = 1000;
/** Kept at most; the later ones are dropped. */
const MAX_SPELLS = 5000;

export function createTrouble(): Trouble {
  const lost = new Set<PathId>();
  const unserved = new Set<PathId>();
  const begun = new Map<PathId, number>();
  const ended: { path: PathId; fromMs: number; toMs: number }[] = [];
  const last = new Map<PathId, { toMs: number }>();

  const isBad = (path: PathId): boolean => lost.has(path) || unserved.has(path);

  function end(path: PathId, atMs: number): void {
    const fromMs = begun.get(path);
    if (fromMs === undefined) return;
    begun.delete(path);
    const before = last.get(path);
    if (before && fromMs - before.toMs <= JOINED_MS) {
      before.toMs = atMs;
      return;
    }
    if (ended.length >= MAX_SPELLS) return;
    const spell = { path, fromMs, toMs: atMs };
    ended.push(spell);
    last.set(path, spell);
  }

  return {
    see(fact) {
      if (fact.type === 'PING_LOST') lost.add(fact.path);
      else if (fact.type === 'PING_REPLIED') lost.delete(fact.path);
      else if (fact.type === 'SERVICE_ANSWERED') unserved.delete(fact.path);
      else if (fact.type === 'SERVICE_REFUSED' || fact.type === 'SERVICE_SILENT') {
        unserved.add(fact.path);
      } else return;
      const { path, atMs } = fact;
      if (!isBad(path)) end(path, atMs);
      else if (!begun.has(path)) begun.set(path, atMs);
    },
    isBad,
    spells(atMs) {
      for (const path of [...begun.keys()]) end(path, atMs);
      return [...ended].sort((a, b) => a.fromMs - b.fromMs);
    },
  };
}
