/**
 * C2, spread (BEHAVIOUR.md section 2), over a whole cluster and fed with truth: when many hosts fail
 * over at once, among the same survivors, no survivor gets more of them than fair chance allows. The
 * bound is the number of hosts that k fair and independent choices among m would give to any of them
 * with a probability below 1e-9 (binomial tail, times m), so that a million runs raise no false alarm
 * and a choice that prefers one survivor cannot hide in a large cluster.
 *
 * Strictly, where nothing else disturbs anybody, hosts of survivors do not move at all.
 */

import type { Violation } from './trace.ts';

/** A failover that the kernel's table shows. World time. */
export interface Failover {
  readonly host: number;
  readonly atMs: number;
  /** SCVMs. */
  readonly from: string;
  readonly to: string;
  /** SCVMs that could have served it as well as `to` when it moved, by name; `to` is one of them. */
  readonly among: readonly string[];
  /** The path that it left could serve it all along. */
  readonly wasSound: boolean;
}

export interface Spread {
  moved(move: Failover): Violation | null;
}

/** Moves within this belong together: detection takes up to the slowest of the hosts' rounds. */
const AT_ONCE_MS = 5000;
const FALSE_ALARM = 1e-9;

export function createSpread({ strict = false } = {}): Spread {
  let moves: Failover[] = [];
  const bounds = new Map<string, number>();

  function boundOf(k: number, m: number): number {
    const key = `${k} ${m}`;
    const bound = bounds.get(key) ?? fairBound(k, m);
    bounds.set(key, bound);
    return bound;
  }

  function crowded(move: Failover): string | null {
    const among = move.among.join();
    const batch = moves.filter((x) => x.among.join() === among);
    const got = batch.filter((x) => x.to === move.to).length;
    const bound = boundOf(batch.length, move.among.length);
    if (got < bound) return null;
    const share = `${got} of ${batch.length} hosts that failed over within ${AT_ONCE_MS} ms`;
    return `${share} went to ${move.to}, one of ${move.among.length} survivors; fair is below ${bound}`;
  }

  return {
    moved(move) {
      const { host, atMs } = move;
      // Each host counts where it is now.
      moves = moves.filter((x) => atMs - x.atMs <= AT_ONCE_MS && x.host !== host);
      moves.push(move);
      const broken = (says: string): Violation => ({ law: 'C2 spread', atMs, says });
      if (strict && move.wasSound) {
        return broken(
          `host ${host + 1} left ${move.from} for ${move.to}, which had served all along`,
        );
      }
      const says = crowded(move);
      return says ? broken(says) : null;
    },
  };
}

/** The least number that fair chance gives to any of `m` out of `k` less often than FALSE_ALARM. */
export function fairBound(k: number, m: number): number {
  let tail = 0;
  for (let n = k; n >= 0; n -= 1) {
    tail += exactly(n, k, 1 / m);
    if (m * tail >= FALSE_ALARM) return n + 1;
  }
  return 0;
}

/** Probability of exactly `n` of `k` at `p` each. */
function exactly(n: number, k: number, p: number): number {
  let log = 0;
  for (let i = 1; i <= n; i += 1) log += Math.log((k - n + i) / i) + Math.log(p);
  return Math.exp(log) * (1 - p) ** (k - n);
}
