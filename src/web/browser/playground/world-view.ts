/**
 * The simulated world at one time, as plain data: what the page's map shows. Copied from the
 * running simulation, because that one goes on changing; this is the truth, not what the daemon
 * believes.
 */

import type { Network, PathId, RouteEntry } from '../../../machines/model.ts';
import type { ScvmCondition } from '../../../sim/conditions.ts';
import type { Run } from '../../../sim/run.ts';

export interface ScvmView {
  readonly name: string;
  readonly powered: boolean;
  readonly service: ScvmCondition['service'];
  readonly session: ScvmCondition['session'];
  readonly heartbeats: ScvmCondition['heartbeats'];
  readonly isLeader: boolean;
}

export interface WorldView {
  readonly scvms: readonly ScvmView[];
  readonly leader: Run['cluster']['leader'];
  /** Paths whose wire is cut for this host. */
  readonly cut: ReadonlySet<PathId>;
  readonly links: Readonly<Record<Network, boolean>>;
  readonly leaderCut: boolean;
  readonly firewall: boolean;
  readonly commands: Run['host']['world']['commands'];
  readonly table: readonly RouteEntry[];
  readonly isReadable: boolean;
  /** A daemon runs. */
  readonly isAlive: boolean;
  /** The storage client's I/O flows. */
  readonly isFlowing: boolean;
  /** Time in which it did not since the daemon's first answer, ms. */
  readonly outageMs: number;
  readonly switches: number;
}

export function viewOf({ cluster, host }: Run): WorldView {
  const { world } = host;
  const { outageMs, switches } = host.metrics();
  return {
    scvms: [...cluster.scvms].map(([name, scvm]) => ({
      name,
      powered: scvm.powered,
      service: scvm.service,
      session: { ...scvm.session },
      heartbeats: scvm.heartbeats,
      isLeader: cluster.leaderOn === name && cluster.leader !== 'away',
    })),
    leader: cluster.leader,
    cut: new Set([...world.cut.out, ...world.cut.back]),
    links: { ...world.links },
    leaderCut: world.leaderCut,
    firewall: world.firewall,
    commands: world.commands,
    table: [...world.table.entries],
    isReadable: world.table.readable,
    isAlive: host.isAlive(),
    isFlowing: host.isFlowing(),
    outageMs,
    switches,
  };
}
