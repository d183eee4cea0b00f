/**
 * A throw-away network namespace for tests of the real kernel table, with `ip` and `ss` wrappers
 * that act inside it, and a recorder of facts that can be awaited. Not a test itself.
 * eth0 has 10.10.85.11/24 (far ends .15 .16 .17), eth1 192.168.85.11/24, nfs0 192.168.33.1/24.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact, FactType } from '../../../src/machines/events.ts';
import type { RouteEntry } from '../../../src/machines/model.ts';
import type { OrderOf } from '../../../src/machines/orders.ts';

export const NFS_IP = '192.168.33.2';
export const realClock = { nowMs: () => performance.now() };

export interface Namespace {
  readonly name: string;
  /** Scratch folder that goes with the namespace. */
  readonly folder: string;
  /** An `ip` that acts inside, for options named ipFile. */
  readonly ipFile: string;
  readonly ssFile: string;
  /** Runs `ip` inside and returns what it printed. */
  ip(command: string): string;
  /** Writes an executable script into the folder and returns its path. */
  script(name: string, body: string): string;
  /** Ids of the namespace's processes whose command line contains the text. */
  pids(text: string): number[];
  destroy(): void;
}

let count = 0;

export function createNamespace(): Namespace {
  count += 1;
  const name = `rr${process.pid}r${count}`;
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const run = (args: string[]) => execFileSync('ip', args, { encoding: 'utf8' });
  const script = (file: string, body: string) => {
    const path = join(folder, file);
    writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  };
  run(['netns', 'add', name]);
  const ip = (command: string) => run(['-n', name, ...command.split(' ')]);
  const destroy = () => {
    run(['netns', 'del', name]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    ip('link set lo up');
    for (const [device, address] of [
      ['eth0', '10.10.85.11/24'],
      ['eth1', '192.168.85.11/24'],
      ['nfs0', '192.168.33.1/24'],
    ] as const) {
      ip(`link add ${device} type veth peer name ${device}p`);
      ip(`addr add ${address} dev ${device}`);
      ip(`link set ${device}p up`);
      ip(`link set ${device} up`);
    }
  } catch (cause) {
    destroy();
    throw cause;
  }
  return {
    name,
    folder,
    ipFile: script('ip', `exec /usr/sbin/ip -n ${name} "$@"`),
    ssFile: script('ss', `exec /usr/bin/ss -N ${name} "$@"`),
    ip,
    script,
    pids(text) {
      const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
      return lines
        .filter((line) => line.includes(text) && line.includes(name))
        .map((line) => Number.parseInt(line, 10));
    },
    destroy,
  };
}

export interface Recorder {
  readonly facts: Fact[];
  readonly report: (fact: Fact) => void;
  /** The first fact of this type, from `facts[from]` on, that passes; rejects after `ms`. */
  next<T extends FactType>(
    type: T,
    passes?: (fact: Extract<Fact, { type: T }>) => boolean,
    ms?: number,
    from?: number,
  ): Promise<Extract<Fact, { type: T }>>;
}

export function createRecorder(): Recorder {
  const facts: Fact[] = [];
  const waiting = new Set<() => void>();
  return {
    facts,
    report(fact) {
      facts.push(fact);
      for (const look of waiting) look();
    },
    next(type, passes = () => true, ms = 5000, from = 0) {
      type Wanted = Extract<Fact, { type: typeof type }>;
      return new Promise((resolve, reject) => {
        let at = from;
        const look = () => {
          for (; at < facts.length; at += 1) {
            const fact = facts[at];
            if (fact?.type !== type || !passes(fact as Wanted)) continue;
            clearTimeout(timer);
            waiting.delete(look);
            resolve(fact as Wanted);
            return;
          }
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no ${type} in ${ms} ms; got ${JSON.stringify(facts.slice(-5))}`));
        }, ms);
        waiting.add(look);
        look();
      });
    },
  };
}

export function setRoute(
  orderId: number,
  gateway: string,
  remove: readonly RouteEntry[] = [],
  also: OrderOf<'SET_ROUTE'>['also'] = [],
): OrderOf<'SET_ROUTE'> {
  return {
    type: 'SET_ROUTE',
    orderId,
    path: 'scvm/data',
    kind: 'failover',
    nfsIp: NFS_IP,
    gateway,
    remove,
    also,
    reason: 'test',
  };
}
