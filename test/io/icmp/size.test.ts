/** Probe sizes: an MTU fault told from a dead target, locally and at the far end. */

import assert from 'node:assert/strict';
import { createNet, type Net } from './netns.ts';
import { type PingFact, planFor, startProbing } from './probing.ts';

const isReplied = (fact: PingFact): boolean => fact.type === 'PING_REPLIED';
const isFull = (fact: PingFact): boolean => fact.size === 'full';
const isSmall = (fact: PingFact): boolean => fact.size === 'small';

describe('prober: sizes', () => {
  let net: Net;
  beforeEach(() => {
    net = createNet();
  });
  afterEach(() => net.close());

  it('sends a full-size probe with every fourth small one, and gets both answered', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2'], { mtu: 1500 }));
    await probing.next((fact) => isFull(fact) && isReplied(fact), 3);
    const smalls = probing.facts.filter(isSmall).length;
    const fulls = probing.facts.filter(isFull).length;
    assert(smalls >= 3 * (fulls - 1) && smalls <= 4 * fulls + 1, `${smalls} small, ${fulls} full`);
    assert(probing.facts.every(isReplied));
  });

  it('sends full-size probes whole, with DF, and small ones without', async () => {
    net.filter(net.far, 'input', 'ip length 1500 ip frag-off & 0x7fff == 0x4000 drop');
    const probing = await startProbing(net, planFor(['10.9.0.2'], { mtu: 1500 }));
    const [full] = await probing.next(isFull);
    assert.equal(full?.type, 'PING_LOST');
    net.filter(net.far, 'input', 'ip frag-off & 0x4000 != 0 drop');
    await probing.next((fact) => isSmall(fact) && isReplied(fact), 3);
  });

  it('reports full-size loss beside small replies when the far end drops large frames', async () => {
    net.filter(net.far, 'input', 'ip length > 1400 drop');
    const probing = await startProbing(net, planFor(['10.9.0.2'], { mtu: 1500 }));
    probing.send({ do: 'pace', paces: { p2: 'fast' } });
    await probing.next(isFull, 6);
    const fulls = probing.facts.filter(isFull);
    assert(fulls.every((fact) => fact.type === 'PING_LOST' && fact.hint === undefined));
    assert(probing.facts.filter(isSmall).every(isReplied));
    net.filter(net.far, 'input', '');
    await probing.next((fact) => isFull(fact) && isReplied(fact));
  });

  it('reports full-size loss with its reason at once when the local MTU is too small', async () => {
    net.run(net.near, 'ip', ['link', 'set', 'v0', 'mtu', '1400']);
    const probing = await startProbing(net, planFor(['10.9.0.2'], { mtu: 1500 }));
    const [full] = await probing.next(isFull);
    assert(full?.type === 'PING_LOST');
    assert.equal(full.hint, 'local MTU is below 1500');
    assert(full.waitedMs < 100, `waited ${full.waitedMs}`);
    assert(probing.facts.filter(isSmall).every(isReplied));
    net.run(net.near, 'ip', ['link', 'set', 'v0', 'mtu', '1500']);
    await probing.next((fact) => isFull(fact) && isReplied(fact));
  });

  it('lets a payload beyond the MTU be fragmented in small probes', async () => {
    const probing = await startProbing(net, planFor(['10.9.0.2'], { payloadSize: 20_000 }));
    await probing.next((fact) => isSmall(fact) && isReplied(fact), 2);
  });

  it('reads jumbo replies whole', async () => {
    net.run(net.near, 'ip', ['link', 'set', 'v0', 'mtu', '9000']);
    net.run(net.far, 'ip', ['link', 'set', 'v0', 'mtu', '9000']);
    const probing = await startProbing(net, planFor(['10.9.0.2'], { mtu: 9000 }));
    await probing.next((fact) => isFull(fact) && isReplied(fact), 2);
    assert.equal((await probing.counters()).truncated, 0);
  });
});
