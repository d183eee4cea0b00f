/**
 * The daemon's hands: each order goes to the one that carries it out. In shadow there are no hands
 * for the route, the record and the heartbeat at all, whatever is ordered.
 */

import type { Config } from '../config/config.ts';
import type { Log } from '../io/log.ts';
import type { MemorySaver } from '../io/memory-file.ts';
import type { Clock, Report } from '../io/report.ts';
import { createInsight } from '../io/rest/insight.ts';
import { createRecordWriter } from '../io/rest/record.ts';
import { openRoutes } from '../io/routes/open.ts';
import type { RouteHand } from '../io/routes/table.ts';
import { lineOf } from '../machines/lines.ts';
import type { Pace, PathId } from '../machines/model.ts';
import type { Order, OrderOf } from '../machines/orders.ts';
import { restAims } from './rest-aims.ts';

export interface Hands {
  carryOut(order: Order): void;
  retarget(config: Config, token: string | null, ca: string | null): void;
  status(): object;
  close(): void;
}

export interface HandsOptions {
  readonly config: Config;
  readonly token: string | null;
  readonly ca: string | null;
  readonly shadow: boolean;
  readonly report: Report;
  readonly clock: Clock;
  readonly log: Log;
  readonly saver: MemorySaver;
  /** Own address towards the storage network, for the heartbeat; null while unknown. */
  readonly ownIp: () => string | null;
  readonly pace: (paces: Readonly<Record<PathId, Pace>>) => void;
}

export function createHands(options: HandsOptions): Hands {
  const { report, clock, log, saver, shadow } = options;
  let config = options.config;
  const routes: RouteHand = openRoutes(config.platform, {
    nfsIp: config.settings.nfsIp,
    commandDeadlineMs: config.settings.switch.commandDeadlineMs,
    report,
    clock,
    log: (line) => log.warn(line),
  });
  const record = createRecordWriter({
    ...restAims(config, options.token, options.ca),
    report,
    clock,
  });
  const insight = shadow ? null : createInsight({ ...insightAims(), clock });

  function insightAims() {
    const local = config.scvms.find((s) => s.local);
    return {
      ...config.insight,
      hypervisorIp: options.ownIp,
      // Insight knows SCVMs by their data IPs, also where the gateway is an access IP.
      nfsTargetIp: (order: OrderOf<'REPORT_TO'>) =>
        config.settings.paths.find((p) => p.id === order.path && p.kind === 'access')?.dataIp ??
        order.ip,
      localDataIp: local?.dataIp ?? '',
      localManageIp: local?.manageIp ?? '',
    };
  }

  function act(order: Order): void {
    if (order.type === 'SET_ROUTE') routes.set(order);
    if (order.type === 'BREAK_CONNECTIONS') routes.breakConnections(order);
    if (order.type === 'REFRESH_RECORD') record.refresh(order);
    if (order.type === 'REPORT_TO') insight?.reportTo(order);
  }

  return {
    carryOut(order) {
      if (!shadow) act(order);
      if (order.type === 'READ_ROUTE') routes.read(order.orderId);
      if (order.type === 'PROBE_AT') options.pace(order.paces);
      if (order.type === 'SAVE_MEMORY' && !shadow) saver.save(order.memory);
      tell(order, log);
    },
    retarget(next, token, ca) {
      config = next;
      record.retarget(restAims(next, token, ca));
      insight?.retarget(insightAims());
    },
    status: () => ({ insight: insight?.status() ?? null }),
    close() {
      routes.close();
      record.close();
      insight?.close();
    },
  };
}

/** One stable line per order that a person should know of. */
function tell(order: Order, log: Log): void {
  const line = lineOf(order);
  if (line === null) return;
  if (order.type === 'RAISE_ALARM') log.error(line);
  else if (order.type === 'NOTE_SWITCH' || order.type === 'NOTE_WOULD_SWITCH') log.warn(line);
  else log.info(line);
}
