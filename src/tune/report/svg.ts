/**
 * A chart as SVG text, drawn on no screen (echarts, server side). The text depends on the chart
 * alone: what the library numbers by its instances is taken out.
 */

import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { MARKS, themed } from './palette.ts';

use([LineChart, ScatterChart, CustomChart, GridComponent, SVGRenderer]);

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Option = Readonly<Record<string, unknown>>;

export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';

/** `label`: what the picture shows, for those who do not see it. */
export function drawSvg(option: Option, size: Size, label: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 12, color: MARKS.ink },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return tidy(svg, size, label);
}

function tidy(svg: string, { width, height }: Size, label: string): string {
  const bare = svg
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/ pointer-events="\w+"/g, '')
    .replace(/<style[\s\S]*?<\/style>\s*/g, '')
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
    .replace(/font-family:[^;"]*;?/g, '')
    .replace(/(\.\d{2})\d+/g, '$1')
    .replace(/\n+/g, '\n');
  const head = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">`;
  return themed(bare.replace(/^<svg [^>]*>/, head));
}

/** Names of clip paths as the page has them, from 0: the library numbers them by its instances. */
export function renumbered(page: string): string {
  const numbers = new Map<string, number>();
  return page.replace(/(id="|url\(#)zr(\d+)-/g, (_, before: string, number: string) => {
    const own = numbers.get(number) ?? numbers.size;
    numbers.set(number, own);
    return `${before}p${own}-`;
  });
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

type Axis = {
  readonly name: string;
  readonly format: (value: number) => string;
  readonly log?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Need not show 0: where things lie to each other is what is looked at. */
  readonly close?: boolean;
};

/** Axes in the report's manner: no frame, a light grid, the name where it is read. */
export function axis(a: Axis, isX: boolean): Option {
  const { name, format, log = false, min, max, close = false } = a;
  return {
    type: log ? 'log' : 'value',
    name,
    nameLocation: isX ? 'middle' : 'end',
    nameGap: isX ? 28 : 12,
    nameTextStyle: {
      color: MARKS.muted,
      align: isX ? 'center' : 'left',
      padding: isX ? 0 : [0, 0, 0, -40],
    },
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    scale: close,
    splitNumber: isX ? 6 : 4,
    axisLine: { show: isX, onZero: false, lineStyle: { color: MARKS.muted } },
    axisTick: { show: isX, lineStyle: { color: MARKS.muted } },
    axisLabel: { color: MARKS.muted, formatter: format, hideOverlap: true },
    splitLine: { show: !isX, lineStyle: { color: MARKS.grid } },
  };
}
