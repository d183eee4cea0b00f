/** clock: monotonic time, wall time, and noticing our own standstill, with real stops. */

import assert from 'node:assert/strict';
import { createStallWatch, monotonicClock, wallTime } from '../../src/io/clock.ts';
import type { Fact } from '../../src/machines/events.ts';
import { childStarter, source, until } from './scratch.ts';

function blockLoop(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('clock', () => {
  const start = childStarter();
  const clock = monotonicClock();

  it('monotonic time: never decreases and keeps microseconds', () => {
    const times = Array.from({ length: 10_000 }, () => clock.nowMs());
    assert.ok(times.every((time, i) => time >= (times[i - 1] ?? 0)));
    assert.ok(times.some((time) => !Number.isInteger(time)));
    assert.ok(times.every((time) => Math.abs(time * 1000 - Math.round(time * 1000)) < 0.01));
  });

  it('monotonic time: is the same in another process of this boot', async () => {
    const beforeMs = clock.nowMs();
    const child = start(
      `const { monotonicClock } = await import('${source('io/clock.ts')}');
       console.log(monotonicClock().nowMs());`,
    );
    const theirMs = Number(await child.nextLine());
    assert.ok(theirMs >= beforeMs && theirMs <= clock.nowMs());
  });

  it('wall time: converts there and back, also for moments before the boot', () => {
    const fixed = { nowMs: () => 5_000 };
    const wall = wallTime(fixed, () => 1_700_000_000_000);
    assert.equal(wall.wallMs(4_000), 1_699_999_999_000);
    assert.equal(wall.monotonicMs(1_699_999_990_000), -5_000);
  });

  it('stall watch: refuses a threshold that every heartbeat would pass', () => {
    const report = () => undefined;
    assert.throws(
      () => createStallWatch({ clock, report, tickMs: 500, thresholdMs: 500 }),
      RangeError,
    );
  });

  it('stall watch: reports a blocked loop before a timer that judges by checkNow', async () => {
    const seen: string[] = [];
    const facts: Fact[] = [];
    const watch = createStallWatch({
      clock,
      report: (fact) => {
        facts.push(fact);
        seen.push(fact.type);
        watch.checkNow();
      },
      tickMs: 20,
      thresholdMs: 150,
    });
    const judged = new Promise<void>((resolve) => {
      setTimeout(() => {
        watch.checkNow();
        seen.push('judged');
        resolve();
      }, 1);
    });
    blockLoop(300);
    await judged;
    watch.close();
    assert.deepEqual(seen, ['STALLED', 'judged']);
    const [fact] = facts;
    assert.ok(fact?.type === 'STALLED' && fact.stalledMs >= 299 && fact.atMs <= clock.nowMs());
    assert.ok(watch.longestGapMs() >= 299);
  });

  it('stall watch: its heartbeat alone notices SIGSTOP, once', async () => {
    const child = start(
      `const { createStallWatch, monotonicClock } = await import('${source('io/clock.ts')}');
       const report = (fact) => console.log(JSON.stringify(fact));
       createStallWatch({ clock: monotonicClock(), report });
       setInterval(() => undefined, 1000);
       console.log('ready');`,
    );
    assert.equal(await child.nextLine(), 'ready');
    const stoppedAtMs = clock.nowMs();
    child.process.kill('SIGSTOP');
    await until(() => clock.nowMs() - stoppedAtMs > 1200);
    child.process.kill('SIGCONT');
    const fact = JSON.parse(await child.nextLine());
    assert.equal(fact.type, 'STALLED');
    assert.ok(fact.stalledMs > 1000 && fact.stalledMs < 6000, `${fact.stalledMs}`);
    child.process.kill('SIGKILL');
    await assert.rejects(child.nextLine());
  });

  it('stall watch: says nothing while the loop turns', async () => {
    let reports = 0;
    const watch = createStallWatch({ clock, report: () => reports++, thresholdMs: 5000 });
    const startMs = clock.nowMs();
    await until(() => clock.nowMs() - startMs > 400);
    watch.close();
    assert.equal(reports, 0);
  });
});
