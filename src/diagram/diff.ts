/**
 * Two versions of the chart compared: which states and transitions were added, removed or changed.
 * A state is the same by its id. A transition is the same by its state and event, then by its
 * guard, then by its target: so a new guard or a new target reads as a change, not as two edits.
 */

import { isDeepStrictEqual } from 'node:util';
import { type Graph, type Mark, merged, type State, split, type Transition } from './graph.ts';
import { transitionText } from './mermaid.ts';
import { actionsText } from './words.ts';

export interface Change {
  readonly mark: Mark;
  readonly what: 'machine' | 'state' | 'transition';
  /** State id, or the transition's source. */
  readonly where: string;
  /** As text; null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Difference {
  /** Both versions with their marks: `removed` only in the old, `added` only in the new. */
  readonly before: Graph;
  readonly after: Graph;
  readonly changes: readonly Change[];
}

export function compare(before: Graph, after: Graph): Difference {
  const states = pairStates(before.states, after.states);
  const moves = pairTransitions(split(before.transitions), split(after.transitions));
  const machine = before.description === after.description ? [] : [machineChange(before, after)];
  return {
    before: marked(before, states.old, moves.old),
    after: marked(after, states.new, moves.new),
    changes: [
      ...machine,
      ...states.pairs.flatMap((p) => changeOf('state', p, states.alike, (s) => s.id, stateText)),
      ...moves.pairs.flatMap((p) =>
        changeOf('transition', p, moves.alike, (t) => t.source, moveText),
      ),
    ],
  };
}

const machineChange = (before: Graph, after: Graph): Change => ({
  mark: 'changed',
  what: 'machine',
  where: after.machine,
  before: before.description,
  after: after.description,
});

interface Pair<T> {
  readonly old: T | null;
  readonly new: T | null;
}

interface Paired<T> {
  readonly alike: Alike<T>;
  readonly pairs: readonly Pair<T>[];
  readonly old: readonly (T & { mark?: Mark | undefined })[];
  readonly new: readonly (T & { mark?: Mark | undefined })[];
}

const same = isDeepStrictEqual;

type Alike<T> = (a: T, b: T) => boolean;

function markOf<T>({ old, new: now }: Pair<T>, alike: Alike<T>): Mark | undefined {
  if (!old) return 'added';
  if (!now) return 'removed';
  return alike(old, now) ? undefined : 'changed';
}

function withMarks<T extends object>(
  olds: readonly T[],
  news: readonly T[],
  pairs: readonly Pair<T>[],
  alike: Alike<T>,
): Paired<T> {
  const mark = (one: T, side: 'old' | 'new') => {
    const pair = pairs.find((p) => p[side] === one);
    const found = pair && markOf(pair, alike);
    return found ? { ...one, mark: found } : one;
  };
  return {
    alike,
    pairs,
    old: olds.map((o) => mark(o, 'old')),
    new: news.map((o) => mark(o, 'new')),
  };
}

function pairStates(olds: readonly State[], news: readonly State[]): Paired<State> {
  const pairs: Pair<State>[] = [
    ...news.map((now) => ({ old: olds.find((s) => s.id === now.id) ?? null, new: now })),
    ...olds.filter((s) => !news.some((now) => now.id === s.id)).map((s) => ({ old: s, new: null })),
  ];
  return withMarks(olds, news, pairs, same);
}

/** Apart from the number of its turn: a new first guard moves all others, and changes none. */
const bare = (t: Transition): unknown => ({
  ...t,
  triggers: t.triggers.map((trigger) => trigger.event),
  delayTurn: null,
});

/** For each transition in both versions, its place among the others of its event that are too. */
function ranks(kept: readonly Transition[]): Map<Transition, number> {
  const turn = (t: Transition): number => (t.delayTurn ?? t.triggers[0])?.turn ?? 1;
  const before = (a: Transition, b: Transition): boolean =>
    eventOf(a) === eventOf(b) && turn(a) < turn(b);
  return new Map(kept.map((t) => [t, kept.filter((other) => before(other, t)).length]));
}

const eventOf = (t: Transition): string =>
  `${t.source} ${t.delay ? `after ${t.delay.name}` : t.triggers[0]?.event}`;

/** From the surest sign that two are the same to the weakest. */
const LIKENESS: readonly ((a: Transition, b: Transition) => boolean)[] = [
  (a, b) => same(bare(a), bare(b)),
  (a, b) => eventOf(a) === eventOf(b) && a.guard === b.guard && a.target === b.target,
  (a, b) => eventOf(a) === eventOf(b) && a.guard === b.guard,
  (a, b) => eventOf(a) === eventOf(b) && a.target === b.target && same(a.actions, b.actions),
];

function pairTransitions(
  olds: readonly Transition[],
  news: readonly Transition[],
): Paired<Transition> {
  const partners = new Map<Transition, Transition>();
  const taken = new Set<Transition>();
  for (const like of LIKENESS) {
    for (const now of news.filter((t) => !partners.has(t))) {
      const old = olds.find((t) => !taken.has(t) && like(t, now));
      if (!old) continue;
      partners.set(now, old);
      taken.add(old);
    }
  }
  const pairs: Pair<Transition>[] = [
    ...news.map((now) => ({ old: partners.get(now) ?? null, new: now })),
    ...olds.filter((t) => !taken.has(t)).map((t) => ({ old: t, new: null })),
  ];
  const oldRanks = ranks([...taken]);
  const newRanks = ranks([...partners.keys()]);
  return withMarks(
    olds,
    news,
    pairs,
    (a, b) => same(bare(a), bare(b)) && oldRanks.get(a) === newRanks.get(b),
  );
}

function changeOf<T>(
  what: 'state' | 'transition',
  pair: Pair<T>,
  alike: Alike<T>,
  where: (one: T) => string,
  text: (one: T) => string,
): Change[] {
  const mark = markOf(pair, alike);
  const one = pair.new ?? pair.old;
  if (!mark || !one) return [];
  const { old, new: now } = pair;
  return [{ mark, what, where: where(one), before: old && text(old), after: now && text(now) }];
}

function stateText(s: State): string {
  const initial = s.initial ? `, begins in ${s.initial}` : '';
  const entry = s.entry.length > 0 ? `, entry ${actionsText(s.entry)}` : '';
  const exit = s.exit.length > 0 ? `, exit ${actionsText(s.exit)}` : '';
  return `${s.description}${initial}${entry}${exit}`;
}

const moveText = (t: Transition): string =>
  `${transitionText(t)}${t.target ? ` -> ${t.target}` : ''}${t.reenter ? ' (enters again)' : ''}`;

const marked = (
  graph: Graph,
  states: readonly State[],
  transitions: readonly Transition[],
): Graph => ({ ...graph, states, transitions: merged(transitions) });
