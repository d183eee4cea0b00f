/**
 * The playground's scripts without a browser: what is clicked plays the same in a recording, in a
 * saved scenario and from a link, and what a link may not hold is refused in words.
 */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keysOf } from '../../src/config/schema.ts';
import { exampleSettings } from '../../src/diagram/example.ts';
import { perform } from '../../src/sim/commands.ts';
import { play, stamp } from '../../src/sim/dialogue.ts';
import { createRun } from '../../src/sim/run.ts';
import { withSetting } from '../../src/sim/words.ts';
import { sayable } from '../../src/web/browser/playground/faults.ts';
import {
  differences,
  knobProblem,
  knobs,
  written,
} from '../../src/web/browser/playground/knobs.ts';
import { linkOf, MOST_CHARS, readLink } from '../../src/web/browser/playground/link.ts';
import { createRecording } from '../../src/web/browser/playground/recording.ts';
import { scenarioOf } from '../../src/web/browser/playground/scenario.ts';
import {
  clicked,
  empty,
  LAST_MS,
  MOST_CUES,
  OPENING,
  type Script,
  withSet,
} from '../../src/web/browser/playground/script.ts';
import { stories } from '../../src/web/browser/playground/stories.ts';
import { threeHosts } from '../sim/settings.ts';

const base = exampleSettings();

/** The controller's answers in a golden dialogue. */
const answersIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2));

describe('playground: a story', function () {
  this.timeout(120_000);

  for (const { title, script } of stories) {
    it(`${title}: a saved scenario answers as the page did, and breaks no law`, () => {
      const recording = createRecording(script, base);
      recording.advance(script.untilMs);
      const shown = recording.steps.flatMap((step) =>
        step.lines.map((line) => `${stamp(step.atMs)} ${line.text}`),
      );
      const text = scenarioOf(script, script.untilMs, base, base);
      const played = play(text, threeHosts);
      assert.equal(played.text, text);
      assert.deepEqual(answersIn(text), shown);
      assert.deepEqual(played.violations, []);
      assert.deepEqual(recording.broken, []);
    });
  }
});

describe('playground: a saved scenario', () => {
  const cues = [{ atMs: 10_000, line: 'power scvm1 off' }];

  it('carries changed timers as set lines, also those of the page itself', () => {
    const own = withSetting(base, 'timers.dwell', '5s');
    const script: Script = { sets: { 'probe.fall': '5' }, cues, untilMs: 0 };
    const text = scenarioOf(script, 30_000, own, base);
    assert.match(text, /^set probe\.fall 5\nset timers\.dwell 5s$/m);
    assert.match(text, /5 of 5 probes lost/);
    assert.equal(play(text, threeHosts).text, text);
  });

  it('ends at the place of its reader', () => {
    const text = scenarioOf({ ...empty, cues }, 4000, base, base);
    assert.doesNotMatch(text, /power/);
    assert.match(text, /^run 4s$/m);
  });
});

describe('playground: what can be clicked', () => {
  it('is understood by the simulator, line by line', () => {
    assert.ok(sayable.size > 40);
    for (const line of sayable) {
      const run = createRun([base], () => undefined);
      for (const opening of OPENING) perform(run, opening);
      run.advance(3000);
      perform(run, line);
      run.advance(100);
    }
  });

  it('cuts off what was clicked later, and is refused when the script is full', () => {
    const two = clicked(clicked(empty, 5000, 'heal'), 9000, 'crash');
    const cut = clicked(two, 7000, 'boot');
    assert.deepEqual(
      cut.cues.map((c) => c.line),
      ['heal', 'boot'],
    );
    let full = empty;
    for (let i = 0; i < MOST_CUES + 5; i += 1) full = clicked(full, i, 'heal');
    assert.equal(full.cues.length, MOST_CUES);
  });
});

describe('playground: sliders', () => {
  it('are keys of the configuration, and turn what they say', () => {
    for (const knob of knobs) {
      const section = knob.key.split('.')[0] ?? '';
      assert.ok(knob.name in keysOf(section), knob.name);
      for (const stop of knob.stops) {
        assert.equal(knob.read(withSetting(base, knob.key, written(knob, stop))), stop, knob.key);
        assert.equal(knobProblem(knob, written(knob, stop)), null);
      }
      assert.ok(knob.stops.includes(knob.read(base)), `${knob.name} has no stop for its default`);
    }
  });

  it('differences lead from one to the other', () => {
    const turned = fc
      .constantFrom(...knobs)
      .chain((knob) =>
        fc
          .constantFrom(...knob.stops)
          .map((stop) => withSetting(base, knob.key, written(knob, stop))),
      );
    fc.assert(
      fc.property(turned, turned, (from, to) => {
        const back = differences(from, to).reduce((s, [k, v]) => withSetting(s, k, v), from);
        assert.deepEqual(back, to);
      }),
    );
  });
});

describe('playground: a link', () => {
  const times = fc.integer({ min: 0, max: LAST_MS });
  const linked = fc
    .record({
      times: fc.array(times, { maxLength: 40 }),
      line: fc.array(fc.constantFrom(...sayable), { minLength: 40, maxLength: 40 }),
      knob: fc.subarray([...knobs]),
      atMs: times,
      untilMs: times,
      step: fc.option(fc.nat(5000)),
    })
    .map(({ times: at, line, knob, atMs, untilMs, step }) => {
      const cues = at.sort((a, b) => a - b).map((ms, i) => ({ atMs: ms, line: line[i] ?? 'heal' }));
      const last = Math.max(untilMs, atMs, cues.at(-1)?.atMs ?? 0);
      const script = knob.reduce<Script>(
        (s, k) => withSet(s, k.key, written(k, k.stops.at(-1) ?? 0)),
        { sets: {}, cues, untilMs: last },
      );
      return { script, atMs, step };
    });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(linked, (one) => {
        assert.deepEqual(readLink(linkOf(one)), { ok: true, linked: one });
      }),
    );
  });

  it('is bounded, however full the script', () => {
    let script: Script = {
      ...empty,
      sets: Object.fromEntries(knobs.map((k) => [k.key, '1000ms'])),
    };
    for (let i = 0; i < MOST_CUES; i += 1) {
      script = clicked(script, LAST_MS, 'weather management bursts 20s for 2s of 0.9');
    }
    assert.ok(linkOf({ script, atMs: LAST_MS, step: null }).length <= MOST_CHARS);
  });

  it('that carries nothing is none', () => {
    assert.equal(readLink(''), null);
    assert.equal(readLink('#'), null);
  });

  const bad: readonly (readonly [string, RegExp])[] = [
    ['#v=2', /part "v": is of another version than 1/],
    ['#x', /a part "x" that this page does not know|part "v"/],
    ['#v=1&say=hello', /a part "say" that this page does not know/],
    ['#v=1&v=1', /part "v"/],
    ['#v=1&do=10+explode+scvm1', /part "do" number 1: "explode scvm1" is nothing that can be/],
    ['#v=1&do=power+scvm1+off', /part "do" number 1: is not a time and a line/],
    ['#v=1&do=20+heal&do=10+heal', /part "do" number 2: the times run backwards/],
    ['#v=1&do=99999999+heal', /part "do" number 1: 99999999 ms lies beyond/],
    ['#v=1&set=timers.nothing+3s', /part "set": no slider is called timers.nothing/],
    ['#v=1&set=timers.dwell+3', /part "set": "3" is no duration/],
    ['#v=1&set=timers.dwell+9h', /part "set": dwell is 0s to 120s, not 9h/],
    ['#v=1&at=-5', /part "at": lies before the beginning/],
    ['#v=1&at=soon', /part "at"/],
    ['#v=1&until=1e9', /part "until": lies beyond/],
    [`#v=1&do=${'x'.repeat(MOST_CHARS)}`, /characters long, 16000 are the most/],
    [`#v=1${'&do=1+heal'.repeat(MOST_CUES + 1)}`, /part "do": are more than 200 clicks/],
  ];
  for (const [text, says] of bad) {
    it(`${text.slice(0, 40)} is refused in words`, () => {
      const read = readLink(text);
      assert.ok(read && !read.ok);
      assert.match(read.problem, says);
    });
  }
});
