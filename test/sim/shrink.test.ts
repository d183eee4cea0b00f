/** A plan that breaks a law becomes a short one that breaks the same, and a dialogue that shows it. */

import assert from 'node:assert/strict';
import { decide, type Engine, start } from '../../src/machines/decide.ts';
import { play } from '../../src/sim/dialogue.ts';

import { drawPlan } from '../../src/sim/swarm/draw.ts';
import { goldenOf } from '../../src/sim/swarm/golden.ts';
import { scriptOf } from '../../src/sim/swarm/plan.ts';
import { playPlan } from '../../src/sim/swarm/play.ts';
import { shrink } from '../../src/sim/swarm/shrink.ts';
import { timelineOf } from '../../src/sim/swarm/timeline.ts';
import { threeHosts } from './settings.ts';

/** A planted bug: half of the hold must do. */
const impatient: Engine = {
  start(settings, fact) {
    const backToNormalMs = settings.timers.backToNormalMs / 2;
    return start({ ...settings, timers: { ...settings.timers, backToNormalMs } }, fact);
  },
  decide,
};

/** A planted bug: silence counts as an answer, so that a dead path stays up. */
const trusting: Engine = {
  start,
  decide(state, fact) {
    const { type } = fact;
    if (type === 'PING_LOST' || type === 'SERVICE_SILENT') return [state, []];
    return decide(state, fact);
  },
};

function firstBroken(engine: Engine): number {
  for (let seed = 0; seed < 200; seed += 1) {
    if (playPlan(drawPlan(seed), threeHosts, { engine }).broken) return seed;
  }
  throw new Error('the planted bug was not found');
}

describe('shrink', () => {
  for (const [name, engine] of Object.entries({ impatient, trusting })) {
    it(`a planted bug (${name}) is found, shrunk and shown`, function () {
      this.timeout(120_000);
      const plan = drawPlan(firstBroken(engine));
      const small = shrink(plan, threeHosts, { engine });
      const law = small.outcome.broken?.law;
      assert.equal(law, playPlan(plan, threeHosts, { engine }).broken?.law);
      assert.ok(small.plan.faults.length <= 3, JSON.stringify(small.plan.faults));
      assert.ok(small.plan.faults.length < plan.faults.length || plan.faults.length <= 1);
      assert.deepEqual(playPlan(small.plan, threeHosts, { engine }), small.outcome);
      const { lines } = timelineOf(small.plan, threeHosts, { engine });
      assert.match(lines.at(-1) ?? '', /BROKEN/);
      assert.ok(lines.some((l) => / > boot/.test(l)));
    });
  }

  it('nothing is shrunk where no law broke', () => {
    assert.throws(() => shrink(drawPlan(0), threeHosts), /breaks no law/);
  });
});

describe('a plan as a dialogue', () => {
  it('gives the same orders at the same times as the plan itself', () => {
    for (const seed of [2, 5, 9]) {
      const plan = drawPlan(seed);
      const { outcome, lines } = timelineOf(plan, threeHosts, { calmMs: 30_000 });
      const { text, violations } = play(scriptOf(plan, ['a title'], 30_000), threeHosts);
      assert.equal(outcome.broken, null);
      assert.deepEqual(violations, []);
      const answers = text.split('\n').flatMap((l) => (l.startsWith('| ') ? [l.slice(2)] : []));
      const own = lines.filter((l) => !/ > | table by /.test(l));
      assert.deepEqual(answers, own, `seed ${seed}`);
    }
  });

  it('as a golden scenario it plays again as it was written', () => {
    const plan = drawPlan(9);
    const text = goldenOf(plan, playPlan(plan, threeHosts), threeHosts);
    assert.equal(play(text, threeHosts).text, text);
    assert.match(text, /^# Found by simulate --seed 9/);
  });
});
