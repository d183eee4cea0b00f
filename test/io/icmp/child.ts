/**
 * A prober in a process of its own, for probing.ts: options as JSON in argv, commands as JSON lines
 * on stdin, facts and answers as JSON lines on stdout. Ends when stdin ends.
 */

import assert from 'node:assert/strict';
import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Socket } from 'raw-socket';
import type { ProbePlan } from '../../../src/io/icmp/plan.ts';
import { createProber } from '../../../src/io/icmp/prober.ts';
import type { Pace } from '../../../src/machines/model.ts';

export type Command =
  | { do: 'pace'; paces: Record<string, Pace> }
  | { do: 'retarget'; plan: ProbePlan }
  | { do: 'discardRound' | 'counters' | 'cpu' | 'sockets' }
  /** Blocks the event loop. */
  | { do: 'block'; ms: number }
  /** Pulls the descriptor away from under the socket. */
  | { do: 'closeDescriptor' }
  /** Makes the kernel deliver ICMP errors as errors of the socket. */
  | { do: 'receiveErrors' };

const IPPROTO_IP = 0;
const IP_RECVERR = 11;

const clock = { nowMs: () => Number(process.hrtime.bigint()) / 1e6 };

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

const rawSocket = createRequire(import.meta.url)('raw-socket') as typeof import('raw-socket');
const opened: Socket[] = [];
const { createSocket } = rawSocket;
rawSocket.createSocket = (options) => {
  const socket = createSocket(options);
  opened.push(socket);
  return socket;
};

const plan = JSON.parse(process.argv[2] ?? '') as ProbePlan;
const prober = createProber({ ...plan, clock, report: say });

/** Descriptors that are raw sockets, with their inode. */
function sockets(): { fd: number; name: string }[] {
  const raw = readFileSync('/proc/self/net/raw', 'utf8');
  const open: { fd: number; name: string }[] = [];
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    try {
      const name = readlinkSync(`/proc/self/fd/${fd}`);
      const inode = /^socket:\[(\d+)\]$/.exec(name)?.[1];
      if (inode !== undefined && raw.includes(` ${inode} `)) open.push({ fd, name });
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
    }
  }
  return open;
}

function obey(command: Command): void {
  switch (command.do) {
    case 'pace':
      prober.pace(command.paces);
      return;
    case 'retarget':
      prober.retarget(command.plan);
      return;
    case 'discardRound':
      prober.discardRound();
      return;
    case 'counters':
      say({ type: 'counters', ...prober.counters() });
      return;
    case 'cpu':
      say({ type: 'cpu', ...process.cpuUsage() });
      return;
    case 'sockets':
      say({ type: 'sockets', names: sockets().map(({ name }) => name) });
      return;
    case 'block': {
      const endMs = clock.nowMs() + command.ms;
      while (clock.nowMs() < endMs);
      return;
    }
    case 'closeDescriptor':
      for (const { fd } of sockets()) closeSync(fd);
      return;
    case 'receiveErrors':
      opened.at(-1)?.setOption(IPPROTO_IP, IP_RECVERR, 1);
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => obey(JSON.parse(line) as Command));
lines.on('close', () => prober.close());
say({ type: 'ready' });
