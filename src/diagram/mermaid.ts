/**
 * Mermaid stateDiagram-v2, which GitHub and GitLab draw inside Markdown. Its labels end at a colon,
 * a semicolon or a hash, so none is ever written. A transition out of any state of a region, or
 * inside a state, has no arrow there: it goes into a note.
 */

import { childrenOf, type Graph, type State, type Transition } from './graph.ts';
import {
  actionsText,
  delayText,
  guardText,
  isInner,
  isNothing,
  leadsInside,
  triggerText,
} from './words.ts';

export function mermaidOf(graph: Graph): string {
  const lines = ['stateDiagram-v2', '  direction TB'];
  for (const region of childrenOf(graph, null)) lines.push(...stateLines(graph, region, 1));
  return `${lines.join('\n')}\n`;
}

const idOf = (id: string): string => id.replaceAll('.', '_');

/** Without the characters that end a label. */
const label = (text: string): string =>
  text
    .replace(/[:;#"]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

function stateLines(graph: Graph, state: State, depth: number): string[] {
  const pad = '  '.repeat(depth);
  const id = idOf(state.id);
  const title = `${state.name}<br/>${state.description}`;
  const own = graph.transitions.filter((t) => t.source === state.id);
  const noted = own.filter((t) => isInner(t) || leadsInside(t));
  const arrows = own.filter((t) => !noted.includes(t));
  const inner = childrenOf(graph, state.id);
  const notes = [
    ...entries('entry', state.entry),
    ...entries('exit', state.exit),
    ...noted.map(noteText),
  ];
  const start = state.initial ? [`${pad}  [*] --> ${idOf(state.initial)}`] : [];
  const children = inner.flatMap((child) => stateLines(graph, child, depth + 1));
  return [
    `${pad}state "${label(title)}" as ${id}${inner.length > 0 ? ' {' : ''}`,
    ...(inner.length > 0 ? [...start, ...children, `${pad}}`] : []),
    ...arrows.map((t) => `${pad}${id} --> ${idOf(t.target ?? '')} : ${label(transitionText(t))}`),
    ...(notes.length > 0 ? [`${pad}note right of ${id}`] : []),
    ...notes.map((note) => `${pad}  ${label(note)}`),
    ...(notes.length > 0 ? [`${pad}end note`] : []),
  ];
}

function entries(when: string, actions: State['entry']): string[] {
  const text = actionsText(actions.filter((a) => a.gives !== 'JUDGED'));
  return text ? [`${when} ${text}`] : [];
}

const noteText = (t: Transition): string =>
  isInner(t)
    ? `${transitionText(t)}${t.reenter ? ' and enters again' : ''}`
    : `in any state, ${transitionText(t)} → ${t.target?.split('.').at(-1)}`;

export function transitionText(t: Transition): string {
  const nothing = isNothing(t) ? 'changes nothing' : '';
  const parts = [triggerText(t), delayText(t), guardText(t), actionsText(t.actions), nothing];
  return parts.filter((part) => part !== '').join(' ');
}
