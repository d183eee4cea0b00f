/**
 * Two courses of one route over time, as a picture: the paths as rows, the times at which each was
 * observed to be bad as bars, and where the route led as recorded and under the other
 * configuration as two lines beside each other.
 */

import type { PathId } from '../../machines/model.ts';
import type { Course, WhatIf } from '../../replay/what-if.ts';
import { MARKS } from '../../tune/report/palette.ts';
import { axis, drawSvg, type Option } from '../../tune/report/svg.ts';

const WIDTH = 900;
const ROW = 44;
/** The two lines do not hide each other where they lead the same way. */
const BESIDE = 0.13;

type Unit = readonly [name: string, ms: number];

/** The largest unit in which the span has more than two. */
function unitOf(spanMs: number): Unit {
  const units: Unit[] = [
    ['days', 86_400_000],
    ['hours', 3_600_000],
    ['minutes', 60_000],
  ];
  return units.find(([, ms]) => spanMs > 2 * ms) ?? ['seconds', 1000];
}

/** Rows from the top: home first, as configured; only paths that were used or bad. */
export function rowsOf(w: WhatIf, paths: readonly PathId[]): PathId[] {
  const named = new Set<PathId | null>(w.trouble.map((t) => t.path));
  for (const course of [w.recorded, w.other]) {
    named.add(course.first);
    for (const s of course.switches) named.add(s.from).add(s.to);
  }
  return paths.filter((id, i) => i === 0 || named.has(id));
}

export function coursesSvg(w: WhatIf, paths: readonly PathId[]): string {
  const rows = rowsOf(w, paths);
  const [unit, unitMs] = unitOf(w.spanMs);
  const at = (ms: number): number => (ms - w.startMs) / unitMs;
  const rowOf = (id: PathId | null): number | null => {
    const i = id === null ? -1 : rows.indexOf(id);
    return i < 0 ? null : rows.length - 1 - i;
  };
  const line = (course: Course, colour: string, beside: number, dash: boolean): Option => {
    const point = (ms: number, id: PathId | null): (number | null)[] => {
      const row = rowOf(id);
      return [at(ms), row === null ? null : row + beside];
    };
    const last = course.switches.at(-1)?.to ?? course.first;
    const moves = course.switches.map((s) => point(s.atMs, s.to));
    return {
      type: 'line',
      step: 'end',
      data: [point(w.startMs, course.first), ...moves, point(w.startMs + w.spanMs, last)],
      symbol: 'none',
      lineStyle: { color: colour, width: 3, ...(dash ? { type: [7, 4] } : {}) },
      z: 3,
    };
  };
  const bars: Option = {
    type: 'custom',
    data: w.trouble.flatMap((t) => {
      const row = rowOf(t.path);
      return row === null ? [] : [[at(t.fromMs), row, at(t.toMs)]];
    }),
    encode: { x: [0, 2], y: 1 },
    clip: true,
    renderItem: (_: unknown, api: Drawing) => {
      const [x = 0, y = 0] = api.coord([api.value(0), api.value(1)]);
      const [end = 0] = api.coord([api.value(2), api.value(1)]);
      const height = ROW * 0.62;
      return {
        type: 'rect',
        shape: { x, y: y - height / 2, width: Math.max(1.5, end - x), height },
        style: { fill: MARKS.old, opacity: 0.22 },
      };
    },
    z: 1,
  };
  const option = {
    grid: { left: 120, right: 20, top: 10, bottom: 44 },
    xAxis: axis(
      {
        name: `${unit} since the beginning`,
        format: String,
        min: 0,
        max: at(w.startMs + w.spanMs),
      },
      true,
    ),
    yAxis: {
      type: 'value',
      min: -0.5,
      max: rows.length - 0.5,
      interval: 0.5,
      axisLabel: {
        color: MARKS.ink,
        formatter: (v: number) => (Number.isInteger(v) ? (rows[rows.length - 1 - v] ?? '') : ''),
      },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    series: [
      bars,
      line(w.recorded, MARKS.series(0), BESIDE, false),
      line(w.other, MARKS.series(1), -BESIDE, true),
    ],
  };
  const size = { width: WIDTH, height: 60 + ROW * rows.length };
  return drawSvg(
    option,
    size,
    'Where the route led, as recorded and under the other configuration',
  );
}

interface Drawing {
  value(dimension: number): number;
  coord(point: readonly number[]): number[];
}
