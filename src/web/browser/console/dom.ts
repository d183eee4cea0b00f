/**
 * The few things this page does with the DOM: find what main.html has, make elements, and write
 * only what changed, so that a reader's selection, focus and screen reader stay undisturbed.
 */

/** An element of main.html; throws when it is not there, which is a programmer's error. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id) as Element | null;
  if (!found) throw new Error(`main.html has no #${id}`);
  return found as T;
}

type Child = Node | string | null;

/** `h('b', 'digits', '12')`: an element with classes and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  classes = '',
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children.filter((c) => c !== null));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag) as SVGElementTagNameMap[K];
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children.filter((c) => c !== null));
  return made;
}

/** One of the symbols of main.html. */
export const icon = (name: string): SVGSVGElement =>
  svg(
    'svg',
    { class: `icon i-${name}`, 'aria-hidden': 'true' },
    svg('use', { href: `#i-${name}` }),
  );

export function setText(at: Element, text: string): void {
  if (at.textContent !== text) at.textContent = text;
}

export function setAttribute(at: Element, name: string, value: string | null): void {
  if (value === null) at.removeAttribute(name);
  else if (at.getAttribute(name) !== value) at.setAttribute(name, value);
}

export function setHidden(at: HTMLElement, hidden: boolean): void {
  if (at.hidden !== hidden) at.hidden = hidden;
}

/**
 * Makes `parent` hold exactly these children, in order, touching only those that differ: what is in
 * place already keeps its focus.
 */
export function setChildren(parent: Element, children: readonly Node[]): void {
  let at = parent.firstChild;
  for (const child of children) {
    if (at === child) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** Children of a list by key: an item that stays is updated, not made again. */
export function keyed<T>(
  parent: Element,
  keyOf: (item: T) => string,
  make: (item: T) => Element,
): (items: readonly T[], update: (at: Element, item: T) => void) => void {
  let known = new Map<string, Element>();
  return (items, update) => {
    const next = new Map<string, Element>();
    for (const item of items) {
      const key = keyOf(item);
      const at = known.get(key) ?? make(item);
      next.set(key, at);
      update(at, item);
    }
    setChildren(parent, [...next.values()]);
    known = next;
  };
}
