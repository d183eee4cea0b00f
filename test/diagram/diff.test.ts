/** Two versions of the chart: what was planted is found, and nothing else. */

import assert from 'node:assert/strict';
import { compare } from '../../src/diagram/diff.ts';
import type { Graph, Transition } from '../../src/diagram/graph.ts';
import { readGraph } from '../../src/diagram/read.ts';
import { renderDifference } from '../../src/diagram/render.ts';
import { chart, copy, without, withState, withTransition } from './fixture.ts';

const by =
  (source: string, guard: string) =>
  (t: Transition): boolean =>
    t.source === source && t.guard === guard;

const said = (before: Graph, after: Graph): string[] =>
  compare(before, after).changes.map((c) => `${c.mark} ${c.what} ${c.where}`);

describe('diagram --diff', () => {
  it('finds nothing between a chart and its own JSON', () => {
    const read = readGraph(JSON.stringify(chart));
    assert.ok(read.ok);
    assert.deepEqual(compare(read.graph, chart).changes, []);
  });

  it('finds a removed and an added transition', () => {
    const other = without(copy(), by('access.Rerouted', 'mayPrefer'));
    assert.deepEqual(said(chart, other), ['removed transition access.Rerouted']);
    assert.deepEqual(said(other, chart), ['added transition access.Rerouted']);
  });

  it('finds an added state, and its transitions', () => {
    const states = chart.states.filter((s) => s.id !== 'record.Current');
    const aside = (t: Transition) => t.source === 'record.Current' || t.target === 'record.Current';
    const old = without({ ...copy(), states }, aside);
    assert.deepEqual(said(old, chart), [
      'added state record.Current',
      'added transition record.Asking',
      'added transition record.Current',
    ]);
  });

  it('finds a changed guard, target, delay and purpose as changes, not as two edits', () => {
    const guard = withTransition(copy(), by('access.Normal', 'targetInDoubt'), { guard: 'other' });
    assert.deepEqual(said(guard, chart), ['changed transition access.Normal']);
    const target = withTransition(copy(), by('access.BackToNormal', 'homeUnknown'), {
      target: 'access.Normal',
    });
    assert.deepEqual(said(target, chart), ['changed transition access.BackToNormal']);
    const holds = (t: Transition): boolean => t.delay?.name === 'holdLeft';
    const delay = withTransition(copy(), holds, {
      delay: { name: 'holdLeft', ms: 60_000, formula: 'back_to_normal' },
    });
    assert.deepEqual(said(delay, chart), ['changed transition access.BackToNormal.Holding']);
    const purpose = withState(copy(), 'access.Normal', { description: 'At home' });
    assert.deepEqual(said(purpose, chart), ['changed state access.Normal']);
  });

  it('finds guards that are asked in another order', () => {
    const turned = (guard: string, turn: number) => (g: Graph) =>
      withTransition(g, by('access.Doubting', guard), {
        triggers: [{ event: 'JUDGED', turn, of: 4 }],
      });
    const doubting = chart.transitions.map((t) =>
      t.source === 'access.Degraded.Doubting' ? { ...t, source: 'access.Doubting' } : t,
    );
    const base = { ...copy(), transitions: doubting };
    const swapped = turned('homeWaits', 1)(turned('homeServes', 2)(base));
    assert.deepEqual(said(base, swapped), [
      'changed transition access.Doubting',
      'changed transition access.Doubting',
    ]);
  });

  it('draws both versions with signs and the list of differences', async () => {
    const old = withState(without(copy(), by('access.Rerouted', 'mayPrefer')), 'access.Normal', {
      description: 'At <home> & well',
    });
    const drawn = await renderDifference(compare(old, chart), 'svg');
    assert.ok(drawn.ok);
    const svg = String(drawn.content);
    assert.match(svg, /class="event added"/);
    assert.match(svg, /class="box is-Normal changed"/);
    assert.match(svg, />before</);
    assert.match(svg, />after</);
    assert.match(svg, /At &lt;home&gt; &amp; well/);
    assert.doesNotMatch(svg, /data-state="record"/);
  }).timeout(60_000);
});

describe('a chart read from JSON', () => {
  const refused = (text: string): string => {
    const read = readGraph(text);
    return read.ok ? '' : read.problem;
  };
  const edited = (edit: object): string => JSON.stringify({ ...copy(), ...edit });

  it('is refused when it is no JSON, no chart, or of another version', () => {
    assert.match(refused('{'), /not a chart/);
    assert.match(refused('[]'), /not a chart/);
    assert.match(refused(edited({ version: 2 })), /version/);
    assert.match(refused(edited({ extra: 1 })), /extra/);
  });

  it('is refused when it names states that it does not hold', () => {
    assert.match(refused(edited({ states: chart.states.slice(1) })), /no parent|is not there/);
    assert.match(refused(edited({ states: [...chart.states, ...chart.states] })), /twice/);
    const lost = chart.transitions.map((t) => ({ ...t, target: 'access.Nowhere' }));
    assert.match(refused(edited({ transitions: lost })), /access.Nowhere is not there/);
  });
});
