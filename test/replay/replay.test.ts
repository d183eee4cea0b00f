/** A journal through the chart again: identical, or exactly where it differs. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Order } from '../../src/machines/orders.ts';
import { isOldLog, readOldLog } from '../../src/replay/old-log.ts';
import { replay } from '../../src/replay/replay.ts';
import { whatIf } from '../../src/replay/what-if.ts';
import { threeHosts } from '../sim/settings.ts';
import { flap, record } from './courses.ts';

const story = [
  'route via scvm1/data',
  'boot',
  'run 10s',
  'power scvm1 off',
  'run 20s',
  'segment',
  'power scvm1 on',
  'run 30s',
  'pause',
  'crash',
  'boot',
  'run 5s',
  'resume',
  'run 200s',
];

describe('replay', () => {
  it('the same facts give the same orders, over segments and restarts', () => {
    const done = replay(record(story));
    assert.deepEqual(done.differences, []);
    assert.ok(done.facts > 1000 && done.orders > 50, JSON.stringify(done));
    assert.equal(done.skipped, 0);
  });

  it('a journal that begins in the middle starts at its header', () => {
    const whole = record(story);
    const middle = whole.findLastIndex((e) => e.kind === 'header');
    const done = replay(whole.slice(middle));
    assert.deepEqual(done.differences, []);
    assert.ok(done.facts > 100);
  });

  it('an order that was not recorded, or another one, is shown with its fact', () => {
    const entries = record(story);
    const at = entries.findIndex((e) => e.kind === 'order' && e.order.type === 'SET_ROUTE');
    const entry = entries[at];
    assert.ok(entry?.kind === 'order');
    const changed = { ...(entry.order as Order & { gateway: string }), gateway: '10.10.85.99' };
    const other = replay(entries.toSpliced(at, 1, { ...entry, order: changed }));
    assert.equal(other.differences.length, 1);
    assert.match(other.differences[0]?.recorded ?? '', /10\.10\.85\.99/);
    const missing = replay(entries.toSpliced(at, 1));
    assert.ok(missing.differences.length > 0);
  });

  it('a header whose state is of no use is an error that says what to do', () => {
    const entries = record(story);
    const at = entries.findLastIndex((e) => e.kind === 'header');
    const body = { settings: threeHosts, state: { value: { access: 'Confused' } } };
    assert.throws(
      () => replay(entries.with(at, { kind: 'header', body })),
      /no state that this program can go on from .*replay it with the version that wrote it/,
    );
  });

  it('facts before any state are counted, and a gap waits for the next header', () => {
    const entries = record(story).filter((e) => e.kind !== 'header');
    const done = replay([...entries.slice(1), { kind: 'gap' }]);
    assert.equal(done.facts, 0);
    assert.ok(done.skipped > 1000);
  });
});

describe('what if', () => {
  it('the same settings make the same switches', () => {
    const { recorded, other } = whatIf(record(flap), threeHosts);
    const course = (c: typeof other): string[] => c.switches.map((s) => `${s.kind} ${s.to}`);
    assert.deepEqual(course(other), course(recorded));
    assert.ok(recorded.switches.length >= 3);
    assert.ok(recorded.outageMs >= 2000 && recorded.outageMs < 20_000, `${recorded.outageMs}`);
  });

  it('a shorter, fixed hold moves more often and is away less', () => {
    const timers = {
      ...threeHosts.timers,
      backToNormalMs: 60_000,
      relapseFactor: 1,
      returnGuardMs: 0,
    };
    const { recorded, other } = whatIf(record(flap), { ...threeHosts, timers });
    assert.ok(other.switches.length > recorded.switches.length);
    assert.ok(other.awayShare < recorded.awayShare);
  });

  it('paths that the other settings do not have are named', () => {
    const paths = threeHosts.paths.filter((p) => p.scvm !== 'scvm3');
    const { strangers } = whatIf(record(flap), { ...threeHosts, paths });
    assert.deepEqual(strangers, ['scvm3/data', 'scvm3/manage']);
    assert.deepEqual(whatIf(record(flap), threeHosts).strangers, []);
  });

  it('a longer service hold saves switches and costs outage', () => {
    const service = { ...threeHosts.service, holdMs: 15_000 };
    const { recorded, other } = whatIf(record(flap), { ...threeHosts, service });
    assert.ok(other.switches.length < recorded.switches.length);
    assert.ok(other.outageMs > recorded.outageMs);
  });
});

describe('logs of the old tool', () => {
  const text = readFileSync(new URL('samples/old-tool.txt', import.meta.url), 'utf8');

  it('the route changes of the shell version and the troubles of the Python version are found', () => {
    const log = readOldLog(text);
    assert.deepEqual(
      log.switches.map((s) => `${s.what} ${s.dst} ${s.gateway}`),
      ['deleted 192.168.33.2 10.10.130.219', 'added 192.168.33.2 10.10.130.218'],
    );
    assert.equal(log.switches[0]?.time, 'Thu Jan 11 12:40:01 2024');
    assert.equal(log.troubles.length, 3);
    assert.equal(log.lines, log.switches.length + log.troubles.length + log.otherLines);
  });

  it('other texts are not taken for one', () => {
    assert.equal(isOldLog(text), true);
    assert.equal(isOldLog('{"v":1,"kind":"header"}\n'), false);
  });
});
