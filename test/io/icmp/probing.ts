/**
 * The tests' end of child.ts: a prober that runs inside a namespace, its facts as they come, and
 * waits for facts instead of sleeping.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Counters } from '../../../src/io/icmp/counters.ts';
import type { ProbePlan } from '../../../src/io/icmp/plan.ts';
import type { Fact } from '../../../src/machines/events.ts';
import type { Command } from './child.ts';
import type { Net } from './netns.ts';

export type PingFact = Extract<Fact, { type: `PING_${string}` }>;

type Line = PingFact | { type: 'ready' | 'counters' | 'cpu' | 'sockets' };

export interface Probing {
  readonly pid: number;
  /** Facts so far, oldest first. */
  readonly facts: readonly PingFact[];
  /** The next `count` facts from now on that match; fails after `withinMs`. */
  next(isWanted: (fact: PingFact) => boolean, count?: number): Promise<PingFact[]>;
  send(command: Command): void;
  counters(): Promise<Counters>;
  /** User and system CPU time so far, microseconds. */
  cpuMicros(): Promise<number>;
  /** Names of the process' sockets, `socket:[inode]`. */
  sockets(): Promise<string[]>;
}

const WITHIN_MS = 15_000;

export const PLAN: Omit<ProbePlan, 'targets'> = {
  payloadSize: 56,
  mtu: 0,
  intervalMs: 100,
  idleIntervalMs: 400,
  fastIntervalMs: 25,
  timeoutMs: 300,
};

/** Targets named by the last octet of their address: `p2` is 10.9.0.2. */
export function planFor(ips: readonly string[], changes: Partial<ProbePlan> = {}): ProbePlan {
  const targets = ips.map((ip) => ({ path: `p${ip.split('.')[3]}`, ip }));
  return { ...PLAN, targets, ...changes };
}

function fileOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

export async function startProbing(net: Net, plan: ProbePlan): Promise<Probing> {
  const child = net.start(net.near, fileOf('./child.ts'), [JSON.stringify(plan)]);
  const { stdin, stdout, pid } = child;
  assert(stdin !== null && stdout !== null && pid !== undefined);
  const facts: PingFact[] = [];
  const listeners = new Set<(line: Line) => void>();
  createInterface({ input: stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type.startsWith('PING_')) facts.push(line as PingFact);
    for (const listener of [...listeners]) listener(line);
  });

  function collect(isWanted: (line: Line) => boolean, count: number): Promise<Line[]> {
    return new Promise((resolve, reject) => {
      const got: Line[] = [];
      const timer = setTimeout(() => {
        listeners.delete(listener);
        reject(
          new Error(`${got.length} of ${count} in ${WITHIN_MS} ms; last facts:
          ${JSON.stringify(facts.slice(-5))}`),
        );
      }, WITHIN_MS);
      function listener(line: Line): void {
        if (!isWanted(line)) return;
        got.push(line);
        if (got.length < count) return;
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(got);
      }
      listeners.add(listener);
    });
  }

  async function ask<T>(question: 'counters' | 'cpu' | 'sockets'): Promise<T> {
    const answer = collect((line) => line.type === question, 1);
    stdin?.write(`${JSON.stringify({ do: question })}\n`);
    return (await answer)[0] as T;
  }

  const ready = collect((line) => line.type === 'ready', 1);
  await Promise.race([ready, once(child, 'exit').then(() => assert.fail('the prober ended'))]);
  return {
    pid,
    facts,
    next: async (isWanted, count = 1) => {
      const isFact = (line: Line): line is PingFact => line.type.startsWith('PING_');
      return (await collect((line) => isFact(line) && isWanted(line), count)) as PingFact[];
    },
    send(command) {
      stdin.write(`${JSON.stringify(command)}\n`);
    },
    counters: () => ask<Counters>('counters'),
    async cpuMicros() {
      const { user, system } = await ask<{ user: number; system: number }>('cpu');
      return user + system;
    },
    sockets: async () => (await ask<{ names: string[] }>('sockets')).names,
  };
}

export interface Responder {
  /** From now on the far end answers in this way; see responder.ts. */
  answer(mode: string): Promise<void>;
}

/** Replaces the far kernel's replies by hand-made ones; silent until told how to answer. */
export function startResponder(net: Net): Responder {
  net.run(net.far, 'sysctl', ['-qw', 'net.ipv4.icmp_echo_ignore_all=1']);
  const { stdin, stdout } = net.start(net.far, fileOf('./responder.ts'), []);
  assert(stdin !== null && stdout !== null);
  return {
    async answer(mode) {
      const isSet = once(stdout, 'data');
      stdin.write(`${mode}\n`);
      await isSet;
    },
  };
}
