/**
 * Live updates to open pages (server-sent events). It serves the daemon's loop, not the other way
 * round: nothing is made while nobody listens, changes that come close together are one update, an
 * update is made once for all readers, and the time between two grows with what the last one cost,
 * so that showing never takes more than a small share of deciding. A reader that does not read is
 * skipped, then dropped.
 */

import type { ServerResponse } from 'node:http';
import type { Log } from '../io/log.ts';
import type { Provider } from './provider.ts';
import type { Hello, StreamEvents } from './shapes.ts';

export interface StreamOptions {
  readonly provider: Provider;
  readonly hello: () => Hello;
  readonly nowMs: () => number;
  readonly log: Pick<Log, 'warn'>;
  readonly maxReaders?: number;
}

export interface Stream {
  /** False: there are too many readers already, nothing was written. */
  join(out: ServerResponse): boolean;
  readers(): number;
  close(): void;
}

/** At most four scenes a second, at least one. */
const LEAST_GAP_MS = 250;
const IDLE_GAP_MS = 1000;
/** A scene may take one fiftieth of the time. */
const COST_SHARE = 50;
/** Bytes that may wait for a reader before it is skipped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** A reader that read nothing for this long is gone. */
const PATIENCE_MS = 15_000;
const MAX_READERS = 8;

interface Reader {
  readonly out: ServerResponse;
  /** Since when it has been behind; null: it is not. */
  behindSinceMs: number | null;
  missedEntries: boolean;
}

export function createStream(options: StreamOptions): Stream {
  const { provider, hello, nowMs, log, maxReaders = MAX_READERS } = options;
  const readers = new Set<Reader>();
  let unlisten: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let sentAtMs = 0;
  let gapMs = LEAST_GAP_MS;

  function wake(inMs: number): void {
    const at = nowMs() + inMs;
    if (at >= dueAtMs) return;
    if (timer) clearTimeout(timer);
    dueAtMs = at;
    timer = setTimeout(sendScene, inMs);
  }

  function sendScene(): void {
    dueAtMs = Number.POSITIVE_INFINITY;
    if (readers.size === 0) return;
    const began = nowMs();
    dropStuck(began);
    try {
      toAll('scene', provider.scene());
    } catch (error) {
      // Called from a timer: it must not reach the daemon, whose work is another.
      log.warn(`console: nothing can be shown: ${error instanceof Error ? error.message : error}`);
      close();
      return;
    }
    sentAtMs = nowMs();
    gapMs = Math.max(LEAST_GAP_MS, (sentAtMs - began) * COST_SHARE);
    wake(Math.max(IDLE_GAP_MS, gapMs));
  }

  function toAll<T extends keyof StreamEvents>(name: T, body: StreamEvents[T]): void {
    const text = eventText(name, body);
    for (const reader of readers) write(reader, name, text);
  }

  function write(reader: Reader, name: keyof StreamEvents, text: string): void {
    if (reader.out.writableLength > MAX_WAITING_BYTES) {
      reader.behindSinceMs ??= nowMs();
      if (name === 'told') reader.missedEntries = true;
      return;
    }
    reader.behindSinceMs = null;
    if (reader.missedEntries) reader.out.write(eventText('missed', null));
    reader.missedEntries = false;
    reader.out.write(text);
  }

  function dropStuck(now: number): void {
    for (const { behindSinceMs, out } of readers) {
      if (behindSinceMs !== null && now - behindSinceMs > PATIENCE_MS) out.destroy();
    }
  }

  function listen(): void {
    unlisten = provider.listen({
      changed: () => wake(Math.max(0, sentAtMs + gapMs - nowMs())),
      told: (entries) => toAll('told', entries),
      second: (step) => toAll('traffic', step),
    });
  }

  function leave(reader: Reader): void {
    if (!readers.delete(reader) || readers.size > 0) return;
    unlisten?.();
    unlisten = null;
    if (timer) clearTimeout(timer);
    dueAtMs = Number.POSITIVE_INFINITY;
  }

  function close(): void {
    for (const { out } of readers) out.destroy();
  }

  return {
    join(out) {
      if (readers.size >= maxReaders) return false;
      const reader: Reader = { out, behindSinceMs: null, missedEntries: false };
      readers.add(reader);
      out.once('close', () => leave(reader));
      // A reader that went away in the middle of a write is no news.
      out.on('error', () => leave(reader));
      out.write(eventText('hello', hello()));
      out.write(eventText('scene', provider.scene()));
      if (unlisten === null) listen();
      wake(IDLE_GAP_MS);
      return true;
    },
    readers: () => readers.size,
    close,
  };
}

function eventText<T extends keyof StreamEvents>(name: T, body: StreamEvents[T]): string {
  return `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;
}
