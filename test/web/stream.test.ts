/** console stream: many changes are one update, nobody costs nothing, the slow are left behind. */

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Listener, Provider } from '../../src/web/provider.ts';
import type { Entry, Scene } from '../../src/web/shapes.ts';
import { createStream } from '../../src/web/stream.ts';

/** What a browser's connection is to the stream. */
class Out extends EventEmitter {
  writableLength = 0;
  destroyed = false;
  readonly events: { name: string; data: unknown }[] = [];
  write(text: string): boolean {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(text) ?? [];
    this.events.push({ name, data: JSON.parse(data) });
    this.emit(name);
    return true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
  names(): string[] {
    return this.events.map((e) => e.name);
  }
}

const entry: Entry = {
  type: 'RAISE_ALARM',
  alarm: 'blind',
  reason: 'all 2 paths are unknown',
  wallMs: 1,
  atMs: 1,
};

describe('console stream', () => {
  let listener: Listener | null = null;
  let scenes = 0;
  let nowMs = 0;
  let broken = false;
  const warned: string[] = [];
  const provider = {
    scene() {
      scenes += 1;
      if (broken) throw new Error('a programming error');
      return { number: scenes } as unknown as Scene;
    },
    listen(next: Listener) {
      listener = next;
      return () => {
        listener = null;
      };
    },
  } as unknown as Provider;
  const make = (maxReaders = 8) =>
    createStream({
      provider,
      hello: () => ({}) as never,
      nowMs: () => nowMs,
      log: { warn: (text) => warned.push(text) },
      maxReaders,
    });
  const join = (stream: ReturnType<typeof make>): Out => {
    const out = new Out();
    assert.ok(stream.join(out as unknown as ServerResponse));
    return out;
  };

  beforeEach(() => {
    listener = null;
    scenes = 0;
    nowMs = 1e6;
    broken = false;
    warned.length = 0;
  });

  it('a reader gets hello and a scene at once, and scenes while nothing changes', async () => {
    const stream = make();
    const out = join(stream);
    assert.deepEqual(out.names(), ['hello', 'scene']);
    await once(out, 'scene');
    out.destroy();
  });

  it('a thousand changes at once are one scene', async () => {
    const stream = make();
    const out = join(stream);
    const before = scenes;
    for (let n = 0; n < 1000; n += 1) listener?.changed();
    await once(out, 'scene');
    assert.equal(scenes, before + 1);
    out.destroy();
  });

  it('one scene is made for all readers', async () => {
    const stream = make();
    const [one, two] = [join(stream), join(stream)];
    const before = scenes;
    listener?.changed();
    await Promise.all([once(one, 'scene'), once(two, 'scene')]);
    assert.equal(scenes, before + 1);
    one.destroy();
    two.destroy();
  });

  it('without readers nothing is listened to and nothing is made', () => {
    const stream = make();
    const out = join(stream);
    assert.ok(listener);
    out.destroy();
    assert.equal(listener, null);
    assert.equal(stream.readers(), 0);
  });

  it('more readers than the bound are turned away, until one leaves', () => {
    const stream = make(2);
    const outs = [join(stream), join(stream)];
    const third = new Out();
    assert.equal(stream.join(third as unknown as ServerResponse), false);
    assert.deepEqual(third.events, []);
    outs[0]?.destroy();
    assert.equal(stream.join(third as unknown as ServerResponse), true);
    stream.close();
    assert.ok(third.destroyed);
  });

  it('a slow reader is skipped, told that it missed something, and at last dropped', async () => {
    const stream = make();
    const [slow, quick] = [join(stream), join(stream)];
    slow.writableLength = 2 ** 21;
    listener?.told([entry]);
    assert.deepEqual(slow.names(), ['hello', 'scene']);
    assert.deepEqual(quick.names(), ['hello', 'scene', 'told']);
    slow.writableLength = 0;
    listener?.told([entry]);
    assert.deepEqual(slow.names(), ['hello', 'scene', 'missed', 'told']);
    slow.writableLength = 2 ** 21;
    listener?.told([entry]);
    nowMs += 16_000;
    listener?.changed();
    await once(quick, 'scene');
    assert.ok(slow.destroyed);
    assert.ok(!quick.destroyed);
    quick.destroy();
  });

  it('an error while a scene is made ends the streams, never the daemon', async () => {
    const stream = make();
    const out = join(stream);
    broken = true;
    listener?.changed();
    await once(out, 'close');
    assert.match(warned.join(), /nothing can be shown: a programming error/);
    assert.equal(stream.readers(), 0);
  });
});
