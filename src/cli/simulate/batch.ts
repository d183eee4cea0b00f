/** A batch of seeds, played one after the other: what a worker does, and what it tells. */

import { drawPlan } from '../../sim/swarm/draw.ts';
import { playPlan } from '../../sim/swarm/play.ts';
import { baseSettings } from './base.ts';

export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly safetyMs: number | null;
  readonly hosts: number | null;
}

/** One seed, in short. */
export interface Row {
  readonly seed: number;
  readonly digest: string;
  readonly facts: number;
  readonly switches: number;
  readonly simulatedMs: number;
  /** The broken law and what it says; null: none. */
  readonly broken: { readonly law: string; readonly says: string } | null;
}

export function playBatch({ from, count, safetyMs, hosts }: Batch): Row[] {
  const base = baseSettings();
  return Array.from({ length: count }, (_, i) => {
    const { seed, digest, facts, switches, simulatedMs, broken } = playPlan(
      drawPlan(from + i, { safetyMs, hosts }),
      base,
    );
    const why = broken && { law: broken.law, says: broken.says };
    return { seed, digest, facts, switches, simulatedMs, broken: why };
  });
}
