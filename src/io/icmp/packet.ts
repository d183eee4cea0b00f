/**
 * ICMP echo requests out, IPv4 datagrams in: bytes to meaning and back (RFC 792; checksum RFC 1071).
 * Pure. It knows nothing of targets, time or sockets; target.ts says whose reply it is.
 *
 * One packet is prebuilt per size and only stamped before each send: the sum over what never
 * changes is kept, so a stamp costs a few additions however long the payload is. Our payload:
 * 8 random bytes of cookie (new for each probe), 4 bytes target index, 4 bytes sequence, filler.
 * The id is looked at before the checksum, so that a flood of other people's replies stays cheap.
 */

import assert from 'node:assert/strict';

export const ICMP_HEADER_BYTES = 8;
export const IP_HEADER_BYTES = 20;
/** Cookie, index and sequence. */
export const PAYLOAD_MIN_BYTES = 16;
/** 65535 less the IPv4 and ICMP headers. */
export const PAYLOAD_MAX_BYTES = 65507;

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const ECHO_REQUEST = 8;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
const PROTOCOL_ICMP = 1;

/** The types that the prober wants to hear; the kernel is told to drop the others. */
export const HEARD_TYPES = [ECHO_REPLY, UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM] as const;

/** What makes one probe different from the next. All are unsigned 32-bit integers. */
export interface Stamp {
  readonly index: number;
  readonly seq: number;
  readonly cookieHi: number;
  readonly cookieLo: number;
}

export interface EchoPacket {
  /** ICMP header and payload, ready to send after `stamp`. Reused: send before the next stamp. */
  readonly bytes: Buffer;
  stamp(stamp: Stamp): void;
}

/** An echo reply with our id and a good checksum; the header's sequence is 16 bits wide. */
export interface EchoReply extends Stamp {
  readonly kind: 'reply';
  readonly headerSeq: number;
  readonly payloadAt: number;
  readonly payloadBytes: number;
}

/** An ICMP error that quotes an echo request with our id. Its sender is not authenticated. */
export interface IcmpError {
  readonly kind: 'error';
  readonly type: number;
  readonly code: number;
  /** Next-hop MTU of "fragmentation needed" (RFC 1191), otherwise meaningless. */
  readonly mtu: number;
  /** Destination of the quoted request, dotted IPv4. */
  readonly dst: string;
  readonly headerSeq: number;
}

export type Parsed =
  | EchoReply
  | IcmpError
  | { readonly kind: 'truncated' }
  | { readonly kind: 'badChecksum' }
  | { readonly kind: 'foreign' };

const TRUNCATED: Parsed = { kind: 'truncated' };
const BAD_CHECKSUM: Parsed = { kind: 'badChecksum' };
const FOREIGN: Parsed = { kind: 'foreign' };

function sumWords(bytes: Buffer, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 1 < end; at += 2) sum += bytes.readUInt16BE(at);
  // An odd last byte counts as the high half of a word padded with zero (RFC 1071 section 4.1).
  if (at < end) sum += bytes.readUInt8(at) << 8;
  return sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** RFC 1071 checksum of `bytes[start..end)`; 0 when the range already holds a good one. */
export function checksum(bytes: Buffer, start = 0, end = bytes.length): number {
  return ~fold(sumWords(bytes, start, end)) & 0xffff;
}

/** What follows the stamp in every payload, by payload offset. Not constant: shifted bytes show. */
const FILLER = Buffer.from(
  Array.from({ length: PAYLOAD_MAX_BYTES }, (_, at) => (at * 7 + 0x5a) & 0xff),
);

/** A prebuilt request. `id` 0..65535, `payloadBytes` 16..65507. */
export function createEchoPacket(id: number, payloadBytes: number): EchoPacket {
  assert(payloadBytes >= PAYLOAD_MIN_BYTES && payloadBytes <= PAYLOAD_MAX_BYTES, 'payload size');
  const bytes = Buffer.alloc(ICMP_HEADER_BYTES + payloadBytes);
  bytes.writeUInt8(ECHO_REQUEST, 0);
  bytes.writeUInt16BE(id, 4);
  FILLER.copy(bytes, ICMP_HEADER_BYTES + PAYLOAD_MIN_BYTES, PAYLOAD_MIN_BYTES, payloadBytes);
  const fixedSum = sumWords(bytes, 0, bytes.length);
  const stampEnd = ICMP_HEADER_BYTES + PAYLOAD_MIN_BYTES;
  return {
    bytes,
    stamp({ index, seq, cookieHi, cookieLo }) {
      const headerSeq = seq & 0xffff;
      bytes.writeUInt16BE(headerSeq, 6);
      bytes.writeUInt32BE(cookieHi, 8);
      bytes.writeUInt32BE(cookieLo, 12);
      bytes.writeUInt32BE(index, 16);
      bytes.writeUInt32BE(seq, 20);
      const sum = fixedSum + headerSeq + sumWords(bytes, ICMP_HEADER_BYTES, stampEnd);
      bytes.writeUInt16BE(~fold(sum) & 0xffff, 2);
    },
  };
}

/** True when the reply's filler, everything after the stamp, came back as it was sent. */
export function isFillerIntact(datagram: Buffer, reply: EchoReply): boolean {
  const from = reply.payloadAt + PAYLOAD_MIN_BYTES;
  const to = reply.payloadAt + reply.payloadBytes;
  return datagram.compare(FILLER, PAYLOAD_MIN_BYTES, reply.payloadBytes, from, to) === 0;
}

/**
 * What the first `bytes` of `datagram`, an IPv4 packet as a raw socket delivers it, mean to the
 * prober with this `id`. Never throws, whatever the bytes are.
 */
export function parseDatagram(datagram: Buffer, bytes: number, id: number): Parsed {
  const end = Math.min(bytes, datagram.length);
  const icmpAt = icmpOffset(datagram, 0, end);
  if (icmpAt === null || end - icmpAt < ICMP_HEADER_BYTES) return TRUNCATED;
  const type = datagram.readUInt8(icmpAt);
  if (type === ECHO_REPLY) {
    const ours = datagram.readUInt16BE(icmpAt + 4) === id && datagram.readUInt8(icmpAt + 1) === 0;
    if (!ours) return FOREIGN;
    if (datagram.readUInt16BE(2) !== end) return TRUNCATED;
    if (checksum(datagram, icmpAt, end) !== 0) return BAD_CHECKSUM;
    return parseReply(datagram, icmpAt, end);
  }
  if (type === UNREACHABLE || type === TIME_EXCEEDED || type === PARAMETER_PROBLEM) {
    return parseError(datagram, icmpAt, end, id);
  }
  return FOREIGN;
}

function icmpOffset(bytes: Buffer, at: number, end: number): number | null {
  if (end - at < IP_HEADER_BYTES) return null;
  const versionAndLength = bytes.readUInt8(at);
  const headerBytes = (versionAndLength & 0x0f) * 4;
  if (versionAndLength >> 4 !== 4 || headerBytes < IP_HEADER_BYTES) return null;
  return at + headerBytes <= end ? at + headerBytes : null;
}

function parseReply(datagram: Buffer, icmpAt: number, end: number): Parsed {
  const payloadAt = icmpAt + ICMP_HEADER_BYTES;
  if (end - payloadAt < PAYLOAD_MIN_BYTES) return TRUNCATED;
  return {
    kind: 'reply',
    headerSeq: datagram.readUInt16BE(icmpAt + 6),
    cookieHi: datagram.readUInt32BE(payloadAt),
    cookieLo: datagram.readUInt32BE(payloadAt + 4),
    index: datagram.readUInt32BE(payloadAt + 8),
    seq: datagram.readUInt32BE(payloadAt + 12),
    payloadAt,
    payloadBytes: end - payloadAt,
  };
}

function parseError(datagram: Buffer, icmpAt: number, end: number, id: number): Parsed {
  const innerAt = icmpAt + ICMP_HEADER_BYTES;
  const innerIcmpAt = icmpOffset(datagram, innerAt, end);
  if (innerIcmpAt === null || end - innerIcmpAt < ICMP_HEADER_BYTES) return TRUNCATED;
  if (datagram.readUInt8(innerAt + 9) !== PROTOCOL_ICMP) return FOREIGN;
  if (datagram.readUInt8(innerIcmpAt) !== ECHO_REQUEST) return FOREIGN;
  if (datagram.readUInt16BE(innerIcmpAt + 4) !== id) return FOREIGN;
  if (datagram.readUInt16BE(2) !== end) return TRUNCATED;
  if (checksum(datagram, icmpAt, end) !== 0) return BAD_CHECKSUM;
  return {
    kind: 'error',
    type: datagram.readUInt8(icmpAt),
    code: datagram.readUInt8(icmpAt + 1),
    mtu: datagram.readUInt16BE(icmpAt + 6),
    dst: datagram.subarray(innerAt + 16, innerAt + 20).join('.'),
    headerSeq: datagram.readUInt16BE(innerIcmpAt + 6),
  };
}

const UNREACHABLE_CODES: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  9: 'network prohibited',
  10: 'host prohibited',
  13: 'communication prohibited',
};

/** One line for people: what the ICMP error said and who said it. */
export function describeIcmpError(error: IcmpError, source: string): string {
  const { type, code, mtu } = error;
  if (type === UNREACHABLE && code === 4) {
    return `fragmentation needed, next-hop MTU ${mtu}, from ${source}`;
  }
  if (type === UNREACHABLE) {
    return `${UNREACHABLE_CODES[code] ?? `unreachable code ${code}`} from ${source}`;
  }
  if (type === TIME_EXCEEDED) return `time exceeded from ${source}`;
  return `ICMP type ${type} code ${code} from ${source}`;
}
