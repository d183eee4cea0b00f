import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createDeadline } from '../../../src/io/nfs/deadline.ts';
import { clock, loopback, stall } from './fact-log.ts';

describe('deadline', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  function armed(afterMs: number) {
    let settle: (outcome: string) => void = () => undefined;
    const outcome = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const deadline = createDeadline(clock, (lateMs) => settle(`stalled, late ${lateMs >= 300}`));
    deadline.arm(afterMs, () => settle('acted'));
    return { deadline, outcome, settle };
  }

  it('acts after its whole span even when armed late in a long callback', async () => {
    await new Promise(setImmediate);
    stall(300);
    const startMs = clock.nowMs();
    assert.equal(await armed(400).outcome, 'acted');
    assert.ok(clock.nowMs() - startMs >= 395, `after ${clock.nowMs() - startMs} ms`);
  });

  it('gives data that already lies in the socket its turn before it acts', async () => {
    const host = loopback();
    const server = createServer().listen(0, host);
    cleanups.push(() => server.close());
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const accepted = once(server, 'connection');
    const near = connect(address.port, host);
    const [far] = await accepted;
    cleanups.push(
      () => near.destroy(),
      () => far.destroy(),
    );
    const { deadline, outcome, settle } = armed(50);
    near.on('data', () => {
      deadline.cancel();
      settle('heard');
    });
    far.write('answer');
    stall(120);
    assert.equal(await outcome, 'heard');
  });

  it('calls a stall a stall when it fires far too late', async () => {
    const { outcome } = armed(50);
    stall(450);
    assert.equal(await outcome, 'stalled, late true');
  });
});
