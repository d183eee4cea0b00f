/**
 * One raw ICMP socket: the only file that knows the raw-socket package and its native object.
 * It moves bytes; it does not know what they mean, and line.ts decides when to open a new one.
 *
 * Why not the package's own `send` and `message`: its sends wait for the event loop and starve
 * behind a flood of replies, and its reads come one per loop turn only, so that after a pause
 * timers would judge probes whose replies already lie in the socket. Here a send is a system call,
 * and `drain` reads whatever is there. One read per readable event otherwise: reading until empty
 * each time would pay an exception (EAGAIN) per packet.
 * The descriptor is marked close-on-exec, which the package forgets: a long-lived child would
 * otherwise hold the socket and its queue.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'raw-socket';
import { HEARD_TYPES } from './packet.ts';

const IPPROTO_ICMP = 1;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_PRIORITY = 12;
const SO_RCVBUFFORCE = 33;
const IPPROTO_IP = 0;
const IP_MTU_DISCOVER = 10;
/** Never set DF: the kernel fragments what is larger than the MTU. */
const IP_PMTUDISC_DONT = 0;
/** Set DF and ignore the kernel's cached path MTU, which can be stale for ten minutes. */
const IP_PMTUDISC_PROBE = 3;
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const FD_CLOEXEC = 1;
/** Above interactive; the highest that needs no CAP_NET_ADMIN. */
const PRIORITY = 6;

/** The default of 212992 holds 256 small replies, or 13 of 9000 bytes; the rest is lost silently. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** The largest IPv4 packet: nothing is ever cut off by our own buffer. */
const DATAGRAM_MAX_BYTES = 65535;
/** More packets than that buffer can hold: a drain that read so many has read all there was. */
const DRAIN_LIMIT = 16384;

const NOTHING_THERE = 'Resource temporarily unavailable';
/** The send error that answers a full-size probe: larger than the local MTU. */
export const TOO_LONG = 'Message too long';
/** Send errors that say the descriptor itself is gone. */
const DESCRIPTOR_GONE = new Set(['Bad file descriptor', 'Socket operation on non-socket']);

export interface IcmpSocket {
  /** Sends an ICMP message now. Returns null, or the kernel's error text. Never throws. */
  send(message: Buffer, ip: string, dontFragment: boolean): string | null;
  /** Reads and delivers what has arrived, until nothing is left or `isEnough` says so. */
  drain(isEnough?: () => boolean): void;
  close(): void;
}

export interface IcmpSocketOptions {
  /** One datagram, IPv4 header first. `buffer` is reused: read it before returning. */
  readonly onPacket: (buffer: Buffer, bytes: number, source: string) => void;
  /** The socket is closed and useless. Called once, and not after `close`. */
  readonly onBroken: (error: string) => void;
}

const require = createRequire(import.meta.url);

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function loadPackage(): typeof import('raw-socket') {
  try {
    return require('raw-socket');
  } catch (cause) {
    throw new Error(
      'the raw-socket add-on is not built (npm rebuild raw-socket; npm 12 and later need ' +
        '"allowScripts": {"raw-socket": true} in package.json)',
      { cause },
    );
  }
}

function create(): Socket {
  const rawSocket = loadPackage();
  try {
    return rawSocket.createSocket({ protocol: IPPROTO_ICMP, bufferSize: 1 });
  } catch (cause) {
    const text = textOf(cause);
    const remedy = text === 'Operation not permitted' ? ' (needs root or CAP_NET_RAW)' : '';
    throw new Error(`cannot open a raw ICMP socket: ${text}${remedy}`, { cause });
  }
}

/** Opens a socket with its options set. Throws an Error with a message for the operator. */
export function openIcmpSocket({ onPacket, onBroken }: IcmpSocketOptions): IcmpSocket {
  const socket = create();
  const { wrap } = socket;
  const buffer = Buffer.alloc(DATAGRAM_MAX_BYTES);
  let isOpen = true;
  let discoverMode = -1;
  let sentBytes = 0;

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    socket.close();
  }

  function breakDown(error: string): void {
    if (!isOpen) return;
    close();
    onBroken(error);
  }

  function noteSent(bytes: number): void {
    sentBytes = bytes;
  }

  /** One datagram. False when there was none. */
  function receive(): boolean {
    try {
      wrap.recv(buffer, onPacketRead);
    } catch (error) {
      const text = textOf(error);
      if (text !== NOTHING_THERE) breakDown(`receive: ${text}`);
      return false;
    }
    return true;
  }

  let readBytes = 0;
  let readFrom = '';
  // Only takes notes: an exception of the receiver must not look like a receive error.
  function onPacketRead(_buffer: Buffer, bytes: number, source: string): void {
    readBytes = bytes;
    readFrom = source;
  }

  function receiveAndDeliver(): boolean {
    if (!isOpen || !receive()) return false;
    onPacket(buffer, readBytes, readFrom);
    return isOpen;
  }

  // After a poll error the package emits `error` with undefined and closes itself.
  socket.on('error', () => breakDown('poll error on the raw socket'));
  socket.on('close', () => breakDown('the raw socket closed itself'));
  wrap.removeAllListeners('recvReady');
  wrap.on('recvReady', receiveAndDeliver);
  try {
    setOptions(socket);
    markCloseOnExec();
  } catch (cause) {
    close();
    throw new Error(`cannot set up the raw ICMP socket: ${textOf(cause)}`, { cause });
  }

  return {
    send(message, ip, dontFragment) {
      // The package would silently open a new socket, without any of our options.
      if (!isOpen) return 'socket is closed';
      const mode = dontFragment ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT;
      try {
        if (mode !== discoverMode) {
          socket.setOption(IPPROTO_IP, IP_MTU_DISCOVER, mode);
          discoverMode = mode;
        }
        wrap.send(message, 0, message.length, ip, noteSent);
      } catch (error) {
        const text = textOf(error);
        if (DESCRIPTOR_GONE.has(text)) breakDown(`send: ${text}`);
        return text;
      }
      return sentBytes === message.length ? null : `sent ${sentBytes} of ${message.length} bytes`;
    },
    drain(isEnough = () => false) {
      for (let read = 0; read < DRAIN_LIMIT && !isEnough(); read++) {
        if (!receiveAndDeliver()) return;
      }
    },
    close,
  };
}

function setOptions(socket: Socket): void {
  let dropped = 0xffffffff;
  for (const type of HEARD_TYPES) dropped &= ~(1 << type);
  socket.setOption(SOL_RAW, ICMP_FILTER, dropped >>> 0);
  socket.setOption(SOL_SOCKET, SO_PRIORITY, PRIORITY);
  try {
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
  } catch {
    // Without CAP_NET_ADMIN: as much as net.core.rmem_max allows.
    socket.setOption(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
  }
}

/** inode -> packets dropped for lack of buffer, of every raw socket in this network namespace. */
function readRawSockets(): Map<string, number> {
  const rows = readFileSync('/proc/self/net/raw', 'utf8').trim().split('\n').slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return new Map(fields.map((row) => [row[9] ?? '', Number(row[12] ?? 0)]));
}

/** This process' descriptors that are raw sockets, with their drop counts. */
function ownRawSockets(): { fd: number; drops: number }[] {
  const raw = readRawSockets();
  const own: { fd: number; drops: number }[] = [];
  for (const name of readdirSync('/proc/self/fd')) {
    const drops = raw.get(inodeOf(name) ?? '');
    if (drops !== undefined) own.push({ fd: Number(name), drops });
  }
  return own;
}

function inodeOf(fdName: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fdName}`))?.[1] ?? null;
  } catch {
    // The directory's own descriptor is listed, and gone by now.
    return null;
  }
}

function markCloseOnExec(): void {
  const { fcntlSync } = require('fs-ext') as typeof import('fs-ext');
  for (const { fd } of ownRawSockets()) fcntlSync(fd, 'setfd', FD_CLOEXEC);
}

/** Packets the kernel dropped because raw sockets of this process were full; 0 if unreadable. */
export function readOverrun(): number {
  try {
    return ownRawSockets().reduce((sum, { drops }) => sum + drops, 0);
  } catch {
    // No /proc: a figure for people is missing, nothing else.
    return 0;
  }
}

/** Why no raw ICMP socket can be opened here, for people; null when it can. For start and doctor. */
export function rawSocketProblem(): string | null {
  const ignore = (): void => undefined;
  try {
    openIcmpSocket({ onPacket: ignore, onBroken: ignore }).close();
    return null;
  } catch (error) {
    return textOf(error);
  }
}
