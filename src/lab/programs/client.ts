/**
 * A client as a hypervisor is one: one TCP connection to the NFS address, always one WRITE in
 * flight, connecting again at once when the connection breaks. It has no timeout of its own below
 * 60 s, as kernel clients have none: a request that was acknowledged by TCP and never answered
 * stays in flight until somebody breaks the connection. Prints one JSON line per event:
 * {at, event: connected|moved|answered|gap|broken, server?, gapMs?}; `answered` once a second with
 * the longest wait between two answers in it, `gap` at the end of a wait over GAP_MS.
 */

import { connect } from 'node:net';
import { createRecordReader, encodeCall, PROC_WRITE, parseReply } from '../rpc.ts';
import { monotonicMs } from '../truth.ts';
import { PORTS } from '../wire.ts';

const TIMEOUT_MS = 60_000;
const RETRY_MS = 10;
const GAP_MS = 200;
const REPORT_MS = 1000;

const address = process.argv[2] ?? '192.168.33.2';
const payload = Buffer.alloc(1024);
let xid = Math.floor(Math.random() * 2 ** 31);
let server: string | null = null;
let answeredAtMs = monotonicMs();
let longestMs = 0;
let reportedAtMs = answeredAtMs;

function print(event: string, more: object = {}): void {
  process.stdout.write(`${JSON.stringify({ at: monotonicMs(), event, ...more })}\n`);
}

function answered(by: string): void {
  const nowMs = monotonicMs();
  const gapMs = Math.round(nowMs - answeredAtMs);
  answeredAtMs = nowMs;
  longestMs = Math.max(longestMs, gapMs);
  if (server === null) print('answered', { server: by, gapMs });
  else if (by !== server) print('moved', { server: by, gapMs });
  else if (gapMs > GAP_MS) print('gap', { server: by, gapMs });
  server = by;
  if (nowMs - reportedAtMs < REPORT_MS) return;
  print('answered', { server: by, gapMs: longestMs });
  longestMs = 0;
  reportedAtMs = nowMs;
}

function run(): void {
  const socket = connect({ host: address, port: PORTS.nfs });
  socket.setNoDelay(true);
  const write = () => {
    xid = (xid + 1) >>> 0;
    socket.write(encodeCall(xid, PROC_WRITE, payload));
  };
  const read = createRecordReader((record) => {
    const by = parseReply(record, xid);
    if (by === null) return;
    answered(by);
    write();
  });
  let why = 'closed';
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
  socket.once('connect', () => {
    print('connected');
    write();
  });
  socket.on('data', (chunk: Buffer) => {
    if (!read(chunk)) socket.destroy(new Error('no RPC'));
  });
  socket.on('error', (error) => {
    why = error.message;
  });
  socket.once('close', () => {
    if (socket.bytesRead > 0 || why !== `connect ECONNREFUSED ${address}:${PORTS.nfs}`) {
      print('broken', { server, why });
    }
    setTimeout(run, RETRY_MS);
  });
}

run();
