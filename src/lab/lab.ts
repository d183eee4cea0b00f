/**
 * A running lab: the library behind `reroute lab` and behind the tests. Builds the namespaces,
 * starts the SCVMs' programs, plays consensus and shared store for them, carries out faults and
 * records what really happened. The process that calls startLab is the lab's supervisor: when it
 * ends, however it ends, the lab is removed.
 */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openForOutput } from './children.ts';
import { removeLab } from './cleanup.ts';
import { configText, type Overrides } from './configure.ts';
import { type Door, openDoor } from './door.ts';
import type { Fault } from './fault.ts';
import { faultText } from './fault.ts';
import { parseFault } from './fault-text.ts';
import { type Guardian, startGuardian } from './guard.ts';
import { type Cluster, type LabNode, type LabPlan, planLab } from './plan.ts';
import { watchRoutes } from './routes-watch.ts';
import { claimRun, isAlive, readRunRecord, runDirOf } from './run-record.ts';
import { LAB_TIMINGS, type LabTimings } from './timings.ts';
import { checkLabTools, mayBuild } from './tools.ts';
import { buildAll } from './topology.ts';
import { openTruthLog, type Truth, type TruthLog } from './truth.ts';
import { createWorld, type World } from './world.ts';

export interface LabOptions {
  /** Unique on this machine; 1..31 of a-z, 0-9, "-". */
  readonly name: string;
  readonly cluster: Cluster;
  /** Default: /run/reroute-lab/<name>. Sockets live in it: keep it below 80 characters. */
  readonly runDir?: string;
  readonly log?: (line: string) => void;
  readonly timings?: Partial<LabTimings>;
}

export interface Lab {
  readonly name: string;
  readonly runDir: string;
  readonly hosts: readonly LabNode[];
  readonly scvms: readonly LabNode[];
  readonly truth: TruthLog;
  /** Resolves once the lab is gone, whoever asked for it. */
  readonly stopped: Promise<void>;
  /** What was done; rejects when it cannot be done. One after the other. */
  fault(fault: Fault | string): Promise<string>;
  /** The meta leader's name; null: nobody. */
  leader(): string | null;
  /** Runs a program inside a node's namespace; it is killed when the lab stops. */
  exec(node: string, file: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** The controller's YAML configuration for a host, with everything inside runDir/<host>. */
  configFor(host: string, overrides?: Overrides): string;
  status(): string;
  stop(): Promise<void>;
}

/** Throws with the reason when a lab cannot be started here. */
function mustBeAble(): void {
  const tools = checkLabTools();
  if (!tools.ok) throw new Error(tools.says);
  if (!mayBuild()) throw new Error('the lab needs root, or a user namespace');
}

function readFault(text: string): Fault {
  const parsed = parseFault(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

async function clearDead(name: string, runDir: string): Promise<void> {
  const before = readRunRecord(runDir);
  if (before !== null && isAlive(before.supervisor)) {
    throw new Error(`lab "${name}" is running already (pid ${before.supervisor.pid})`);
  }
  await removeLab(name, runDir);
}

/** The host's route as the kernel last announced it. */
function routeLine(host: string, events: readonly Truth[]): string {
  const last = events.findLast((event) => event.type === 'route' && event.host === host);
  const stands = last?.type === 'route' && !last.change.startsWith('Deleted');
  return `${host} route ${stands ? last.change : 'none'}`;
}

/** Resolves when every SCVM serves and has a session; rejects with one error otherwise. */
export async function startLab(options: LabOptions): Promise<Lab> {
  mustBeAble();
  const plan: LabPlan = planLab(options.name, options.cluster);
  const runDir = options.runDir ?? runDirOf(options.name);
  const timings = { ...LAB_TIMINGS, ...options.timings };
  const log = options.log ?? (() => undefined);
  await clearDead(plan.name, runDir);
  const record = claimRun(plan.name, runDir);
  for (const host of plan.hosts) mkdirSync(join(runDir, host.name), { recursive: true });
  const truth = openTruthLog(join(runDir, 'truth.ndjson'));
  const outputFd = openForOutput(join(runDir, 'programs.out'));
  let guardian: Guardian | null = null;
  let world: World | null = null;
  let door: Door | null = null;
  let stopping: Promise<void> | null = null;
  let announceStop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    announceStop = resolve;
  });

  const stop = () => {
    stopping ??= (async () => {
      log(`stopping lab ${plan.name}`);
      world?.close();
      await removeLab(plan.name, runDir);
      door?.close();
      truth.close();
      closeSync(outputFd);
      await guardian?.dismiss();
      announceStop();
    })();
    return stopping;
  };

  const track = (child: ChildProcess, what: string): ChildProcess => {
    const { pid } = child;
    if (pid === undefined) return child;
    record.add(pid, what);
    child.once('exit', () => {
      if (stopping === null) record.remove(pid);
    });
    return child;
  };

  let queue: Promise<unknown> = Promise.resolve();
  const fault = (wanted: Fault | string): Promise<string> => {
    const done = queue.then(async () => {
      if (world === null || stopping !== null) throw new Error('the lab is not running');
      const one = typeof wanted === 'string' ? readFault(wanted) : wanted;
      const did = await world.hands.carryOut(one);
      truth.add({ type: 'fault', fault: faultText(one), did });
      log(did);
      return did;
    });
    queue = done.catch(() => undefined);
    return done;
  };

  const exec: Lab['exec'] = (name, file, args, spawnOptions = {}) => {
    const node = [...plan.hosts, ...plan.scvms].find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`no "${name}" in this lab`);
    const inside = ['netns', 'exec', node.namespace, file, ...args];
    return track(spawn('ip', inside, spawnOptions), `${file} on ${name}`);
  };

  const answer = async (command: string): Promise<string> => {
    const [verb = '', ...rest] = command.split(' ');
    if (verb === 'status') return status();
    if (verb === 'fault') return fault(rest.join(' '));
    if (verb !== 'down') throw new Error(`unknown command "${verb}"; status, fault FAULT, down`);
    // The answer must leave before the door closes.
    setImmediate(stop);
    return `lab ${plan.name} is stopping`;
  };

  const status = () =>
    [
      `lab ${plan.name}, pid ${process.pid}, files in ${runDir}`,
      ...(world?.describe() ?? ['starting']),
      ...plan.hosts.map((host) => routeLine(host.name, truth.events)),
    ].join('\n');

  try {
    guardian = startGuardian(plan.name, runDir);
    record.add(guardian.pid, 'guardian');
    await buildAll(plan);
    for (const host of plan.hosts) {
      track(watchRoutes(host, truth.add), `route watch of ${host.name}`);
    }
    log(`${plan.hosts.length} hosts and ${plan.scvms.length} SCVMs are wired`);
    world = createWorld({ plan, timings, truth, record, outputFd });
    await world.start();
    door = await openDoor(runDir, answer);
    log(`all sessions are up, ${world.leader()} leads`);
  } catch (error) {
    await stop();
    throw new Error(`lab ${plan.name} did not start`, { cause: error });
  }
  return {
    name: plan.name,
    runDir,
    hosts: plan.hosts,
    scvms: plan.scvms,
    truth,
    stopped,
    fault,
    leader: () => world?.leader() ?? null,
    exec,
    configFor: (host, overrides) => configText(plan, runDir, host, overrides),
    status,
    stop,
  };
}
