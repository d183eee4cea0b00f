/** The wait for a reply, with a far end that answers after a known delay. */

import assert from 'node:assert/strict';
import { createNet, type Net } from './netns.ts';
import { type PingFact, planFor, type Responder, startProbing, startResponder } from './probing.ts';

const isReplied = (fact: PingFact): boolean => fact.type === 'PING_REPLIED';
const isLost = (fact: PingFact): boolean => fact.type === 'PING_LOST';

describe('prober: waits', () => {
  let net: Net;
  let responder: Responder;
  beforeEach(() => {
    net = createNet();
    responder = startResponder(net);
  });
  afterEach(() => net.close());

  it('measures the delay of the far end', async () => {
    await responder.answer('delayed');
    const probing = await startProbing(net, planFor(['10.9.0.2']));
    const replies = await probing.next(isReplied, 5);
    for (const fact of replies) {
      assert(fact.type === 'PING_REPLIED' && fact.rttMs >= 19.5 && fact.rttMs < 200);
    }
  });

  // Timers run before the socket is polled: after a short pause of this process the deadline of a
  // probe is past while its reply waits to be read. Too short to be a stall, it must not be a loss.
  it('judges no probe whose reply lies in the socket already', async () => {
    await responder.answer('delayed');
    const plan = planFor(['10.9.0.2'], { intervalMs: 10, timeoutMs: 400, minTimeoutMs: 60 });
    const probing = await startProbing(net, plan);
    await probing.next(isReplied, 20);
    for (let round = 0; round < 10; round++) {
      probing.send({ do: 'block', ms: 80 });
      await probing.next(isReplied, 15);
    }
    // Not a single one by this process; a busy machine may hold up the far end's answer itself.
    const { lost } = await probing.counters();
    assert(lost <= 5, `${lost} lost in ten pauses`);
  });

  // The RTT rises from nothing to 200 ms, above the learnt wait of 100 but below the timeout. If
  // late replies taught nothing, every probe would be lost from now on.
  it('grows with an RTT that rises above it, after the first late reply', async () => {
    await responder.answer('good');
    const probing = await startProbing(net, planFor(['10.9.0.2'], { timeoutMs: 1000 }));
    await probing.next(isReplied, 25);
    await responder.answer('late');
    await probing.next(isLost, 1);
    await probing.next(isReplied, 10);
    const { late, lost } = await probing.counters();
    assert(late >= 1 && late <= 8 && lost <= 8, `${late} late of ${lost} lost`);
  });

  it('is over sooner at pace fast', async () => {
    await responder.answer('good');
    const probing = await startProbing(net, planFor(['10.9.0.2'], { timeoutMs: 1000 }));
    await probing.next(isReplied, 25);
    probing.send({ do: 'pace', paces: { p2: 'fast' } });
    await probing.next(isReplied, 5);
    net.filter(net.far, 'input', 'icmp type echo-request drop');
    const [, second] = await probing.next(isLost, 2);
    assert(second?.type === 'PING_LOST' && second.waitedMs >= 49 && second.waitedMs < 99);
  });
});
