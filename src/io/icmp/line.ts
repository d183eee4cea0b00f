/**
 * A raw socket that stays open: opened anew when it breaks, when it could not be opened, and once
 * when it is suspected deaf. It knows nothing of probes.
 *
 * Deaf: sends succeed, and for a while nothing at all is heard from anybody. That is what a dead
 * network looks like too, so the remedy must be harmless: the new socket is opened before the old
 * one is read out and closed (each gets every packet), and this happens at most once a minute.
 */

import type { Clock } from '../report.ts';
import { type IcmpSocket, type IcmpSocketOptions, openIcmpSocket } from './socket.ts';

const RETRY_MS = 1000;
const DEAF_REOPEN_MS = 60_000;

export interface Line {
  /** Returns null, or why the message could not be sent. Never throws. */
  send(message: Buffer, ip: string, dontFragment: boolean): string | null;
  drain(): void;
  /** How often the socket was opened again. */
  reopened(): number;
  close(): void;
}

export interface LineOptions {
  readonly clock: Clock;
  /** Silence after which a sending socket is suspected deaf. */
  readonly deafAfterMs: number;
  readonly onPacket: IcmpSocketOptions['onPacket'];
  /** The socket broke: replies on their way may be lost. */
  readonly onBroken: () => void;
}

export function createLine(options: LineOptions): Line {
  const { clock, deafAfterMs } = options;
  let socket: IcmpSocket | null = null;
  let problem = 'not opened yet';
  let retryAtMs = Number.NEGATIVE_INFINITY;
  let openings = 0;
  /** Since when we send into silence; null: something was heard after the last send. */
  let silentSinceMs: number | null = null;
  let deafReopenAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  function onPacket(buffer: Buffer, bytes: number, source: string): void {
    silentSinceMs = null;
    options.onPacket(buffer, bytes, source);
  }

  function open(nowMs: number): IcmpSocket | null {
    retryAtMs = nowMs + RETRY_MS;
    try {
      const opened = openIcmpSocket({ onPacket, onBroken });
      openings += 1;
      return opened;

      // A deaf socket that breaks while it is read out is no longer the current one.
      function onBroken(error: string): void {
        if (socket !== opened) return;
        problem = error;
        socket = null;
        options.onBroken();
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  function replaceDeaf(nowMs: number): void {
    deafReopenAtMs = nowMs + DEAF_REOPEN_MS;
    const deaf = socket;
    const fresh = open(nowMs);
    if (fresh === null || deaf === null) return;
    socket = fresh;
    deaf.drain();
    deaf.close();
  }

  return {
    send(message, ip, dontFragment) {
      if (isClosed) return 'closed';
      const nowMs = clock.nowMs();
      if (socket === null && nowMs >= retryAtMs) socket = open(nowMs);
      if (socket === null) return problem;
      const isDeaf = silentSinceMs !== null && nowMs - silentSinceMs > deafAfterMs;
      if (isDeaf && nowMs >= deafReopenAtMs) replaceDeaf(nowMs);
      const error = socket.send(message, ip, dontFragment);
      if (error === null) silentSinceMs ??= nowMs;
      return error;
    },
    drain() {
      socket?.drain();
    },
    reopened() {
      return Math.max(0, openings - 1);
    },
    close() {
      isClosed = true;
      socket?.close();
      socket = null;
    },
  };
}
