/**
 * The simulated world as it is, apart from what anybody knows of it. What all hosts share: SCVMs,
 * services, sessions, the leader. What each host has of its own: interfaces, paths that are cut for
 * it, the kernel's table, the hands' health. Faults change these fields; senses read them.
 */

import type { Network, Path, PathId, RouteEntry, Session } from '../machines/model.ts';

export interface ScvmCondition {
  powered: boolean;
  service: 'up' | 'refused' | 'silent';
  /** As the leader's list shows it. */
  session: { uuid: string; startMs: number; state: 'alive' | 'lapsed' | 'absent' };
  /** Out of the cluster by its own clock: it serves nobody until it has a new session. */
  isExpired: boolean;
  /** Lives of the access process. */
  life: number;
  /** Between it and the leader. `deaf`: they arrive, and their answers are lost. */
  heartbeats: 'ok' | 'cut' | 'deaf';
  /** When its machine was last switched on; -Infinity: before the run. */
  bootedAtMs: number;
}

/** What all hosts share. */
export interface Cluster {
  readonly scvms: Map<string, ScvmCondition>;
  /** `away`: no list. `empty`, `partial`: a valid list of none, of some. `garbage`: not a list. */
  leader: 'here' | 'away' | 'empty' | 'partial' | 'garbage';
  /** The SCVM that it lives on. */
  leaderOn: string;
  /** Acknowledges session records. `deaf`: takes them, and its answers are lost. */
  recordWriter: 'ok' | 'refuse' | 'hang' | 'deaf';
  /** What the leader was told, by session uuid. */
  readonly records: Map<string, readonly string[]>;
}

/** `late`: the change is made, but reported as refused. `slow`: answers just before its deadline. */
export type CommandHealth = 'ok' | 'refuse' | 'hang' | 'lie' | 'slow' | 'late';

/** Another machine that claims the address of a path. */
export interface Stranger {
  /** What its port of NFS says. */
  readonly answers: 'refused' | 'silent';
  /** The host's frames go to it now. */
  hasAddress: boolean;
}

/** One host's world. */
export interface Conditions {
  readonly cluster: Cluster;
  readonly paths: readonly Path[];
  /** Own addresses, by network. */
  readonly source: Readonly<Record<Network, string>>;
  /** Paths that drop every frame on its way there, or back, although their SCVM is powered. */
  readonly cut: { readonly out: Set<PathId>; readonly back: Set<PathId> };
  /** Paths that drop full-size frames. */
  readonly mtuCut: Set<PathId>;
  /** By path: who else claims its address. */
  readonly strangers: Map<PathId, Stranger>;
  /** The host's own interfaces. */
  readonly links: Record<Network, boolean>;
  /** The virtual switch to its own SCVM, without an uplink. */
  privateUp: boolean;
  /** The host's firewall drops every probe and answer. */
  firewall: boolean;
  /** The leader cannot be reached from here, whatever works else. */
  leaderCut: boolean;
  commands: CommandHealth;
  table: { entries: RouteEntry[]; readable: boolean };
}

export function healthyCluster(names: readonly string[]): Cluster {
  const scvm = (name: string): [string, ScvmCondition] => [
    name,
    {
      powered: true,
      service: 'up',
      session: { uuid: `${name}-1`, startMs: -3_600_000, state: 'alive' },
      isExpired: false,
      life: 1,
      heartbeats: 'ok',
      bootedAtMs: Number.NEGATIVE_INFINITY,
    },
  ];
  return {
    scvms: new Map(names.map(scvm)),
    leader: 'here',
    leaderOn: names.at(-1) ?? '',
    recordWriter: 'ok',
    records: new Map(),
  };
}

export function healthyHost(
  cluster: Cluster,
  paths: readonly Path[],
  source: Readonly<Record<Network, string>>,
): Conditions {
  return {
    cluster,
    paths,
    source,
    cut: { out: new Set(), back: new Set() },
    mtuCut: new Set(),
    strangers: new Map(),
    links: { storage: true, management: true },
    privateUp: true,
    firewall: false,
    leaderCut: false,
    commands: 'ok',
    table: { entries: [], readable: true },
  };
}

export function scvmOf(cluster: Cluster, name: string): ScvmCondition {
  const found = cluster.scvms.get(name);
  if (!found) throw new Error(`no SCVM is called ${name}`);
  return found;
}

/** Does a small packet to the path and back arrive, luck apart? */
export function reachable(w: Conditions, p: Path): boolean {
  if (w.firewall || !w.links[p.network] || w.cut.out.has(p.id)) return false;
  if (w.cut.back.has(p.id)) return false;
  return scvmOf(w.cluster, p.scvm).powered || w.strangers.has(p.id);
}

/** Would the host hear what the SCVM sends by itself, as the end of a connection? */
export function hears(w: Conditions, p: Path): boolean {
  if (w.firewall || !w.links[p.network] || w.cut.back.has(p.id)) return false;
  return scvmOf(w.cluster, p.scvm).powered;
}

/** The stranger that gets what is sent to this path; null: the SCVM does. */
export function strangerAt(w: Conditions, p: Path): Stranger | null {
  const stranger = w.strangers.get(p.id);
  if (!stranger) return null;
  return stranger.hasAddress || !scvmOf(w.cluster, p.scvm).powered ? stranger : null;
}

/** What the service of a path would answer. */
export function serviceOf(w: Conditions, p: Path): 'up' | 'refused' | 'silent' | 'unasked' {
  if (!w.links[p.network]) return 'unasked';
  if (!reachable(w, p)) return 'silent';
  return strangerAt(w, p)?.answers ?? scvmOf(w.cluster, p.scvm).service;
}

/** Does anybody give this host a session list or take its record? */
export function leaderAnswers(w: Conditions): boolean {
  const { leader } = w.cluster;
  if (leader === 'away' || leader === 'garbage' || w.leaderCut) return false;
  return w.paths.some((p) => reachable(w, p));
}

/** What a poll says in vain now, as the decision words it; null: it would get a list of somebody. */
export function pollFailure(w: Conditions): string | null {
  if (leaderAnswers(w)) return w.cluster.leader === 'empty' ? 'the list is empty' : null;
  return w.cluster.leader === 'garbage' ? 'not a list' : 'no leader answered';
}

/** The list that a leader who answers gives now. One that has just taken over shows few or none. */
export function listedSessions(w: Conditions, nowMs: number): Session[] {
  const { leader } = w.cluster;
  if (leader === 'empty') return [];
  const all = everySession(w, nowMs);
  return leader === 'partial' ? all.slice(Math.floor(all.length / 2)) : all;
}

function everySession(w: Conditions, nowMs: number): Session[] {
  const listed: Session[] = [];
  for (const [name, scvm] of w.cluster.scvms) {
    const p = w.paths.find((x) => x.scvm === name);
    if (!p || scvm.session.state === 'absent') continue;
    listed.push({
      uuid: scvm.session.uuid,
      ip: p.dataIp,
      manageIp: p.manageIp,
      zone: null,
      alive: scvm.session.state === 'alive',
      ageMs: nowMs - scvm.session.startMs,
      localClientIps: w.cluster.records.get(scvm.session.uuid) ?? [],
    });
  }
  return listed;
}
