/**
 * The strip of the past: coloured by state, with a mark at each switch and alarm, a hatched stretch
 * where nobody knows, and a slider over it that pointer and keyboard move alike.
 */

import type { Entry } from '../../shapes.ts';
import { byId, h, setAttribute, setText, svg } from './dom.ts';
import type { Tape } from './tape.ts';
import { clockTime, dayOf, STATE_WORDS, shortTime, span, topOf } from './words.ts';

export interface Band {
  /** The past came: as much of it is shown as there is. */
  fit(): void;
  /** `atMs` null: now. `isGone`: `nowMs` is when the daemon was last heard. */
  show(atMs: number | null, nowMs: number, isGone: boolean): void;
}

export interface BandHandlers {
  /** Null: back to now. */
  goTo(wallMs: number | null): void;
}

const STEPS = 1000;
const HEIGHT = 30;
/** More marks than this would only be a bar. */
const MAX_MARKS = 300;

export function createBand(tape: Tape, handlers: BandHandlers): Band {
  const scrub = byId<HTMLInputElement>('scrub');
  const drawing = byId<SVGSVGElement>('band-svg');
  const spans = [...document.querySelectorAll<HTMLButtonElement>('[data-span]')];
  let spanMs = 24 * 3_600_000;
  let endMs = 0;
  let atMs: number | null = null;
  let nowMs = 0;
  let isGone = false;
  let drawn = '';
  /** Of the strip, px. Asked for in each picture it would cost a layout in each. */
  let wide = 1;
  const head = svg('path', { class: 'head' });
  /** The reader chose how much is shown. */
  let chosen = false;

  const startMs = (): number => endMs - spanMs;
  const timeOf = (step: number): number => startMs() + (step / STEPS) * spanMs;

  /** The window ends now, unless the moment that is shown lies outside it. */
  function place(): void {
    const wanted = atMs ?? nowMs;
    if (atMs === null || atMs > nowMs - spanMs) endMs = nowMs;
    else if (wanted < startMs() || wanted > endMs) endMs = wanted + spanMs / 2;
  }

  const xOf = (wallMs: number): number =>
    Math.max(0, Math.min(wide, ((wallMs - startMs()) / spanMs) * wide));

  /** The colours change with the window and what happened, once per pixel; the head always. */
  function draw(): void {
    const key = [wide, spanMs, Math.floor((endMs / spanMs) * wide), tape.version()].join();
    if (key !== drawn) drawPast();
    drawn = key;
    setAttribute(head, 'd', `M${xOf(atMs ?? endMs).toFixed(1)} 0v${HEIGHT}`);
  }

  function drawPast(): void {
    setAttribute(drawing, 'viewBox', `0 0 ${wide} ${HEIGHT}`);
    const track = { class: 'track', x: 0, y: 4, width: wide, height: HEIGHT - 8, rx: 3 };
    const runs = tape.runs(startMs(), endMs, wide).map((run) => {
      const x = xOf(run.fromMs);
      const place = { x: x.toFixed(1), width: Math.max(1, xOf(run.toMs) - x).toFixed(1) };
      return svg('rect', { class: `run r-${run.state}`, ...place, y: 4, height: HEIGHT - 8 });
    });
    const marks = tape
      .before(endMs, MAX_MARKS, isMark)
      .filter((entry) => entry.wallMs >= startMs())
      .map((entry) => {
        const at = xOf(entry.wallMs).toFixed(1);
        return entry.type === 'NOTE_SWITCH'
          ? svg('path', { class: 'mark', d: `M${at} 1v${HEIGHT - 2}` })
          : svg('circle', { class: 'mark alarm', cx: at, cy: HEIGHT - 3, r: 2.2 });
      });
    drawing.replaceChildren(svg('rect', track), ...runs, ...marks, head);
    ticks(startMs(), spanMs);
  }

  function settle(): void {
    const step = atMs === null ? STEPS : Math.round(((atMs - startMs()) / spanMs) * STEPS);
    if (document.activeElement !== scrub || scrub.valueAsNumber !== step)
      scrub.valueAsNumber = step;
    setAttribute(scrub, 'aria-valuetext', inWords(atMs, nowMs, tape));
    const now = `${isGone ? 'Last heard' : 'Now,'} ${clockTime(nowMs)}`;
    setText(byId('when'), atMs === null ? now : inWords(atMs, nowMs, tape));
  }

  scrub.addEventListener('input', () => {
    const step = scrub.valueAsNumber;
    const isEnd = step >= STEPS && endMs >= nowMs - 1000;
    handlers.goTo(isEnd ? null : Math.max(tape.fromMs(), timeOf(step)));
  });
  function zoom(toMs: number): void {
    spanMs = toMs;
    for (const one of spans) {
      setAttribute(one, 'aria-pressed', String(Number(one.dataset.span) === toMs));
    }
    endMs = atMs === null ? nowMs : Math.min(nowMs, atMs + spanMs / 2);
    draw();
    settle();
  }
  for (const button of spans) {
    button.addEventListener('click', () => {
      chosen = true;
      zoom(Number(button.dataset.span));
    });
  }
  const step = (towards: -1 | 1) => (): void => {
    const from = atMs ?? nowMs;
    const entry = towards < 0 ? tape.before(from - 2, 1, isStop)[0] : tape.after(from, isStop);
    if (entry) handlers.goTo(tape.justAfter(entry));
    else if (towards > 0) handlers.goTo(null);
  };
  byId('earlier').addEventListener('click', step(-1));
  byId('later').addEventListener('click', step(1));
  byId('now').addEventListener('click', () => handlers.goTo(null));
  byId('past-now').addEventListener('click', () => handlers.goTo(null));
  new ResizeObserver(() => {
    wide = Math.max(1, Math.floor(drawing.clientWidth));
    draw();
  }).observe(drawing);

  return {
    fit() {
      if (chosen) return;
      const lengthMs = nowMs - tape.fromMs();
      const fitting = spans.map((b) => Number(b.dataset.span)).find((ms) => ms >= lengthMs);
      zoom(fitting ?? spanMs);
    },
    show(at, now, gone) {
      isGone = gone;
      atMs = at;
      nowMs = now;
      place();
      draw();
      settle();
    },
  };
}

const isMark = (entry: Entry): boolean =>
  entry.type === 'NOTE_SWITCH' || entry.type === 'RAISE_ALARM';

/** What one would stop at when going through the past event by event. */
const isStop = (entry: Entry): boolean =>
  isMark(entry) || (entry.type === 'NOTE_TRANSITION' && entry.region === 'access');

function inWords(atMs: number | null, nowMs: number, tape: Tape): string {
  if (atMs === null) return 'now';
  const then = tape.at(atMs);
  const access = then.known ? topOf(then.base.regions.access ?? '') : '';
  const state = then.known ? (STATE_WORDS[access] ?? 'state not known') : then.says;
  const day = dayOf(atMs) === dayOf(nowMs) ? '' : `${dayOf(atMs)}, `;
  return `${day}${clockTime(atMs)}, ${span(nowMs - atMs)} ago, ${state}`;
}

const MINUTE = 60_000;
const STRIDES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((m) => m * MINUTE);

/** Times of day under the strip, as many as there is room for. */
function ticks(startMs: number, spanMs: number): void {
  const box = byId('ticks');
  const room = Math.max(2, Math.floor(box.clientWidth / 80));
  const stride = STRIDES.find((s) => spanMs / s <= room) ?? 360 * MINUTE;
  const shift = new Date(startMs).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((startMs - shift) / stride) * stride + shift;
  const count = Math.max(0, Math.floor((startMs + spanMs - first) / stride) + 1);
  box.replaceChildren(
    ...Array.from({ length: count }, (_, i) => {
      const at = first + i * stride;
      const label = h('span', 'digits', shortTime(at));
      const part = (at - startMs) / spanMs;
      label.style.left = `${(part * 100).toFixed(2)}%`;
      const edge = 20 / Math.max(1, box.clientWidth);
      if (part < edge) label.className = 'digits first';
      if (part > 1 - edge) label.className = 'digits last';
      return label;
    }),
  );
}
