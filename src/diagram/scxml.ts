/**
 * W3C State Chart XML (SCXML 1.0, 2015) for other tools. Guards are names in `cond`; a context
 * change is executable content of our own namespace (section 4.10), an order is a `send`, a raise
 * a `raise`. A delayed transition is what the standard makes of it (section 6.2): a delayed `send`
 * on entry, cancelled on exit. It describes; it does not run without our vocabulary.
 */

import {
  type Action,
  childrenOf,
  type Graph,
  isWithin,
  type State,
  split,
  type Transition,
} from './graph.ts';
import { escapeXml } from './xml.ts';

export function scxmlOf(graph: Graph): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rr="urn:reroute:chart" version="1.0"' +
      ` datamodel="reroute" name="${escapeXml(graph.machine)}">`,
    `  <parallel id="${escapeXml(graph.machine)}" rr:purpose="${escapeXml(graph.description)}">`,
    ...childrenOf(graph, null).flatMap((region) => stateLines(graph, region, '    ')),
    '  </parallel>',
    '</scxml>',
  ];
  return `${lines.join('\n')}\n`;
}

function stateLines(graph: Graph, state: State, pad: string): string[] {
  const inner = `${pad}  `;
  const own = inTurn(graph.transitions.filter((t) => t.source === state.id));
  const delays = [
    ...new Map(own.flatMap((t) => (t.delay ? [[t.delay.name, t.delay]] : []))).values(),
  ];
  const sends = delays.map(
    ({ name, ms, formula }) =>
      `${inner}  <send id="${timer(state, name)}" event="${timer(state, name)}" delay="${ms}ms" ` +
      `rr:delay="${escapeXml(name)}" rr:formula="${escapeXml(formula)}"/>`,
  );
  const cancels = delays.map(({ name }) => `${inner}  <cancel sendid="${timer(state, name)}"/>`);
  const initial = state.initial ? ` initial="${escapeXml(state.initial)}"` : '';
  return [
    `${pad}<state id="${escapeXml(state.id)}"${initial} rr:purpose="${escapeXml(state.description)}">`,
    ...block('onentry', [...actionLines(state.entry, inner), ...sends], inner),
    ...block('onexit', [...actionLines(state.exit, inner), ...cancels], inner),
    ...own.flatMap((t) => transitionLines(state, t, inner)),
    ...childrenOf(graph, state.id).flatMap((child) => stateLines(graph, child, inner)),
    `${pad}</state>`,
  ];
}

/** One per event, in the order in which each event's are asked: SCXML takes document order. */
function inTurn(list: readonly Transition[]): Transition[] {
  const turnOf = (t: Transition): number => (t.delayTurn ?? t.triggers[0])?.turn ?? 1;
  return split(list).sort((a, b) => turnOf(a) - turnOf(b));
}

const timer = (state: State, name: string): string => escapeXml(`after.${name}.${state.id}`);

const block = (name: string, lines: readonly string[], pad: string): string[] =>
  lines.length > 0 ? [`${pad}<${name}>`, ...lines, `${pad}</${name}>`] : [];

function transitionLines(state: State, t: Transition, pad: string): string[] {
  const events = t.delay
    ? timer(state, t.delay.name)
    : t.triggers.map((trigger) => escapeXml(trigger.event)).join(' ');
  const cond = t.guard ? ` cond="${escapeXml(t.guard)}"` : '';
  const internal = t.target !== null && !t.reenter && isWithin(t.target, t.source);
  const target = t.target ? ` target="${escapeXml(t.target)}"` : '';
  const type = internal ? ' type="internal"' : '';
  const head = `${pad}<transition event="${events}"${cond}${target}${type}`;
  const actions = actionLines(t.actions, pad);
  return actions.length === 0 ? [`${head}/>`] : [`${head}>`, ...actions, `${pad}</transition>`];
}

function actionLines(actions: readonly Action[], pad: string): string[] {
  return actions.map(({ name, kind, gives }) => {
    const own = `rr:action="${escapeXml(name)}"`;
    if (kind === 'order') return `${pad}  <send event="${escapeXml(gives)}" ${own}/>`;
    if (kind === 'raise') return `${pad}  <raise event="${escapeXml(gives)}" ${own}/>`;
    return `${pad}  <rr:change name="${escapeXml(name)}"/>`;
  });
}
