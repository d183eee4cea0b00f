/**
 * The simulated world as it is, apart from what anybody knows of it: SCVMs, services, sessions,
 * networks, the leader, the kernel's table, the hands' health. Faults change these fields; senses
 * read them.
 */

import type { Path, PathId, RouteEntry } from '../machines/model.ts';

export interface ScvmCondition {
  powered: boolean;
  service: 'up' | 'refused' | 'silent';
  session: { uuid: string; startMs: number; state: 'alive' | 'lapsed' | 'absent' };
}

export interface Conditions {
  readonly paths: readonly Path[];
  readonly scvms: Map<string, ScvmCondition>;
  /** Paths that drop every frame although their SCVM is powered. */
  readonly cut: Set<PathId>;
  /** Paths that drop full-size frames. */
  readonly mtuCut: Set<PathId>;
  /** The host's own interfaces. */
  readonly links: { storage: boolean; management: boolean };
  /** The host's firewall drops every probe and answer. */
  firewall: boolean;
  /** `away`: no list. `empty`: a valid list without entries. `garbage`: not a list. */
  leader: 'here' | 'away' | 'empty' | 'garbage';
  /** Acknowledges session records. */
  recordWriter: 'ok' | 'refuse' | 'hang';
  commands: 'ok' | 'refuse' | 'hang' | 'lie';
  table: { entries: RouteEntry[]; readable: boolean };
  /** What the leader was told, by session uuid. */
  readonly records: Map<string, readonly string[]>;
}

export function healthy(paths: readonly Path[]): Conditions {
  const names = [...new Set(paths.map((p) => p.scvm))];
  return {
    paths,
    scvms: new Map(
      names.map((name) => [
        name,
        {
          powered: true,
          service: 'up',
          session: { uuid: `${name}-1`, startMs: -3_600_000, state: 'alive' },
        },
      ]),
    ),
    cut: new Set(),
    mtuCut: new Set(),
    links: { storage: true, management: true },
    firewall: false,
    leader: 'here',
    recordWriter: 'ok',
    commands: 'ok',
    table: { entries: [], readable: true },
    records: new Map(),
  };
}

export function scvmOf(w: Conditions, name: string): ScvmCondition {
  const found = w.scvms.get(name);
  if (!found) throw new Error(`no SCVM is called ${name}`);
  return found;
}

/** Does a small packet to the path and back arrive? */
export function reachable(w: Conditions, p: Path): boolean {
  return !w.firewall && w.links[p.network] && !w.cut.has(p.id) && scvmOf(w, p.scvm).powered;
}

/** The access service restarts: a new session, its age starts again. */
export function restartSession(w: Conditions, name: string, nowMs: number): void {
  const scvm = scvmOf(w, name);
  const number = Number(scvm.session.uuid.split('-').at(-1) ?? '0') + 1;
  scvm.session = { uuid: `${name}-${number}`, startMs: nowMs, state: 'alive' };
}
