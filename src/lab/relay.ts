/**
 * Makes the console of a daemon in the lab reachable from outside of its namespace, on the same port
 * of this machine's loopback: the console lets in only who names it by its own address and port.
 * Only bytes are passed on.
 */

import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { programArgs } from './children.ts';
import type { Overrides } from './configure.ts';
import type { Lab } from './lab.ts';

/** Each host's is the next one; where one is taken, any that is free. */
const FIRST_PORT = 9471;

/** Two ends of one connection: what ends one ends the other. */
export function joined(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [end, far] of [
    [one, other],
    [other, one],
  ] as const) {
    // Somebody hung up, or nobody listens yet: the other end sees the same.
    end.on('error', () => far.destroy());
    end.on('close', () => far.destroy());
  }
}

/**
 * The port on which a host's console can be opened from here once a daemon listens on that port of
 * its loopback; null in a user namespace, whose loopback nobody outside reaches. Ends with the lab.
 */
export async function openRelay(lab: Lab, host: string): Promise<number | null> {
  if (!isOutermost()) return null;
  const socket = join(lab.runDir, host, 'console.sock');
  const server = createServer((from) => joined(from, connect(socket)));
  const index = lab.hosts.findIndex((node) => node.name === host);
  const port = (await listening(server, FIRST_PORT + index)) ?? (await listening(server, 0));
  if (port === null) return null;
  server.unref();
  void lab.stopped.then(() => server.close());
  lab.exec(host, process.execPath, [...programArgs('relay'), socket, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return port;
}

/** The configuration that a daemon needs for it. */
export const consoleOn = (port: number | null): Overrides =>
  port === null ? {} : { control: { http: `127.0.0.1:${port}` } };

function listening(server: Server, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const refused = (): void => resolve(null);
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : null);
    });
  });
}

/** In the first user namespace all ids map to themselves (user_namespaces(7)). */
const isOutermost = (): boolean =>
  /^\s*0\s+0\s+4294967295/.test(readFileSync('/proc/self/uid_map', 'utf8'));
