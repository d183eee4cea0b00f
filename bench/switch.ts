/**
 * How long a switch takes: from the order (`set`) to the kernel's table read back (ROUTE_READ with
 * the order's id), for the kept-open tool and for the fallback that spawns each command. Runs in a
 * network namespace of its own, 500 switches between two gateways per way, one every 5 ms.
 * Not measured: the decision before the order, the network after it. Needs root.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinuxRoutes } from '../src/io/routes/linux.ts';
import type { Fact } from '../src/machines/events.ts';

export interface Row {
  readonly way: string;
  readonly switches: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Bench {
  readonly title: string;
  readonly rows: readonly Row[];
}

const SWITCHES = 500;
const WARM_UP = 20;
const NFS_IP = '192.168.33.2';
const SELF = fileURLToPath(import.meta.url);
const CHILD = '--inside';

/** Measures both ways. Rejects if a namespace cannot be made or a switch is not confirmed. */
export async function run(): Promise<Bench> {
  const name = `rrb${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const ip = (command: string) => execFileSync('ip', command.split(' '), { encoding: 'utf8' });
  ip(`netns add ${name}`);
  try {
    ip(`-n ${name} link set lo up`);
    ip(`-n ${name} link add eth0 type veth peer name eth0p`);
    ip(`-n ${name} addr add 10.10.85.11/24 dev eth0`);
    ip(`-n ${name} link set eth0p up`);
    ip(`-n ${name} link set eth0 up`);
    // Refuses to be kept open, costs one more exec (`sh` to `ip`) than the real fallback.
    const noBatch = join(folder, 'ip');
    const script = '#!/bin/sh\ncase "$*" in *-batch*) exit 1;; esac\nexec /usr/sbin/ip "$@"\n';
    writeFileSync(noBatch, script, { mode: 0o755 });
    const measure = (file: string) => {
      const args = ['netns', 'exec', name, process.execPath, '--import', 'tsx', SELF, CHILD, file];
      const timesMs = execFileSync('ip', args, { encoding: 'utf8', timeout: 120_000 });
      return JSON.parse(timesMs) as number[];
    };
    return {
      title: `switch: order to confirmed route, ${SWITCHES} each`,
      rows: [
        rowOf('kept-open ip -batch', measure('/usr/sbin/ip')),
        rowOf('fallback: spawn ip', measure(noBatch)),
      ],
    };
  } finally {
    ip(`netns del ${name}`);
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(way: string, timesMs: readonly number[]): Row {
  const sorted = [...timesMs].sort((a, b) => a - b);
  const at = (share: number) => {
    const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
    return Math.round((sorted[index] ?? Number.NaN) * 1000) / 1000;
  };
  return { way, switches: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** Inside the namespace: prints the times as JSON. */
async function measureInside(ipFile: string): Promise<void> {
  let told: (fact: Fact) => void = () => undefined;
  const hand = createLinuxRoutes({
    nfsIp: NFS_IP,
    commandDeadlineMs: 2000,
    report: (fact) => told(fact),
    clock: { nowMs: () => performance.now() },
    ipFile,
  });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(500);
  const timesMs: number[] = [];
  for (let orderId = 1; orderId <= WARM_UP + SWITCHES; orderId += 1) {
    const gateway = `10.10.85.${15 + (orderId % 2)}`;
    const startMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      told = (fact) => {
        if (!('orderId' in fact) || fact.orderId !== orderId) return;
        const isConfirmed =
          fact.type === 'ROUTE_READ' &&
          fact.entries.length === 1 &&
          fact.entries[0]?.gateway === gateway;
        if (isConfirmed) resolve();
        else reject(new Error(`switch ${orderId}: ${JSON.stringify(fact)}`));
      };
      hand.set({
        type: 'SET_ROUTE',
        orderId,
        path: 'scvm/data',
        kind: 'failover',
        nfsIp: NFS_IP,
        gateway,
        remove: [],
        also: [],
        reason: 'bench',
      });
    });
    if (orderId > WARM_UP) timesMs.push(performance.now() - startMs);
    await pause(5);
  }
  hand.close();
  process.stdout.write(JSON.stringify(timesMs));
}

if (process.argv[2] === CHILD) {
  await measureInside(process.argv[3] ?? '');
} else if (process.argv[1] === SELF) {
  const { title, rows } = await run();
  console.log(title);
  console.table(rows);
}
