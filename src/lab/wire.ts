/**
 * What the supervisor and the SCVM programs say to each other over Node's IPC channel, and the
 * settings each program is started with (one JSON argument). Types only. The supervisor plays the
 * parts that a real cluster has inside itself: the consensus that appoints a leader, and the
 * shared store of insight.
 */

import type { RestMode } from './fault.ts';
import type { LabTimings } from './timings.ts';
import type { TruthEvent } from './truth.ts';

export interface Leader {
  readonly scvm: string;
  readonly dataIp: string;
}

/** What `access` and `meta` are told at their start. */
export interface ProgramSettings {
  readonly scvm: string;
  readonly dataIp: string;
  readonly manageIp: string;
  readonly zone: string | null;
  /** Data IP of every SCVM, for insight's metrics. */
  readonly dataIps: readonly string[];
  readonly clusterUuid: string;
  readonly timings: LabTimings;
  readonly leader: Leader | null;
  readonly restMode: RestMode;
}

/** One insight heartbeat, as the monitoring keeps it. */
export interface Beat {
  readonly hypervisorIp: string;
  readonly localScvmDataIp: string;
  readonly nfsTargetIp: string;
  readonly ttlSeconds: number;
}

export type ToProgram =
  | { type: 'leader'; leader: Leader | null }
  | { type: 'rest'; mode: RestMode }
  | { type: 'beat'; beat: Beat };

export type FromProgram =
  | { type: 'ready' }
  | { type: 'truth'; atMs: number; event: TruthEvent }
  | { type: 'beat'; beat: Beat };

/** TCP ports inside an SCVM. The first three are the product's, the last two the lab's own. */
export const PORTS = { nfs: 2049, rest: 80, insight: 10_700, session: 10_206, leader: 10_201 };
