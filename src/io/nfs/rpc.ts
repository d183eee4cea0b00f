/**
 * The wire format of one question: "does the NFSv3 program answer?" It encodes the NULL call
 * (ONC RPC version 2, RFC 5531; program 100003, version 3, procedure 0, RFC 1813 section 3.3.0)
 * and decodes replies incrementally from a TCP stream (record marking, RFC 5531 section 11).
 * Pure: bytes in, bytes out; no sockets and no time. It is not an RPC library: results are never
 * read, because NULL has none. A stream that breaks the framing is named garbage once and for
 * all, since nothing after the first bad byte can be trusted to start at a record boundary.
 */

const CALL = 0;
const REPLY = 1;
const RPC_VERSION = 2;
const NFS_PROGRAM = 100003;
const NFS_VERSION = 3;
const LAST_FRAGMENT = 0x80000000;

/** A NULL reply is 24 bytes; the bound leaves room for verifiers and odd servers, not more. */
export const MAX_RECORD_BYTES = 64 * 1024;
/** Empty fragments cost no memory, but a record of endless fragments would never end. */
export const MAX_FRAGMENTS = 64;
/** RFC 5531 section 8.2: an opaque_auth body has at most 400 bytes. */
const MAX_VERIFIER_BYTES = 400;

/** One thing the far end said. `text` is a short single line. */
export type Reply =
  /** Accepted with SUCCESS. */
  | { readonly kind: 'answered'; readonly xid: number }
  /** A well-formed reply that says no: the far end speaks RPC, but does not serve NFSv3. */
  | { readonly kind: 'refused'; readonly xid: number; readonly text: string }
  /** Not ONC RPC, or out of bounds. The decoder gives nothing more after it. */
  | { readonly kind: 'garbage'; readonly text: string };

const ACCEPT_STATS = [
  'SUCCESS',
  'PROG_UNAVAIL',
  'PROG_MISMATCH',
  'PROC_UNAVAIL',
  'GARBAGE_ARGS',
  'SYSTEM_ERR',
] as const;

/** The 44 bytes of one NULL call with AUTH_NONE. `xid`: 0..2^32-1. */
export function encodeNullCall(xid: number): Buffer {
  const words = [xid, CALL, RPC_VERSION, NFS_PROGRAM, NFS_VERSION, 0, 0, 0, 0, 0];
  const record = Buffer.alloc(4 + 4 * words.length);
  record.writeUInt32BE((LAST_FRAGMENT | (4 * words.length)) >>> 0, 0);
  for (const [index, word] of words.entries()) record.writeUInt32BE(word >>> 0, 4 + 4 * index);
  return record;
}

export interface ReplyDecoder {
  /** Takes the next bytes of the stream, in pieces of any size; gives the replies they complete. */
  push(chunk: Buffer): readonly Reply[];
}

export function createReplyDecoder(): ReplyDecoder {
  const header = Buffer.alloc(4);
  let headerBytes = 0;
  let record = Buffer.alloc(0);
  let recordBytes = 0;
  let fragments = 0;
  /** Bytes of the current fragment still to come; null while its header is incomplete. */
  let missing: number | null = null;
  let last = false;
  let broken = false;

  /** Reads the completed header; gives the bound it breaks, or null. */
  function openFragment(): string | null {
    const word = header.readUInt32BE(0);
    last = word >= LAST_FRAGMENT;
    missing = last ? word - LAST_FRAGMENT : word;
    headerBytes = 0;
    fragments += 1;
    if (recordBytes + missing > MAX_RECORD_BYTES) {
      return `record of ${recordBytes + missing} bytes, at most ${MAX_RECORD_BYTES} allowed`;
    }
    if (fragments > MAX_FRAGMENTS) return `record of more than ${MAX_FRAGMENTS} fragments`;
    // One buffer per fragment, not one per chunk: a byte-wise trickle must cost no more than 64 KiB.
    record = Buffer.concat([record], recordBytes + missing);
    return null;
  }

  function closeRecord(): Reply {
    const reply = readReply(record);
    record = Buffer.alloc(0);
    recordBytes = 0;
    fragments = 0;
    return reply;
  }

  function push(chunk: Buffer): readonly Reply[] {
    const replies: Reply[] = [];
    let at = 0;
    // `missing === 0` closes an empty fragment that ended exactly at the end of a chunk.
    while (!broken && (at < chunk.length || missing === 0)) {
      if (missing === null) {
        const taken = Math.min(4 - headerBytes, chunk.length - at);
        chunk.copy(header, headerBytes, at, at + taken);
        headerBytes += taken;
        at += taken;
        if (headerBytes < 4) break;
        const text = openFragment();
        if (text !== null) {
          broken = true;
          replies.push({ kind: 'garbage', text });
        }
        continue;
      }
      const taken = Math.min(missing, chunk.length - at);
      chunk.copy(record, recordBytes, at, at + taken);
      at += taken;
      recordBytes += taken;
      missing -= taken;
      if (missing > 0) break;
      missing = null;
      if (!last) continue;
      const reply = closeRecord();
      broken = reply.kind === 'garbage';
      replies.push(reply);
    }
    if (broken) record = Buffer.alloc(0);
    return replies;
  }

  return { push };
}

/** One whole record -> what it says (RFC 5531 section 9, `rpc_msg`). */
function readReply(record: Buffer): Reply {
  if (record.length < 12) return garbage(`record of ${record.length} bytes`);
  const xid = record.readUInt32BE(0);
  if (record.readUInt32BE(4) !== REPLY) return garbage('message is not a reply');
  const status = record.readUInt32BE(8);
  if (status === 1) return readDenied(xid, record);
  if (status !== 0) return garbage(`reply_stat ${status}`);
  if (record.length < 20) return garbage('reply without a verifier');
  const verifierBytes = record.readUInt32BE(16);
  if (verifierBytes > MAX_VERIFIER_BYTES) return garbage(`verifier of ${verifierBytes} bytes`);
  const at = 20 + 4 * Math.ceil(verifierBytes / 4);
  if (record.length < at + 4) return garbage('reply without accept_stat');
  const stat = record.readUInt32BE(at);
  if (stat === 0) return { kind: 'answered', xid };
  const name = ACCEPT_STATS[stat];
  if (name === undefined) return garbage(`accept_stat ${stat}`);
  const range = name === 'PROG_MISMATCH' ? readRange(record, at + 4) : '';
  return { kind: 'refused', xid, text: `rpc: ${name}${range}` };
}

function readDenied(xid: number, record: Buffer): Reply {
  if (record.length < 16) return garbage('denied reply without reject_stat');
  const stat = record.readUInt32BE(12);
  if (stat > 1) return garbage(`reject_stat ${stat}`);
  if (stat === 0) {
    return { kind: 'refused', xid, text: `rpc: denied, RPC_MISMATCH${readRange(record, 16)}` };
  }
  const auth = record.length >= 20 ? ` ${record.readUInt32BE(16)}` : '';
  return { kind: 'refused', xid, text: `rpc: denied, AUTH_ERROR${auth}` };
}

function readRange(record: Buffer, at: number): string {
  if (record.length < at + 8) return '';
  return `, versions ${record.readUInt32BE(at)} to ${record.readUInt32BE(at + 4)} are served`;
}

function garbage(text: string): Reply {
  return { kind: 'garbage', text };
}
