/** S8 and S9 on hand-made traces: what counts as a switch, and what counts as a reason. */

import assert from 'node:assert/strict';
import { orderIsNotFact } from '../../src/laws/s8-order-is-not-fact.ts';
import { explained } from '../../src/laws/s9-explained.ts';
import type { Order } from '../../src/machines/orders.ts';
import { via } from './cluster.ts';
import { begun, createTape, type Tape } from './tape.ts';

const none: string[] = [];
const home = 'scvm1/data';
const away = 'scvm2/data';
const ticks = (tape: Tape, n: number): Tape => {
  for (let i = 0; i < n; i += 1) tape.pass(1000).fact({ type: 'TICK' });
  return tape;
};
const unconfirmed = { type: 'RAISE_ALARM', alarm: 'route_unconfirmed', reason: 'refused' } as const;
const note = { type: 'NOTE_SWITCH', orderId: 1, from: home, to: away, kind: 'failover' } as const;
const cut = { type: 'BREAK_CONNECTIONS', orderId: 1, nfsIp: '192.168.33.2', reason: 'x' } as const;

describe('law S8', () => {
  it('is obeyed by a switch that was read back, and by failures that are told or retried', () => {
    const good = begun().set(away, 'failover').confirm(away, 'failover', home).order(cut);
    assert.deepEqual(ticks(good, 20).breaches(orderIsNotFact), none);
    const told = begun().set(away, 'failover');
    told.fact({ type: 'ROUTE_REFUSED', orderId: 1, error: 'EPERM' }).order(unconfirmed);
    assert.deepEqual(ticks(told, 20).breaches(orderIsNotFact), none);
    const given = begun()
      .set(away, 'failover')
      .read([via(home)], 1);
    given.order({ type: 'READ_ROUTE', orderId: 2, reason: 'given up' });
    assert.deepEqual(ticks(given, 20).breaches(orderIsNotFact), none);
  });

  const odd = { ...via(away), plain: false };
  const wrong: Record<string, Tape> = {
    'the table still leads elsewhere': begun()
      .set(away, 'failover')
      .read([via(home)], 1),
    'two entries stand': begun()
      .set(away, 'failover')
      .read([via(away), via(home)], 1),
    'the entry is no plain one': begun().set(away, 'failover').read([odd], 1),
    'nothing was read': begun().set(away, 'failover').fact({ type: 'TICK' }),
    'nothing was ordered': begun().read([via(away)]),
  };
  for (const [name, tape] of Object.entries(wrong)) {
    it(`is broken by a switch counted although ${name}`, () => {
      const says = tape.order({ ...note, reason: 'x' }).breaches(orderIsNotFact);
      assert.match(says[0] ?? '', /counted the switch to scvm2.data/);
    });
  }

  it('is broken by connections broken, or a heartbeat moved, before the table says so', () => {
    assert.match(begun().set(away, 'pin').order(cut).breaches(orderIsNotFact).join(), /broke/);
    const moved = { type: 'REPORT_TO', ip: '10.10.85.16', path: away, reason: 'x' } as const;
    const early = begun()
      .set(away, 'pin')
      .read([via(home)], 1)
      .order(moved)
      .breaches(orderIsNotFact);
    assert.match(early.join(), /moved the heartbeat to scvm2.data, but the table uses/);
  });

  it('is broken by a refusal, and by a silence, that nobody hears of', () => {
    const refused = begun().set(away, 'failover');
    refused.fact({ type: 'ROUTE_REFUSED', orderId: 1, error: 'EPERM' });
    const says = ticks(refused, 20).breaches(orderIsNotFact);
    assert.match(says.join(), /denied and is neither retried nor reported/);
    const silent = ticks(begun().set(away, 'failover'), 9).breaches(orderIsNotFact);
    assert.match(silent.join(), /unanswered for \d+ ms/);
  });
});

describe('law S9', () => {
  const said = (order: Order): string =>
    createTape().start().order(order).breaches(explained).join();
  const moved = (reason: string): Order => {
    const where = { region: 'access', from: 'Normal', to: 'Degraded.Doubting' } as const;
    return { type: 'NOTE_TRANSITION', ...where, event: 'PROBE', reason };
  };

  it('is obeyed by reasons with their figures, and by good news without', () => {
    assert.equal(said(moved('scvm1/data is down: 3 of 3 probes lost in 520 ms')), '');
    assert.equal(said(moved('scvm1/data is up: ping replies')), '');
    assert.equal(said(moved('no target')), '');
    assert.equal(said({ ...cut, reason: 'the route left' }), '');
  });

  it('is broken by an empty reason, and by one whose only digits are names', () => {
    assert.match(said({ ...cut, reason: ' ' }), /BREAK_CONNECTIONS without a reason/);
    assert.match(said(moved('scvm1/data is down: lost, not 10.10.85.16')), /without a figure/);
    const tape = begun().order({
      type: 'SET_ROUTE',
      orderId: 1,
      path: away,
      kind: 'failover',
      nfsIp: '192.168.33.2',
      gateway: via(away).gateway ?? '',
      remove: [],
      also: [],
      reason: 'scvm1/data is down',
    });
    assert.match(tape.breaches(explained).join(), /SET_ROUTE without a figure/);
  });
});
