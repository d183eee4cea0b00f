/**
 * The supervisor's control socket: one line in (`status`, `down`, `fault power-off scvm1`), one
 * JSON line out, then the connection ends. A file in a directory only its owner may enter, so
 * whoever can connect may command.
 */

import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { runDirOf } from './run-record.ts';

const MAX_LINE = 4096;
const ASK_MS = 60_000;

const answerSchema = z.object({ ok: z.boolean(), text: z.string() });
export type Answer = z.infer<typeof answerSchema>;

export interface Door {
  close(): void;
}

/** Collects one line; null when the other side ends or says too much before it. */
function oneLine(socket: Socket, limit: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > limit) resolve(null);
    });
    socket.once('close', () => resolve(null));
    socket.on('error', () => resolve(null));
  });
}

export function openDoor(
  runDir: string,
  answer: (command: string) => Promise<string>,
): Promise<Door> {
  const path = join(runDir, 'lab.sock');
  const sockets = new Set<Socket>();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const command = await oneLine(socket, MAX_LINE);
    if (command === null) {
      socket.destroy();
      return;
    }
    const said: Answer = await answer(command.trim()).then(
      (text) => ({ ok: true, text }),
      (error: unknown) => ({
        ok: false,
        text: error instanceof Error ? error.message : String(error),
      }),
    );
    socket.end(`${JSON.stringify(said)}\n`);
  });
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve({
        close() {
          server.close();
          for (const socket of sockets) socket.unref();
        },
      });
    });
  });
}

/** Asks a running lab; `ok` false with a text for a person when it cannot be asked or refuses. */
export async function askLab(
  name: string,
  command: string,
  runDir = runDirOf(name),
): Promise<Answer> {
  const socket = connect(join(runDir, 'lab.sock'));
  socket.setTimeout(ASK_MS, () => socket.destroy());
  socket.once('connect', () => socket.write(`${command.replace(/\s+/g, ' ')}\n`));
  const line = await oneLine(socket, 1 << 20);
  socket.destroy();
  if (line === null) return { ok: false, text: `no lab "${name}" is running` };
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch (error) {
    return { ok: false, text: `the lab gave no valid answer: ${String(error)}` };
  }
}
