/**
 * Replies that are not what was asked for: a far end built by hand answers each probe wrongly in
 * one way. Nothing but the right count may move, and the probe stays unanswered.
 */

import assert from 'node:assert/strict';
import type { Counters } from '../../../src/io/icmp/counters.ts';
import { createNet, type Net } from './netns.ts';
import {
  type PingFact,
  type Probing,
  planFor,
  type Responder,
  startProbing,
  startResponder,
} from './probing.ts';

const TARGET = '10.9.0.2';

const isLost = (fact: PingFact): boolean => fact.type === 'PING_LOST';
const isReplied = (fact: PingFact): boolean => fact.type === 'PING_REPLIED';

describe('prober: replies', () => {
  let net: Net;
  let probing: Probing;
  let responder: Responder;
  before(async () => {
    net = createNet();
    responder = startResponder(net);
    probing = await startProbing(net, planFor([TARGET], { timeoutMs: 100 }));
  });
  after(() => net.close());

  /** Lets the far end answer in this way, and waits until no older probe is on its way. */
  async function answerWith(mode: string): Promise<{ facts: number; counters: Counters }> {
    await responder.answer(mode);
    await probing.next(() => true, 3);
    const counters = await probing.counters();
    return { facts: probing.facts.length, counters };
  }

  const unwanted: [mode: string, count: keyof Counters, what: string][] = [
    ['truncated', 'truncated', 'shorter than the probe'],
    ['headerOnly', 'truncated', 'without payload'],
    ['longer', 'forged', 'longer than the probe'],
    ['cookie', 'forged', 'with another cookie'],
    ['source', 'forged', 'from another address'],
    ['index', 'forged', 'with an index that nobody has'],
    ['sequence', 'forged', 'with a sequence that was never sent'],
    ['headerSequence', 'forged', 'whose two sequences disagree'],
    ['filler', 'forged', 'whose filler was changed'],
    ['checksum', 'badChecksum', 'with a bad checksum'],
    ['id', 'foreign', 'with another id'],
    ['code', 'foreign', 'with a code'],
    ['unreachableCut', 'truncated', 'that are errors with a quote cut short'],
    ['unreachableBadChecksum', 'badChecksum', 'that are errors with a bad checksum'],
  ];
  for (const [mode, count, what] of unwanted) {
    it(`counts replies ${what} as ${count}, and they change nothing`, async () => {
      const start = await answerWith(mode);
      const losses = await probing.next(isLost, 3);
      assert(losses.every((fact) => !('hint' in fact)));
      assert(!probing.facts.slice(start.facts).some(isReplied), 'a bad reply was believed');
      const counters = await probing.counters();
      assert(counters[count] - start.counters[count] >= 2, JSON.stringify(counters));
      const others = [
        'forged',
        'truncated',
        'badChecksum',
        'foreign',
        'duplicate',
        'late',
      ] as const;
      for (const other of others.filter((it) => it !== count)) {
        assert.equal(counters[other], start.counters[other], other);
      }
    });
  }

  it('accepts a reply that carries IP options', async () => {
    await answerWith('options');
    await probing.next(isReplied, 2);
  });

  it('reports one reply when each comes twice, and counts the duplicates', async () => {
    const start = await answerWith('duplicate');
    await probing.next(isReplied, 4);
    const counters = await probing.counters();
    assert(counters.duplicate - start.counters.duplicate >= 2, JSON.stringify(counters));
    assert.equal(counters.lost, start.counters.lost);
    assert.equal(counters.replies, probing.facts.filter(isReplied).length);
  });

  it('leaves the loss standing when the reply comes late, and counts it', async () => {
    const start = await answerWith('late');
    await probing.next(isLost, 5);
    assert(!probing.facts.slice(start.facts).some(isReplied));
    const counters = await probing.counters();
    assert(counters.late - start.counters.late >= 2, JSON.stringify(counters));
    assert.equal(counters.forged, start.counters.forged);
  });

  it('gives an ICMP unreachable as the hint of the loss, not before the wait is over', async () => {
    const start = await answerWith('unreachable');
    const [fact] = await probing.next(isLost, 2);
    assert(fact?.type === 'PING_LOST');
    assert.equal(fact.hint, `host unreachable from ${TARGET}`);
    assert(fact.waitedMs >= 99, `waited ${fact.waitedMs}`);
    assert((await probing.counters()).icmpErrors > start.counters.icmpErrors);
  });

  it('gives the next-hop MTU of "fragmentation needed" as the hint', async () => {
    await answerWith('fragNeeded');
    const [fact] = await probing.next(isLost);
    assert(fact?.type === 'PING_LOST');
    assert.equal(fact.hint, `fragmentation needed, next-hop MTU 1400, from ${TARGET}`);
  });
});
