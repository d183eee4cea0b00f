/** Time as the playground's reader moves it: runs, steps, goes back, cuts off and undoes. */

import assert from 'node:assert/strict';
import { exampleSettings } from '../../src/diagram/example.ts';
import { accessOf, historyOf } from '../../src/web/browser/playground/history.ts';
import { createPlayer, type Player } from '../../src/web/browser/playground/player.ts';
import { empty } from '../../src/web/browser/playground/script.ts';
import { stories } from '../../src/web/browser/playground/stories.ts';

/** Frames of a browser at 30 a second, with as much work in each as there is. */
function runs(player: Player, realMs: number): void {
  for (let ms = 0; ms < realMs; ms += 33) player.run(33, 1, () => 0);
}

/** Until it stops by itself. */
function runsOut(player: Player): void {
  for (let i = 0; player.isPlaying() && i < 100_000; i += 1) player.run(33, 1, () => 0);
}

const state = (player: Player): string => accessOf(player.view().frame);
const fresh = (): Player => {
  const player = createPlayer(exampleSettings());
  runs(player, 33);
  return player;
};

describe('playground: time', function () {
  this.timeout(120_000);

  it('begins where the daemon has watched and the host is Normal, and stands still', () => {
    const player = fresh();
    runs(player, 1000);
    assert.equal(player.atMs(), 5000);
    assert.equal(state(player), 'Normal');
  });

  it('runs after a click, and stops when nothing more happens by itself', () => {
    const player = fresh();
    player.click(['power scvm1 off']);
    assert.ok(player.isPlaying());
    runsOut(player);
    assert.equal(state(player), 'Rerouted');
    assert.match(player.notice(), /^Settled/);
    player.click(['power scvm1 on']);
    runsOut(player);
    assert.equal(state(player), 'Normal');
    assert.ok(player.atMs() > 180_000);
  });

  it('does not run after a click when its reader had stopped it', () => {
    const player = fresh();
    player.pause();
    player.click(['power scvm1 off']);
    assert.ok(!player.isPlaying());
  });

  it('runs at a fixed speed as told', () => {
    const player = fresh();
    player.setSpeed(10);
    player.play();
    runs(player, 33 * 30);
    assert.ok(Math.abs(player.atMs() - 5000 - 33 * 300) < 700, `${player.atMs()}`);
  });

  it('steps from event to event, both ways', () => {
    const player = fresh();
    player.pause();
    player.click(['service scvm1 refused']);
    const stops: [number, string][] = [];
    for (let i = 0; i < 5; i += 1) {
      player.next();
      runs(player, 33);
      stops.push([player.atMs(), state(player)]);
    }
    assert.ok(stops.some(([, s]) => s === 'Degraded.Doubting'));
    assert.equal(stops.at(-1)?.[1], 'Rerouted');
    for (const [ms, was] of stops.slice(0, -1).reverse()) {
      player.back();
      if (ms === player.atMs()) assert.equal(state(player), was);
    }
  });

  it('goes back to the very state that was', () => {
    const player = fresh();
    player.load(stories[0]?.script ?? empty, 8000);
    player.play();
    runsOut(player);
    const at = [9000, 10_900, 30_000, 100_000, 225_000].map((ms) => {
      player.scrub(ms);
      return [ms, player.view().frame.state?.snapshot] as const;
    });
    const states = at.map(([ms]) => {
      player.scrub(ms);
      return state(player);
    });
    assert.deepEqual(states, ['Normal', 'Rerouted', 'Rerouted', 'BackToNormal.Holding', 'Normal']);
    for (const [ms, snapshot] of at) {
      player.scrub(ms);
      assert.equal(player.view().frame.state?.snapshot, snapshot);
    }
  });

  it('a click in the past cuts off the future; undo brings it back', () => {
    const player = fresh();
    const script = stories[0]?.script ?? empty;
    player.load(script, 20_000);
    runs(player, 33);
    player.click(['power scvm2 off']);
    assert.equal(player.script().cues.length, 2);
    assert.match(player.notice(), /1 later click was dropped/);
    player.undo();
    runs(player, 33);
    assert.deepEqual(player.script(), script);
    assert.equal(player.atMs(), 20_000);
  });

  it('what is still to come of a script is cut off too, before it was recorded', () => {
    const player = fresh();
    player.load(stories[0]?.script ?? empty, 0);
    player.click(['power scvm2 off']);
    player.setSpeed(60);
    runs(player, 1000);
    const said = player.recording().steps.flatMap((step) => step.cue ?? []);
    assert.ok(player.atMs() > 50_000);
    assert.deepEqual(said, ['power scvm2 off']);
  });

  it('a slider plays the same clicks again under the new value', () => {
    const player = fresh();
    player.load(stories[0]?.script ?? empty, 8000);
    runs(player, 33);
    const homeAt = (): number | undefined =>
      historyOf(player.recording()).stretches.findLast((s) => s.state === 'Normal')?.fromMs;
    assert.ok(Math.abs((homeAt() ?? 0) - 220_100) < 200, `${homeAt()}`);
    player.set('timers.back_to_normal', '20s');
    player.set('timers.return_guard', '10s');
    runs(player, 33);
    assert.ok(Math.abs((homeAt() ?? 0) - 60_100) < 200, `${homeAt()}`);
    player.set('timers.back_to_normal', null);
    runs(player, 33);
    assert.ok(Math.abs((homeAt() ?? 0) - 220_100) < 200, `${homeAt()}`);
  });
});
