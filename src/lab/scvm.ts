/**
 * The life of one SCVM: power, and its two programs. Power-off is the pulled plug: the cables lose
 * carrier in one step before anything is killed, so that no FIN or RST gets out.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startProgram } from './children.ts';
import { ipBatch } from './commands.ts';
import type { LabNode, LabPlan } from './plan.ts';
import { killMarked, markOf, type RunRecordKeeper } from './run-record.ts';
import { buildNode, processesIn, removeNamespaces, setCarrier } from './topology.ts';
import type { TruthEvent } from './truth.ts';
import type { FromProgram, ProgramSettings, ToProgram } from './wire.ts';

export interface ScvmState {
  readonly power: 'on' | 'off' | 'booting';
  readonly access: 'running' | 'frozen' | 'down';
  readonly loop: boolean;
}

export interface ScvmLife {
  readonly node: LabNode;
  state(): ScvmState;
  /** Starts the programs in a namespace that stands; resolves when both are ready. */
  boot(): Promise<void>;
  powerOff(): Promise<void>;
  /** Returns at once; the SCVM is back after the boot time. `onBuilt` runs when its ports stand. */
  powerOn(onBuilt: () => Promise<void>): void;
  startAccess(): Promise<void>;
  killAccess(): Promise<void>;
  freezeAccess(frozen: boolean): void;
  /** Null ends the loop and leaves the service running. */
  loop(everyMs: number | null, downMs: number): Promise<void>;
  send(message: ToProgram): void;
  close(): void;
}

export interface ScvmOptions {
  readonly plan: LabPlan;
  readonly node: LabNode;
  readonly record: RunRecordKeeper;
  readonly bootMs: number;
  readonly outputFd: number;
  settings(): ProgramSettings;
  onSaid(message: FromProgram): void;
  tell(event: TruthEvent): void;
}

export function createScvm(options: ScvmOptions): ScvmLife {
  const { plan, node, record, tell } = options;
  let power: ScvmState['power'] = 'on';
  let access: Child | null = null;
  let meta: Child | null = null;
  let frozen = false;
  let booting: { abort: AbortController; done: Promise<void> } | null = null;
  const timers: { every: NodeJS.Timeout | null; up: NodeJS.Timeout | null } = {
    every: null,
    up: null,
  };

  const start = (program: 'access' | 'meta'): Child => {
    const what = `${node.name} ${program}`;
    const child = startProgram({
      what,
      program,
      namespace: node.namespace,
      settings: options.settings(),
      outputFd: options.outputFd,
      onSaid: options.onSaid,
    });
    record.add(child.pid, what);
    tell({ type: 'process', what, state: 'started' });
    child.exited.then(() => {
      record.remove(child.pid);
      tell({ type: 'process', what, state: 'ended' });
    });
    return child;
  };
  const end = async (child: Child | null) => {
    child?.kill('SIGKILL');
    await child?.exited;
  };
  const mustBeOn = () => {
    if (power !== 'on') throw new Error(`${node.name} is ${power === 'off' ? 'off' : 'booting'}`);
  };
  const stopLoop = () => {
    if (timers.every !== null) clearInterval(timers.every);
    if (timers.up !== null) clearTimeout(timers.up);
    timers.every = null;
    timers.up = null;
  };
  const accessRuns = () => access?.isRunning() ?? false;

  const life: ScvmLife = {
    node,
    state: () => ({
      power,
      access: !accessRuns() ? 'down' : frozen ? 'frozen' : 'running',
      loop: timers.every !== null,
    }),
    async boot() {
      meta = start('meta');
      access = start('access');
      frozen = false;
      await Promise.all([meta.ready, access.ready]);
    },
    async powerOff() {
      if (power === 'off') throw new Error(`${node.name} is off already`);
      stopLoop();
      booting?.abort.abort();
      await booting?.done;
      const stood = power === 'on';
      power = 'off';
      tell({ type: 'process', what: `${node.name} power`, state: 'off' });
      if (!stood) return;
      await setCarrier(plan, node.cables, 'down');
      await Promise.all([end(access), end(meta)]);
      for (const pid of await processesIn(node.namespace)) {
        const mark = markOf(pid, 'a process of the SCVM');
        if (mark !== null) killMarked(mark);
      }
      // The kernel empties a namespace some time after its name is gone; the ports must be free now.
      await ipBatch(
        plan.switchNamespace,
        node.cables.map((cable) => `link del ${cable.port}`),
      );
      await removeNamespaces([node.namespace]);
    },
    powerOn(onBuilt) {
      if (power !== 'off') throw new Error(`${node.name} is ${power} already`);
      power = 'booting';
      const abort = new AbortController();
      const boot = async () => {
        await sleep(options.bootMs, undefined, { signal: abort.signal });
        await buildNode(plan, node);
        power = 'on';
        tell({ type: 'process', what: `${node.name} power`, state: 'on' });
        await onBuilt();
        // Its services' start is not waited for: a power-off may come in the middle of it.
        life.boot().catch((error: unknown) => fail(error));
      };
      const fail = (error: unknown) => {
        if (!abort.signal.aborted && power !== 'off') {
          tell({ type: 'process', what: `${node.name} power`, state: `boot failed: ${error}` });
        }
      };
      const done = boot().catch(fail);
      booting = { abort, done };
    },
    async startAccess() {
      mustBeOn();
      if (accessRuns()) throw new Error(`the access service of ${node.name} runs already`);
      frozen = false;
      access = start('access');
      await access.ready;
    },
    async killAccess() {
      mustBeOn();
      if (!accessRuns()) throw new Error(`the access service of ${node.name} is down already`);
      await end(access);
    },
    freezeAccess(freeze) {
      mustBeOn();
      if (!accessRuns()) throw new Error(`the access service of ${node.name} is down`);
      access?.kill(freeze ? 'SIGSTOP' : 'SIGCONT');
      frozen = freeze;
    },
    async loop(everyMs, downMs) {
      mustBeOn();
      stopLoop();
      if (everyMs === null) {
        if (!accessRuns()) await life.startAccess();
        return;
      }
      const cycle = async () => {
        if (accessRuns()) await end(access);
        timers.up = setTimeout(() => {
          if (power === 'on' && !accessRuns()) access = start('access');
        }, downMs);
      };
      timers.every = setInterval(cycle, everyMs);
      await cycle();
    },
    send(message) {
      access?.send(message);
      meta?.send(message);
    },
    close() {
      stopLoop();
      booting?.abort.abort();
    },
  };
  return life;
}
