/**
 * From a region's graph to what the layout library places: boxes with their text measured, and
 * arrows with their labels. Transitions between the same two states share one arrow, delayed ones
 * a second (dashed) one; those that stay in a state are lines in its box.
 */

import { childrenOf, type Graph, type Mark, type State, type Transition } from './graph.ts';
import { flow, LINE_PX, type Line, NAME_PX, type Span, widest, words } from './text.ts';
import {
  actionLines,
  type Detail,
  isInner,
  leadsInside,
  listOf,
  type Paragraph,
  paragraphOf,
  signOf,
} from './words.ts';

/** Room around text in a box, and between a box's parts, px. */
export const PAD_PX = 6;
export const GAP_PX = 2;

export interface Box {
  readonly id: string;
  readonly state: State | null;
  readonly kind: 'region' | 'state' | 'any' | 'start';
  readonly title: Line;
  readonly purpose: readonly Line[];
  readonly body: readonly Paragraph[];
  /** Of the text alone: a box with children is at least this wide, and they begin below. */
  readonly width: number;
  readonly height: number;
  readonly children: readonly Box[];
}

export interface Arrow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly delayed: boolean;
  readonly mark: Mark | undefined;
  readonly label: readonly Paragraph[];
  readonly width: number;
  readonly height: number;
}

/** How wide text may become before it wraps, px. */
export interface Wrap {
  readonly boxPx: number;
  readonly labelPx: number;
  readonly detail: Detail;
  /** True: every transition is a line in its state's box, and arrows are bare: the densest form. */
  readonly lists: boolean;
  /** Where arrows lead; absent: down, as on paper. */
  readonly direction?: 'DOWN' | 'RIGHT';
}

export const paragraphsHeight = (list: readonly Paragraph[]): number =>
  list.reduce((sum, p) => sum + p.lines.length * LINE_PX, 0) +
  Math.max(0, list.length - 1) * GAP_PX;

/** The box of a region with everything in it. */
export function boxOf(graph: Graph, state: State, wrap: Wrap): Box {
  const inner = childrenOf(graph, state.id).map((child) => boxOf(graph, child, wrap));
  const own = graph.transitions.filter((t) => t.source === state.id);
  const start = state.initial && !wrap.lists ? [pseudo(`${state.id}:start`, 'start', '')] : [];
  const any =
    !wrap.lists && own.some(leadsInside) ? [pseudo(anyId(state.id), 'any', 'in any state')] : [];
  const region = state.parent === null;
  const boxPx = region ? wrap.boxPx * 2 : wrap.boxPx;
  const parent = graph.states.find((s) => s.id === state.parent);
  const first = wrap.lists && parent?.initial === state.id ? '\u25cf ' : '';
  const name: Span = { text: `${signOf(state.mark)}${first}${state.name}`, kind: 'name' };
  const says = words(state.description, 'purpose');
  const inline = region && wrap.lists;
  const title = inline ? [{ ...name, text: `${name.text}  ` }, ...says] : [name];
  const purpose = inline ? [] : flow([says], boxPx);
  const actions = [
    ...actionLines('entry', state.entry, wrap.boxPx, wrap.detail),
    ...actionLines('exit', state.exit, wrap.boxPx, wrap.detail),
  ];
  const body = [
    ...(actions.length > 0 ? [{ lines: actions, mark: undefined }] : []),
    ...listOf(wrap.lists ? own : own.filter(isInner), boxPx, wrap.detail),
  ];
  const texts = [title, ...purpose, ...body.flatMap((p) => p.lines)];
  const bodyPx = body.length > 0 ? paragraphsHeight(body) + PAD_PX : 0;
  return {
    id: state.id,
    state,
    kind: region ? 'region' : 'state',
    title,
    purpose,
    body,
    width: widest(texts) + 2 * PAD_PX,
    height: PAD_PX + NAME_PX + purpose.length * LINE_PX + bodyPx + PAD_PX,
    children: [...start, ...any, ...inner],
  };
}

const anyId = (id: string): string => `${id}:any`;

function pseudo(id: string, kind: 'start' | 'any', text: string): Box {
  const title: Line = text ? [{ text, kind: 'plain' }] : [];
  const any = kind === 'any';
  return {
    id,
    state: null,
    kind,
    title,
    purpose: [],
    body: [],
    width: any ? widest([title]) + 2 * PAD_PX : 9,
    height: any ? LINE_PX + PAD_PX : 9,
    children: [],
  };
}

export function arrowsOf(graph: Graph, wrap: Wrap): Arrow[] {
  const starts = graph.states.flatMap((s) =>
    s.initial && !wrap.lists ? [arrow(`${s.id}:start`, s.initial, [], wrap)] : [],
  );
  const outer = graph.transitions.filter((t) => !isInner(t) && !(wrap.lists && leadsInside(t)));
  const sharing = new Map<string, Transition[]>();
  for (const t of outer) {
    const key = `${t.source}>${t.target}${t.delay && !wrap.lists ? ':late' : ''}`;
    sharing.set(key, [...(sharing.get(key) ?? []), t]);
  }
  const moves = [...sharing.values()].flatMap((list) => {
    const [first] = list;
    if (!first?.target) return [];
    const source = leadsInside(first) ? anyId(first.source) : first.source;
    return [arrow(source, first.target, list, wrap)];
  });
  return [...starts, ...moves];
}

function arrow(source: string, target: string, list: readonly Transition[], wrap: Wrap): Arrow {
  const delayed = list.length > 0 && list.every((t) => t.delay !== null);
  const label = (wrap.lists ? [] : list).map((t) => paragraphOf(t, wrap.labelPx, wrap.detail));
  const [mark] = [...new Set(list.map((t) => t.mark))];
  const alike = list.every((t) => t.mark === mark);
  return {
    id: `${source}>${target}${delayed ? ':late' : ''}`,
    source,
    target,
    delayed,
    mark: alike ? mark : undefined,
    label,
    width: widest(label.flatMap((p) => p.lines)),
    height: label.length > 0 ? paragraphsHeight(label) : 0,
  };
}
