/**
 * Round trips and losses as curves (uPlot). A small one per row of the table, made only while its
 * row is on the screen, and a large one for the row that is open.
 */

import uPlot from 'uplot';
import type { Answers } from '../../shapes.ts';

export interface Curve {
  set(firstSecond: number, answers: Answers): void;
  destroy(): void;
}

interface Look {
  readonly width: number;
  readonly height: number;
  /** Axes and their labels. */
  readonly large: boolean;
  /** Wall-clock ms of second 0 of the daemon's clock, for the axis. */
  readonly epochMs: () => number;
}

/** As a canvas wants it: the variable itself may be one of two, for light and dark. */
function colour(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function openCurve(at: HTMLElement, look: Look): Curve {
  const made = new uPlot(optionsOf(look), [[], [], []], at);
  return {
    set(firstSecond, answers) {
      const epoch = look.epochMs() / 1000;
      const times = answers.rttMs.map((_, i) => epoch + firstSecond + i);
      const lost = answers.losses.map((n, i) =>
        n > 0 ? n / (n + (answers.replies[i] ?? 0)) : null,
      );
      made.setData([times, [...answers.rttMs], lost]);
    },
    destroy: () => made.destroy(),
  };
}

function optionsOf({ width, height, large }: Look): uPlot.Options {
  const line = colour('--accent');
  const ink = colour('--muted');
  const grid = { stroke: colour('--line'), width: 1 };
  const axis: uPlot.Axis = { stroke: ink, grid, ticks: { show: false }, font: '12px system-ui' };
  const rtt: uPlot.Axis = {
    ...axis,
    size: 58,
    values: (_, ticks) => ticks.map((t) => `${t} ms`),
  };
  return {
    width,
    height,
    padding: large ? [8, 8, 0, 0] : [2, 2, 2, 2],
    legend: { show: false },
    cursor: { show: false },
    axes: large ? [axis, rtt] : [{ show: false }, { show: false }],
    scales: {
      x: { time: true },
      y: { range: (u) => [0, ceiling(u.data[1], large)] },
      lost: { range: [0, 1] },
    },
    series: [
      {},
      {
        stroke: line,
        width: large ? 1.6 : 1.3,
        points: { show: false },
        spanGaps: false,
        ...(large ? { fill: colour('--accent-soft') } : {}),
      },
      {
        scale: 'lost',
        fill: colour('--down-soft'),
        width: 0,
        points: { show: false },
        ...bars(),
      },
    ],
  };
}

/**
 * A single slow answer must not press the rest of a small curve flat: it is cut off at the top.
 * The large one shows everything.
 */
function ceiling(values: uPlot.AlignedData[number] | undefined, large: boolean): number {
  const known = [...(values ?? [])].filter((x) => x !== null && x !== undefined);
  known.sort((a, b) => a - b);
  const most = known[Math.floor((known.length - 1) * (large ? 1 : 0.96))] ?? 0;
  return Math.max(0.2, most * (large ? 1.15 : 1.6));
}

/** Losses stand up from the bottom, as wide as their second, as high as their share. */
function bars(): { paths?: uPlot.Series.PathBuilder } {
  const paths = uPlot.paths.bars?.({ size: [1, 4, 2] });
  return paths ? { paths } : {};
}
