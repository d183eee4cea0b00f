/** Region steering: LOOP, ROUTE and paused. The operator comes first (law S7). */

import assert from 'node:assert/strict';
import {
  B,
  C,
  createHost,
  entry,
  HOME,
  HOME_M,
  min,
  ofType,
  scvm,
  sec,
  settings,
  T0,
} from '../fixture.ts';

type Host = ReturnType<typeof createHost>;
const fresh = (options: Parameters<typeof createHost>[0] = {}): Host => {
  const h = createHost(options);
  h.pass(sec(5));
  h.orders();
  return h;
};
const pinTo = (h: Host, path: string, over: { untilMs?: number; failsafe?: boolean } = {}): void =>
  h.tell({ type: 'PIN_ASKED', path, untilMs: null, failsafe: false, ...over });
const switches = (h: Host): string[] =>
  ofType(h.orders(), 'NOTE_SWITCH').map((o) => `${o.kind} ${o.to}`);
const pinB = { path: B, untilMs: null, failsafe: false };

describe('steering: ROUTE', () => {
  it('a pin moves the route to its path and keeps it there though home is well', () => {
    const h = fresh();
    pinTo(h, B);
    h.pass(min(10));
    assert.deepEqual([h.region('steering'), switches(h)], ['Route', [`pin ${B}`]]);
    assert.equal(h.access(), 'BackToNormal');
  });

  it('is refused if its path is not up; an older pin stays', () => {
    const h = fresh();
    h.world.dead.add(C);
    h.pass(sec(1));
    pinTo(h, C);
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
    pinTo(h, B);
    pinTo(h, C);
    assert.equal(h.context().memory.pin?.path, B);
  });

  it('a second pin replaces the first', () => {
    const h = fresh();
    pinTo(h, B);
    pinTo(h, C);
    h.pass(250);
    assert.deepEqual(switches(h), [`pin ${B}`, `pin ${C}`]);
  });

  it('its path goes down: nothing moves without failsafe', () => {
    const h = fresh();
    pinTo(h, B);
    h.orders();
    h.world.dead.add(B);
    h.pass(min(1));
    assert.deepEqual([h.context().target, switches(h)], [B, []]);
    assert.match(h.state().standing.alarms.target_down ?? '', /steering: pinned to scvm2/);
  });

  it('with failsafe it is given up, and LOOP fails over; that is no relapse', () => {
    const h = fresh();
    pinTo(h, B, { failsafe: true });
    h.world.dead.add(B);
    h.pass(sec(1));
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
    assert.deepEqual([h.context().target, h.context().memory.relapses], [HOME, 0]);
  });

  it('ends at its time, and LOOP goes home after the hold', () => {
    const h = fresh();
    pinTo(h, B, { untilMs: h.nowMs() + min(5) });
    h.pass(min(5) - 250);
    assert.equal(h.region('steering'), 'Route');
    h.pass(250);
    assert.equal(h.region('steering'), 'Loop');
    h.pass(sec(1));
    assert.equal(h.access(), 'Normal');
  });

  it('ends when it is released', () => {
    const h = fresh();
    pinTo(h, B);
    h.tell({ type: 'RELEASE_ASKED' });
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
  });

  it('survives a restart: the remembered pin is obeyed after warm_up', () => {
    const h = createHost({ memory: { pin: pinB } });
    assert.equal(h.region('steering'), 'Route');
    h.pass(1750);
    assert.equal(h.context().target, HOME);
    h.pass(sec(1));
    assert.equal(h.context().target, B);
  });

  it('a remembered pin that ended while the daemon was away is over', () => {
    const h = createHost({ memory: { pin: { ...pinB, untilMs: T0 - 1 } } });
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
  });

  it('a remembered pin to a path that is not configured any more is no pin', () => {
    const h = createHost({ memory: { pin: { ...pinB, path: 'scvm9/data' } } });
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
  });

  it('a reload that removes the pinned path ends the pin', () => {
    const h = fresh();
    pinTo(h, C);
    h.orders();
    h.tell({ type: 'RELOADED', settings: settings({ paths: [...scvm(15), ...scvm(16)] }) });
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Loop', null]);
    const note = ofType(h.orders(), 'NOTE_TRANSITION').find((o) => o.region === 'steering');
    assert.match(note?.reason ?? '', /not configured any more/);
  });

  it('a switch of LOOP that was not confirmed yet gives way to the pin', () => {
    const h = fresh();
    h.world.route = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.equal(h.context().goal?.path, B);
    h.world.route = 'ok';
    h.orders();
    pinTo(h, C);
    h.pass(sec(6));
    assert.deepEqual(switches(h), [`pin ${C}`]);
  });
});

describe('steering: paused', () => {
  it('moves nothing, says once what it would have done, and does it when resumed', () => {
    const h = fresh();
    h.tell({ type: 'PAUSE_ASKED' });
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(30));
    const orders = h.orders();
    assert.deepEqual(
      ofType(orders, 'NOTE_WOULD_SWITCH').map((o) => `${o.kind} ${o.to}`),
      [`failover ${B}`],
    );
    assert.deepEqual(ofType(orders, 'SET_ROUTE'), []);
    h.tell({ type: 'RESUME_ASKED' });
    assert.deepEqual([h.region('steering'), switches(h)], ['Loop', [`failover ${B}`]]);
  });

  it('adopts a foreign route instead of repairing it, and counts the move it saw', () => {
    const h = fresh();
    h.tell({ type: 'PAUSE_ASKED' });
    h.pass(sec(1));
    h.world.table = [entry('10.10.85.16')];
    h.read();
    assert.deepEqual([h.context().target, h.context().memory.leftAtMs[HOME]], [B, h.nowMs()]);
    assert.equal(ofType(h.orders(), 'REPORT_TO')[0]?.ip, '10.10.85.16');
    h.world.table = [];
    h.read();
    assert.equal(h.context().target, null);
  });

  it('survives a restart, together with a pin that is obeyed when resumed', () => {
    const h = createHost({ memory: { pin: pinB, paused: true } });
    h.pass(sec(10));
    assert.deepEqual([h.region('steering'), h.context().target], ['Paused', HOME]);
    h.tell({ type: 'RESUME_ASKED' });
    h.pass(250);
    assert.deepEqual([h.region('steering'), h.context().target], ['Route', B]);
  });

  it('pauses a pin as well; a pin asked for while paused is not obeyed', () => {
    const h = fresh();
    pinTo(h, B);
    h.tell({ type: 'PAUSE_ASKED' });
    pinTo(h, C);
    assert.deepEqual([h.region('steering'), h.context().memory.pin?.path], ['Paused', B]);
    h.tell({ type: 'RELEASE_ASKED' });
    assert.equal(h.context().memory.pin, null);
    h.tell({ type: 'RESUME_ASKED' });
    assert.equal(h.region('steering'), 'Loop');
  });

  it('a pin that ends while paused ends, and does not keep the daemon awake', () => {
    const h = fresh();
    pinTo(h, B, { untilMs: h.nowMs() + sec(5) });
    h.tell({ type: 'PAUSE_ASKED' });
    h.pass(sec(6));
    assert.deepEqual([h.region('steering'), h.context().memory.pin], ['Paused', null]);
    assert.ok(h.state().wakeAtMs > h.nowMs());
  });

  it('asking twice changes nothing', () => {
    const h = fresh();
    h.tell({ type: 'PAUSE_ASKED' });
    const { memory } = h.context();
    h.tell({ type: 'PAUSE_ASKED' });
    assert.equal(h.context().memory, memory);
  });
});

describe('steering: shadow', () => {
  const forbidden = /^(SET_ROUTE|BREAK_CONNECTIONS|REFRESH_RECORD|REPORT_TO|READ_ROUTE)$/;

  it('decides and reports, and gives no order that touches the world', () => {
    const h = createHost({ shadow: true, memory: { pin: { ...pinB, failsafe: true } } });
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(30));
    h.world.table = [entry('10.10.85.17')];
    h.read();
    h.pass(min(1));
    h.world.table = [];
    h.read();
    for (const type of ['RESUME_ASKED', 'PAUSE_ASKED', 'RELEASE_ASKED'] as const) h.tell({ type });
    pinTo(h, B);
    h.tell({ type: 'RELOADED', settings: settings() });
    h.pass(min(1));
    const orders = h.orders();
    assert.deepEqual(
      orders.filter((o) => forbidden.test(o.type)),
      [],
    );
    assert.equal(h.region('steering'), 'Paused');
    assert.deepEqual(
      ofType(orders, 'NOTE_WOULD_SWITCH').map((o) => `${o.kind} ${o.to}`),
      [`failover ${B}`, `first ${B}`],
    );
    assert.ok(ofType(orders, 'RAISE_ALARM').some((o) => o.alarm === 'target_down'));
    assert.ok(!ofType(orders, 'RAISE_ALARM').some((o) => o.alarm === 'record_unacknowledged'));
    assert.ok(ofType(orders, 'NOTE_VERDICT').length > 0);
  });

  it('follows what the other tool does with the route', () => {
    const h = createHost({ shadow: true });
    h.pass(sec(5));
    h.world.table = [entry('10.10.85.16')];
    h.read();
    assert.deepEqual([h.context().target, h.access()], [B, 'BackToNormal']);
    h.world.table = [entry('10.10.85.15')];
    h.read();
    assert.equal(h.access(), 'Normal');
  });

  it('says nothing of a first route before warm_up is over or the table is known', () => {
    const h = createHost({ shadow: true, table: null });
    h.pass(sec(5));
    assert.deepEqual(ofType(h.orders(), 'NOTE_WOULD_SWITCH'), []);
    h.world.table = [];
    h.read();
    assert.equal(ofType(h.orders(), 'NOTE_WOULD_SWITCH')[0]?.kind, 'first');
  });
});

describe('steering: planned work', () => {
  it('home going down while the host is pinned away is no relapse', () => {
    const h = fresh();
    pinTo(h, B);
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(30));
    h.world.dead.clear();
    h.pass(sec(30));
    assert.deepEqual([h.access(), h.context().memory.relapses], ['BackToNormal', 0]);
  });
});
