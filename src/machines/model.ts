/**
 * The nouns of the decision: SCVMs, paths to them, verdicts on paths, the kernel's route entries.
 * Only shapes, no behaviour. Words are those of the field: a *path* is one way to one SCVM, the
 * *target* is the path the host route points at, *home* is the local SCVM's storage path.
 */

/** `<scvm>/<kind>`, for example `scvm1/data`. Unique in a configuration. */
export type PathId = string;

/** Which of an SCVM's addresses is the gateway. `access` replaces `data` where RDMA is used. */
export type PathKind = 'data' | 'access' | 'manage';

export type Network = 'storage' | 'management';

/** One way to one SCVM: a possible gateway of the /32 route. Fixed by the configuration. */
export interface Path {
  readonly id: PathId;
  /** The SCVM's name. */
  readonly scvm: string;
  readonly kind: PathKind;
  readonly network: Network;
  /** The gateway, dotted IPv4: the address that is probed and routed to. */
  readonly ip: string;
  /** The SCVM's data IP; differs from `ip` on `access` and `manage` paths. */
  readonly dataIp: string;
  /** The SCVM's management IP. */
  readonly manageIp: string;
  /** True for both paths of this host's own SCVM. */
  readonly local: boolean;
  /** True when the SCVM is in the local SCVM's zone, or no zones are configured. */
  readonly sameZone: boolean;
}

/**
 * up: may be chosen. suspect: in doubt, neither chosen nor left yet. down: confirmed, left when
 * another is up. unknown: could not ask; neither chosen nor left for that reason.
 */
export type Verdict = 'up' | 'suspect' | 'down' | 'unknown';

/** Why a path has its verdict; `none` goes with up. */
export type Cause = 'none' | 'unasked' | 'link' | 'ping' | 'mtu' | 'service' | 'session' | 'rising';

/** One path as the chart sees it. A new object only when something a decision needs changed. */
export interface PathView {
  readonly id: PathId;
  readonly verdict: Verdict;
  readonly cause: Cause;
  /** The reason with its numbers at the time the verdict was reached, one line. */
  readonly says: string;
  /** Start of the current unbroken run of `up`; null unless the verdict is up. */
  readonly upSinceMs: number | null;
  /** Last time a bad signal was seen (not: unknown); null if never since the daemon started. */
  readonly badAtMs: number | null;
  /** When the SCVM's access session started (from its age); null if not known. */
  readonly sessionStartMs: number | null;
}

/** One entry of the cluster's session list, after the REST adapter checked and mapped it. */
export interface Session {
  readonly uuid: string;
  /** The SCVM's data IP. */
  readonly ip: string;
  readonly manageIp: string | null;
  readonly zone: string | null;
  readonly alive: boolean;
  /** Age of the session, ms, >= 0. */
  readonly ageMs: number;
  /** Client addresses the leader has on record for the SCVM's own hypervisor. */
  readonly localClientIps: readonly string[];
}

/** One host-route entry for the NFS address as the kernel's table holds it. */
export interface RouteEntry {
  /** Next hop, dotted IPv4; null for a route without one (on-link, blackhole). */
  readonly gateway: string | null;
  /** Interface name; null if the entry names none. */
  readonly device: string | null;
  /** Lower wins. 0 is ours. */
  readonly metric: number;
  /** The entry's origin tag as the tool prints it, e.g. `133` (ours), `boot`, `static`. */
  readonly protocol: string;
  /** Multipath, unreachable and other forms that are never ours. */
  readonly plain: boolean;
}

/** How this host reaches a path: interface, whether it is usable, and our own address there. */
export interface LinkView {
  readonly device: string;
  /** Administratively up and carrier present. */
  readonly up: boolean;
  /** The host's address in the path's network, dotted IPv4. */
  readonly source: string;
}

/** Wanted probing pace of a path. */
export type Pace = 'idle' | 'steady' | 'fast';

/** Why a switch is made. */
export type SwitchKind = 'failover' | 'return' | 'prefer' | 'pin' | 'repair' | 'first';

/** An operator's pin: ROUTE mode. */
export interface Pin {
  readonly path: PathId;
  /** Monotonic ms at which the pin ends by itself; null: until released. */
  readonly untilMs: number | null;
  /** The operator allowed the pin to be given up when its path goes down and another is up. */
  readonly failsafe: boolean;
}

/**
 * What outlives a restart of the daemon. All times are ms on the host's monotonic clock; io
 * converts them to wall-clock time on disk and back.
 */
export interface Memory {
  /** Relapses of home that are not forgiven yet, saturating. */
  readonly relapses: number;
  /** When home last began to serve this host; null while away or not yet. */
  readonly servingSinceMs: number | null;
  /** True once this host returned home after a failure: only then is a new failure a relapse. */
  readonly returned: boolean;
  /** When the route last arrived at its target; null if we never moved it. */
  readonly arrivedAtMs: number | null;
  /** When each path was last left. */
  readonly leftAtMs: Readonly<Record<PathId, number>>;
  /** Times of the preference moves of the last hour, oldest first, bounded by the budget. */
  readonly preferredAtMs: readonly number[];
  readonly pin: Pin | null;
  readonly paused: boolean;
}
