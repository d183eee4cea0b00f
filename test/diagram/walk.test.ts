/**
 * The walker against the machine itself: nothing of the chart is missing in the graph or in the
 * text forms, and what an action does is what it really gives.
 */

import assert from 'node:assert/strict';
import { parseConfig } from '../../src/config/parse.ts';
import { writeSpan } from '../../src/diagram/delay-text.ts';
import { dotOf } from '../../src/diagram/dot.ts';
import { split } from '../../src/diagram/graph.ts';
import { scxmlOf } from '../../src/diagram/scxml.ts';
import { graphOf } from '../../src/diagram/walk.ts';
import { controller } from '../../src/machines/controller.ts';
import * as delays from '../../src/machines/delays.ts';
import { chart } from './fixture.ts';

interface Node {
  readonly key: string;
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly unknown[]>;
}

const everyNode = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap(everyNode)];
const nodes = everyNode(controller.root as unknown as Node).slice(1);

describe('graph of the chart', () => {
  it('has every state and every transition of the machine', () => {
    assert.deepEqual(
      chart.states.map((s) => s.name),
      nodes.map((n) => n.key),
    );
    const moves = nodes.flatMap((n) => [...n.transitions.values()].flat()).length;
    assert.equal(split(chart.transitions).length, moves);
    assert.ok(moves > 60);
  });

  for (const [form, text] of [
    ['JSON', JSON.stringify(chart)],
    ['SCXML', scxmlOf(chart)],
  ] as const) {
    it(`names every guard, action, delay and state that the chart uses, as ${form}`, () => {
      const source = JSON.stringify(controller.config);
      const { guards, actions, delays: waits } = controller.implementations;
      const used = [guards, actions, waits]
        .flatMap((names) => Object.keys(names))
        .filter((name) => source.includes(`"${name}"`));
      assert.ok(used.length > 60, `${used.length} names`);
      const missing = [...used, ...chart.states.map((s) => s.id)].filter(
        (name) => !new RegExp(`["'.]${name.replaceAll('.', '\\.')}["'.]`).test(text),
      );
      assert.deepEqual(missing, []);
    });
  }

  it('has every state in DOT', () => {
    const dot = dotOf(chart);
    for (const { id } of chart.states)
      assert.ok(dot.includes(`"${id}"`) || dot.includes(`_${id}"`));
  });

  it('gives each action what it does, read from the machine', () => {
    const gives = new Map(
      chart.transitions
        .flatMap((t) => t.actions)
        .concat(chart.states.flatMap((s) => s.entry))
        .map((a) => [a.name, `${a.kind} ${a.gives}`]),
    );
    assert.equal(gives.get('orderRoute'), 'order SET_ROUTE');
    assert.equal(gives.get('orderBreak'), 'order BREAK_CONNECTIONS');
    assert.equal(gives.get('orderRecord'), 'order REFRESH_RECORD');
    assert.equal(gives.get('startSwitch'), 'raise SWITCH');
    assert.equal(gives.get('chooseFailover'), 'change ');
  });

  it('joins transitions that differ only by their event, and no others', () => {
    const watching = chart.transitions.filter((t) => t.source === 'evidence.Watching');
    assert.deepEqual(
      watching.map((t) => t.triggers.map((trigger) => trigger.event)),
      [['PROBE', 'SESSION', 'TICK'], ['RELOADED'], ['CONNECTIONS_BROKEN', 'CONNECTIONS_KEPT']],
    );
  });
});

describe('delays in the graph', () => {
  const ms = (graph: typeof chart, name: string): number | undefined =>
    graph.transitions.find((t) => t.delay?.name === name)?.delay?.ms;

  it('are the configured ones', () => {
    assert.equal(ms(chart, 'holdLeft'), 180_000);
    const parsed = parseConfig(
      `host_id: a
scvms:
  - { name: scvm1, local: true, data_ip: 10.10.85.15, manage_ip: 192.168.85.15 }
  - { name: scvm2, data_ip: 10.10.85.16, manage_ip: 192.168.85.16 }
timers: { back_to_normal: 240s, warm_up: 7s }
switch: { command_deadline: 3s }`,
    );
    assert.ok(parsed.ok);
    const graph = graphOf(parsed.config.settings);
    assert.equal(ms(graph, 'holdLeft'), 240_000);
    assert.equal(ms(graph, 'warmUp'), 7000);
    assert.equal(ms(graph, 'confirmBound'), 7000);
  });

  it('are all named by the chart', () => {
    const named = new Set(chart.transitions.flatMap((t) => (t.delay ? [t.delay.name] : [])));
    assert.deepEqual([...named].sort(), Object.keys(delays).sort());
  });

  it('read as a person would say them', () => {
    const said = [0, 500, 1500, 2000, 90_000, 180_000, 3_600_000].map(writeSpan);
    assert.deepEqual(said, ['0 ms', '500 ms', '1500 ms', '2 s', '90 s', '3 min', '1 h']);
  });
});
