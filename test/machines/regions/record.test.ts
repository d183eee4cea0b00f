/** Region record: refreshed until acknowledged, after each change of route, session or address. */

import assert from 'node:assert/strict';
import { B, createHost, HOME, HOME_M, min, ofType, sec, session } from '../fixture.ts';

type Host = ReturnType<typeof createHost>;
const asked = (h: Host) => ofType(h.orders(), 'REFRESH_RECORD');
const current = (): Host => {
  const h = createHost();
  h.pass(sec(5));
  h.orders();
  assert.equal(h.region('record'), 'Current');
  return h;
};
const restarted = [
  session('10.10.85.15', { uuid: 'second', ageMs: 0 }),
  session('10.10.85.16'),
  session('10.10.85.17'),
];

describe('record: when', () => {
  it('as soon as the local session and the own addresses are known', () => {
    const h = createHost();
    assert.equal(h.region('record'), 'Unlisted');
    h.pass(sec(3));
    const [order, ...more] = asked(h);
    assert.deepEqual(
      [order?.uuid, order?.clientIps, more],
      ['uuid-10.10.85.15', ['10.10.85.11', '192.168.85.11'], []],
    );
    assert.equal(h.region('record'), 'Current');
  });

  it('never again while nothing changes', () => {
    const h = current();
    h.pass(min(5));
    assert.deepEqual(asked(h), []);
  });

  it('after each change of the route', () => {
    const h = current();
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.equal(asked(h).length, 1);
    assert.equal(h.context().target, B);
  });

  it('after a new local session, and not after somebody else’s', () => {
    const h = current();
    h.world.sessions = restarted.map((x) =>
      x.ip === '10.10.85.16' ? { ...x, uuid: 'other' } : { ...x, uuid: `uuid-${x.ip}` },
    );
    h.pass(sec(3));
    assert.deepEqual(asked(h), []);
    h.world.sessions = restarted;
    h.pass(sec(3));
    assert.deepEqual(
      asked(h).map((o) => o.uuid),
      ['second'],
    );
  });

  it('after a change of the own addresses', () => {
    const h = current();
    const link = { device: 'eth1', up: true, source: '10.10.85.99' };
    h.tell({ type: 'LINKS_READ', byPath: { [HOME]: link } });
    assert.deepEqual(
      asked(h).map((o) => o.clientIps),
      [['10.10.85.99']],
    );
  });
});

describe('record: until acknowledged', () => {
  it('a refusal is repeated after a growing pause, with the count in its reason', () => {
    const h = createHost();
    h.world.record = 'refused';
    h.pass(sec(40));
    const orders = asked(h);
    assert.ok(orders.length >= 5 && orders.length <= 8, `${orders.length} in 40 s`);
    assert.match(orders[2]?.reason ?? '', /2 refused before: EAGAIN/);
    h.world.record = 'ok';
    h.pass(sec(11));
    assert.deepEqual([h.region('record'), h.context().record.refusals], ['Current', 0]);
  });

  it('an answer that never comes is asked for again', () => {
    const h = createHost();
    h.world.record = 'silent';
    h.pass(sec(5));
    assert.equal(asked(h).length, 1);
    h.pass(sec(15));
    assert.equal(asked(h).length, 1);
    assert.match(h.context().record.error, /no answer/);
  });

  it('a stale acknowledgement, of an order that was overtaken, is ignored', () => {
    const h = createHost();
    h.world.record = 'silent';
    h.pass(sec(3));
    const [first] = asked(h);
    h.world.sessions = restarted;
    h.pass(sec(2));
    const [second] = asked(h);
    assert.equal(second?.uuid, 'second');
    h.tell({ type: 'RECORD_ACKNOWLEDGED', orderId: first?.orderId ?? -1 });
    h.tell({ type: 'RECORD_REFUSED', orderId: first?.orderId ?? -1, error: 'late' });
    assert.equal(h.region('record'), 'Asking');
    h.tell({ type: 'RECORD_ACKNOWLEDGED', orderId: second?.orderId ?? -1 });
    assert.equal(h.region('record'), 'Current');
    assert.match(h.context().record.acked, /^second /);
  });

  it('a change while it waits to retry is asked at once', () => {
    const h = createHost();
    h.world.record = 'refused';
    h.pass(sec(20));
    assert.equal(h.region('record'), 'Retrying');
    h.orders();
    h.world.record = 'ok';
    h.world.sessions = restarted;
    h.pass(sec(2));
    assert.equal(h.region('record'), 'Current');
    assert.equal(asked(h).at(-1)?.uuid, 'second');
  });

  it('without a local session there is nobody to tell; it stays owed until there is', () => {
    const h = current();
    h.world.record = 'refused';
    h.world.dead.add(HOME).add(HOME_M);
    h.world.sessions = restarted.slice(1);
    h.pass(sec(40));
    assert.equal(h.region('record'), 'Unlisted');
    assert.notEqual(h.context().record.owedSinceMs, null);
    h.world.record = 'ok';
    h.world.sessions = restarted;
    h.pass(sec(12));
    assert.deepEqual([h.region('record'), h.context().record.owedSinceMs], ['Current', null]);
  });

  it('a move without a known session owes a record as well', () => {
    const h = createHost();
    h.world.sessions = [];
    h.pass(sec(5));
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.equal(h.context().target, B);
    assert.notEqual(h.context().record.owedSinceMs, null);
    assert.deepEqual(asked(h), []);
  });

  it('failing to record never holds up the route', () => {
    const h = current();
    h.world.record = 'silent';
    h.world.dead.add(HOME).add(HOME_M);
    h.pass(sec(1));
    assert.equal(h.context().target, B);
  });
});
