/**
 * Graphviz DOT, for those who have their own style sheet or want another layout. States with inner
 * ones are clusters; arrows to and from them end at the cluster's border (`lhead`, `ltail`).
 */

import { childrenOf, type Graph, isWithin, type State } from './graph.ts';
import { transitionText } from './mermaid.ts';
import { actionsText, isInner } from './words.ts';

export function dotOf(graph: Graph): string {
  const lines = [
    `digraph ${quoted(graph.machine)} {`,
    '  compound=true; rankdir=TB; fontname="Arial";',
    '  node [shape=box, style=rounded, fontname="Arial", fontsize=11];',
    '  edge [fontname="Arial", fontsize=10];',
    ...childrenOf(graph, null).flatMap((region) => stateLines(graph, region, 1)),
    ...arrowLines(graph),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** A double-quoted DOT string; `\n` breaks lines. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function stateLines(graph: Graph, state: State, depth: number): string[] {
  const pad = '  '.repeat(depth);
  const inner = childrenOf(graph, state.id);
  const stays = graph.transitions.filter((t) => t.source === state.id && isInner(t));
  const text = [
    state.name,
    state.description,
    ...[actionsText(state.entry)].filter(Boolean).map((t) => `entry ${t}`),
    ...[actionsText(state.exit)].filter(Boolean).map((t) => `exit ${t}`),
    ...stays.map((t) => `${transitionText(t)}${t.reenter ? ' and enters again' : ''}`),
  ].join('\n');
  if (inner.length === 0) return [`${pad}${quoted(state.id)} [label=${quoted(text)}];`];
  const start = quoted(`${state.id}:start`);
  return [
    `${pad}subgraph ${quoted(`cluster_${state.id}`)} {`,
    `${pad}  label=${quoted(text)};`,
    `${pad}  ${start} [shape=point, width=0.12, label=""];`,
    ...inner.flatMap((child) => stateLines(graph, child, depth + 1)),
    `${pad}}`,
  ];
}

/** Any state inside stands for the cluster; the arrow is cut at the cluster's border. */
function nodeFor(graph: Graph, id: string): string {
  const inner = childrenOf(graph, id)[0];
  return inner ? nodeFor(graph, inner.id) : id;
}

function arrowLines(graph: Graph): string[] {
  const arrow = (from: string, to: string, attributes: readonly string[]): string => {
    const head = childrenOf(graph, to).length > 0 ? [`lhead=${quoted(`cluster_${to}`)}`] : [];
    const all = [...head, ...attributes];
    return `  ${quoted(from)} -> ${quoted(nodeFor(graph, to))} [${all.join(', ')}];`;
  };
  const starts = graph.states.flatMap((s) =>
    s.initial ? [arrow(`${s.id}:start`, s.initial, [])] : [],
  );
  const moves = graph.transitions.flatMap((t) => {
    if (t.target === null || isInner(t)) return [];
    const any = isWithin(t.target, t.source);
    const tail = childrenOf(graph, t.source).length > 0 && !any;
    const label = `${any ? 'in any state, ' : ''}${transitionText(t)}`;
    return [
      arrow(any ? `${t.source}:start` : nodeFor(graph, t.source), t.target, [
        ...(tail ? [`ltail=${quoted(`cluster_${t.source}`)}`] : []),
        ...(t.delay || any ? ['style=dashed'] : []),
        `label=${quoted(label)}`,
      ]),
    ];
  });
  return [...starts, ...moves];
}
