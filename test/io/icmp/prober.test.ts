/** The prober against a real kernel: what it reports when the network or its host does this or that. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as passing } from 'node:timers/promises';
import { createNet, type Net } from './netns.ts';
import { type PingFact, planFor, startProbing } from './probing.ts';

const isReplied = (fact: PingFact): boolean => fact.type === 'PING_REPLIED';
const isLost = (fact: PingFact): boolean => fact.type === 'PING_LOST';
const isUnsent = (fact: PingFact): boolean => fact.type === 'PING_UNSENT';

describe('prober', () => {
  let net: Net;
  beforeEach(() => {
    net = createNet();
  });
  afterEach(() => net.close());

  /** The far end no longer hears requests to this address, or hears all again. */
  function silence(ip: string | null): void {
    const rule = ip === null ? '' : `ip daddr ${ip} icmp type echo-request drop`;
    net.filter(net.far, 'input', rule);
  }

  it('reports a reply with its round-trip time for every target that answers', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2', '10.9.0.3', '10.9.1.77']));
    for (const path of ['p2', 'p3', 'p77']) {
      const [fact] = await probing.next((it) => it.path === path && isReplied(it));
      assert(fact?.type === 'PING_REPLIED');
      assert(fact.rttMs > 0 && fact.rttMs < 300, `rtt ${fact.rttMs}`);
      assert.equal(fact.size, 'small');
    }
    const { lost, unsent, forged, duplicate, foreign } = await probing.counters();
    assert.deepEqual(
      { lost, unsent, forged, duplicate, foreign },
      {
        lost: 0,
        unsent: 0,
        forged: 0,
        duplicate: 0,
        foreign: 0,
      },
    );
  });

  it('reports loss of the one target whose far end drops, after the wait learnt from the RTT', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2', '10.9.0.3'], { timeoutMs: 2000 }));
    await probing.next(isReplied, 8);
    silence('10.9.0.3');
    const losses = await probing.next(isLost, 4);
    for (const fact of losses) {
      assert(fact.type === 'PING_LOST' && fact.path === 'p3', JSON.stringify(fact));
      assert(fact.waitedMs >= 99 && fact.waitedMs < 1000, `waited ${fact.waitedMs}`);
    }
    silence(null);
    await probing.next((fact) => fact.path === 'p3' && isReplied(fact), 2);
  });

  it('waits the whole timeout for a target it never heard of', async () => {
    silence('10.9.0.3');
    const probing = await startProbing(net, planFor(['10.9.0.3'], { timeoutMs: 600 }));
    const [fact] = await probing.next(isLost);
    assert(fact?.type === 'PING_LOST' && fact.waitedMs >= 599, JSON.stringify(fact));
  });

  it('reports unsent, not lost, with no route to the target', async () => {
    const probing = await startProbing(net, planFor(['10.99.0.2']));
    const [fact] = await probing.next(() => true);
    assert(fact?.type === 'PING_UNSENT', JSON.stringify(fact));
    assert.equal(fact.error, 'Network is unreachable');
  });

  it('reports unsent when the own firewall refuses, and replies again without a new socket', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2']));
    await probing.next(isReplied);
    net.filter(net.near, 'output', 'meta l4proto icmp drop');
    const [fact] = await probing.next(isUnsent);
    assert(fact?.type === 'PING_UNSENT' && fact.error === 'Operation not permitted');
    net.filter(net.near, 'output', '');
    await probing.next(isReplied);
    const counters = await probing.counters();
    assert.equal(counters.socketReopened, 0);
    assert.equal(counters.lost, 0);
  });

  it('probes at once and at the fast interval when the pace becomes fast', async () => {
    const plan = planFor(['10.9.0.2', '10.9.0.3'], { idleIntervalMs: 600_000 });
    const probing = await startProbing(net, plan);
    probing.send({ do: 'pace', paces: { p2: 'idle', p3: 'idle', nobody: 'fast' } });
    await probing.counters();
    const before = probing.facts.length;
    probing.send({ do: 'pace', paces: { p2: 'fast' } });
    const replies = await probing.next((fact) => isReplied(fact) && fact.path === 'p2', 9);
    const spanMs = (replies[8]?.atMs ?? 0) - (replies[0]?.atMs ?? 0);
    assert(spanMs > 8 * 25 * 0.6 && spanMs < 8 * 25 * 5, `9 replies in ${spanMs} ms`);
    const strangers = probing.facts.slice(before).filter(({ path }) => path !== 'p2');
    assert(strangers.length <= 1, 'an idle target was probed');
  });

  it('sends the next fast probe without waiting for the one before', async () => {
    silence('10.9.0.2');
    const probing = await startProbing(net, planFor(['10.9.0.2'], { timeoutMs: 2000 }));
    probing.send({ do: 'pace', paces: { p2: 'fast' } });
    await probing.next(isLost);
    const { sent } = await probing.counters();
    assert(sent >= 30, `${sent} sent during one wait of 2 s at 25 ms`);
  });

  for (const isFarDead of [false, true]) {
    const far = isFarDead ? 'silent' : 'healthy';
    it(`judges nothing that a stopped process could not hear, ${far} far end`, async () => {
      if (isFarDead) silence('10.9.0.2');
      const plan = planFor(['10.9.0.2'], { intervalMs: 40, timeoutMs: 1000 });
      const probing = await startProbing(net, plan);
      await probing.next(() => true, 5);
      const before = probing.facts.length;
      process.kill(probing.pid, 'SIGSTOP');
      await passing(1500);
      process.kill(probing.pid, 'SIGCONT');
      await probing.next(() => true, 5);
      const counters = await probing.counters();
      for (const fact of probing.facts.slice(before)) {
        assert.equal(fact.type, isFarDead ? 'PING_LOST' : 'PING_REPLIED');
        if (fact.type === 'PING_LOST') assert(fact.waitedMs < 1450, `waited ${fact.waitedMs}`);
      }
      if (isFarDead) assert(counters.discardedByStall > 10, JSON.stringify(counters));
      assert(counters.sent < 37 + 80, `${counters.sent} sent: catch-up sends`);
    });
  }

  it('judges nothing after its own loop was blocked', async () => {
    silence('10.9.0.2');
    const plan = planFor(['10.9.0.2', '10.9.0.3'], { intervalMs: 50, timeoutMs: 400 });
    const probing = await startProbing(net, plan);
    await probing.next(isLost);
    probing.send({ do: 'block', ms: 1000 });
    await probing.next(isLost);
    const losses = probing.facts.filter(isLost);
    assert(losses.every((fact) => fact.path === 'p2'));
    assert(losses.every((fact) => fact.type === 'PING_LOST' && fact.waitedMs < 900));
    assert((await probing.counters()).discardedByStall >= 4);
  });

  it('throws away what is on its way when told to discard the round', async () => {
    silence('10.9.0.2');
    const plan = planFor(['10.9.0.2'], { intervalMs: 50, timeoutMs: 2000 });
    const probing = await startProbing(net, plan);
    while ((await probing.counters()).sent < 5) await passing(20);
    probing.send({ do: 'discardRound' });
    const counters = await probing.counters();
    assert(counters.discarded >= 5 && counters.lost === 0, JSON.stringify(counters));
    await probing.next(isLost);
    const after = await probing.counters();
    assert(after.sent - after.discarded - after.lost > 0);
  });

  it('takes a reload without a new socket and without losing what stays', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2', '10.9.0.3']));
    await probing.next(isReplied, 4);
    const socketsBefore = await probing.sockets();
    const plan = planFor(['10.9.0.3', '10.9.0.4'], { payloadSize: 200, mtu: 1500 });
    probing.send({ do: 'retarget', plan });
    await probing.counters();
    const before = probing.facts.length;
    await probing.next((fact) => fact.path === 'p4' && fact.size === 'full' && isReplied(fact));
    await probing.next((fact) => fact.path === 'p3' && isReplied(fact), 2);
    const since = probing.facts.slice(before);
    assert(
      since.every((fact) => isReplied(fact) && fact.path !== 'p2'),
      JSON.stringify(since),
    );
    assert.deepEqual(await probing.sockets(), socketsBefore);
    assert.equal(socketsBefore.length, 1);
  });

  it('ends its process when closed: no timer and no socket is left', async () => {
    const script = new URL('./child.ts', import.meta.url).pathname;
    const child = net.start(net.near, script, [JSON.stringify(planFor(['10.9.0.2']))]);
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.stdin?.end();
    child.stdout?.resume();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });
});
