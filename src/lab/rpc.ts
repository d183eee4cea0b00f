/**
 * As much of ONC RPC version 2 (RFC 5531 sections 9 and 11) as a toy NFS service and its client
 * need: record marking, calls, replies. Written apart from the controller's own NULL prober, so
 * that neither hides the other's mistakes. XDR opaque: RFC 4506 section 4.10.
 */

export const NFS_PROGRAM = 100_003;
export const NFS_VERSION = 3;
export const PROC_NULL = 0;
export const PROC_WRITE = 7;

const MAX_RECORD = 1 << 20;
const LAST_FRAGMENT = 0x8000_0000;

export interface RpcCall {
  readonly xid: number;
  readonly rpcVersion: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}

/** Puts fragments together; hands every whole record to `onRecord`. False: not this protocol. */
export function createRecordReader(onRecord: (record: Buffer) => void): (chunk: Buffer) => boolean {
  let waiting: Buffer = Buffer.alloc(0);
  let fragments: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4) {
      const header = waiting.readUInt32BE(0);
      const length = header & ~LAST_FRAGMENT;
      if (size + length > MAX_RECORD) return false;
      if (waiting.length < 4 + length) return true;
      fragments.push(waiting.subarray(4, 4 + length));
      size += length;
      waiting = waiting.subarray(4 + length);
      if ((header & LAST_FRAGMENT) === 0) continue;
      const record = Buffer.concat(fragments);
      fragments = [];
      size = 0;
      onRecord(record);
    }
    return true;
  };
}

function mark(record: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE((LAST_FRAGMENT | record.length) >>> 0);
  return Buffer.concat([header, record]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, i * 4);
  return buffer;
}

/** Null when the record is no call. */
export function parseCall(record: Buffer): RpcCall | null {
  if (record.length < 24 || record.readUInt32BE(4) !== 0) return null;
  return {
    xid: record.readUInt32BE(0),
    rpcVersion: record.readUInt32BE(8),
    program: record.readUInt32BE(12),
    version: record.readUInt32BE(16),
    procedure: record.readUInt32BE(20),
  };
}

/** A call with AUTH_NONE, ready for the wire. */
export function encodeCall(xid: number, procedure: number, payload: Buffer): Buffer {
  const head = words(xid, 0, 2, NFS_PROGRAM, NFS_VERSION, procedure, 0, 0, 0, 0);
  return mark(Buffer.concat([head, payload]));
}

/** The reply of a server that knows NFS version 3 only. `name` fills the body of a success. */
export function encodeReply(call: RpcCall, name: string): Buffer {
  const { xid } = call;
  if (call.rpcVersion !== 2) return mark(words(xid, 1, 1, 0, 2, 2));
  const accepted = [xid, 1, 0, 0, 0];
  if (call.program !== NFS_PROGRAM) return mark(words(...accepted, 1));
  if (call.version !== NFS_VERSION) {
    return mark(words(...accepted, 2, NFS_VERSION, NFS_VERSION));
  }
  if (call.procedure === PROC_NULL) return mark(words(...accepted, 0));
  const text = Buffer.from(name);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  return mark(Buffer.concat([words(...accepted, 0, text.length), text, padding]));
}

/** The server's name in a successful reply to `xid`; null when the record is anything else. */
export function parseReply(record: Buffer, xid: number): string | null {
  if (record.length < 28 || record.readUInt32BE(0) !== xid || record.readUInt32BE(4) !== 1) {
    return null;
  }
  if (record.readUInt32BE(8) !== 0 || record.readUInt32BE(20) !== 0) return null;
  const length = record.readUInt32BE(24);
  return length <= record.length - 28 ? record.subarray(28, 28 + length).toString() : null;
}
