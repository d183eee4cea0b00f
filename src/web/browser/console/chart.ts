/**
 * The chart, lit: main.html holds its picture, drawn from the chart itself at build time; here the
 * current state of each region is lit with everything around it, running timers count down at the
 * state they belong to, and the arrow that was taken last is marked.
 */

import { byId, setAttribute, setText, svg } from './dom.ts';
import type { Shown } from './shown.ts';
import type { Transition } from './tape.ts';
import { countdown } from './words.ts';

export interface ChartCard {
  /** `last`: the newest transition of a region up to the moment. */
  show(shown: Shown, last: (region: string) => Transition | null): void;
  tick(shown: Shown): void;
}

interface RegionPicture {
  readonly name: string;
  readonly figure: HTMLElement;
  readonly caption: Element;
  readonly boxes: ReadonlyMap<string, SVGRectElement>;
  readonly texts: ReadonlyMap<string, Element>;
  readonly arrows: readonly SVGGElement[];
  readonly badge: SVGGElement;
  lit: string;
}

export function createChart(): ChartCard {
  const purposes = new Map(
    [...byId('purposes').children].map((li) => [li.getAttribute('data-of'), li.textContent ?? '']),
  );
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].map(pictureOf);

  return {
    show({ regions: states, scene }, last) {
      for (const region of regions) {
        const state = (states as Readonly<Record<string, string>>)[region.name];
        light(region, state ? `${region.name}.${state}` : '', purposes);
        markTaken(region, last(region.name));
        const timer = scene?.timers.find((t) => t.state.startsWith(`${region.name}.`));
        placeBadge(region, timer ? timer.state : null);
      }
    },
    tick({ scene, atMs }) {
      for (const { name, badge } of regions) {
        const timer = scene?.timers.find((t) => t.state.startsWith(`${name}.`));
        const text = badge.querySelector('text');
        if (timer && text) setText(text, countdown(timer.dueAtMs - atMs()));
      }
    },
  };
}

function pictureOf(figure: HTMLElement): RegionPicture {
  const drawing = figure.querySelector('svg');
  const caption = figure.querySelector('figcaption span');
  if (!drawing || !caption) throw new Error('main.html has a region without its picture');
  const badge = svg('g', { class: 'badge', visibility: 'hidden' });
  badge.append(svg('rect', { width: 44, height: 18, rx: 9 }), svg('text', { x: 22, y: 13 }));
  drawing.querySelector('g')?.append(badge);
  const boxes = [...drawing.querySelectorAll<SVGRectElement>('rect[data-state]')];
  const texts = [...drawing.querySelectorAll('g[data-text]')];
  const name = figure.dataset.region ?? '';
  // The caption says it.
  drawing.querySelector(`g[data-text="${name}"]`)?.classList.add('its-name');
  return {
    name,
    figure,
    caption,
    boxes: new Map(boxes.map((box) => [box.dataset.state ?? '', box])),
    texts: new Map(texts.map((g) => [g.getAttribute('data-text') ?? '', g])),
    arrows: [...drawing.querySelectorAll<SVGGElement>('g[data-from]')],
    badge,
    lit: '-',
  };
}

function light(
  region: RegionPicture,
  state: string,
  purposes: ReadonlyMap<string | null, string>,
): void {
  if (region.lit === state) return;
  region.lit = state;
  const within = (id: string): boolean => state === id || state.startsWith(`${id}.`);
  for (const [id, box] of region.boxes) {
    box.classList.toggle('lit', within(id) && id !== region.name);
    box.classList.toggle('here', state === id);
  }
  for (const [id, text] of region.texts) {
    text.classList.toggle('lit', within(id));
    text.classList.toggle('here', state === id);
  }
  const short = state.slice(region.name.length + 1);
  const purpose = purposes.get(state) ?? '';
  setText(region.caption, short ? `${short}: ${purpose}` : 'not known');
  const drawing = region.figure.querySelector('svg');
  const label = short ? `Region ${region.name} is in ${short}: ${purpose}` : region.name;
  if (drawing) setAttribute(drawing, 'aria-label', label);
}

/** Entries name states from the region on, arrows from outside in: the innermost that fits. */
function markTaken({ name, arrows }: RegionPicture, entry: Transition | null): void {
  const [from, to] = entry ? [`${name}.${entry.from}`, `${name}.${entry.to}`] : ['', ''];
  const leads = (arrow: SVGGElement): boolean =>
    inside(from, arrow.dataset.from ?? '') && inside(to, arrow.dataset.to ?? '');
  const fitting = arrows.filter((arrow) => from !== '' && leads(arrow));
  const length = (arrow: SVGGElement): number => (arrow.dataset.from ?? '').length;
  const taken = fitting.sort((a, b) => length(b) - length(a))[0];
  for (const arrow of arrows) arrow.classList.toggle('taken', arrow === taken);
}

const inside = (state: string, id: string): boolean =>
  id !== '' && (state === id || state.startsWith(`${id}.`));

/** Like a flag at the right of the state's box, so that its name stays readable. */
function placeBadge({ boxes, badge }: RegionPicture, state: string | null): void {
  const box = state === null ? undefined : boxes.get(state);
  setAttribute(badge, 'visibility', box ? 'visible' : 'hidden');
  if (!box) return;
  const x = box.x.baseVal.value + box.width.baseVal.value - 5;
  const y = box.y.baseVal.value + box.height.baseVal.value / 2 - 9;
  setAttribute(badge, 'transform', `translate(${x} ${y})`);
}
