/** Round trips and losses of the last two minutes, second by second, as the daemon tells them. */

import type { Answers, Traffic, TrafficStep } from '../../shapes.ts';

const KEPT = 120;

interface Columns {
  rttMs: (number | null)[];
  replies: number[];
  losses: number[];
}

export interface LiveTraffic {
  load(traffic: Traffic): void;
  append(step: TrafficStep): void;
  now(): Traffic;
}

export function createTraffic(): LiveTraffic {
  let firstSecond = 0;
  const byPath = new Map<string, Columns>();

  const blank = (): Columns => ({
    rttMs: new Array(KEPT).fill(null),
    replies: new Array(KEPT).fill(0),
    losses: new Array(KEPT).fill(0),
  });

  function shift(columns: Columns, rtt: number | null, replies: number, losses: number): void {
    columns.rttMs.push(rtt);
    columns.replies.push(replies);
    columns.losses.push(losses);
    for (const column of [columns.rttMs, columns.replies, columns.losses]) column.shift();
  }

  return {
    load(traffic) {
      firstSecond = traffic.firstSecond;
      byPath.clear();
      for (const [id, { rttMs, replies, losses }] of Object.entries(traffic.byPath)) {
        byPath.set(id, { rttMs: [...rttMs], replies: [...replies], losses: [...losses] });
      }
    },
    append({ second, paths, rttMs, replies, losses }) {
      if (second < firstSecond + KEPT) return;
      // Seconds that were not told (a reconnect, a slow reader) are empty ones.
      let missing = Math.min(KEPT, second - (firstSecond + KEPT));
      firstSecond = second - KEPT + 1;
      for (; missing > 0; missing -= 1) {
        for (const columns of byPath.values()) shift(columns, null, 0, 0);
      }
      paths.forEach((id, i) => {
        const columns = byPath.get(id) ?? blank();
        byPath.set(id, columns);
        shift(columns, rttMs[i] ?? null, replies[i] ?? 0, losses[i] ?? 0);
      });
    },
    now: () => ({ firstSecond, byPath: Object.fromEntries(byPath) }),
  };
}

/** Share of the probes that were lost, 0..1; null: none was sent. */
export function lossOf({ replies, losses }: Answers): number | null {
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const lost = sum(losses);
  const all = lost + sum(replies);
  return all === 0 ? null : lost / all;
}

/** The newest round trip, ms; null: none in the last seconds. */
export const lastRtt = ({ rttMs }: Answers): number | null =>
  rttMs.slice(-5).findLast((x) => x !== null) ?? null;
