/** Marks on a drawn region: classes on its shapes, found by the names that the drawing carries. */

import type { Lit } from './lit.ts';

export function light(frame: HTMLElement | null, lit: Lit): void {
  if (!frame) return;
  for (const box of frame.querySelectorAll<SVGRectElement>('rect[data-state]')) {
    const id = box.dataset.state ?? '';
    box.classList.toggle('now', id.includes('.') && lit.active.has(id));
    burn(box, lit.fuses.get(id));
  }
  for (const arrow of frame.querySelectorAll<SVGGElement>('g[data-from]')) {
    const { from = '', to = '' } = arrow.dataset;
    arrow.classList.toggle(
      'taken',
      lit.taken.some((t) => t.from === from && t.to === to),
    );
    for (const text of arrow.querySelectorAll('text.guard')) {
      const holds = lit.guards.get(`${from} ${(text.textContent ?? '').slice(1, -1)}`);
      text.classList.toggle('holds', holds === true);
      text.classList.toggle('fails', holds === false);
    }
  }
}

const SVG = 'http://www.w3.org/2000/svg';

/** A bar along the state's lower edge, and what is left above its corner. */
function burn(box: SVGRectElement, fuse: { part: number; left: string } | undefined): void {
  const parent = box.parentNode;
  const id = `fuse ${box.dataset.state}`;
  const old = parent?.querySelector(`g[data-fuse="${id}"]`);
  if (!fuse) {
    old?.remove();
    return;
  }
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((a) =>
    Number(box.getAttribute(a)),
  ) as [number, number, number, number];
  const group = old ?? document.createElementNS(SVG, 'g');
  if (!old) {
    group.setAttribute('data-fuse', id);
    group.append(document.createElementNS(SVG, 'rect'), document.createElementNS(SVG, 'text'));
    parent?.append(group);
  }
  const [bar, text] = group.children;
  if (!bar || !text) return;
  const set = (el: Element, values: Record<string, string | number>): void => {
    for (const [name, value] of Object.entries(values)) el.setAttribute(name, String(value));
  };
  set(bar, { class: 'fuse', x: x + 4, y: y + height - 5, height: 3, rx: 1.5 });
  set(bar, { width: Math.max(0, (width - 8) * fuse.part) });
  set(text, { class: 'fuse-left', x: x + width - 5, y: y - 4, 'text-anchor': 'end' });
  text.textContent = fuse.left;
}
