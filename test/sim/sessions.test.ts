/**
 * Sessions from both ends (DOMAIN.md section 2): lease, jeopardy, expiry, who notices when, and a
 * leader that moves without anybody expiring.
 */

import assert from 'node:assert/strict';
import { perform } from '../../src/sim/commands.ts';
import { createRun, type Run } from '../../src/sim/run.ts';
import { threeHosts } from './settings.ts';

function runOf(seed = 1): Run {
  const run = createRun([threeHosts], null, { seed });
  for (const line of ['route via scvm1/data', 'boot', 'run 10s']) perform(run, line);
  return run;
}

const say = (run: Run, ...lines: string[]): void => {
  for (const line of lines) perform(run, line);
};

const scvm1 = (run: Run) => {
  const found = run.cluster.scvms.get('scvm1');
  if (!found) throw new Error('there is an scvm1');
  return found;
};

/** What the list shows of scvm1, and whether it serves, at times after now. */
function story(run: Run, afterMs: readonly number[]): string[] {
  const startMs = run.queue.nowMs();
  return afterMs.map((ms) => {
    run.advance(startMs + ms - run.queue.nowMs());
    const { session, isExpired } = scvm1(run);
    return `${session.state} ${session.uuid}${isExpired ? ' expired' : ''}`;
  });
}

describe('sessions', () => {
  it('without heartbeats: lapsed in the list after 8 s, expired by itself after 37 s, gone after 38', () => {
    const run = runOf();
    say(run, 'heartbeats scvm1 cut');
    assert.deepEqual(story(run, [7900, 8100, 36_900, 37_100, 38_100]), [
      'alive scvm1-1',
      'lapsed scvm1-1',
      'lapsed scvm1-1',
      'lapsed scvm1-1 expired',
      'absent scvm1-1 expired',
    ]);
    say(run, 'heartbeats scvm1 ok');
    assert.deepEqual(story(run, [1]), ['alive scvm1-2']);
  });

  it('heartbeats back within the jeopardy: the same session', () => {
    const run = runOf();
    say(run, 'heartbeats scvm1 cut', 'run 36s', 'heartbeats scvm1 ok');
    assert.deepEqual(story(run, [1, 60_000]), ['alive scvm1-1', 'alive scvm1-1']);
  });

  it('answers lost on one way: it expires in a list that shows it alive, and its client stands', () => {
    const run = runOf();
    say(run, 'heartbeats scvm1 deaf');
    assert.deepEqual(story(run, [36_900, 37_100, 120_000]), [
      'alive scvm1-1',
      'alive scvm1-1 expired',
      'alive scvm1-1 expired',
    ]);
    assert.equal(run.host.isFlowing(), false);
    say(run, 'heartbeats scvm1 ok', 'run 1s');
    assert.deepEqual(story(run, [1]), ['alive scvm1-2']);
    assert.equal(run.host.isFlowing(), true);
  });

  it('a process that began anew has a new session at once; one that hung for 20 s keeps its own', () => {
    const run = runOf();
    say(run, 'service scvm1 refused', 'run 1s', 'service scvm1 up');
    assert.deepEqual(story(run, [1]), ['alive scvm1-2']);
    say(run, 'service scvm1 silent', 'run 20s', 'service scvm1 up');
    assert.deepEqual(story(run, [1]), ['alive scvm1-2']);
  });
});

describe('sessions: the leader', () => {
  it('dies with its SCVM: away, empty, partial, whole, on another one, within 36 s; none expires', () => {
    const stories = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const run = runOf(seed);
      say(run, 'leader on scvm2', 'power scvm2 off');
      const seen: string[] = [];
      let atMs = 0;
      for (; run.cluster.leader !== 'here' && atMs < 40_000; atMs += 100) {
        if (seen.at(-1) !== run.cluster.leader) seen.push(run.cluster.leader);
        run.advance(100);
        assert.equal(scvm1(run).isExpired, false);
      }
      assert.equal(seen.join(), 'away,empty,partial');
      assert.ok(atMs > 3000 && atMs < 36_000, `${atMs}`);
      assert.notEqual(run.cluster.leaderOn, 'scvm2');
      assert.equal(scvm1(run).session.uuid, 'scvm1-1');
      stories.add(`${run.cluster.leaderOn} ${atMs}`);
    }
    assert.ok(stories.size > 10);
  });

  it('is nobody while no SCVM runs, and somebody again after one does', () => {
    const run = runOf();
    say(run, 'power scvm1 off', 'power scvm2 off', 'power scvm3 off', 'run 10m');
    assert.equal(run.cluster.leader, 'away');
    say(run, 'power scvm2 on', 'run 60s');
    assert.deepEqual([run.cluster.leader, run.cluster.leaderOn], ['here', 'scvm2']);
  });

  it('away for longer than lease and jeopardy: every session expires, and none is kept', () => {
    const run = runOf();
    say(run, 'leader away', 'run 38s');
    assert.ok([...run.cluster.scvms.values()].every((s) => s.isExpired));
    assert.equal(run.host.isFlowing(), false);
    say(run, 'leader here', 'run 1s');
    assert.deepEqual(story(run, [1]), ['alive scvm1-2']);
    assert.equal(run.host.isFlowing(), true);
  });

  it('as somebody says stays so: no election undoes it', () => {
    const run = runOf();
    say(run, 'leader fail', 'leader away', 'run 10m');
    assert.equal(run.cluster.leader, 'away');
  });
});
