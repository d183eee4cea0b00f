/** The three-host cluster of DOMAIN.md section 1 as seen from host 1, with the default numbers. */

import type { Path, PathKind } from '../../src/machines/model.ts';
import type { Settings } from '../../src/machines/settings.ts';

function path(n: number, kind: PathKind): Path {
  const octet = 14 + n;
  const manage = kind === 'manage';
  return {
    id: `scvm${n}/${kind}`,
    scvm: `scvm${n}`,
    kind,
    network: manage ? 'management' : 'storage',
    ip: manage ? `192.168.85.${octet}` : `10.10.85.${octet}`,
    dataIp: `10.10.85.${octet}`,
    manageIp: `192.168.85.${octet}`,
    local: n === 1,
    sameZone: true,
  };
}

export const threeHosts: Settings = {
  hostId: 'host1',
  nfsIp: '192.168.33.2',
  paths: [1, 2, 3].flatMap((n) => [path(n, 'data'), path(n, 'manage')]),
  probe: {
    intervalMs: 250,
    idleIntervalMs: 1000,
    fastIntervalMs: 50,
    timeoutMs: 500,
    fallCount: 3,
    riseCount: 2,
    confirmMinMs: 500,
    mtu: 0,
  },
  service: { enabled: true, intervalMs: 1000, holdMs: 2000 },
  session: { pollIntervalMs: 2000, lostMs: 6000, staleMs: 10_000 },
  timers: {
    backToNormalMs: 180_000,
    relapseFactor: 2,
    backToNormalMaxMs: 3_600_000,
    forgiveMs: 1_800_000,
    returnGuardMs: 120_000,
    dwellMs: 30_000,
    warmUpMs: 2000,
  },
  switch: { commandDeadlineMs: 2000, breakConnections: true, budgetPerHour: 6 },
};
