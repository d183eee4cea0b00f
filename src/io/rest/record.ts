/**
 * The hand that carries out REFRESH_RECORD: PUTs the local session's client addresses to the leader
 * through any SCVM (DOMAIN.md section 4). Each order is answered by exactly one fact, acknowledged
 * only when a server said EOK; whether to try again is decided elsewhere. Asking a second server
 * while the first is silent is safe, since both would store the same record. A newer order gives
 * the older one up, so that on our side the last wish is the last request.
 */

import type { OrderOf } from '../../machines/orders.ts';
import type { Clock, Report } from '../report.ts';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { type Attempt, askHedged, defaultHedgeMs } from './hedge.ts';
import { readEnvelope, recordBody, recordPath } from './shapes.ts';

export interface RecordAims extends ClientOptions {
  /** Addresses to ask, in order of preference. */
  readonly servers: () => readonly string[];
  /** For one order over all servers, ms. */
  readonly timeoutMs: number;
  /** When the next server is asked too, ms. Default: min(300, timeoutMs / 4). */
  readonly hedgeMs?: number;
}

export interface RecordWriterOptions extends RecordAims {
  readonly report: Report;
  readonly clock: Clock;
}

export interface RecordCounters {
  readonly orders: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Requests sent. */
  readonly asked: number;
}

export interface RecordWriter {
  /** Returns at once; the answer is reported later, never from within this call. */
  refresh(order: OrderOf<'REFRESH_RECORD'>): void;
  /** For the orders from now on; the one in flight is given up and reported as refused. */
  retarget(aims: RecordAims): void;
  counters(): RecordCounters;
  /** Gives up the order in flight without a report. */
  close(): void;
}

export function createRecordWriter(options: RecordWriterOptions): RecordWriter {
  const { report, clock } = options;
  const totals = { orders: 0, acknowledged: 0, refused: 0, asked: 0 };
  let aims: RecordAims = options;
  let client: Client = createClient(aims);
  let flight: AbortController | null = null;
  let closed = false;

  function giveUp(why: string): void {
    flight?.abort(why);
    flight = null;
  }

  async function write(
    order: OrderOf<'REFRESH_RECORD'>,
    signal: AbortSignal,
  ): Promise<Attempt<true>> {
    const path = recordPath(order.uuid);
    if (!path.ok) return path;
    const body = recordBody(order.clientIps);
    const asker = client;
    const result = await askHedged<true>({
      servers: [...new Set(aims.servers())],
      async ask(ip, timeoutMs, given) {
        const request = { method: 'PUT', ip, path: path.value, body, timeoutMs } as const;
        const answer = await asker.ask({ ...request, signal: given });
        const opened = answer.ok ? readEnvelope(answer.body) : answer;
        return opened.ok ? { ok: true, value: true } : opened;
      },
      hedgeMs: aims.hedgeMs ?? defaultHedgeMs(aims.timeoutMs),
      timeoutMs: aims.timeoutMs,
      nowMs: clock.nowMs,
      signal,
    });
    totals.asked += result.asked;
    return result;
  }

  async function carryOut(order: OrderOf<'REFRESH_RECORD'>): Promise<void> {
    const mine = new AbortController();
    flight = mine;
    const result = await write(order, mine.signal);
    if (flight === mine) flight = null;
    if (closed) return;
    const answered = { atMs: clock.nowMs(), orderId: order.orderId };
    if (result.ok) {
      totals.acknowledged += 1;
      report({ type: 'RECORD_ACKNOWLEDGED', ...answered });
    } else {
      totals.refused += 1;
      const error = mine.signal.aborted ? `given up: ${mine.signal.reason}` : result.error;
      report({ type: 'RECORD_REFUSED', ...answered, error });
    }
  }

  return {
    refresh(order) {
      if (closed) return;
      totals.orders += 1;
      giveUp(`order ${order.orderId} is newer`);
      void carryOut(order);
    },
    retarget(next) {
      giveUp('the configuration changed');
      client.close();
      aims = next;
      client = createClient(next);
    },
    counters: () => ({ ...totals }),
    close() {
      closed = true;
      giveUp('closing');
      client.close();
    },
  };
}
