/** The event queue: order, timers that are moved, and a host's clock that stands still. */

import assert from 'node:assert/strict';
import { createQueue } from '../../src/sim/queue.ts';
import { createRandom } from '../../src/sim/random.ts';

describe('queue', () => {
  it('runs by time, then rank, then the order of setting; what is set late runs now', () => {
    const queue = createQueue();
    const done: string[] = [];
    const say = (what: string) => (): void => {
      done.push(`${what} ${queue.nowMs()}`);
    };
    queue.at(20, say('late'));
    queue.at(10, say('second'), 5);
    queue.at(10, say('third'), 5);
    queue.at(10, () => {
      say('first')();
      queue.at(3, say('overdue'));
    });
    queue.runUntil(15);
    assert.deepEqual(done, ['first 10', 'overdue 10', 'second 10', 'third 10']);
    assert.equal(queue.nowMs(), 15);
    queue.runUntil(20);
    assert.equal(done.at(-1), 'late 20');
  });

  it('agrees with a list that is sorted anew at each step, for timers set, moved and cleared', () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const random = createRandom(seed, 'queue');
      const queue = createQueue();
      const [done, expected]: [string[], string[]] = [[], []];
      let wanted: { id: number; atMs: number; rank: number; seq: number }[] = [];
      let seq = 0;
      const ranks = Array.from({ length: 12 }, () => random.int(0, 2));
      const timers = ranks.map((rank, id) =>
        queue.timer(() => done.push(`${id} ${queue.nowMs()}`), rank),
      );
      for (let step = 0; step < 200; step += 1) {
        const id = random.int(0, 11);
        wanted = wanted.filter((w) => w.id !== id);
        if (random.chance(0.2)) timers[id]?.clear();
        else {
          const atMs = queue.nowMs() + random.int(0, 9);
          timers[id]?.set(atMs);
          wanted.push({ id, atMs, rank: ranks[id] ?? 0, seq });
          seq += 1;
        }
        if (random.chance(0.6)) continue;
        const untilMs = queue.nowMs() + random.int(0, 4);
        wanted.sort((a, b) => a.atMs - b.atMs || a.rank - b.rank || a.seq - b.seq);
        for (const w of wanted.filter((x) => x.atMs <= untilMs)) expected.push(`${w.id} ${w.atMs}`);
        wanted = wanted.filter((x) => x.atMs > untilMs);
        queue.runUntil(untilMs);
        assert.deepEqual(done, expected, `seed ${seed}`);
      }
    }
  });
});

describe('queue: the clock of a host', () => {
  it('stands still while it sleeps, and all that is due by it comes that much later', () => {
    const queue = createQueue();
    const lane = queue.lane();
    const done: string[] = [];
    const say = (what: string) => (): void => {
      done.push(`${what} at ${queue.nowMs()}, by its clock ${lane.nowMs()}`);
    };
    lane.at(50, say('own'));
    queue.at(60, say('world'));
    queue.runUntil(40);
    lane.pause(100);
    queue.runUntil(90);
    assert.equal(lane.nowMs(), 40);
    queue.runUntil(200);
    lane.at(120, say('after'));
    queue.runUntil(300);
    assert.deepEqual(done, [
      'world at 60, by its clock 40',
      'own at 150, by its clock 50',
      'after at 220, by its clock 120',
    ]);
    assert.equal(lane.ofWorld(250), 150);
  });
});
