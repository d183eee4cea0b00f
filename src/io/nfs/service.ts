/**
 * The service probe: asks the NFSv3 service of every path with the NULL procedure and reports each
 * answer, refusal and silence (BEHAVIOUR.md section 1). It owns the set of lines and their paces;
 * `line.ts` has the life of one connection, `rpc.ts` the bytes. It connects to the SCVM's own
 * address and binds to none of ours, never to the NFS address: that one follows the host route, so
 * it would tell about whichever SCVM serves this host now.
 */

import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import { connect as connectTcp, isIPv4, type Socket } from 'node:net';
import type { Pace, PathId } from '../../machines/model.ts';
import type { Clock, Report } from '../report.ts';
import { createLine, type Line, MIN_WAIT_MS, type Shared } from './line.ts';

/** The fast pace is never shorter than this, ms. */
const MIN_FAST_MS = 100;

export interface ServiceTarget {
  readonly path: PathId;
  /** The SCVM's own address on that path, dotted IPv4. */
  readonly ip: string;
}

export interface ServiceAims {
  readonly targets: readonly ServiceTarget[];
  /** 1..65535 */
  readonly port: number;
  /** From one NULL to the next, ms, >= 1; a quarter of it, at least 100, at the fast pace. */
  readonly intervalMs: number;
}

export interface ServiceProbeOptions extends ServiceAims {
  readonly report: Report;
  readonly clock: Clock;
  /** Opens one connection; for a world with other sockets. Default: plain TCP with TCP_NODELAY. */
  readonly connect?: (ip: string, port: number) => Socket;
}

export interface ServiceCounters extends Readonly<Shared['counters']> {
  /** Rounds thrown away because this process stood still. */
  readonly discardedRounds: number;
  /** Paths whose connection is open now. */
  readonly open: number;
  readonly targets: number;
}

export interface ServiceProbe {
  /** Paths not named keep their pace; paths that are not probed are passed over. */
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  /** Connections of targets that stay (same path, address and port) are kept. */
  retarget(aims: ServiceAims): void;
  /** Throws away the calls in flight and asks anew: for whoever notices a stall of the process. */
  discardRound(): void;
  counters(): ServiceCounters;
  close(): void;
}

/** Starts asking at once. Throws only on impossible options (an assertion). */
export function createServiceProbe(options: ServiceProbeOptions): ServiceProbe {
  const lines = new Map<PathId, Line>();
  const paces = new Map<PathId, Pace>();
  const totals = { connects: 0, answered: 0, refused: 0, silent: 0, unasked: 0, strays: 0 };
  let intervalMs = options.intervalMs;
  let discardedRounds = 0;
  // Random start: a reply meant for an earlier run of this process cannot match by accident.
  let xid = randomBytes(4).readUInt32BE(0);

  const shared: Shared = {
    clock: options.clock,
    report: options.report,
    connect: options.connect ?? openTcp,
    nextXid() {
      xid = (xid + 1) >>> 0;
      return xid;
    },
    onStall: discardRound,
    counters: totals,
  };

  function everyMs(path: PathId): number {
    const fast = paces.get(path) === 'fast';
    return fast ? Math.min(intervalMs, Math.max(MIN_FAST_MS, intervalMs / 4)) : intervalMs;
  }

  function waitMs(): number {
    return Math.max(MIN_WAIT_MS, intervalMs);
  }

  function retarget(aims: ServiceAims): void {
    check(aims);
    intervalMs = aims.intervalMs;
    const wanted = new Map(aims.targets.map(({ path, ip }) => [path, ip]));
    for (const [path, line] of lines) {
      if (wanted.get(path) === line.ip && line.port === aims.port) continue;
      line.close();
      lines.delete(path);
      if (!wanted.has(path)) paces.delete(path);
    }
    for (const [path, ip] of wanted) {
      const times = { waitMs: waitMs(), everyMs: everyMs(path) };
      const line = lines.get(path);
      if (line) line.setTimes(times.waitMs, times.everyMs);
      else lines.set(path, createLine({ path, ip, port: aims.port }, times, shared));
    }
  }

  function discardRound(): void {
    discardedRounds += 1;
    for (const line of lines.values()) line.discard();
  }

  retarget(options);
  return {
    pace(wanted) {
      for (const [path, pace] of Object.entries(wanted)) {
        const line = lines.get(path);
        if (!line) continue;
        paces.set(path, pace);
        line.setTimes(waitMs(), everyMs(path));
      }
    },
    retarget,
    discardRound,
    counters() {
      const open = [...lines.values()].filter((line) => line.isOpen()).length;
      return { ...totals, discardedRounds, open, targets: lines.size };
    },
    close() {
      for (const line of lines.values()) line.close();
      lines.clear();
    },
  };
}

function check(aims: ServiceAims): void {
  assert(Number.isInteger(aims.port) && aims.port > 0 && aims.port < 65536, 'port');
  assert(aims.intervalMs >= 1 && aims.intervalMs <= 2147483647, 'intervalMs');
  for (const { path, ip } of aims.targets) assert(isIPv4(ip), `address of ${path}: ${ip}`);
}

/** An address literal is never looked up, so this cannot hang on a resolver. */
function openTcp(host: string, port: number): Socket {
  return connectTcp({ host, port, noDelay: true });
}
