/**
 * The host's networks as a little map with the route drawn in: from this host, over the network it
 * takes, to the SCVM that serves it. Drawn anew when something of it changed.
 */

import { byId, svg } from './dom.ts';
import {
  BOX_HEIGHT,
  type Column,
  HOST_Y,
  layoutMap,
  MANAGEMENT_Y,
  type MapLayout,
  SCVM_Y,
  STORAGE_Y,
} from './map-layout.ts';
import type { PathInfo, Shown } from './shown.ts';

export function createMap(): (shown: Shown) => void {
  const box = byId('map');
  let shown: Shown | null = null;
  let drawn = '';
  /** Asked for in each picture it would cost a layout in each. */
  let width = 0;

  function draw(): void {
    if (!shown || width === 0) return;
    const host = shown.scene?.status.host ?? document.title;
    const layout = layoutMap(shown.paths, shown.target, width);
    const key = JSON.stringify([layout, shown.target, host, shown.paths.length]);
    if (key === drawn) return;
    drawn = key;
    box.replaceChildren(picture(layout, shown, host));
  }

  new ResizeObserver(() => {
    width = Math.floor(box.clientWidth);
    draw();
  }).observe(box);
  return (next) => {
    shown = next;
    draw();
  };
}

function picture(layout: MapLayout, shown: Shown, host: string): SVGSVGElement {
  const { width, height, columns, rest } = layout;
  const own = columns.find((c) => c.isOwn) ?? columns[0];
  const hostWidth = Math.min(own?.width ?? 120, 168);
  const hostX = own?.x ?? 12;
  const mid = hostX + hostWidth / 2;
  const target = columns.find((c) =>
    [c.storage, c.management].some((p) => p !== null && p.id === shown.target),
  );
  const served = target?.storage?.id === shown.target ? target?.storage : target?.management;
  const drawing = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': inWords(shown, host, served ?? null),
  });
  if (own) {
    const around = {
      x: hostX - 8,
      y: HOST_Y - 10,
      width: own.width + 16,
      height: height - 2,
      rx: 12,
    };
    drawing.append(svg('rect', { class: 'machine', ...around }));
  }
  drawing.append(
    bus('storage', STORAGE_Y, width),
    bus('management', MANAGEMENT_Y, width),
    svg('path', { class: 'wire', d: `M${mid - 16} ${HOST_Y + BOX_HEIGHT}V${STORAGE_Y}` }),
    svg('path', { class: 'wire thin', d: `M${mid + 16} ${HOST_Y + BOX_HEIGHT}V${MANAGEMENT_Y}` }),
    ...columns.flatMap(stubs),
    busName('storage', STORAGE_Y, width),
    busName('management', MANAGEMENT_Y, width),
  );
  if (target && served) drawing.append(route(mid, target, served));
  drawing.append(
    node(hostX, HOST_Y, own?.width ?? hostWidth, host, 'this host', 'host'),
    ...columns.map((c) => {
      const ip = (c.storage ?? c.management)?.ip ?? '';
      const isTarget = c === target;
      const kind = `scvm${isTarget ? ' is-target' : ''}`;
      const says = c.isOwn && c.width > WITH_HOME_PX ? `${ip} · home` : ip;
      return node(c.x, SCVM_Y, c.width, c.scvm, says, kind);
    }),
    ...columns.flatMap(ends),
  );
  if (rest) {
    const last = columns.at(-1);
    drawing.append(
      node(rest.x, SCVM_Y, last?.width ?? 96, `${rest.count} more`, rest.says, 'rest'),
    );
  }
  return drawing;
}

function bus(name: string, y: number, width: number): SVGPathElement {
  return svg('path', { class: `bus ${name}`, d: `M4 ${y}H${width - 4}` });
}

const busName = (name: string, y: number, width: number): SVGTextElement =>
  svg('text', { class: 'bus-name', x: width - 4, y: y - 6, 'text-anchor': 'end' }, name);

const STUB = 16;

const storageX = (c: Column): number => c.x + c.width / 2 - STUB;
const managementX = (c: Column): number => c.x + c.width / 2 + STUB;

function stubs(c: Column): SVGPathElement[] {
  const stub = (p: PathInfo | null, x: number, y: number, thin: string): SVGPathElement[] =>
    p ? [svg('path', { class: `wire ${thin} v-${p.verdict}`, d: `M${x} ${y}V${SCVM_Y}` })] : [];
  return [
    ...stub(c.storage, storageX(c), STORAGE_Y, ''),
    ...stub(c.management, managementX(c), MANAGEMENT_Y, 'thin'),
  ];
}

/** What is known of each path, where it ends. */
function ends(c: Column): SVGGElement[] {
  const end = (p: PathInfo | null, x: number): SVGGElement[] => {
    if (!p) return [];
    const y = SCVM_Y - 24;
    const title = svg('title', {}, `${p.id} (${p.ip}) is ${p.verdict}`);
    const disc = svg('circle', { class: 'disc', cx: x, cy: y, r: 9 });
    const place = { x: x - 7, y: y - 7, width: 14, height: 14 };
    const use = svg('use', { href: `#i-${p.verdict}`, ...place });
    return [svg('g', { class: `end v-${p.verdict}` }, title, disc, use)];
  };
  return [...end(c.storage, storageX(c)), ...end(c.management, managementX(c))];
}

function route(mid: number, to: Column, path: PathInfo): SVGGElement {
  const storage = path.network === 'storage';
  const [y, from, x] = storage
    ? [STORAGE_Y, mid - STUB, storageX(to)]
    : [MANAGEMENT_Y, mid + STUB, managementX(to)];
  const r = Math.sign(x - from) * Math.min(8, Math.abs(x - from) / 2);
  const bend = Math.abs(r);
  const d =
    x === from
      ? `M${from} ${HOST_Y + BOX_HEIGHT}V${SCVM_Y - 4}`
      : `M${from} ${HOST_Y + BOX_HEIGHT}V${y - bend}Q${from} ${y} ${from + r} ${y}` +
        `H${x - r}Q${x} ${y} ${x} ${y + bend}V${SCVM_Y - 4}`;
  const tip = `M${x - 6} ${SCVM_Y - 9}L${x} ${SCVM_Y - 1}L${x + 6} ${SCVM_Y - 9}Z`;
  const bad = path.verdict === 'up' ? '' : ' bad';
  return svg(
    'g',
    { class: `route${bad}` },
    svg('path', { class: 'way', d }),
    svg('path', { class: 'tip', d: tip }),
  );
}

/** A box this wide has room for an address and one more word. */
const WITH_HOME_PX = 130;
/** About what fits in a box at 13 px; the rest is in the title. */
const CHAR_PX = 7.4;

function node(
  x: number,
  y: number,
  width: number,
  name: string,
  more: string,
  kind: string,
): SVGGElement {
  const fits = (text: string, px: number): string => {
    const most = Math.floor((width - 12) / px);
    return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
  };
  const middle = { x: x + width / 2, 'text-anchor': 'middle' };
  return svg(
    'g',
    { class: `node ${kind}` },
    svg('title', {}, `${name} ${more}`),
    svg('rect', { x, y, width, height: BOX_HEIGHT, rx: 8 }),
    svg('text', { ...middle, y: y + 22, class: 'name' }, fits(name, CHAR_PX)),
    svg('text', { ...middle, y: y + 38, class: 'more' }, fits(more, 6.2)),
  );
}

function inWords(shown: Shown, host: string, served: PathInfo | null): string {
  const bad = shown.paths.filter((p) => p.verdict !== 'up').map((p) => `${p.id} is ${p.verdict}`);
  const where = served
    ? `The route of ${host} leads over the ${served.network} network to ${served.scvm}`
    : `${host} has no route of ours`;
  const rest = bad.length === 0 ? 'every path is up' : bad.slice(0, 6).join(', ');
  return `${where}; ${rest}${bad.length > 6 ? ` and ${bad.length - 6} more are not up` : ''}.`;
}
