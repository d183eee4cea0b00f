/**
 * The stand of the acceptance tests: one real three-host cluster for all files of this folder, a
 * writing client on host1, and the daemon under test on whichever host a test names. The lab is
 * lent to one file after the other and ends shortly after the last one gave it back.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { startClient } from '../../src/lab/passengers.ts';
import { NFS_IP, SAMPLE_CLUSTER } from '../../src/lab/plan.ts';
import { monotonicMs, type Truth } from '../../src/lab/truth.ts';
import type { RouteEntry } from '../../src/machines/model.ts';
import { type Daemon, output, type RunOptions, startDaemon } from './daemon.ts';
import { tableNow } from './laws.ts';

export const HOME = '10.10.85.15';
export const gatewayOf = (n: number, network: 'data' | 'manage' = 'data'): string =>
  `${network === 'data' ? '10.10.85' : '192.168.85'}.${14 + n}`;

type TruthType = Truth['type'];
export type TruthOf<T extends TruthType> = Extract<Truth, { type: T }>;

export interface Stand {
  readonly lab: Lab;
  /** Starts the daemon; `reset` ends it if the test did not. */
  run(options?: RunOptions): Daemon;
  fault(text: string): Promise<number>;
  /** The first truth of a type, at or after `afterMs`, that fits. */
  truth<T extends TruthType>(
    type: T,
    fits: (event: TruthOf<T>) => boolean,
    afterMs?: number,
    withinMs?: number,
  ): Promise<TruthOf<T>>;
  /** The client on host1 was answered by this SCVM after that time. */
  served(
    scvm: string | ((name: string) => boolean),
    afterMs: number,
    withinMs?: number,
  ): Promise<string>;
  /** The kernel's entries for the NFS address, from its own notifications. */
  table(host?: string): readonly RouteEntry[];
  tableHolds(gateway: string, host?: string, withinMs?: number): Promise<void>;
  /** Runs `ip` in a host's namespace. */
  ip(host: string, ...args: string[]): Promise<string>;
  /** Ends daemons, undoes all faults, waits for the cluster, puts host1's route at home. */
  reset(): Promise<void>;
  release(): Promise<void>;
}

const LINGER_MS = 1500;
const CLUSTER_MS = 40_000;

interface Shared {
  readonly lab: Lab;
  readonly runDir: string;
}
let shared: Promise<Shared> | null = null;
let closing: NodeJS.Timeout | undefined;

/** The command line is tested as it is shipped: built, and not older than its source. */
function build(): void {
  const ready = new URL('../../scripts/ready.mjs', import.meta.url).href;
  const done = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `(await import(${JSON.stringify(ready)})).build()`],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    },
  );
  assert.equal(done.status, 0, 'the build failed');
}

async function openShared(): Promise<Shared> {
  build();
  const runDir = mkdtempSync(join(tmpdir(), 'rracc-'));
  const lab = await startLab({
    name: `acc-${process.pid}`,
    cluster: SAMPLE_CLUSTER,
    runDir,
    // The product's own lease and jeopardy; a disk slow enough to catch a request in flight.
    timings: { bootMs: 200, electionMs: 1000, heartbeatMs: 500, answerMs: 60 },
  });
  return { lab, runDir };
}

async function closeShared(): Promise<void> {
  clearTimeout(closing);
  const open = shared;
  shared = null;
  if (open === null) return;
  const { lab, runDir } = await open;
  await lab.stop();
  rmSync(runDir, { recursive: true, force: true });
}

/** Resolves once `holds`; asked after every truth. */
export function untilTruth(lab: Lab, holds: () => boolean, what: string, withinMs: number) {
  if (holds()) return Promise.resolve();
  return new Promise<void>((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      lab.truth.emitter.off('truth', look);
    };
    const look = () => {
      if (!holds()) return;
      done();
      resolve();
    };
    const timer = setTimeout(() => {
      done();
      const last = lab.truth.events.slice(-15).map((e) => JSON.stringify(e));
      reject(new Error(`not within ${withinMs} ms: ${what}; last truths:\n${last.join('\n')}`));
    }, withinMs);
    lab.truth.emitter.on('truth', look);
  });
}

export async function openStand(): Promise<Stand> {
  clearTimeout(closing);
  shared ??= openShared();
  const { lab } = await shared;
  const daemons = new Set<Daemon>();
  let client: ChildProcess | null = null;
  const { events } = lab.truth;
  const host = (name: string) => {
    const found = lab.hosts.find((h) => h.name === name);
    assert.ok(found, `no host ${name}`);
    return found;
  };

  const lastState = (what: string): string | null => {
    const last = events.findLast((e) => e.type === 'process' && e.what === what);
    return last?.type === 'process' ? last.state : null;
  };

  const stand: Stand = {
    lab,
    run(options) {
      const daemon = startDaemon(lab, options);
      daemons.add(daemon);
      daemon.exited.then(() => daemons.delete(daemon));
      return daemon;
    },
    async fault(text) {
      await lab.fault(text);
      return monotonicMs();
    },
    async truth(type, fits, afterMs = 0, withinMs = 30_000) {
      type Wanted = TruthOf<typeof type>;
      const isWanted = (e: Truth): e is Wanted =>
        e.type === type && e.atMs >= afterMs && fits(e as Wanted);
      await untilTruth(lab, () => events.some(isWanted), `${type} ${fits}`, withinMs);
      const found = events.find(isWanted);
      assert.ok(found);
      return found;
    },
    async served(scvm, afterMs, withinMs = 30_000) {
      const fits = (name: string) => (typeof scvm === 'string' ? name === scvm : scvm(name));
      const event = await stand.truth(
        'client',
        (e) => e.host === 'host1' && e.server !== null && e.event !== 'broken' && fits(e.server),
        afterMs,
        withinMs,
      );
      return event.server ?? '';
    },
    table: (name = 'host1') => tableNow(events, name),
    tableHolds: (gateway, name = 'host1', withinMs = 30_000) =>
      untilTruth(
        lab,
        () => stand.table(name).length === 1 && stand.table(name)[0]?.gateway === gateway,
        `the only entry leads to ${gateway}`,
        withinMs,
      ),
    ip: (name, ...args) => output('ip', '-n', host(name).namespace, ...args),
    async reset() {
      for (const daemon of [...daemons]) {
        daemon.signal('SIGKILL');
        await daemon.exited;
      }
      await lab.fault('heal');
      const whole = () =>
        lab.scvms.every((s) => lastState(`${s.name} access`) === 'serving') &&
        lab.leader() !== null;
      await untilTruth(lab, whole, 'the cluster is whole', CLUSTER_MS);
      // A duplicate that is gone lives on in ARP caches; nobody here waits for that to pass.
      const nodes = [...lab.hosts, ...lab.scvms];
      await Promise.all(nodes.map((n) => output('ip', '-n', n.namespace, 'neigh', 'flush', 'all')));
      await putHome();
    },
    async release() {
      for (const daemon of daemons) daemon.signal('SIGKILL');
      await Promise.all([...daemons].map((d) => d.exited));
      client?.kill('SIGKILL');
      closing = setTimeout(closeShared, LINGER_MS);
    },
  };

  /** As a daemon of an earlier time left it: our tag, home. */
  async function putHome(): Promise<void> {
    const { namespace } = host('host1');
    while (stand.table().length > 0) {
      const seen = events.length;
      await output('ip', '-n', namespace, 'route', 'flush', 'exact', `${NFS_IP}/32`);
      await untilTruth(lab, () => events.length > seen, 'the flush was announced', 5000);
    }
    await stand.ip('host1', 'route', 'add', `${NFS_IP}/32`, 'via', HOME, 'proto', '133');
    await stand.tableHolds(HOME);
    client ??= startClient(lab, 'host1');
    const at = monotonicMs();
    await output('ip', 'netns', 'exec', namespace, 'ss', '-K', '-t', '-n', 'dst', NFS_IP);
    await stand.served('scvm1', at);
  }

  return stand;
}

after('end of the lab', closeShared);
