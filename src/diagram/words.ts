/**
 * What is written on a transition and in a state's box, in every form alike:
 * `EVENT (turn) [guard] / actions`, the notation of UML 2.5.1 (14.2.4.8), with what an action
 * gives (`orders SET_ROUTE`, `raises SWITCH`) in place of its own name where that says more.
 */

import { writeSpan } from './delay-text.ts';
import { type Action, isWithin, type Mark, type Transition, type Trigger } from './graph.ts';
import { flow, type Line, type Span, words } from './text.ts';

/** Raised on entry by almost every state: plumbing, so pictures leave it out (text forms do not). */
const LOOK_AGAIN = 'JUDGED';

/** One transition's or action's text; the mark colours it in a comparison. */
export interface Paragraph {
  readonly lines: readonly Line[];
  readonly mark: Mark | undefined;
}

const SIGNS: Readonly<Record<Mark, string>> = { added: '+ ', removed: '- ', changed: '~ ' };

export const signOf = (mark: Mark | undefined): string => (mark ? SIGNS[mark] : '');

const turnOf = ({ turn, of }: Trigger): string => (of > 1 ? ` (${turn})` : '');

/** Each event with its turn; the turn once, behind the last, if it is the same for all. */
function triggerWords({ triggers }: Transition): string[] {
  const alike = new Set(triggers.map(turnOf)).size === 1;
  return triggers.map((trigger, at) => {
    const turn = alike && at < triggers.length - 1 ? '' : turnOf(trigger);
    return `${trigger.event}${turn}`;
  });
}

export function triggerText(t: Transition): string {
  if (t.delay && t.delayTurn) return `after ${writeSpan(t.delay.ms)}${turnOf(t.delayTurn)}`;
  return triggerWords(t).join(' or ');
}

/** Where the value comes from; said once for the transitions of one delay. */
export function delayText({ delay, delayTurn }: Transition): string {
  if (!delay || delayTurn?.turn !== 1) return '';
  return delay.formula === '' ? `(${delay.name})` : `(${delay.name}: ${delay.formula})`;
}

export function guardText(t: Transition): string {
  if (t.guard) return `[${t.guard}]`;
  const last = t.delayTurn ?? t.triggers[0];
  return last && last.of > 1 ? '[else]' : '';
}

const KINDS = { change: 'action', order: 'order', raise: 'raise' } as const;
const VERBS = { change: '', order: 'orders ', raise: 'raises ' } as const;

/** The actions as one text; empty without any. */
export const actionsText = (actions: readonly Action[]): string =>
  actionSpans(actions)
    .map((span) => span.text)
    .join('')
    .trim();

/** `/ noteTable, orders NOTE_SWITCH, REPORT_TO, raises MOVED`: the verb once for its neighbours. */
function actionSpans(actions: readonly Action[]): Span[] {
  return actions.map((action, at) => {
    const slash = at === 0 ? '/ ' : '';
    const verb = actions[at - 1]?.kind === action.kind ? '' : VERBS[action.kind];
    const comma = at < actions.length - 1 ? ', ' : ' ';
    return {
      text: `${slash}${verb}${action.gives || action.name}${comma}`,
      kind: KINDS[action.kind],
    };
  });
}

function triggerSpans(t: Transition): Span[] {
  const sign: Span = { text: signOf(t.mark), kind: 'event' };
  if (t.delay)
    return [
      { ...sign, kind: 'delay' },
      { text: `${triggerText(t)} `, kind: 'delay' },
    ];
  const each = triggerWords(t);
  return [
    sign,
    ...each.map((word, at): Span => {
      return { text: `${word}${at < each.length - 1 ? ' or ' : ' '}`, kind: 'event' };
    }),
  ];
}

/** Under a line with the same events: their turn alone. */
function dittoSpans(t: Transition): Span[] {
  const turn = turnOf(t.delayTurn ?? t.triggers[0] ?? { event: '', turn: 1, of: 1 }).trim();
  return [{ text: `${signOf(t.mark)}    ${turn} `, kind: t.delay ? 'delay' : 'event' }];
}

/** True when `t` is the next alternative for the very events of `before`. */
function follows(t: Transition, before: Transition | undefined): boolean {
  if (!before || t.delay?.name !== before.delay?.name) return false;
  const turns = (one: Transition, step: number): string =>
    (one.delayTurn ? [one.delayTurn] : one.triggers)
      .map(({ event, turn }) => `${event} ${turn + step}`)
      .join();
  const alike = new Set(t.triggers.map((trigger) => trigger.turn)).size < 2;
  return alike && turns(t, 0) === turns(before, 1);
}

/** A state's transitions as a list: alternatives for the same events name these once. */
export function listOf(list: readonly Transition[], maxPx: number, detail: Detail): Paragraph[] {
  return list.map((t, at) =>
    paragraphOf(t, maxPx, detail, {
      leads: !isInner(t),
      ditto: follows(t, list[at - 1]),
      any: leadsInside(t) && !follows(t, list[at - 1]),
    }),
  );
}

/** How much is written: `full`, or without the actions that only change the context. */
export type Detail = 'full' | 'brief';

const shownOf = (actions: readonly Action[], detail: Detail): readonly Action[] =>
  detail === 'full' ? actions : actions.filter((a) => a.kind !== 'change');

/** The transition, wrapped at `maxPx`. `leads`: say where to. */
export function paragraphOf(
  t: Transition,
  maxPx: number,
  detail: Detail,
  { leads = false, ditto = false, any = false } = {},
): Paragraph {
  const guard = guardText(t);
  const groups: Line[] = [
    [...(any ? words('in any state', 'plain') : []), ...(ditto ? dittoSpans : triggerSpans)(t)],
    words(delayText(t), 'plain'),
    guard ? [{ text: `${guard} `, kind: 'guard' }] : [],
    actionSpans(shownOf(t.actions, detail)),
    leads ? [{ text: `\u2192 ${lastOf(t.target ?? '')}`, kind: 'event' }] : [],
    t.reenter && t.target === t.source ? words('and enters again', 'plain') : [],
    isNothing(t) ? words('changes nothing', 'plain') : [],
  ];
  return { lines: flow(groups, maxPx), mark: t.mark };
}

const lastOf = (id: string): string => id.slice(id.lastIndexOf('.') + 1);

/** Written down to keep an outer state's transition from being taken. */
export const isNothing = (t: Transition): boolean => t.target === null && t.actions.length === 0;

/** Entry and exit actions worth drawing. */
export function actionLines(
  when: 'entry' | 'exit',
  actions: readonly Action[],
  maxPx: number,
  detail: Detail,
): Line[] {
  const shown = shownOf(actions, detail).filter(
    (a) => !(a.kind === 'raise' && a.gives === LOOK_AGAIN),
  );
  if (shown.length === 0) return [];
  return flow([[{ text: `${when} `, kind: 'plain' }], actionSpans(shown)], maxPx);
}

/** From a state to one inside it: taken whichever inner state is active. */
export const leadsInside = (t: Transition): boolean =>
  t.target !== null && t.target !== t.source && isWithin(t.target, t.source);

/** Drawn inside the box instead of as an arrow: the state stays, or is entered again. */
export const isInner = (t: Transition): boolean => t.target === null || t.target === t.source;
