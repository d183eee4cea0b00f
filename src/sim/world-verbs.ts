/**
 * Verbs of a dialogue that change what all hosts share: SCVMs, services, sessions, the leader.
 */

import { type ScvmCondition, scvmOf } from './conditions.ts';
import type { Run } from './run.ts';
import { isOn, pick } from './words.ts';

export type Do = (run: Run, args: readonly string[]) => void;

function onScvm(run: Run, name: string | undefined): ScvmCondition {
  return scvmOf(run.cluster, name ?? '');
}

function switchOn(run: Run, name: string, scvm: ScvmCondition): void {
  scvm.powered = true;
  scvm.service = 'up';
  scvm.bootedAtMs = run.queue.nowMs();
  run.sessions.restarted(name);
}

/** The whole VM: pings, service and session go together; on again, its session is new. */
const power: Do = (run, [name = '', word]) => {
  const on = isOn(word);
  const scvm = onScvm(run, name);
  if (on === scvm.powered) return;
  if (on) switchOn(run, name, scvm);
  else {
    scvm.powered = false;
    scvm.service = 'refused';
  }
  run.sessions.look();
};

/** From refused to up is a restart of the access process, with a new session. */
const service: Do = (run, [name = '', word]) => {
  const scvm = onScvm(run, name);
  const was = scvm.service;
  const is = pick(word, ['up', 'refused', 'silent']);
  if (is === was || !scvm.powered) return;
  scvm.service = is;
  if (was === 'refused') run.sessions.restarted(name);
  run.sessions.look();
  if (is === 'refused') for (const host of run.hosts) host.serviceDied(name);
};

/** What the leader's list shows, whatever is true; `restart`: too quick for any probe. */
const session: Do = (run, [name = '', word]) => {
  const scvm = onScvm(run, name);
  const what = pick(word, ['alive', 'lapsed', 'absent', 'restart']);
  if (what !== 'restart') {
    scvm.session.state = what;
    return;
  }
  run.sessions.restarted(name);
  run.sessions.look();
};

/** Between an SCVM and the leader. `deaf`: one way only, the leader's answers are lost. */
const heartbeats: Do = (run, [name, word]) => {
  onScvm(run, name).heartbeats = pick(word, ['ok', 'cut', 'deaf']);
  run.sessions.look();
};

/** `leader on scvm2`: it lives there. `leader fail`: it dies, and another SCVM takes over. */
const leader: Do = (run, [word, name]) => {
  const what = pick(word, ['here', 'away', 'empty', 'partial', 'garbage', 'fail', 'on']);
  if (what === 'fail') run.sessions.failOver();
  else if (what !== 'on') run.sessions.settle(what);
  else {
    onScvm(run, name);
    run.cluster.leaderOn = name ?? '';
    run.sessions.look();
  }
};

/** Session records at the leader. `deaf`: it takes them, and its answers are lost. */
const record: Do = (run, [word]) => {
  run.cluster.recordWriter = pick(word, ['ok', 'refuse', 'hang', 'deaf']);
};

/** Every fault of the shared world ends. */
export function healCluster(run: Run): void {
  for (const [name, scvm] of run.cluster.scvms) {
    if (!scvm.powered) switchOn(run, name, scvm);
    else if (scvm.service === 'refused') run.sessions.restarted(name);
    scvm.service = 'up';
    scvm.heartbeats = 'ok';
    scvm.session.state = 'alive';
  }
  run.sessions.settle('here');
  run.cluster.recordWriter = 'ok';
}

export const worldVerbs: Readonly<Record<string, Do>> = {
  power,
  service,
  session,
  heartbeats,
  leader,
  record,
};
