/**
 * What a run did to one host's I/O and how the controller behaved, measured against the truth: the
 * storage client's own standstills, the kernel's table as it changed, and what could really have
 * served. Verdicts and reasons of the controller are not asked. Durations are ms of virtual time.
 */

import type { PathId, SwitchKind } from '../machines/model.ts';
import type { Order } from '../machines/orders.ts';
import type { Sight } from './way.ts';

export interface HostMetrics {
  readonly simulatedMs: number;
  /** The client's I/O stood still: in all, the longest time, and how often; 8 ms of a switch too. */
  readonly outageMs: number;
  readonly worstOutageMs: number;
  readonly outages: number;
  /** Moves of the route from one path to another that the controller made, as the table shows. */
  readonly switches: number;
  /**
   * Switches that did no good: failovers away from a path that had served without a break for 30 s
   * or since the route came, and returns home that a failover undid within 180 s.
   */
  readonly needlessSwitches: number;
  /** Failovers away from a path that could serve the client when that was decided. */
  readonly falseTrips: number;
  /** The route is at another SCVM or another network; on the management network. */
  readonly awayMs: number;
  readonly managementMs: number;
  /** For each way back: from when home was left and could serve for good to the route at home. */
  readonly returnMs: readonly number[];
  /** The route came back to an SCVM that it had left so lately that its sockets may linger. */
  readonly portExposures: number;
  /** Exposures that stalled the client. */
  readonly portStalls: number;
  /** Mean time of one I/O while it flowed, ms; null: it never did. */
  readonly meanLatencyMs: number | null;
}

export interface Meter {
  /** The truth after something changed; `by`: it was the table, and who changed it. */
  see(sight: Sight, by: 'controller' | 'other' | null): void;
  ordered(order: Order): void;
  stood(): void;
  flowed(): void;
  exposed(): void;
  portStalled(): void;
  /** As it is now; what is under way counts up to now. */
  read(): HostMetrics;
}

/** A failover as the table shows it; `sound`: the path that was left had served all along. */
export interface Trip {
  readonly from: PathId;
  readonly to: PathId;
  readonly sound: boolean;
}

/** A path that served for this long was not failing when it was left. */
const SOUND_MS = 30_000;
/**
 * A return that did not last this long was none. The same for every setting, so that settings can
 * be compared: the production figure of the hold.
 */
const UNDONE_MS = 180_000;

/** Where the route last led, and since when that path could serve; null: it cannot. */
interface Place {
  readonly path: PathId;
  readonly sinceMs: number;
  servesSinceMs: number | null;
}

/** `serves`: could this path serve the host's client now, in truth? `onTrip` hears of failovers. */
export function createMeter(
  nowMs: () => number,
  homeId: PathId,
  serves: (path: PathId) => boolean,
  onTrip: (trip: Trip) => void,
): Meter {
  const bornMs = nowMs();
  const sum = { outageMs: 0, awayMs: 0, managementMs: 0 };
  const flow = { forMs: 0, latency: 0 };
  const count = {
    outages: 0,
    switches: 0,
    needlessSwitches: 0,
    falseTrips: 0,
    portExposures: 0,
    portStalls: 0,
  };
  const returnMs: number[] = [];
  let worstOutageMs = 0;
  let countedMs = bornMs;
  let at: Sight | null = null;
  let place: Place | null = null;
  let homeServesSinceMs: number | null = bornMs;
  let returnedAtMs = Number.NEGATIVE_INFINITY;
  let leftHomeAtMs = Number.NEGATIVE_INFINITY;
  let ordered: { kind: SwitchKind; path: PathId; served: boolean } | null = null;
  let stoodAtMs: number | null = bornMs;

  /** Time since the last look belongs to what was true then. */
  function countTime(): void {
    const ms = nowMs() - countedMs;
    countedMs = nowMs();
    if (!at || ms === 0) return;
    const { way, latencyMs } = at;
    if (!way || (way.path !== null && way.path.id !== homeId)) sum.awayMs += ms;
    if (way?.network === 'management') sum.managementMs += ms;
    if (stoodAtMs !== null) return;
    flow.forMs += ms;
    flow.latency += ms * latencyMs;
  }

  function arrived(to: PathId, by: 'controller' | 'other'): void {
    const from = place;
    place = { path: to, sinceMs: nowMs(), servesSinceMs: serves(to) ? nowMs() : null };
    if (from?.path === homeId && to !== homeId) leftHomeAtMs = nowMs();
    if (!from || by === 'other') return;
    count.switches += 1;
    if (ordered?.path === to && ordered.kind === 'failover') failedOver(from, to, ordered.served);
    ordered = null;
    if (to !== homeId) return;
    returnedAtMs = nowMs();
    if (homeServesSinceMs === null) return;
    // Home that was left although it served waits from when it was left.
    returnMs.push(nowMs() - Math.max(homeServesSinceMs, leftHomeAtMs));
  }

  function failedOver({ path, sinceMs, servesSinceMs }: Place, to: PathId, served: boolean): void {
    if (served) count.falseTrips += 1;
    const isSound =
      servesSinceMs !== null && (servesSinceMs <= sinceMs || nowMs() - servesSinceMs >= SOUND_MS);
    const isUndone = path === homeId && nowMs() - returnedAtMs < UNDONE_MS;
    if (isSound || isUndone) count.needlessSwitches += 1;
    onTrip({ from: path, to, sound: isSound });
  }

  const standingMs = (): number => (stoodAtMs === null ? 0 : nowMs() - stoodAtMs);

  return {
    see(sight, by) {
      countTime();
      at = sight;
      homeServesSinceMs = sight.homeServes ? (homeServesSinceMs ?? nowMs()) : null;
      const path = sight.way?.path?.id ?? null;
      // The path that was last chosen is watched on where the table has lost its entry.
      if (path !== null && path !== place?.path) arrived(path, by ?? 'other');
      else if (place)
        place.servesSinceMs = serves(place.path) ? (place.servesSinceMs ?? nowMs()) : null;
    },
    ordered(order) {
      if (order.type === 'READ_ROUTE') ordered = null;
      if (order.type !== 'SET_ROUTE') return;
      const { kind, path } = order;
      // A repetition was decided when the first was.
      if (ordered?.kind === kind && ordered.path === path) return;
      ordered = { kind, path, served: place !== null && place.servesSinceMs !== null };
    },
    stood() {
      countTime();
      stoodAtMs = nowMs();
      count.outages += 1;
    },
    flowed() {
      countTime();
      sum.outageMs += standingMs();
      worstOutageMs = Math.max(worstOutageMs, standingMs());
      stoodAtMs = null;
    },
    exposed() {
      count.portExposures += 1;
    },
    portStalled() {
      count.portStalls += 1;
    },
    read() {
      countTime();
      return {
        simulatedMs: nowMs() - bornMs,
        outageMs: sum.outageMs + standingMs(),
        worstOutageMs: Math.max(worstOutageMs, standingMs()),
        ...count,
        awayMs: sum.awayMs,
        managementMs: sum.managementMs,
        returnMs: [...returnMs],
        meanLatencyMs: flow.forMs === 0 ? null : flow.latency / flow.forMs,
      };
    },
  };
}
