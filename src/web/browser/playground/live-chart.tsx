/**
 * The chart with the present in it. The pictures were laid out and drawn when the page was written;
 * here the active state of each region lights up, the arrow that was taken last is marked, guards
 * wear their answers, and a fuse burns on a state whose timer runs.
 */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Status } from '../../../machines/explain.ts';
import { light } from './lights.ts';
import type { Lit } from './lit.ts';

/** Regions that have states to move between, in the order in which they are shown. */
export const REGIONS = ['access', 'route', 'steering', 'record'] as const;
export type RegionName = (typeof REGIONS)[number];

export interface LiveChartProps {
  readonly status: Status | null;
  readonly region: RegionName;
  readonly show: (region: RegionName) => void;
  readonly lit: Lit;
}

export function LiveChart({ status, region, show, lit }: LiveChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => adopt(frame.current, region), [region]);
  useLayoutEffect(() => light(frame.current, lit));
  return (
    <section class="pg-card pg-chart" aria-labelledby="chart-title">
      <header class="pg-card-head">
        <h2 id="chart-title">The chart, live</h2>
        <div class="pg-regions" role="tablist" aria-label="Regions of the chart">
          {REGIONS.map((name) => (
            <button
              type="button"
              role="tab"
              key={name}
              id={`tab-${name}`}
              aria-selected={name === region}
              aria-controls="live-chart"
              tabIndex={name === region ? 0 : -1}
              onClick={() => show(name)}
              onKeyDown={(e) => move(e, name, show)}
            >
              <span>{name}</span>{' '}
              <b data-region-state={name}>{status ? stateOf(status, name) : 'off'}</b>
            </button>
          ))}
        </div>
      </header>
      <div
        id="live-chart"
        ref={frame}
        class="pg-picture"
        role="tabpanel"
        aria-labelledby={`tab-${region}`}
      />
      <p class="pg-hint">
        Green guards hold now, struck ones do not. The full pictures with every action are{' '}
        <a href="#reference">below</a>.
      </p>
    </section>
  );
}

const stateOf = (status: Status, region: RegionName): string =>
  region === 'access' ? status.substate : status[region];

/** Left and right move between the tabs, as in every tab list (WAI-ARIA practices). */
function move(e: KeyboardEvent, from: RegionName, show: (region: RegionName) => void): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key] ?? 0;
  const to = REGIONS[(REGIONS.indexOf(from) + by + REGIONS.length) % REGIONS.length];
  if (by === 0 || !to) return;
  e.preventDefault();
  e.stopPropagation();
  show(to);
  document.getElementById(`tab-${to}`)?.focus();
}

/** The drawings stand in the page as they were written; the wanted one is put into the frame. */
function adopt(frame: HTMLElement | null, region: RegionName): void {
  const drawing = document.querySelector(`#sketches [data-sketch="${region}"]`);
  const svg = drawing?.querySelector('svg');
  if (!frame || !svg) return;
  frame.replaceChildren(svg.cloneNode(true));
  // What scrolls must be reachable by keyboard.
  frame.tabIndex = 0;
}
