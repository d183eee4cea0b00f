/** Packets as bytes: round trips, the checksum's published example, and a parser that never throws. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  checksum,
  createEchoPacket,
  describeIcmpError,
  type IcmpError,
  isFillerIntact,
  parseDatagram,
  type Stamp,
} from '../../../src/io/icmp/packet.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const stamps: fc.Arbitrary<Stamp> = fc.record({
  index: u32,
  seq: u32,
  cookieHi: u32,
  cookieLo: u32,
});
const payloads = fc.integer({ min: 16, max: 300 });

/** An IPv4 header before these ICMP bytes, as a raw socket delivers it. */
function datagram(icmp: Buffer, destination = [10, 9, 0, 1], options = 0): Buffer {
  const header = Buffer.alloc(20 + 4 * options);
  header.writeUInt8(0x45 + options, 0);
  header.writeUInt16BE(header.length + icmp.length, 2);
  header.writeUInt8(1, 9);
  header.set(destination, 16);
  return Buffer.concat([header, icmp]);
}

function sealed(icmp: Buffer): Buffer {
  icmp.writeUInt16BE(0, 2);
  icmp.writeUInt16BE(checksum(icmp), 2);
  return icmp;
}

/** What an honest far end makes of a request. */
function replyTo(request: Buffer): Buffer {
  const icmp = Buffer.from(request);
  icmp.writeUInt8(0, 0);
  return sealed(icmp);
}

function errorQuoting(request: Buffer, code: number, mtu: number): Buffer {
  const icmp = Buffer.alloc(8 + 28);
  icmp.writeUInt8(3, 0);
  icmp.writeUInt8(code, 1);
  icmp.writeUInt16BE(mtu, 6);
  datagram(request, [10, 9, 0, 7]).copy(icmp, 8, 0, 28);
  return sealed(icmp);
}

describe('packet', () => {
  it('checksum: gives the value of RFC 1071 section 3, and 0 over a sealed range', () => {
    const example = Buffer.from('0001f203f4f5f6f7', 'hex');
    assert.equal(checksum(example), ~0xddf2 & 0xffff);
    const odd = Buffer.from('0001f203f4f5f6', 'hex');
    assert.equal(checksum(odd), checksum(Buffer.from('0001f203f4f5f600', 'hex')));
  });

  it('stamp: leaves a valid checksum on every request, however often it is stamped', () => {
    fc.assert(
      fc.property(u16, payloads, fc.array(stamps, { minLength: 1 }), (id, payload, many) => {
        const packet = createEchoPacket(id, payload);
        for (const stamp of many) {
          packet.stamp(stamp);
          assert.equal(checksum(packet.bytes), 0);
        }
      }),
    );
  });

  it('parse: reads back from a reply what was stamped on the request', () => {
    const optionWords = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(u16, payloads, stamps, optionWords, (id, payload, stamp, options) => {
        const packet = createEchoPacket(id, payload);
        packet.stamp(stamp);
        const received = datagram(replyTo(packet.bytes), [10, 9, 0, 1], options);
        const parsed = parseDatagram(received, received.length, id);
        assert(parsed.kind === 'reply');
        const { index, seq, cookieHi, cookieLo } = parsed;
        assert.deepEqual({ index, seq, cookieHi, cookieLo }, { ...stamp });
        assert.equal(parsed.headerSeq, stamp.seq & 0xffff);
        assert.equal(parsed.payloadBytes, payload);
        assert(isFillerIntact(received, parsed));
      }),
    );
  });

  it('parse: never takes a reply with one changed byte for the same reply', () => {
    const packet = createEchoPacket(7, 56);
    packet.stamp({ index: 3, seq: 70_000, cookieHi: 1, cookieLo: 2 });
    const good = datagram(replyTo(packet.bytes));
    const place = fc.integer({ min: 20, max: good.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bad = Buffer.from(good);
        bad.writeUInt8(bad.readUInt8(at) ^ flip, at);
        assert.notEqual(parseDatagram(bad, bad.length, 7).kind, 'reply');
      }),
    );
  });

  it('parse: finds the quoted request in an ICMP error, and who cares for it', () => {
    const packet = createEchoPacket(7, 56);
    packet.stamp({ index: 3, seq: 70_000, cookieHi: 1, cookieLo: 2 });
    const received = datagram(errorQuoting(packet.bytes, 4, 1400));
    const parsed = parseDatagram(received, received.length, 7);
    assert.deepEqual(parsed, {
      kind: 'error',
      type: 3,
      code: 4,
      mtu: 1400,
      dst: '10.9.0.7',
      headerSeq: 70_000 & 0xffff,
    });
    assert.equal(parseDatagram(received, received.length, 8).kind, 'foreign');
  });

  it('parse: calls every shortened reply truncated', () => {
    const packet = createEchoPacket(7, 56);
    packet.stamp({ index: 3, seq: 1, cookieHi: 1, cookieLo: 2 });
    const good = datagram(replyTo(packet.bytes));
    for (let bytes = 0; bytes < good.length; bytes++) {
      assert.equal(parseDatagram(good, bytes, 7).kind, 'truncated', `${bytes} bytes`);
    }
  });

  it('parse: never throws, whatever arrives', () => {
    const anything = fc.uint8Array({ maxLength: 120 });
    const type = fc.constantFrom(0, 3, 11, 12, 8, 5);
    // Half of the cases look like ICMP of the right id, so that the deeper branches are reached.
    const lookalike = fc.tuple(type, anything).map(([first, rest]) => {
      const icmp = Buffer.concat([Buffer.from([first, 0, 0, 0, 0, 7, 0, 0]), rest]);
      return datagram(sealed(icmp));
    });
    const inputs = fc.oneof(anything, lookalike);
    fc.assert(
      fc.property(inputs, fc.integer({ min: 0, max: 200 }), (bytes, length) => {
        parseDatagram(Buffer.from(bytes), length, 7);
      }),
      { numRuns: 2000 },
    );
  });

  it('describe: says what an ICMP error means and who sent it', () => {
    const error: IcmpError = { kind: 'error', type: 3, code: 1, mtu: 0, dst: '', headerSeq: 0 };
    assert.equal(describeIcmpError(error, 'R'), 'host unreachable from R');
    assert.equal(
      describeIcmpError({ ...error, code: 4, mtu: 1400 }, 'R'),
      'fragmentation needed, next-hop MTU 1400, from R',
    );
    assert.equal(describeIcmpError({ ...error, code: 77 }, 'R'), 'unreachable code 77 from R');
    assert.equal(describeIcmpError({ ...error, type: 11 }, 'R'), 'time exceeded from R');
    assert.equal(describeIcmpError({ ...error, type: 12 }, 'R'), 'ICMP type 12 code 1 from R');
  });
});
