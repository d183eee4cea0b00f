/**
 * Live inspection: what the chart does, read by Stately's own client (@statelyai/inspect), and
 * nobody else let in.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createWebSocketReceiver,
  type StatelyActorEvent,
  type StatelyInspectionEvent,
  type StatelySnapshotEvent,
} from '@statelyai/inspect';
import { WebSocket } from 'ws';
import { type Inspection, startInspection } from '../../src/daemon/inspect.ts';
import { createLoop, type Loop } from '../../src/daemon/loop.ts';
import { interpreted } from '../../src/machines/chart.ts';
import { createEngine } from '../../src/machines/decide.ts';
import type { Fact } from '../../src/machines/events.ts';
import { until } from '../io/scratch.ts';
import { threeHosts } from '../sim/settings.ts';

const clock = { nowMs: () => performance.now() };

describe('inspection', () => {
  const logged: string[] = [];
  const say = (text: string): void => void logged.push(text);
  const log = { info: say, warn: say, error: say };
  let inspection: Inspection;
  let loop: Loop;
  let url = '';

  beforeEach(async () => {
    logged.length = 0;
    inspection = await startInspection({ port: 0, host: 'host1', log });
    url = /ws:\/\/\S+/.exec(logged.join())?.[0] ?? '';
    loop = createLoop({
      settings: { ...threeHosts, timers: { ...threeHosts.timers, warmUpMs: 0 } },
      started: { type: 'STARTED', atMs: clock.nowMs(), memory: null, shadow: false },
      clock,
      journal: { fact: () => undefined, order: () => undefined },
      carryOut: () => undefined,
      checkStall: () => undefined,
      engine: createEngine(inspection.watch(interpreted)),
    });
  });
  afterEach(async () => {
    loop.stop();
    await inspection.close();
  });

  const report = (fact: object): void => loop.report({ ...fact, atMs: clock.nowMs() } as Fact);
  const attach = async (): Promise<StatelyInspectionEvent[]> => {
    const events: StatelyInspectionEvent[] = [];
    createWebSocketReceiver({ server: url }).subscribe((event) => events.push(event));
    await until(() => events.length >= 2);
    return events;
  };
  const kinds = (events: readonly StatelyInspectionEvent[]): string[] => events.map((e) => e.type);

  it('Stately’s receiver, attached late, is told the chart and where it stands', async () => {
    report({ type: 'TICK' });
    const events = await attach();
    assert.deepEqual(kinds(events.slice(0, 2)), ['@xstate.actor', '@xstate.snapshot']);
    const [actor, snapshot] = events as [StatelyActorEvent, StatelySnapshotEvent];
    assert.equal(actor.name, 'controller');
    const definition = JSON.parse(actor.definition ?? '');
    assert.equal(definition.type, 'parallel');
    assert.deepEqual(Object.keys(definition.states.access.states), [
      'Normal',
      'Degraded',
      'Rerouted',
      'BackToNormal',
    ]);
    assert.equal(definition.states.access.states.Normal.on.JUDGED.guard, 'targetInDoubt');
    const { value } = snapshot.snapshot as unknown as { value: Record<string, unknown> };
    assert.deepEqual(value, loop.state().snapshot.value);
    for (const { sessionId, rootId, _version } of events) {
      assert.deepEqual([sessionId, rootId, _version], ['reroute:host1', 'reroute:host1', '0.7.2']);
    }
  });

  it('each event of the chart and each step that it led to is told, in order', async () => {
    const events = await attach();
    events.length = 0;
    for (const path of ['scvm1/data', 'scvm2/data']) {
      report({ type: 'SERVICE_ANSWERED', path, rttMs: 1 });
      for (let n = 0; n < 2; n += 1)
        report({ type: 'PING_REPLIED', path, size: 'small', rttMs: 1 });
    }
    report({ type: 'PAUSE_ASKED' });
    const isPause = (e: StatelyInspectionEvent): boolean =>
      e.type === '@xstate.event' && e.event.type === 'PAUSE_ASKED';
    await until(() => events.some(isPause) && events.at(-1)?.type === '@xstate.snapshot');
    const at = events.findIndex(isPause);
    const after = events.slice(at + 1).filter((e) => e.type === '@xstate.snapshot');
    assert.ok(after.length > 0);
    const last = after.at(-1) as StatelySnapshotEvent;
    assert.equal(last.event.type, 'PAUSE_ASKED');
    const shown = last.snapshot as unknown as { status: string; value: { steering: string } };
    assert.deepEqual([shown.status, shown.value.steering], ['active', 'Paused']);
    const probes = events.filter((e) => e.type === '@xstate.event' && e.event.type === 'PROBE');
    assert.ok(probes.length > 0);
  });

  it('a flood of events: some are left out and counted, where they led is told', async () => {
    const events = await attach();
    events.length = 0;
    for (let n = 0; n < 300; n += 1) report({ type: n % 2 === 0 ? 'PAUSE_ASKED' : 'RESUME_ASKED' });
    const leftOut = (e: StatelyInspectionEvent): boolean =>
      e.type === '@xstate.snapshot' && (e.event.type as string) === 'reroute.left_out';
    await until(() => events.some(leftOut));
    // A second may end in the middle of them.
    const told = events.filter((e) => e.type === '@xstate.event');
    assert.ok(told.length <= 210, `${told.length} events`);
    const { event, snapshot } = events.find(leftOut) as StatelySnapshotEvent;
    assert.ok((event as unknown as { count: number }).count >= 90);
    const { value } = snapshot as unknown as { value: Record<string, unknown> };
    assert.deepEqual(value, loop.state().snapshot.value);
  });

  for (const [what, headers] of [
    ['a page from elsewhere', { origin: 'https://evil.example' }],
    ['a name that points here', { host: 'evil.example' }],
  ] as const) {
    it(`${what} is not let in`, async () => {
      const reader = new WebSocket(url, { headers });
      const [error] = await once(reader, 'error');
      assert.match(String(error), /403/);
      assert.match(logged.join(), /a reader was refused/);
    });
  }

  it('a page of this machine is let in, a fifth reader is not, and what readers say is ignored', async () => {
    const four = Array.from(
      { length: 4 },
      () => new WebSocket(url, { origin: 'http://localhost:8080' }),
    );
    await Promise.all(four.map((reader) => once(reader, 'open')));
    const before = loop.facts();
    four[0]?.send('{"type":"PIN_ASKED"}');
    const [error] = await once(new WebSocket(url), 'error');
    assert.match(String(error), /403/);
    assert.equal(loop.facts(), before);
    for (const reader of four) reader.close();
  });

  it('a port that is taken: the chart runs without, and the log says so', async () => {
    const port = Number(new URL(url).port);
    const second = await startInspection({ port, host: 'host1', log });
    assert.match(logged.join('\n'), new RegExp(`inspect: off, port ${port}: .*EADDRINUSE`));
    const watched = second.watch(interpreted);
    const input = {
      settings: threeHosts,
      nowMs: 0,
      shadow: false,
      memory: loop.state().snapshot.context.memory,
    };
    assert.deepEqual(watched.start(input).at.value, interpreted.start(input).at.value);
    await second.close();
  });
});
