/** Every transition is noted once, with the event that caused it and its reason in numbers. */

import assert from 'node:assert/strict';
import { stateName, transitionNotes } from '../../src/machines/notes.ts';
import type { OrderOf } from '../../src/machines/orders.ts';
import {
  ALL,
  B,
  createHost,
  entry,
  HOME,
  HOME_M,
  memory,
  min,
  ofType,
  scvm,
  sec,
  settings,
} from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const notes = (h: Host, region: OrderOf<'NOTE_TRANSITION'>['region']): string[] =>
  ofType(h.orders(), 'NOTE_TRANSITION')
    .filter((o) => o.region === region)
    .map((o) => `${o.from} -> ${o.to} on ${o.event}: ${o.reason}`);
const fresh = (options: Parameters<typeof createHost>[0] = {}): Host => {
  const h = createHost(options);
  h.pass(sec(5));
  h.orders();
  return h;
};
const all = (lines: readonly string[], patterns: readonly RegExp[]): void => {
  assert.equal(lines.length, patterns.length, lines.join('\n'));
  patterns.forEach((p, i) => {
    assert.match(lines[i] ?? '', p);
  });
};

describe('notes: access', () => {
  it('a failover and a return, each step with its numbers', () => {
    const h = createHost();
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(2));
    h.world.dead.clear();
    h.pass(min(4));
    all(notes(h, 'access'), [
      /^Degraded\.WarmingUp -> Degraded\.Doubting on after warmUp: scvm1\/data is up/,
      /^Degraded\.Doubting -> Normal on after warmUp/,
      /^Normal -> Degraded\.Doubting on PROBE: scvm1\/data is suspect: 1 of 3 probes lost/,
      /^Degraded\.Doubting -> Rerouted on ROUTE_READ: scvm2\/data is up.*scvm1\/data is down.*relapses=0/,
      /^Rerouted -> BackToNormal\.Holding on PROBE: .*hold 180000 ms x 2\^0 = 180000 ms/,
      /^BackToNormal\.Holding -> BackToNormal\.Due on after holdLeft: hold of 180000 ms served/,
      /^BackToNormal\.Due -> Normal on ROUTE_READ: scvm1\/data is up/,
    ]);
  });

  it('no target is said in words', () => {
    const h = createHost({ table: [] });
    for (const id of ALL) h.world.mute.add(id);
    h.pass(sec(3));
    all(notes(h, 'access'), [/WarmingUp -> Degraded\.Doubting on after warmUp: no target$/]);
  });

  it('a chart that is set back to its warm-up says how long it watches', () => {
    const h = fresh();
    const now = h.state().snapshot;
    const value = { ...now.value, access: { Degraded: 'WarmingUp' } };
    const [note] = transitionNotes(now, { ...now, value }, 'TEST', h.state().beliefs, () => false);
    assert.equal(note?.reason, 'warm_up=2000 ms');
  });
});

describe('notes: steering', () => {
  it('pin, expiry, release, failsafe, pause and resume are told apart', () => {
    const h = fresh();
    const pin = (over: object): void =>
      h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false, ...over });
    pin({ untilMs: h.nowMs() + 1000 });
    h.pass(sec(1));
    pin({});
    h.tell({ type: 'RELEASE_ASKED' });
    pin({ failsafe: true });
    h.world.dead.add(B);
    h.pass(sec(1));
    h.tell({ type: 'PAUSE_ASKED' });
    h.tell({ type: 'RESUME_ASKED' });
    all(notes(h, 'steering'), [
      /^Loop -> Route on PIN_ASKED: .*scvm2\/data for 1000 ms, failsafe=false/,
      /^Route -> Loop on .*: the pin on scvm2\/data expired/,
      /scvm2\/data until released/,
      /^Route -> Loop on RELEASE_ASKED: the operator released the pin on scvm2\/data/,
      /failsafe=true/,
      /^Route -> Loop on PROBE: failsafe: scvm2\/data is down: 3 of 3/,
      /^Loop -> Paused on PAUSE_ASKED: the operator paused/,
      /^Paused -> Loop on RESUME_ASKED: the operator resumed/,
    ]);
  });

  it('releasing a pin whose path is down is not failsafe', () => {
    const h = fresh();
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    h.world.dead.add(B);
    h.pass(sec(1));
    h.orders();
    h.tell({ type: 'RELEASE_ASKED' });
    all(notes(h, 'steering'), [/the operator released/]);
  });

  it('shadow is a pause that no operator asked for', () => {
    all(notes(createHost({ shadow: true }), 'steering'), [/^Loop -> Paused on START: shadow$/]);
  });
});

describe('notes: route', () => {
  it('ordered, unconfirmed, retried, read back with the time it took', () => {
    const h = fresh();
    h.world.route = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(750);
    h.world.route = 'ok';
    h.pass(250);
    all(notes(h, 'route'), [
      /^Settled -> Switching\.Installing on PROBE: to scvm2\/data: scvm1\/data is down/,
      /^Switching\.Installing -> Unconfirmed on ROUTE_REFUSED: scvm2\/data: refused: EPERM/,
      /^Unconfirmed -> Switching\.Installing on after retryPause: to scvm2\/data/,
      /^Switching\.Installing -> Settled on ROUTE_READ: .*leads to scvm2\/data, 250 ms after/,
    ]);
  });

  it('a goal that was given up is named with what became of it', () => {
    const h = fresh();
    h.world.route = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    h.orders();
    const paths = [...scvm(15), ...scvm(17)];
    h.tell({ type: 'RELOADED', settings: settings({ paths }) });
    assert.match(notes(h, 'route')[0] ?? '', /gave scvm2\/data up: .*is not configured/);
  });

  it('a note without any goal is still a sentence', () => {
    const h = fresh();
    const now = h.state().snapshot;
    const value = { ...now.value, route: 'Unconfirmed' };
    const [note] = transitionNotes(now, { ...now, value }, 'TEST', h.state().beliefs, () => false);
    assert.equal(note?.reason, 'no switch is under way');
  });
});

describe('notes: record', () => {
  it('asked, refused, retried, acknowledged', () => {
    const h = createHost();
    h.world.record = 'refused';
    h.pass(sec(2));
    h.world.record = 'ok';
    h.pass(sec(2));
    all(notes(h, 'record'), [
      /^Unlisted -> Asking on SESSION: session uuid-10\.10\.85\.15, addresses 10\.10\.85\.11 192/,
      /^Asking -> Retrying on RECORD_REFUSED: refused 1 times in a row: EAGAIN/,
      /^Retrying -> Asking on after recordPause/,
      /^Asking -> Current on RECORD_ACKNOWLEDGED: the leader acknowledged session uuid/,
    ]);
  });

  it('nobody to tell: says whether the session, the addresses or the right is missing', () => {
    const unlisted = (h: Host): string => {
      const now = h.state().snapshot;
      const was = { ...now, value: { ...now.value, record: 'Current' } };
      const is = { ...now, value: { ...now.value, record: 'Unlisted' } };
      return transitionNotes(was, is, 'TEST', h.state().beliefs, () => false)
        .map((o) => o.reason)
        .join();
    };
    assert.match(unlisted(createHost()), /no local session is listed/);
    const h = fresh();
    assert.match(unlisted(h), /own addresses are not known/);
    assert.match(unlisted(createHost({ shadow: true })), /shadow: nothing is written/);
  });
});

describe('notes: names', () => {
  it('a nested state is one word, a flat one is itself', () => {
    const value = { access: { Degraded: 'Doubting' }, steering: 'Loop', deep: { a: { b: 'c' } } };
    assert.deepEqual(
      ['access', 'steering', 'deep'].map((r) => stateName(value, r)),
      ['Degraded.Doubting', 'Loop', 'a.b.c'],
    );
  });

  it('memory and tables of the fixture are what they seem', () => {
    assert.deepEqual([memory().relapses, entry('10.10.85.15').metric], [0, 0]);
  });
});
