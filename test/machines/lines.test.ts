/** One order as one line for people, and the chain of lines behind the last switch. */

import assert from 'node:assert/strict';
import { follow, noChain } from '../../src/machines/chain.ts';
import { lineOf } from '../../src/machines/lines.ts';
import type { Order } from '../../src/machines/orders.ts';
import { B, createHost, HOME, HOME_M, sec } from './fixture.ts';

const lines = (orders: readonly Order[]): (string | null)[] => orders.map(lineOf);
const failover = (): Order[] => {
  const h = createHost();
  h.pass(sec(5));
  h.world.dead.add(HOME).add(HOME_M);
  h.pass(sec(2));
  return h.orders();
};

describe('lines', () => {
  it('a failover can be read from its lines', () => {
    const text = lines(failover()).filter((l) => l !== null);
    for (const expected of [
      /^path scvm1\/data: suspect -> down, 3 of 3 probes lost/,
      /^access: Normal -> Degraded\.Doubting on PROBE, /,
      /^set route via 10\.10\.85\.16 \(scvm2\/data\)$/,
      /^switched: scvm1\/data -> scvm2\/data \(failover\), /,
      /^break connections to 192\.168\.33\.2$/,
      /^refresh record of uuid-10\.10\.85\.15: 10\.10\.85\.11 192\.168\.85\.11$/,
    ]) {
      assert.ok(
        text.some((l) => expected.test(l)),
        String(expected),
      );
    }
  });

  it('alarms, first routes and held-back switches have lines; paces and memory have none', () => {
    const reason = 'why';
    const orders: Order[] = [
      { type: 'RAISE_ALARM', alarm: 'blind', reason },
      { type: 'CLEAR_ALARM', alarm: 'blind', reason },
      { type: 'NOTE_SWITCH', orderId: 1, from: null, to: B, kind: 'first', reason },
      { type: 'NOTE_WOULD_SWITCH', to: B, kind: 'failover', reason },
      { type: 'PROBE_AT', paces: {}, reason },
    ];
    assert.deepEqual(lines(orders), [
      'alarm blind: why',
      'alarm blind cleared',
      'switched: no target -> scvm2/data (first), why',
      'would switch to scvm2/data (failover), why',
      null,
    ]);
  });
});

describe('chain', () => {
  it('keeps what led to the last switch, from the first doubt to its confirmation', () => {
    const { last, pending } = follow(noChain, failover(), 42);
    assert.match(last.at(-1)?.line ?? '', /^switched: /);
    assert.ok(last.some((n) => /suspect -> down/.test(n.line)));
    assert.ok(![...last, ...pending].some((n) => /^(record|refresh)/.test(n.line)));
    assert.deepEqual([...new Set(last.map((n) => n.atMs))], [42]);
  });

  it('is the same object when nothing was told, and stays bounded when much was', () => {
    assert.equal(follow(noChain, [{ type: 'PROBE_AT', paces: {}, reason: '' }], 1), noChain);
    const note: Order = { type: 'NOTE_VERDICT', path: B, from: 'up', to: 'down', reason: '' };
    const { pending } = follow(noChain, Array(100).fill(note), 1);
    assert.equal(pending.length, 24);
  });
});
