/** One row of the table of paths, and the row with the larger curve that opens below it. */

import type { Traffic } from '../../shapes.ts';
import { h, icon, setAttribute, setText } from './dom.ts';
import type { PathInfo, PathRow, Shown } from './shown.ts';
import { type Curve, openCurve } from './spark.ts';
import { lastRtt, lossOf } from './traffic.ts';
import { age, readable, roundTrip, span } from './words.ts';

export interface PathRowView {
  readonly id: string;
  readonly row: HTMLTableRowElement;
  readonly more: HTMLTableRowElement;
  isOpen(): boolean;
  update(path: PathInfo, shown: Shown): void;
  traffic(): void;
  visible(isVisible: boolean): void;
  redraw(): void;
}

const SPARK = { height: 30, large: false } as const;
const COLUMNS = 7;

export function createPathRow(
  path: PathInfo,
  epochMs: () => number,
  latest: () => Traffic | null,
  toggled: () => void,
): PathRowView {
  const { id } = path;
  const role = h('span', 'role');
  const name = h('button', 'name', h('span', '', id));
  name.type = 'button';
  name.setAttribute('aria-expanded', 'false');
  const big = h('div', 'big-curve');
  const facts = h('p', 'small');
  const moreCell = h('td', '', facts, big);
  moreCell.colSpan = COLUMNS;
  const more = h('tr', 'more-of-path', moreCell);
  const who = h('th', 'who', h('div', 'who-line', role, name), h('small', 'digits', path.ip));
  who.scope = 'row';
  const verdict = h('span', 'verdict', sign(), h('b'));
  const says = h('small', 'says');
  const signals = { ping: signal(), service: signal(), session: signal() };
  const spark = h('div', 'spark');
  const rtt = h('b', 'digits');
  const loss = h('b', 'digits');
  const row = h(
    'tr',
    '',
    who,
    cell('Verdict', 'of-verdict', verdict, says),
    cell('Ping', '', signals.ping),
    cell('Service', '', signals.service),
    cell('Session', '', signals.session),
    cell('Round trip', 'wide', h('div', 'trip', spark, rtt)),
    cell('Loss', 'of-loss', loss),
  );
  row.setAttribute('role', 'row');
  who.setAttribute('role', 'rowheader');
  let small: Curve | null = null;
  let large: Curve | null = null;
  let isOpen = false;

  name.addEventListener('click', () => {
    isOpen = !isOpen;
    name.setAttribute('aria-expanded', String(isOpen));
    large?.destroy();
    large = null;
    toggled();
    if (isOpen) large = openLarge();
    traffic();
  });

  const openSmall = (): Curve =>
    openCurve(spark, { ...SPARK, width: spark.clientWidth || 150, epochMs });
  const openLarge = (): Curve =>
    openCurve(big, { width: big.clientWidth || 600, height: 180, large: true, epochMs });

  function traffic(): void {
    const now = latest();
    const own = now?.byPath[id];
    if (!now || !own) {
      setText(rtt, '–');
      setText(loss, '–');
      return;
    }
    const lost = lossOf(own);
    setText(rtt, roundTrip(lastRtt(own)));
    setText(
      loss,
      lost === null ? '–' : `${(lost * 100).toFixed(lost > 0 && lost < 0.1 ? 1 : 0)} %`,
    );
    loss.classList.toggle('bad', (lost ?? 0) > 0);
    small?.set(now.firstSecond, own);
    large?.set(now.firstSecond, own);
  }

  return {
    id,
    row,
    more,
    isOpen: () => isOpen,
    traffic,
    update(next, shown) {
      const full = shown.scene?.status.paths.find((p) => p.id === id) ?? null;
      markRole(role, row, next.id === shown.target, next.isHome);
      setAttribute(verdict, 'class', `verdict v-${next.verdict}`);
      setAttribute(verdict.querySelector('use') ?? verdict, 'href', `#i-${next.verdict}`);
      setText(verdict.querySelector('b') ?? verdict, next.verdict);
      setText(says, full && next.verdict !== 'up' ? readable(full.says) : '');
      for (const key of ['ping', 'service', 'session'] as const) {
        setSignal(signals[key], full?.signals[key] ?? null);
      }
      setText(facts, full ? factsOf(full, shown.scene?.status.atMs ?? 0) : '');
    },
    visible(isVisible) {
      if (isVisible && !small) {
        small = openSmall();
        traffic();
      } else if (!isVisible) {
        small?.destroy();
        small = null;
      }
    },
    redraw() {
      if (small) {
        small.destroy();
        small = openSmall();
      }
      if (large) {
        large.destroy();
        large = openLarge();
      }
      traffic();
    },
  };
}

function cell(label: string, classes: string, ...children: HTMLElement[]): HTMLTableCellElement {
  const made = h('td', classes, ...children);
  made.dataset.label = label;
  made.setAttribute('role', 'cell');
  return made;
}

/** Takes its colour from what is around it. */
function sign(): SVGSVGElement {
  const made = icon('unknown');
  setAttribute(made, 'class', 'icon');
  return made;
}

const signal = (): HTMLElement => h('span', 'signal', h('b'), h('small', 'digits'));

function setSignal(at: HTMLElement, of: { value: string; ageMs: number | null } | null): void {
  const [value, when] = [at.querySelector('b'), at.querySelector('small')];
  if (!value || !when) return;
  setAttribute(at, 'class', `signal s-${of?.value ?? 'none'}`);
  setText(value, of?.value ?? '–');
  setText(when, of ? age(of.ageMs) : '');
}

function markRole(at: Element, row: Element, isTarget: boolean, isHome: boolean): void {
  const words = [isTarget ? 'target' : '', isHome ? 'home' : ''].filter(Boolean).join(', ');
  row.classList.toggle('is-target', isTarget);
  if (at.getAttribute('title') === words) return;
  setAttribute(at, 'title', words);
  const signs = [isTarget ? icon('target') : null, isHome ? icon('home') : null];
  const said = words === '' ? null : h('span', 'unseen', words);
  at.replaceChildren(...[...signs, said].filter((s) => s !== null));
}

function factsOf(p: PathRow, nowMs: number): string {
  const up = p.upSinceMs === null ? '' : `, up for ${span(nowMs - p.upSinceMs)}`;
  return `${p.network} network, probed at ${p.pace} pace${up}. ${readable(p.says)}.`;
}
