/**
 * A small real TCP server that speaks ONC RPC replies, for tests of the service probe. What it says
 * to each call is the test's choice. Run as a program (address, port and a mode as arguments) it is
 * an access process that can be killed or stopped; it prints its port once it listens.
 */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** What to do with the n-th call (from 1) that arrived on this connection. */
export type OnCall = (socket: Socket, xid: number, nthCall: number, nthSocket: number) => void;

export interface RpcServer {
  readonly port: number;
  readonly sockets: Set<Socket>;
  accepted(): number;
  close(): Promise<void>;
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
}

/** Record marking: `body` cut into fragments of the given sizes, the rest in the last one. */
export function record(body: Buffer, ...sizes: number[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(words(size), body.subarray(at, at + size));
    at += size;
  }
  parts.push(words(0x80000000 | (body.length - at)), body.subarray(at));
  return Buffer.concat(parts);
}

/** Bodies of replies, without record marking. */
export const reply = {
  success: (xid: number) => words(xid, 1, 0, 0, 0, 0),
  accepted: (xid: number, stat: number, ...rest: number[]) => words(xid, 1, 0, 0, 0, stat, ...rest),
  denied: (xid: number, stat: number, ...rest: number[]) => words(xid, 1, 1, stat, ...rest),
  withVerifier: (xid: number, length: number) =>
    Buffer.concat([words(xid, 1, 0, 1, length), Buffer.alloc(4 * Math.ceil(length / 4)), words(0)]),
  words,
};

export const answer: OnCall = (socket, xid) => socket.write(record(reply.success(xid)));
export const ignore: OnCall = () => undefined;

export async function startRpcServer(host: string, onCall: OnCall, port = 0): Promise<RpcServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    accepted += 1;
    const nthSocket = accepted;
    let calls = 0;
    let rest = Buffer.alloc(0);
    socket.setNoDelay();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= 44; rest = rest.subarray(44)) {
        calls += 1;
        onCall(socket, rest.readUInt32BE(4), calls, nthSocket);
      }
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    sockets,
    accepted: () => accepted,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

const [, script, host, port, delayMs] = process.argv;
if (script === import.meta.filename && host !== undefined) {
  const late: OnCall = (socket, xid) => {
    setTimeout(() => socket.write(record(reply.success(xid))), Number(delayMs));
  };
  const server = await startRpcServer(host, delayMs ? late : answer, Number(port ?? 0));
  process.stdout.write(`${server.port}\n`);
}
