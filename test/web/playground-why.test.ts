/**
 * What the playground says of a step is what the chart did: the event that is overheard leads where
 * the chart went, every transition that was noted has its asked guard, and each guard has words.
 */

import assert from 'node:assert/strict';
import { exampleSettings } from '../../src/diagram/example.ts';
import { graphOf } from '../../src/diagram/walk.ts';
import { interpreted } from '../../src/machines/chart.ts';
import { controller } from '../../src/machines/controller.ts';
import * as guards from '../../src/machines/guards.ts';
import { type Asked, overhear } from '../../src/web/browser/playground/asked.ts';
import { gatesOf, guardWords } from '../../src/web/browser/playground/guard-words.ts';
import { statusAt } from '../../src/web/browser/playground/present.ts';
import {
  askedOf,
  createRecording,
  type Recording,
  type Step,
} from '../../src/web/browser/playground/recording.ts';
import { empty, type Script } from '../../src/web/browser/playground/script.ts';

const base = exampleSettings();
const graph = graphOf(base);
const S = 1000;
const byName = new Map(Object.entries(guards));

/** Faults of every kind, one after another, with the operator in between. */
const eventful: Script = {
  ...empty,
  sets: { 'timers.back_to_normal': '20s', 'timers.return_guard': '10s' },
  cues: [
    [10, 'power scvm1 off'],
    [14, 'power scvm3 off'],
    [17, 'power scvm3 on'],
    [20, 'power scvm1 on'],
    [70, 'service scvm1 refused'],
    [75, 'service scvm1 up'],
    [90, 'cut scvm1/data on'],
    [95, 'cut scvm1/data off'],
    [120, 'command lie'],
    [121, 'cut storage on'],
    [140, 'command ok'],
    [160, 'cut storage off'],
    [260, 'pin scvm2/data failsafe'],
    [280, 'power scvm2 off'],
    [300, 'power scvm2 on'],
    [320, 'pause'],
    [330, 'route via scvm3/data'],
    [340, 'resume'],
    [350, 'crash'],
    [360, 'boot'],
    [380, 'heartbeats scvm1 cut'],
    [430, 'heal'],
  ].map(([at, line]) => ({ atMs: Number(at) * S, line: String(line) })),
};

describe('playground: why', function () {
  this.timeout(120_000);
  let recording: Recording;
  let steps: readonly Step[] = [];
  before(() => {
    recording = createRecording(eventful, base);
    recording.advance(600 * S);
    steps = recording.steps;
    assert.ok(steps.length > 100, `${steps.length} steps`);
  });

  it('an event overheard again leads where the chart went', () => {
    for (const { at, event } of steps.flatMap((step) => step.told)) {
      const went = interpreted.send(at, event).map((m) => m.at.value);
      assert.deepEqual(overhear(at, event, graph).values, went);
    }
  });

  it('every guard that is shown answers as the guard itself does', () => {
    const answers = asked().flatMap((one) => one.rows.flatMap((row) => row.answer ?? []));
    assert.ok(answers.length > 500);
    for (const { guard, context, event, holds } of answers) {
      assert.equal(byName.get(guard)?.(context, event), holds, guard);
    }
  });

  it('a transition that was noted is one whose guard held, or that has none', () => {
    let checked = 0;
    for (const step of steps) {
      const taken = askedOf(step, graph).flatMap(({ rows }) => rows.filter(isTaken));
      for (const { order } of step.lines) {
        if (order.type !== 'NOTE_TRANSITION') continue;
        const [from, to] = [order.from, order.to].map((state) => `${order.region}.${state}`);
        const asksNone = graph.transitions.some(
          (t) => t.guard === null && within(from, t.source) && within(to, t.target),
        );
        const found = taken.some(
          ({ transition: t }) => within(from, t.source) && within(to, t.target),
        );
        assert.ok(found || asksNone, `${step.atMs}: ${from} -> ${to}`);
        checked += found ? 1 : 0;
      }
    }
    assert.ok(checked > 30, `${checked} transitions`);
  });

  it('a state is asked its alternatives in their turn, and none behind the one that was taken', () => {
    for (const { rows } of asked()) {
      const held = rows.findIndex(isTaken);
      assert.ok(held === -1 || held === rows.length - 1);
      const turns = rows.map(({ transition: t }) => (t.delayTurn ?? t.triggers[0])?.turn ?? 0);
      assert.deepEqual(
        turns,
        [...turns].sort((a, b) => a - b),
      );
    }
  });

  it('every guard has words, and those with gates list them', () => {
    const seen = new Map(
      asked().flatMap((one) =>
        one.rows.flatMap(({ answer }) => (answer ? [[answer.guard, answer] as const] : [])),
      ),
    );
    assert.ok(seen.size > 20, [...seen.keys()].join());
    for (const { guard, context, event, holds } of seen.values()) {
      assert.notEqual(guardWords(guard, context, event), '', guard);
      const gates = gatesOf(guard, context);
      if (gates.length > 0)
        assert.equal(
          gates.every((g) => g.open),
          holds,
          guard,
        );
    }
  });

  it('every guard of the chart has words, also those that were never asked', () => {
    const at = steps.findLast((step) => step.after)?.after;
    assert.ok(at);
    for (const guard of Object.keys(controller.implementations.guards)) {
      const words = guardWords(guard as keyof typeof guards, at.context, { type: 'JUDGED' });
      assert.equal(typeof words, 'string', guard);
    }
  });

  it('time passes between two frames: a hold counts down', () => {
    const held = recording
      .frames()
      .find((f) => f.state?.timers.some((t) => t.id.includes('.holdLeft.')));
    assert.ok(held);
    const left = (ms: number): number =>
      statusAt(held, held.atMs + ms)?.timers.find((t) => t.id === 'holdLeft')?.inMs ?? 0;
    assert.equal(left(0) - left(700), 700);
  });

  const asked = (): Asked[] => steps.flatMap((step) => askedOf(step, graph));
});

const isTaken = ({ answer }: Asked['rows'][number]): boolean => answer?.holds ?? true;

const within = (inner = '', outer: string | null = null): boolean =>
  outer !== null && (inner === outer || inner.startsWith(`${outer}.`));
