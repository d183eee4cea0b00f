/**
 * What is written on a transition and in a state's box, in every form alike:
 * `EVENT (turn) [guard] / actions`, the notation of UML 2.5.1 (14.2.4.8), with what an action
 * gives (`orders SET_ROUTE`, `raises SWITCH`) in place of its own name where that says more.
 */

import { writeSpan } from './delay-text.ts';
import type { Action, Mark, Transition, Trigger } from './graph.ts';
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

export function triggerText(t: Transition): string {
  if (t.delay && t.delayTurn) return `after ${writeSpan(t.delay.ms)}${turnOf(t.delayTurn)}`;
  return t.triggers.map((trigger) => `${trigger.event}${turnOf(trigger)}`).join(' or ');
}

export const delayText = (t: Transition): string =>
  t.delay ? `(${t.delay.name}: ${t.delay.formula})` : '';

export function guardText(t: Transition): string {
  if (t.guard) return `[${t.guard}]`;
  const last = t.delayTurn ?? t.triggers[0];
  return last && last.of > 1 ? '[else]' : '';
}

export function actionText(action: Action): string {
  if (action.kind === 'order') return `orders ${action.gives}`;
  return action.kind === 'raise' ? `raises ${action.gives}` : action.name;
}

const KINDS = { change: 'action', order: 'order', raise: 'raise' } as const;

function actionSpans(actions: readonly Action[]): Span[] {
  return actions.map((action, at) => ({
    text: `${at === 0 ? '/ ' : ''}${actionText(action)}${at < actions.length - 1 ? ', ' : ' '}`,
    kind: KINDS[action.kind],
  }));
}

function triggerSpans(t: Transition): Span[] {
  const sign: Span = { text: signOf(t.mark), kind: 'event' };
  if (t.delay) return [{ ...sign, kind: 'delay' }, { text: `${triggerText(t)} `, kind: 'delay' }];
  const each = t.triggers.map((trigger, at): Span => {
    const or = at < t.triggers.length - 1 ? ' or ' : ' ';
    return { text: `${trigger.event}${turnOf(trigger)}${or}`, kind: 'event' };
  });
  return [sign, ...each];
}

/** The transition, wrapped at `maxPx`. */
export function paragraphOf(t: Transition, maxPx: number): Paragraph {
  const guard = guardText(t);
  const groups: Line[] = [
    triggerSpans(t),
    t.delay ? words(delayText(t), 'plain') : [],
    guard ? [{ text: `${guard} `, kind: 'guard' }] : [],
    actionSpans(t.actions),
    t.reenter && t.target === t.source ? words('and enters again', 'plain') : [],
    isNothing(t) ? words('changes nothing', 'plain') : [],
  ];
  return { lines: flow(groups, maxPx), mark: t.mark };
}

/** Written down to keep an outer state's transition from being taken. */
export const isNothing = (t: Transition): boolean => t.target === null && t.actions.length === 0;

/** Entry and exit actions worth drawing. */
export function actionLines(when: 'entry' | 'exit', actions: readonly Action[], maxPx: number) {
  const shown = actions.filter((a) => !(a.kind === 'raise' && a.gives === LOOK_AGAIN));
  if (shown.length === 0) return [];
  return flow([[{ text: `${when} `, kind: 'plain' }], actionSpans(shown)], maxPx);
}

/** Drawn inside the box instead of as an arrow: the state stays, or is entered again. */
export const isInner = (t: Transition): boolean => t.target === null || t.target === t.source;
