/**
 * The session channel between an access service (follower) and the meta leader: newline-delimited
 * JSON over one TCP connection on the storage network, so that damage on that network costs the
 * session as it would in a real cluster. The lab's own protocol, not the product's.
 */

import type { Socket } from 'node:net';
import { z } from 'zod';

const ip = z.ipv4();

export const fromFollower = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('beat'),
    seq: z.number().int(),
    scvm: z.string(),
    uuid: z.uuid(),
    ip,
    manageIp: ip,
    zone: z.string().nullable(),
    ageMs: z.number().nonnegative(),
    clientIps: z.array(ip).max(16),
  }),
  z.object({ type: z.literal('login'), scvm: z.string(), client: ip }),
]);
export type FromFollower = z.infer<typeof fromFollower>;
export type SessionBeat = Extract<FromFollower, { type: 'beat' }>;

export const fromLeader = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), seq: z.number().int() }),
  z.object({ type: z.literal('revoke'), clients: z.array(ip) }),
  z.object({ type: z.literal('record'), clientIps: z.array(ip).max(16) }),
]);
export type FromLeader = z.infer<typeof fromLeader>;

const MAX_LINE = 64 * 1024;

export function sendLine(socket: Socket, message: FromFollower | FromLeader): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Hands every valid message to `onMessage`; anything else ends the connection. */
export function readLines<T>(
  socket: Socket,
  schema: z.ZodType<T>,
  onMessage: (message: T) => void,
): void {
  let waiting = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (waiting + text).split('\n');
    waiting = lines.pop() ?? '';
    if (waiting.length > MAX_LINE) socket.destroy();
    for (const line of lines) {
      const result = schema.safeParse(parsed(line));
      if (!result.success) {
        socket.destroy();
        return;
      }
      onMessage(result.data);
    }
  });
}
