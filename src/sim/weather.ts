/**
 * The luck of the wire between one host and its paths: round-trip time with jitter, independent
 * loss, and loss in bursts after Gilbert (1960) and Elliott (1963): a good and a bad state that
 * last for exponential times, with a loss ratio in the bad one.
 *
 * Each probe's fate depends on its number only, never on when it is asked for: independent losses
 * are drawn as the gap to the next one (geometric), so that a leap knows how many probes will
 * surely come back and need not draw them.
 */

import type { Network, Path } from '../machines/model.ts';
import { createRandom, mix, onGrid, type Random, unitAt } from './random.ts';

/** What can be set, per network. Ratios in 0..1; times in ms. */
export interface Climate {
  readonly rttMs: number;
  /** Added to the RTT, uniform in 0..jitterMs. */
  readonly jitterMs: number;
  readonly lossRatio: number;
  /** Loss ratio while a burst lasts. */
  readonly burstLossRatio: number;
  /** Mean time from the end of a burst to the next; 0: no bursts. */
  readonly burstEveryMs: number;
  readonly burstForMs: number;
}

export const CALM: Climate = {
  rttMs: 0.25,
  jitterMs: 0,
  lossRatio: 0,
  burstLossRatio: 0.6,
  burstEveryMs: 0,
  burstForMs: 500,
};

export interface Weather {
  set(network: Network, change: Partial<Climate>): void;
  /** RTT of the path's next probe, ms; null: lost on the way. */
  probe(at: number): number | null;
  /** Is a service call at this time lost? Never outside of bursts: TCP repeats. */
  losesCall(at: number, nowMs: number): boolean;
  /** How many next probes of the path surely come back; 0: ask each. */
  calmProbes(at: number): number;
  /** Takes so many probes for answered; gives the RTT of the last one. At most `calmProbes`. */
  leap(at: number, probes: number): number;
  /** Upper bound of the RTT in the path's network, ms. */
  maxRttMs(network: Network): number;
  isCalm(): boolean;
  /** Share of packets that are lost there now. */
  lossRatio(network: Network): number;
}

interface Wire {
  readonly network: Network;
  readonly key: number;
  readonly luck: Random;
  probes: number;
  /** Probes up to and including the next loss; Infinity without loss. */
  untilLoss: number;
}

/** `later` schedules a change of the world. */
export function createWeather(
  seed: number,
  hostId: string,
  paths: readonly Path[],
  later: (inMs: number, task: () => void) => void,
): Weather {
  const climate: Record<Network, Climate> = { storage: CALM, management: CALM };
  const burst: Record<Network, boolean> = { storage: false, management: false };
  /** Each change of climate makes the bursts of the one before meaningless. */
  const turns: Record<Network, number> = { storage: 0, management: 0 };
  const sky = createRandom(seed, 'sky', hostId);
  const wires = paths.map((p): Wire => {
    const luck = createRandom(seed, 'wire', hostId, p.id);
    const key = mix(seed, 'rtt', hostId, p.id);
    return { network: p.network, key, luck, probes: 0, untilLoss: NEVER };
  });

  function drawLoss(w: Wire): void {
    const ratio = climate[w.network].lossRatio;
    const gap = Math.floor(Math.log(1 - w.luck.unit()) / Math.log(1 - Math.min(ratio, 0.999)));
    w.untilLoss = ratio > 0 ? gap + 1 : NEVER;
  }

  function wireAt(at: number): Wire {
    const found = wires[at];
    if (!found) throw new Error(`no path has the number ${at}`);
    return found;
  }

  function turn(network: Network, mine: number): void {
    if (turns[network] !== mine) return;
    const { burstEveryMs, burstForMs } = climate[network];
    burst[network] = !burst[network];
    const mean = burst[network] ? burstForMs : burstEveryMs;
    later(sky.exponentialMs(mean), () => turn(network, mine));
  }

  function rttAt(w: Wire, n: number): number {
    const { rttMs, jitterMs } = climate[w.network];
    return jitterMs === 0 ? rttMs : onGrid(rttMs + jitterMs * unitAt(w.key, n));
  }

  const isLost = (w: Wire, n: number, ratio: number): boolean => unitAt(w.key ^ 0x55aa, n) < ratio;

  return {
    set(network, change) {
      const was = climate[network];
      const is = { ...was, ...change };
      climate[network] = { ...is, rttMs: onGrid(is.rttMs), jitterMs: onGrid(is.jitterMs) };
      for (const w of wires) {
        if (w.network === network && is.lossRatio !== was.lossRatio) drawLoss(w);
      }
      if (is.burstEveryMs === was.burstEveryMs && is.burstForMs === was.burstForMs) return;
      turns[network] += 1;
      burst[network] = false;
      const mine = turns[network];
      if (is.burstEveryMs > 0) {
        later(sky.exponentialMs(is.burstEveryMs), () => turn(network, mine));
      }
    },
    probe(at) {
      const w = wireAt(at);
      w.probes += 1;
      w.untilLoss -= 1;
      const isUnlucky = w.untilLoss === 0;
      if (isUnlucky) drawLoss(w);
      const inBurst = burst[w.network] && isLost(w, w.probes, climate[w.network].burstLossRatio);
      return isUnlucky || inBurst ? null : rttAt(w, w.probes);
    },
    losesCall(at, nowMs) {
      const w = wireAt(at);
      if (!burst[w.network]) return false;
      return isLost(w, nowMs * 1024, climate[w.network].burstLossRatio ** 2);
    },
    calmProbes(at) {
      const w = wireAt(at);
      return burst[w.network] ? 0 : w.untilLoss - 1;
    },
    leap(at, probes) {
      const w = wireAt(at);
      w.probes += probes;
      w.untilLoss -= probes;
      return rttAt(w, w.probes);
    },
    maxRttMs: (network) => climate[network].rttMs + climate[network].jitterMs,
    isCalm: () => !burst.storage && !burst.management,
    lossRatio(network) {
      const { lossRatio, burstLossRatio } = climate[network];
      return burst[network] ? Math.max(lossRatio, burstLossRatio) : lossRatio;
    },
  };
}

const NEVER = Number.POSITIVE_INFINITY;
