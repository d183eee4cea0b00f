/**
 * Verbs of a dialogue that change what all hosts share: SCVMs, services, sessions, the leader.
 */

import { restartSession, type ScvmCondition, scvmOf } from './conditions.ts';
import type { Run } from './run.ts';
import { isOn, pick } from './words.ts';

export type Do = (run: Run, args: readonly string[]) => void;

/** Session lease; the master notices a lost one later than anybody else. */
const LEASE_MS = 7000;

function onScvm(run: Run, name: string | undefined): ScvmCondition {
  return scvmOf(run.cluster, name ?? '');
}

const beats = (scvm: ScvmCondition): boolean => scvm.powered && scvm.service === 'up';

/** A session that is not renewed for a whole lease has lapsed. */
function letLapse(run: Run, scvm: ScvmCondition): void {
  const { uuid } = scvm.session;
  const sinceMs = run.queue.nowMs();
  scvm.stoppedAtMs = sinceMs;
  run.later(LEASE_MS, () => {
    const isSame = scvm.session.uuid === uuid && scvm.stoppedAtMs === sinceMs;
    if (isSame && !beats(scvm)) scvm.session.state = 'lapsed';
  });
}

/** The whole VM: pings, service and session go together; on again, its session is new. */
const power: Do = (run, [name = '', word]) => {
  const on = isOn(word);
  const scvm = onScvm(run, name);
  if (on === scvm.powered) return;
  scvm.powered = on;
  scvm.service = on ? 'up' : 'refused';
  if (on) {
    scvm.bootedAtMs = run.queue.nowMs();
    restartSession(run.cluster, name, run.queue.nowMs());
  } else letLapse(run, scvm);
};

/** From refused to up is a restart of the access process, with a new session. */
const service: Do = (run, [name = '', word]) => {
  const scvm = onScvm(run, name);
  const was = scvm.service;
  const is = pick(word, ['up', 'refused', 'silent']);
  if (is === was || !scvm.powered) return;
  scvm.service = is;
  if (is === 'up' && was === 'refused') restartSession(run.cluster, name, run.queue.nowMs());
  if (is === 'up') return;
  letLapse(run, scvm);
  if (is === 'refused') for (const host of run.hosts) host.serviceDied(name);
};

const session: Do = (run, [name = '', word]) => {
  const scvm = onScvm(run, name);
  const what = pick(word, ['alive', 'lapsed', 'absent', 'restart']);
  if (what === 'restart') restartSession(run.cluster, name, run.queue.nowMs());
  else scvm.session.state = what;
};

const leader: Do = (run, [word]) => {
  run.cluster.leader = pick(word, ['here', 'away', 'empty', 'partial', 'garbage']);
};

const record: Do = (run, [word]) => {
  run.cluster.recordWriter = pick(word, ['ok', 'refuse', 'hang']);
};

/** Every fault of the shared world ends. */
export function healCluster(run: Run): void {
  for (const [name, scvm] of run.cluster.scvms) {
    const wasWell = beats(scvm) && scvm.session.state === 'alive';
    if (!scvm.powered) scvm.bootedAtMs = run.queue.nowMs();
    scvm.powered = true;
    scvm.service = 'up';
    if (!wasWell) restartSession(run.cluster, name, run.queue.nowMs());
  }
  run.cluster.leader = 'here';
  run.cluster.recordWriter = 'ok';
}

export const worldVerbs: Readonly<Record<string, Do>> = { power, service, session, leader, record };
