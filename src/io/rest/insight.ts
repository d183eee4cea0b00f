/**
 * The heartbeat to the monitoring module on the current access point, which thereby learns where
 * this host is routed (DOMAIN.md section 5). It reports no facts: nothing is decided by it, its
 * state can only be looked at. One request at a time, each bounded by the interval.
 */

import type { OrderOf } from '../../machines/orders.ts';
import type { Clock } from '../report.ts';
import { createClient } from './client.ts';
import { heartbeatBody } from './shapes.ts';

/** A heartbeat that takes longer than this is not worth waiting for, ms. */
const MAX_TIMEOUT_MS = 2000;

export interface InsightAims {
  readonly enabled: boolean;
  /** 1..65535 */
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
  /** From one heartbeat to the next, ms, >= 1. */
  readonly intervalMs: number;
  /** The local SCVM's addresses. */
  readonly localDataIp: string;
  readonly localManageIp: string;
  /** This host's address now; null: not known, then nothing is sent. */
  readonly hypervisorIp: () => string | null;
  /**
   * What to name as the target of an order. Default: its `ip`. With RDMA the target's access IP
   * has to be named as its data IP, or home would look like elsewhere.
   */
  readonly nfsTargetIp?: (order: OrderOf<'REPORT_TO'>) => string | null;
}

export interface InsightStatus {
  /** Where heartbeats go; null: nowhere. */
  readonly ip: string | null;
  /** Monotonic ms of the last one that was taken; null: none yet. */
  readonly lastOkMs: number | null;
  /** Why the last one failed; null after a good one. */
  readonly lastError: string | null;
  readonly sent: number;
  readonly failed: number;
}

export interface Insight {
  /** Heartbeats to this address at once and every interval; null stops them. */
  reportTo(order: OrderOf<'REPORT_TO'>): void;
  /** Takes effect at once, with the last order's address. */
  retarget(aims: InsightAims): void;
  status(): InsightStatus;
  close(): void;
}

export function createInsight(options: InsightAims & { readonly clock: Clock }): Insight {
  const { clock } = options;
  let aims: InsightAims = options;
  let client = clientOf(aims);
  let order: OrderOf<'REPORT_TO'> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let flight: AbortController | null = null;
  let closed = false;
  let lastOkMs: number | null = null;
  let lastError: string | null = null;
  let sent = 0;
  let failed = 0;

  async function beat(): Promise<void> {
    const ip = order?.ip ?? null;
    if (order === null || ip === null || !aims.enabled || closed) return;
    const startMs = clock.nowMs();
    const mine = new AbortController();
    flight = mine;
    const error = await send(order, ip, mine.signal);
    if (flight !== mine) return;
    flight = null;
    if (error === null) lastOkMs = clock.nowMs();
    else failed += 1;
    lastError = error;
    const waitMs = Math.max(1, startMs + aims.intervalMs - clock.nowMs());
    timer = setTimeout(() => void beat(), waitMs);
  }

  /** One heartbeat; gives why it failed, or null. */
  async function send(
    to: OrderOf<'REPORT_TO'>,
    ip: string,
    signal: AbortSignal,
  ): Promise<string | null> {
    const hypervisorIp = aims.hypervisorIp();
    if (hypervisorIp === null) return 'this host has no known address';
    const { localDataIp, localManageIp } = aims;
    const nfsTargetIp = aims.nfsTargetIp?.(to) ?? ip;
    const body = heartbeatBody({ hypervisorIp, localDataIp, localManageIp, nfsTargetIp });
    const timeoutMs = Math.min(aims.intervalMs, MAX_TIMEOUT_MS);
    sent += 1;
    const request = { method: 'PUT', ip, path: aims.path, body, timeoutMs, signal } as const;
    const answer = await client.ask(request);
    return answer.ok ? null : `${ip}: ${answer.error}`;
  }

  function stop(): void {
    clearTimeout(timer);
    const mine = flight;
    flight = null;
    mine?.abort();
  }

  return {
    reportTo(next) {
      stop();
      order = next;
      void beat();
    },
    retarget(next) {
      stop();
      client.close();
      aims = next;
      client = clientOf(aims);
      void beat();
    },
    status: () => ({ ip: order?.ip ?? null, lastOkMs, lastError, sent, failed }),
    close() {
      closed = true;
      stop();
      client.close();
    },
  };
}

/** Insight speaks plain HTTP and asks for no token. */
function clientOf(aims: InsightAims) {
  return createClient({ scheme: 'http', port: aims.port, token: null, ca: null });
}
