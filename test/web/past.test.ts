/**
 * The past: what a journal tells, whole and in pieces; a moment of it replayed is the moment that
 * was, and what cannot be read is a gap with its reason.
 */

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/daemon/past/digest.ts';
import { createMoments } from '../../src/daemon/past/moment.ts';
import { type Past, timelineOf } from '../../src/daemon/past/timeline.ts';
import { createPast } from '../../src/daemon/past.ts';
import { seenAt } from '../../src/daemon/sight.ts';
import { listSegments, scanSegment } from '../../src/io/journal-scan.ts';
import { statusOf } from '../../src/machines/explain.ts';
import { foldAll } from '../../src/web/fold.ts';
import type { Moment, Scene, Timeline } from '../../src/web/shapes.ts';
import { scratchFolders } from '../io/scratch.ts';
import { type Recorder, record } from './recorded.ts';

const START = 1.8e12;
const noPause = async (): Promise<void> => undefined;

function pastOf(dir: string, maxEntries?: number): Past {
  const lines = listSegments(dir).flatMap((name) => [...scanSegment(dir, name)]);
  const digests = lines.map(digestOf).filter((d) => d !== null);
  return maxEntries === undefined ? timelineOf(digests) : timelineOf(digests, maxEntries);
}

/** A story with a switch, a new segment in the middle of it, and a restart. */
function story(dir: string): Recorder {
  const made = record(dir, START);
  made.say('route via scvm1/data', 'boot', 'run 10s', 'power scvm1 off', 'run 20s', 'segment');
  made.say('run 5s', 'power scvm1 on', 'run 30s', 'crash', 'run 60s', 'boot', 'run 20s');
  return made;
}

describe('past', () => {
  const folder = scratchFolders();

  it('timeline: stretches with their base, what happened in them, and the time without a daemon', () => {
    const dir = folder();
    story(dir);
    const { timeline } = pastOf(dir);
    const [first, second, third] = timeline.stretches;
    assert.equal(timeline.stretches.length, 3);
    assert.deepEqual([first?.isStart, second?.isStart, third?.isStart], [true, false, true]);
    assert.equal(first?.fromMs, START);
    assert.equal(first?.base.regions.access, 'Degraded.WarmingUp');
    assert.equal(second?.base.regions.access, 'Rerouted');
    assert.equal(second?.base.verdicts['scvm1/data'], 'down');
    assert.notEqual(second?.base.target, 'scvm1/data');
    assert.deepEqual(foldAll(first.base, first.entries).regions, second?.base.regions);
    assert.deepEqual(foldAll(first.base, first.entries).target, second?.base.target);
    const switched = first?.entries.find((e) => e.type === 'NOTE_SWITCH' && e.kind === 'failover');
    assert.ok(switched && switched.wallMs > START + 10_000 && switched.wallMs < START + 13_000);
    assert.equal(timeline.gaps.length, 1);
    const [gap] = timeline.gaps;
    assert.equal(gap?.why, 'no daemon');
    assert.ok(gap && Math.abs(gap.toMs - gap.fromMs - 60_000) < 1500, JSON.stringify(gap));
    assert.equal(timeline.cutBeforeMs, null);
  });

  it('timeline: of too many entries the oldest go, and the base is what they came to', () => {
    const dir = folder();
    story(dir);
    const whole = pastOf(dir).timeline;
    const all = whole.stretches.flatMap((s) => s.entries);
    const cut = pastOf(dir, 15).timeline;
    const kept = cut.stretches.flatMap((s) => s.entries);
    assert.deepEqual(kept, all.slice(-15));
    assert.equal(cut.cutBeforeMs, cut.stretches[0]?.fromMs);
    const [first] = cut.stretches;
    const origin = whole.stretches.find((s) => s.toMs === first?.toMs);
    assert.ok(first && origin && origin.entries.length > first.entries.length);
    const dropped = origin.entries.slice(0, origin.entries.length - first.entries.length);
    assert.deepEqual(first.base, foldAll(origin.base, dropped));
    assert.notDeepEqual(first.base, origin.base);
  });

  it('moment: at any time it is what the decision itself knew then', async () => {
    const dir = folder();
    const made = record(dir, START);
    made.say('route via scvm1/data', 'boot', 'run 5s');
    const known: { atMs: number; status: object }[] = [];
    for (const line of ['power scvm1 off', 'segment', 'power scvm1 on', 'pause', 'resume']) {
      // So that no fact falls on the very time of a moment that was kept before it.
      made.say('run 100ms', line);
      for (let n = 0; n < 4; n += 1) {
        made.say('run 1700ms');
        const atMs = made.run.queue.nowMs();
        known.push({ atMs, status: statusOf(seenAt(made.run.host.state(), atMs)) });
      }
    }
    const past = pastOf(dir);
    const moments = createMoments(dir);
    // Backwards and forwards: what was kept from one moment must not colour the next.
    for (const { atMs, status } of [...known.toReversed(), ...known]) {
      const moment = await moments.at(past, made.wallMs(atMs), noPause);
      assert.ok(moment.ok, JSON.stringify(moment));
      assert.equal(moment.doubt, '');
      assert.deepEqual(moment.scene.status, JSON.parse(JSON.stringify(status)), `at ${atMs}`);
    }
  });

  it('moment: long after the header it goes on from a state that was kept, to the same end', async () => {
    const dir = folder();
    const made = record(dir, START);
    made.say('route via scvm1/data', 'boot', 'run 1500s', 'power scvm1 off', 'run 300s');
    const past = pastOf(dir);
    // Right after a state that is kept: the curves reach further back than that.
    const facts = readFileSync(made.file(), 'utf8')
      .split('\n')
      .filter((l) => l.startsWith('{"k":"f"'));
    const at = START + Math.ceil(JSON.parse(facts[20_001] ?? '').atMs) + 5000;
    const cold = await createMoments(dir).at(past, at, noPause);
    const moments = createMoments(dir);
    await moments.at(past, at + 30_000, noPause);
    let slices = 0;
    const warm = await moments.at(past, at, async () => {
      slices += 1;
    });
    assert.deepEqual(warm, cold);
    assert.ok(slices <= 3, `${slices} slices`);
    const { replies = [] } = cold.ok ? (cold.traffic.byPath['scvm2/data'] ?? {}) : {};
    assert.ok(replies.length > 100 && replies.every((n) => n > 0), replies.join());
  });

  it('moment: where no daemon ran, or before the journal, it says so', async () => {
    const dir = folder();
    const made = story(dir);
    const past = pastOf(dir);
    const moments = createMoments(dir);
    const before = await moments.at(past, START - 1, noPause);
    assert.deepEqual(before, { ok: false, says: 'the journal does not reach back to that time' });
    const gap = past.timeline.gaps[0];
    const between = await moments.at(past, (gap?.fromMs ?? 0) + 30_000, noPause);
    assert.deepEqual(between, { ok: false, says: 'no daemon wrote here' });
    const after = await moments.at(past, made.wallMs(made.run.queue.nowMs()), noPause);
    assert.ok(after.ok);
  });

  it('moment: called off between two slices, it does no more', async () => {
    const dir = folder();
    record(dir, START).say('route via scvm1/data', 'boot', 'run 600s');
    const past = pastOf(dir);
    const stop = (): Promise<void> => Promise.reject(new Error('called off'));
    await assert.rejects(createMoments(dir).at(past, START + 590_000, stop), /called off/);
  });

  it('broken lines: a gap with place and reason; the moment after it says that it may be off', async () => {
    const dir = folder();
    const made = record(dir, START);
    made.say('route via scvm1/data', 'boot', 'run 5s');
    made.scribble('{"k":"f","type":"PING_LOST"');
    made.scribble('\u0000\u0001\u0002');
    made.say('run 5s', 'power scvm1 off', 'run 5s');
    const past = pastOf(dir);
    const [gap] = past.timeline.gaps;
    assert.equal(past.timeline.gaps.length, 1);
    assert.match(gap?.says ?? '', /^journal-000001\.ndjson line \d+: not JSON, and 1 more$/);
    assert.ok(gap && gap.fromMs >= START + 4500 && gap.toMs <= START + 6000, JSON.stringify(gap));
    const later = await createMoments(dir).at(past, START + 12_000, noPause);
    assert.ok(later.ok && /could not be read/.test(later.doubt));
    const sooner = await createMoments(dir).at(past, START + 4000, noPause);
    assert.ok(sooner.ok && sooner.doubt === '');
  });

  it('a journal that is cut off in a line, of another format, or empty: told, never thrown', async () => {
    const dir = folder();
    const made = story(dir);
    const bytes = readFileSync(made.file()).length;
    truncateSync(made.file(), bytes - 20);
    assert.deepEqual(
      pastOf(dir).timeline.gaps.map((g) => g.why),
      ['no daemon'],
    );
    writeFileSync(
      join(dir, 'journal-000003.ndjson'),
      '{"v":99,"kind":"header"}\n{"k":"o","atMs":1}\n',
    );
    const foreign = pastOf(dir).timeline;
    assert.match(foreign.gaps.at(-1)?.says ?? '', /journal format 99/);
    assert.equal(foreign.stretches.length, 3);
    writeFileSync(join(dir, 'journal-000004.ndjson'), '');
    assert.deepEqual(pastOf(dir).timeline.stretches, foreign.stretches);
    assert.deepEqual(pastOf(folder()).timeline.stretches, []);
  });

  it('reader: a thread of its own answers both, sees what was written since, and ends', async () => {
    const dir = folder();
    const made = record(dir, Date.now() - 60_000);
    made.say('route via scvm1/data', 'boot', 'run 10s');
    let flushed = 0;
    const reader = createPast({
      dir,
      flush: async () => {
        flushed += 1;
      },
    });
    const timeline = JSON.parse(await reader.timeline()) as Timeline;
    assert.equal(timeline.stretches.length, 1);
    const live = new AbortController().signal;
    made.say('power scvm1 off', 'run 10s');
    const moment = JSON.parse(await reader.moment(made.wallMs(19_000), live)) as Moment;
    assert.ok(moment.ok);
    assert.equal((moment.scene as Scene).status.state, 'Rerouted');
    assert.ok(flushed >= 2);
    appendFileSync(made.file(), '{"k":"gap","dropped":3}\n');
    const again = JSON.parse(await reader.timeline()) as Timeline;
    assert.match(again.gaps[0]?.says ?? '', /3 lines were lost/);
    await reader.close();
  });

  it('reader: a folder that is not there is a problem in words', async () => {
    const reader = createPast({ dir: join(folder(), 'none'), flush: async () => undefined });
    await assert.rejects(reader.timeline(), /ENOENT/);
    await reader.close();
  });
});
