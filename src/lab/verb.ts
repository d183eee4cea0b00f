/**
 * What `reroute lab` does, for the command line to call: run a lab in the foreground, play a
 * script into it, end it. Prints through the given function, returns the exit code (0 done,
 * 1 failed, 2 wrong usage) and cleans up on SIGINT, SIGTERM and SIGHUP.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askLab } from './door.ts';
import { downLab } from './down.ts';
import { startLab } from './lab.ts';
import { startClient, startDaemon } from './passengers.ts';
import { type Cluster, planProblems } from './plan.ts';
import { consoleOn, openRelay } from './relay.ts';
import { parseScript, playScript, type Script } from './script.ts';
import { sayTruth, seconds } from './timeline.ts';
import { monotonicMs, type Truth } from './truth.ts';

export type Print = (line: string) => void;

export interface LabRun {
  readonly name: string;
  readonly cluster: Cluster;
  /** A fault script; null: runs until it is told to stop. */
  readonly scriptFile: string | null;
  /**
   * argv that starts the controller when `run --config FILE` is appended, e.g. [node, bin/reroute];
   * one per host. Null: hosts without a controller.
   */
  readonly daemon: readonly string[] | null;
  /** A writing client on every host. */
  readonly clients: boolean;
  readonly print: Print;
  /** Where trouble is told; default: with the rest. */
  readonly complain?: Print;
}

function readScript(run: LabRun): Script | null {
  if (run.scriptFile === null) return null;
  const result = parseScript(readFileSync(run.scriptFile, 'utf8'), {
    hosts: run.cluster.hosts.map((host) => host.name),
    scvms: run.cluster.scvms.map((scvm) => scvm.name),
  });
  if (result.ok) return result.script;
  const lines = result.errors.map(({ line, error }) => `${run.scriptFile}:${line}: ${error}`);
  throw new Error(lines.join('\n'));
}

/**
 * `reroute lab [--script FILE]`: until the script's end, a signal, or `reroute lab down`. A script
 * that was cut short is a failure.
 */
export async function runLab(run: LabRun): Promise<number> {
  let script: Script | null;
  const complain = run.complain ?? run.print;
  try {
    const problems = planProblems(run.name, run.cluster);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    script = readScript(run);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  let startMs: number | null = null;
  const print = (tMs: number, what: string) => run.print(`${seconds(tMs)}  ${what}`);
  try {
    // A script's own lines say what it did; what another terminal does is told here, timed.
    const log = (line: string) => {
      if (script === null)
        startMs === null ? run.print(line) : print(monotonicMs() - startMs, line);
    };
    const lab = await startLab({ name: run.name, cluster: run.cluster, log });
    lab.stopped.then(onSignal);
    if (!abort.signal.aborted) {
      const beganMs = monotonicMs();
      startMs = beganMs;
      const show = (event: Truth) => {
        const said = sayTruth(event);
        if (said !== null) print(event.atMs - beganMs, said);
      };
      lab.truth.emitter.on('truth', show);
      const consoles: string[] = [];
      for (const { name } of lab.hosts) {
        const port = run.daemon !== null ? await openRelay(lab, name) : null;
        if (run.daemon !== null) startDaemon(lab, name, run.daemon, consoleOn(port));
        if (port !== null) consoles.push(`  console of ${name}: http://127.0.0.1:${port}`);
        if (run.clients) startClient(lab, name);
      }
      run.print(lab.status());
      if (script === null) {
        for (const line of [...handles(run, lab.runDir), ...consoles]) run.print(line);
      }
      if (script !== null) await playScript(lab, script, print, abort.signal);
      else await untilAborted(abort.signal);
      lab.truth.emitter.off('truth', show);
    }
    const interrupted = script !== null && abort.signal.aborted;
    await lab.stop();
    return interrupted ? 1 : 0;
  } catch (error) {
    complain(describe(error));
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** What to type in another terminal. */
function handles(run: LabRun, runDir: string): string[] {
  const name = run.name === 'lab' ? '' : ` --name ${run.name}`;
  const host = run.cluster.hosts[0]?.name ?? 'host1';
  const scvm = run.cluster.scvms[0]?.name ?? 'scvm1';
  const asked = `reroute status --config ${join(runDir, host, 'reroute.yaml')}`;
  return [
    'from another terminal, or Ctrl-C here to end it:',
    `  reroute lab fault power-off ${scvm}${name}   (reroute lab fault --help lists them)`,
    `  reroute lab status${name}, reroute lab down${name}`,
    ...(run.daemon === null ? [] : [`  ${asked}`]),
  ];
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** An error and what caused it, one line each. */
function describe(error: unknown): string {
  const lines: string[] = [];
  for (let one: unknown = error; one instanceof Error; one = one.cause) lines.push(one.message);
  return lines.join(': ') || String(error);
}

/** `reroute lab status`, `reroute lab fault FAULT`: asks a lab that runs in another terminal. */
export async function commandLab(
  name: string,
  command: string,
  print: Print,
  complain: Print = print,
): Promise<number> {
  const { ok, text } = await askLab(name, command);
  (ok ? print : complain)(text);
  return ok ? 0 : 1;
}

/** `reroute lab down`: ends a running lab, or removes what a dead one left. */
export async function endLab(name: string, print: Print): Promise<number> {
  try {
    const did = await downLab(name);
    for (const line of did.length > 0 ? did : [`nothing of lab "${name}" is here`]) print(line);
    return 0;
  } catch (error) {
    print(describe(error));
    return 1;
  }
}
