/**
 * One probe to each of many addresses, as fast as the kernel takes them: who answers at all? For
 * people's tools and measurements; the daemon's steady probing is prober.ts. Shares its socket and
 * packets.
 *
 * Sends go out in small chunks with reads between: one burst would fill the receive buffer and
 * would make every RTT as long as the burst. A read stops as soon as nothing is awaited, which
 * saves the exception that an empty socket costs.
 */

import assert from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../report.ts';
import { createCookies } from './cookies.ts';
import { createEchoPacket, isFillerIntact, parseDatagram } from './packet.ts';
import { type IcmpSocket, openIcmpSocket } from './socket.ts';

export interface SweepResult {
  readonly wallMs: number;
  readonly replies: number;
  /** Addresses the kernel refused to send to. */
  readonly unsent: number;
  /** Per address, in the order given; null: no answer. */
  readonly rttsMs: readonly (number | null)[];
}

export interface Sweeper {
  /** Resolves when all answered, or `timeoutMs` after the last send. One sweep at a time. */
  sweep(ips: readonly string[]): Promise<SweepResult>;
  close(): void;
}

export interface SweeperOptions {
  /** ICMP payload, bytes, 16..65507. */
  readonly payloadSize: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const CHUNK = 8;
/** Let the rest of the process run after so many sends, about every 2 ms. */
const YIELD_EVERY = 128;

interface Round {
  readonly ips: readonly string[];
  readonly seq: number;
  readonly cookies: Float64Array;
  readonly sentMs: Float64Array;
  readonly rttsMs: (number | null)[];
  /** Sent and neither answered nor given up. */
  awaited: number;
  replies: number;
  onSettled: () => void;
}

/** Throws an Error with a message for the operator when no raw socket can be opened. */
export function createSweeper({ payloadSize, timeoutMs, clock }: SweeperOptions): Sweeper {
  const nextRandom = createCookies();
  const id = nextRandom() & 0xffff;
  const packet = createEchoPacket(id, payloadSize);
  let round: Round | null = null;
  let seq = 0;
  let broken: string | null = null;
  const socket: IcmpSocket = openIcmpSocket({ onPacket, onBroken });

  function onBroken(error: string): void {
    broken = error;
    round?.onSettled();
  }

  function onPacket(buffer: Buffer, bytes: number, source: string): void {
    const reply = parseDatagram(buffer, bytes, id);
    if (round === null || reply.kind !== 'reply') return;
    const { index } = reply;
    const isAnswer =
      reply.seq === round.seq &&
      round.ips[index] === source &&
      round.rttsMs[index] === null &&
      round.cookies[2 * index] === reply.cookieHi &&
      round.cookies[2 * index + 1] === reply.cookieLo &&
      reply.payloadBytes === payloadSize &&
      isFillerIntact(buffer, reply);
    if (!isAnswer) return;
    round.rttsMs[index] = clock.nowMs() - (round.sentMs[index] ?? 0);
    round.replies += 1;
    round.awaited -= 1;
    if (round.awaited === 0) round.onSettled();
  }

  /** Sends to one address; false when the kernel refused. */
  function send(to: Round, index: number, ip: string): boolean {
    const cookieHi = nextRandom();
    const cookieLo = nextRandom();
    to.cookies[2 * index] = cookieHi;
    to.cookies[2 * index + 1] = cookieLo;
    packet.stamp({ index, seq: to.seq, cookieHi, cookieLo });
    to.sentMs[index] = clock.nowMs();
    if (socket.send(packet.bytes, ip, false) !== null) return false;
    to.awaited += 1;
    return true;
  }

  async function sendAll(to: Round): Promise<number> {
    let unsent = 0;
    for (const [index, ip] of to.ips.entries()) {
      if (!send(to, index, ip)) unsent += 1;
      if (index % CHUNK === CHUNK - 1) socket.drain(() => to.awaited === 0);
      if (index % YIELD_EVERY === YIELD_EVERY - 1) await nextTurn();
    }
    socket.drain(() => to.awaited === 0);
    return unsent;
  }

  async function settle(of: Round): Promise<void> {
    if (of.awaited === 0 || broken !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      of.onSettled = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    socket.drain(() => of.awaited === 0);
  }

  return {
    async sweep(ips) {
      assert.equal(round, null, 'one sweep at a time');
      assert(ips.every(isIPv4), 'dotted IPv4 addresses');
      const startMs = clock.nowMs();
      seq = (seq + 1) >>> 0;
      const now: Round = {
        ips,
        seq,
        cookies: new Float64Array(2 * ips.length),
        sentMs: new Float64Array(ips.length),
        rttsMs: ips.map(() => null),
        awaited: 0,
        replies: 0,
        onSettled: () => undefined,
      };
      round = now;
      const unsent = await sendAll(now);
      await settle(now);
      round = null;
      return { wallMs: clock.nowMs() - startMs, replies: now.replies, unsent, rttsMs: now.rttsMs };
    },
    close() {
      socket.close();
    },
  };
}
