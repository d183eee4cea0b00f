/**
 * A far end that answers echo requests by hand, well or badly, as the last line on stdin says. The
 * kernel's own replies must be turned off. Packets are built here from scratch, IPv4 header
 * included, so that a fault in the prober's own builder cannot hide itself.
 */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const rawSocket = createRequire(import.meta.url)('raw-socket') as typeof import('raw-socket');

interface Request {
  /** ICMP header and payload. */
  readonly icmp: Buffer;
  readonly from: string;
  readonly to: string;
}

interface Answer {
  icmp: Buffer;
  source: string;
  afterMs?: number;
  /** IPv4 options, a multiple of 4 bytes. */
  options?: Buffer;
  keepChecksum?: boolean;
}

/** RFC 1071, the plain way. */
function checksum(bytes: Buffer): number {
  const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 2) sum += padded.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum >>> 16) + (sum & 0xffff);
  return ~sum & 0xffff;
}

/** A good reply with some of its ICMP bytes changed before the checksum is made. */
function reply({ icmp, to }: Request, change: (icmp: Buffer) => Buffer | undefined): Answer {
  const answer = Buffer.from(icmp);
  answer.writeUInt8(0, 0);
  return { icmp: change(answer) ?? answer, source: to };
}

function xor(at: number): (icmp: Buffer) => undefined {
  return (icmp) => {
    icmp.writeUInt8(icmp.readUInt8(at) ^ 0xff, at);
    return undefined;
  };
}

function good(request: Request): Answer {
  return reply(request, () => undefined);
}

/** An ICMP error that quotes the request's first bytes behind a minimal IPv4 header. */
function unreachable(request: Request, code: number, mtu: number, quotedBytes: number): Answer {
  const header = Buffer.from([3, code, 0, 0, 0, 0, mtu >> 8, mtu & 0xff]);
  const inner = ipv4(request.icmp, request.from, request.to, Buffer.alloc(0));
  return { icmp: Buffer.concat([header, inner.subarray(0, quotedBytes)]), source: request.to };
}

const MODES: Readonly<Record<string, (request: Request) => Answer[]>> = {
  good: (request) => [good(request)],
  options: (request) => [{ ...good(request), options: Buffer.from([1, 1, 1, 0]) }],
  duplicate: (request) => [good(request), good(request)],
  delayed: (request) => [{ ...good(request), afterMs: 20 }],
  late: (request) => [{ ...good(request), afterMs: 200 }],
  source: (request) => [{ ...good(request), source: '10.9.0.9' }],
  truncated: (request) => [reply(request, (icmp) => icmp.subarray(0, icmp.length - 8))],
  headerOnly: (request) => [reply(request, (icmp) => icmp.subarray(0, 8))],
  longer: (request) => [reply(request, (icmp) => Buffer.concat([icmp, Buffer.alloc(8)]))],
  id: (request) => [reply(request, xor(4))],
  headerSequence: (request) => [reply(request, xor(7))],
  cookie: (request) => [reply(request, xor(8))],
  index: (request) => [reply(request, xor(19))],
  sequence: (request) => [reply(request, xor(20))],
  filler: (request) => [reply(request, xor(40))],
  code: (request) => [reply(request, (icmp) => void icmp.writeUInt8(5, 1))],
  checksum: (request) => {
    const answer = good(request);
    answer.icmp.writeUInt16BE((checksum(answer.icmp) ^ 0x5555) & 0xffff, 2);
    return [{ ...answer, keepChecksum: true }];
  },
  unreachable: (request) => [unreachable(request, 1, 0, 28)],
  fragNeeded: (request) => [unreachable(request, 4, 1400, 28)],
  unreachableCut: (request) => [unreachable(request, 1, 0, 20)],
  unreachableBadChecksum: (request) => [{ ...unreachable(request, 1, 0, 28), keepChecksum: true }],
};

function ipv4(icmp: Buffer, source: string, destination: string, options: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45 + options.length / 4, 0);
  header.writeUInt16BE(20 + options.length + icmp.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(1, 9);
  header.set(source.split('.').map(Number), 12);
  header.set(destination.split('.').map(Number), 16);
  return Buffer.concat([header, options, icmp]);
}

const IPPROTO_IP = 0;
const IP_HDRINCL = 3;
const socket = rawSocket.createSocket({ protocol: 1 });
socket.setOption(IPPROTO_IP, IP_HDRINCL, 1);
let makeAnswers = (_request: Request): Answer[] => [];

function transmit(answer: Answer, to: string): void {
  if (answer.keepChecksum !== true) {
    answer.icmp.writeUInt16BE(0, 2);
    answer.icmp.writeUInt16BE(checksum(answer.icmp), 2);
  }
  const packet = ipv4(answer.icmp, answer.source, to, answer.options ?? Buffer.alloc(0));
  socket.wrap.send(packet, 0, packet.length, to, (bytes) => assert.equal(bytes, packet.length));
}

socket.on('message', (datagram: Buffer, from: string) => {
  const icmp = Buffer.from(datagram.subarray((datagram.readUInt8(0) & 0x0f) * 4));
  if (icmp.readUInt8(0) !== 8) return;
  const to = datagram.subarray(16, 20).join('.');
  for (const answer of makeAnswers({ icmp, from, to })) {
    if (answer.afterMs === undefined) transmit(answer, from);
    else setTimeout(() => transmit(answer, from), answer.afterMs);
  }
});
const lines = createInterface({ input: process.stdin });
lines.on('line', (mode) => {
  const chosen = MODES[mode];
  assert(chosen, `modes: ${Object.keys(MODES).join(' ')}`);
  makeAnswers = chosen;
  process.stdout.write(`${mode}\n`);
});
lines.on('close', () => process.exit(0));
