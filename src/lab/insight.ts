/**
 * Insight's view of the controllers: who sent a heartbeat, whether it has expired, and the metrics
 * made of that in Prometheus' text format 0.0.4. Pure: time comes in. Names, help texts and order
 * are those of the real exporter.
 */

import type { Beat } from './wire.ts';

export interface Insight {
  hear(beat: Beat, nowMs: number): void;
  metrics(nowMs: number): string;
}

const HELP = {
  zbs_ioreroute_server_status:
    'the status of ioreroute server, 0: ioreroute is normal which means hypervisor route to ' +
    'data ip of local scvm, 1: ioreroute not working, 2: ioreroute is working but not normal',
  zbs_ioreroute_cluster_normal_num:
    'the num of ioreroute servers which is normal, normal means hypervisor route to data ip of ' +
    'local scvm',
  zbs_ioreroute_cluster_connected_num: 'the num of ioreroute servers with heartbeat',
  zbs_ioreroute_cluster_total_num: 'total num of ioreroute servers',
} as const;

function family(name: keyof typeof HELP, rows: readonly (readonly [string, number])[]): string {
  const lines = rows.map(([label, value]) => `${name}{${label}} ${value.toFixed(6)}`);
  return [`# HELP ${name} ${HELP[name]}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n');
}

export function createInsight(clusterUuid: string, dataIps: readonly string[]): Insight {
  const heard = new Map<string, { beat: Beat; untilMs: number }>();

  /** 0 routed home, 1 no heartbeat, 2 alive but routed elsewhere. */
  const statusOf = (dataIp: string, nowMs: number): 0 | 1 | 2 => {
    const entry = heard.get(dataIp);
    if (entry === undefined || entry.untilMs < nowMs) return 1;
    return entry.beat.nfsTargetIp === dataIp ? 0 : 2;
  };

  return {
    hear(beat, nowMs) {
      if (!dataIps.includes(beat.localScvmDataIp)) return;
      heard.set(beat.localScvmDataIp, { beat, untilMs: nowMs + beat.ttlSeconds * 1000 });
    },
    metrics(nowMs) {
      const status = dataIps.map((ip) => [ip, statusOf(ip, nowMs)] as const);
      const count = (fits: (value: number) => boolean) =>
        [[`_uuid="${clusterUuid}"`, status.filter(([, value]) => fits(value)).length]] as const;
      return [
        family(
          'zbs_ioreroute_server_status',
          status.map(([ip, value]) => [`_data_ip="${ip}"`, value] as const),
        ),
        family(
          'zbs_ioreroute_cluster_normal_num',
          count((value) => value === 0),
        ),
        family(
          'zbs_ioreroute_cluster_connected_num',
          count((value) => value !== 1),
        ),
        family(
          'zbs_ioreroute_cluster_total_num',
          count(() => true),
        ),
      ].join('');
    },
  };
}
