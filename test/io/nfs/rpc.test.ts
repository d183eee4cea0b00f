import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createReplyDecoder,
  encodeNullCall,
  MAX_FRAGMENTS,
  MAX_RECORD_BYTES,
  type Reply,
} from '../../../src/io/nfs/rpc.ts';
import { record, reply } from './rpc-server.ts';

function decode(...chunks: Buffer[]): Reply[] {
  const decoder = createReplyDecoder();
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function textOf(replies: Reply[]): string {
  const [only, ...more] = replies;
  assert.equal(more.length, 0);
  assert.ok(only !== undefined && only.kind !== 'answered');
  return `${only.kind}: ${only.text}`;
}

describe('rpc: NULL call', () => {
  it('encodes to the 44 bytes of RFC 5531 with program 100003, version 3, procedure 0', () => {
    const header = '80000028';
    const call = 'fffffffe' + '00000000' + '00000002' + '000186a3' + '00000003' + '00000000';
    assert.equal(encodeNullCall(0xfffffffe).toString('hex'), `${header}${call}${'0'.repeat(32)}`);
  });
});

describe('rpc: reply decoder', () => {
  it('takes an accepted SUCCESS as the answer, with and without a verifier', () => {
    assert.deepEqual(decode(record(reply.success(7))), [{ kind: 'answered', xid: 7 }]);
    assert.deepEqual(decode(record(reply.withVerifier(8, 5))), [{ kind: 'answered', xid: 8 }]);
  });

  it('gives the same replies however the stream is cut and the records are fragmented', () => {
    const xids = [1, 0xffffffff, 3];
    const cut = fc.array(fc.nat(24), { maxLength: 5 });
    fc.assert(
      fc.property(fc.tuple(cut, cut, cut), fc.array(fc.nat(200)), (sizes, cuts) => {
        const records = xids.map((xid, index) => {
          let left = 24;
          const bounded = (sizes[index] ?? []).map((size) => {
            const part = Math.min(size, left);
            left -= part;
            return part;
          });
          return record(reply.success(xid), ...bounded);
        });
        const stream = Buffer.concat(records);
        const ends = [...cuts.map((at) => at % stream.length), stream.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end));
        const answered = xids.map((xid) => ({ kind: 'answered', xid }));
        assert.deepEqual(decode(...chunks), answered);
        assert.deepEqual(decode(...Array.from(stream, (byte) => Buffer.of(byte))), answered);
      }),
    );
  });

  it('closes a record whose empty last fragment ends the chunk', () => {
    assert.deepEqual(decode(record(reply.success(4), 24)), [{ kind: 'answered', xid: 4 }]);
  });

  const refusals: readonly (readonly [string, Buffer, string])[] = [
    ['PROG_UNAVAIL', reply.accepted(1, 1), 'refused: rpc: PROG_UNAVAIL'],
    [
      'PROG_MISMATCH',
      reply.accepted(1, 2, 4, 4),
      'refused: rpc: PROG_MISMATCH, versions 4 to 4 are served',
    ],
    ['PROG_MISMATCH without its range', reply.accepted(1, 2), 'refused: rpc: PROG_MISMATCH'],
    ['SYSTEM_ERR', reply.accepted(1, 5), 'refused: rpc: SYSTEM_ERR'],
    [
      'RPC_MISMATCH',
      reply.denied(1, 0, 3, 3),
      'refused: rpc: denied, RPC_MISMATCH, versions 3 to 3 are served',
    ],
    ['AUTH_ERROR', reply.denied(1, 1, 5), 'refused: rpc: denied, AUTH_ERROR 5'],
    ['an unknown accept_stat', reply.accepted(1, 6), 'garbage: accept_stat 6'],
    ['an unknown reply_stat', reply.words(1, 1, 2, 0, 0, 0), 'garbage: reply_stat 2'],
    ['an unknown reject_stat', reply.denied(1, 2), 'garbage: reject_stat 2'],
    ['a call instead of a reply', reply.words(1, 0, 2), 'garbage: message is not a reply'],
    ['a short record', reply.words(1, 1), 'garbage: record of 8 bytes'],
    ['no verifier', reply.words(1, 1, 0), 'garbage: reply without a verifier'],
    ['no accept_stat', reply.words(1, 1, 0, 0, 0), 'garbage: reply without accept_stat'],
    ['no reject_stat', reply.words(1, 1, 1), 'garbage: denied reply without reject_stat'],
    ['a huge verifier', reply.words(1, 1, 0, 1, 401, 0), 'garbage: verifier of 401 bytes'],
    ['a verifier cut short', reply.words(1, 1, 0, 1, 8, 0), 'garbage: reply without accept_stat'],
  ];
  for (const [name, body, text] of refusals) {
    it(`names ${name}`, () => assert.equal(textOf(decode(record(body))), text));
  }

  it('names a fragment beyond the bound at its header, before any of its bytes', () => {
    const text = `garbage: record of ${MAX_RECORD_BYTES + 1} bytes, at most 65536 allowed`;
    assert.equal(textOf(decode(reply.words(MAX_RECORD_BYTES + 1))), text);
    assert.match(textOf(decode(reply.words(0xffffffff))), /record of 2147483647 bytes/);
  });

  it('bounds the sum of the fragments of one record', () => {
    const half = Buffer.concat([reply.words(MAX_RECORD_BYTES), Buffer.alloc(MAX_RECORD_BYTES)]);
    assert.match(textOf(decode(half, reply.words(1))), /record of 65537 bytes/);
  });

  it('bounds the number of fragments of one record', () => {
    const empty = Array.from({ length: MAX_FRAGMENTS + 1 }, () => reply.words(0));
    assert.match(textOf(decode(Buffer.concat(empty))), /more than 64 fragments/);
  });

  it('says nothing more after garbage', () => {
    const http = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    assert.match(textOf(decode(http, record(reply.success(1)))), /garbage: record of \d+ bytes/);
  });

  it('never throws and stays bounded on any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        decode(...chunks.map((chunk) => Buffer.from(chunk)));
      }),
    );
  });
});
